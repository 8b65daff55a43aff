using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>y = A · w, where row p of A is the window of output pixel p: the windows of a few pixels at a time.</summary>
internal sealed class ForwardStep<T> : Step<T>, ISplitWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Pixels that a thread takes at a time.</summary>
    private const int ChunkPixels = 96;

    /// <summary>Pixels whose windows are gathered together: they stay in the second cache for all panels of weights.</summary>
    private const int BlockPixels = 48;

    /// <summary>The same where there is one panel, or dot products: they stay in the first cache.</summary>
    private const int FewPixels = 12;

    /// <summary>Rows of a block begin on different cache lines, lest they all fall into one set of a cache.</summary>
    private const int Stagger = 64;

    /// <summary>So few filters are dot products: a tile would compute mostly zeros.</summary>
    private const int MostDots = 3;

    /// <summary>Products that are added up one after the other, at most: longer sums are sums of such ones.</summary>
    private const int LongestSum = 1024;

    /// <summary>Of these as many at most.</summary>
    private const int PartialSum = 512;

    /// <summary>Bytes of windows by which tiles of 12 rows cut sums, in former times for the cache.</summary>
    private const int CutBytes = 16384;

    private readonly Windows _windows;
    private readonly PackedColumns<T> _packed;
    private readonly Place _source;
    private readonly Place _weights;
    private readonly Place _target;
    private readonly bool _dots;
    private readonly int _pixels;
    private readonly int _shared;
    private readonly int _stride;
    private readonly int _block;
    private readonly int _longest;
    private readonly int _own;
    private readonly int _parts;

    public ForwardStep(ConvolutionGeometry geometry, Place source, Place weights, Place target)
    {
        Regions =
        [
            From(source, geometry.Inputs),
            From(weights, geometry.Weights),
            From(target, geometry.Outputs),
        ];
        (_source, _weights, _target) = (source, weights, target);
        _windows = Windows.Of(geometry);
        _packed = new PackedColumns<T>(_windows.Depth, geometry.Filters);
        _pixels = checked(geometry.Batch * _windows.PerImage);
        _dots = Filters <= MostDots;
        _shared = _dots ? checked(Depth * Filters) : _packed.Length;
        int line = Stagger / Unsafe.SizeOf<T>();
        int length = _dots ? Depth : Math.Min(Depth, Panels<T>.Here.Depth);
        _stride = checked((length + line - 1) / line * line + line);
        int cut = Math.Min(PartialSum, CutBytes / (12 * Unsafe.SizeOf<T>()));
        _longest =
            Depth <= LongestSum ? Depth
            : Panels<T>.Here.TileRows == 12 ? PartialSum / cut * cut
            : PartialSum;
        _block = Filters <= Panels<T>.Here.Panel ? FewPixels : BlockPixels;
        _own = checked(_block * (_stride + (Depth > _longest ? Filters : 0)));
        _parts = Workers.Parts((double)_pixels * Depth * Filters, Chunks);
        Scratch = checked(_shared + _parts * _own);
    }

    public override int Scratch { get; }

    private int Depth => _packed.Rows;

    private int Filters => _packed.Columns;

    private int Chunks => (_pixels + ChunkPixels - 1) / ChunkPixels;

    public override IEnumerable<Region> Regions { get; }

    public override void Run(Workspace workspace)
    {
        ref T weights = ref workspace.At<T>(_weights);
        ref T packed = ref MemoryMarshal.GetArrayDataReference(workspace.Scratch<T>());
        if (_dots)
        {
            for (int j = 0; j < Filters; j++)
            {
                for (int p = 0; p < Depth; p++)
                {
                    Unsafe.Add(ref packed, j * Depth + p) = Unsafe.Add(ref weights, p * Filters + j);
                }
            }
        }
        else
        {
            _packed.Pack(ref weights, Filters, 1, ref packed);
        }

        Workers.Run(this, workspace, Chunks, _parts);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(Workspace workspace, int chunk, int part)
    {
        ref T packed = ref MemoryMarshal.GetArrayDataReference(workspace.Scratch<T>());
        ref T block = ref Unsafe.Add(ref packed, _shared + part * _own);
        ref T source = ref workspace.At<T>(_source);
        int end = Math.Min((chunk + 1) * ChunkPixels, _pixels);
        for (int first = chunk * ChunkPixels; first < end; first += _block)
        {
            int pixels = Math.Min(_block, end - first);
            ref T target = ref Unsafe.Add(ref workspace.At<T>(_target), (nint)first * Filters);
            if (_dots)
            {
                _windows.Gather(ref source, first, pixels, 0, Depth, ref block, _stride);
                Dots(ref block, pixels, ref packed, ref target);
                continue;
            }

            MultiplyPart(ref source, first, pixels, 0, ref block, ref packed, ref target);
            ref T sums = ref Unsafe.Add(ref block, _block * _stride);
            for (int top = _longest; top < Depth; top += _longest)
            {
                MultiplyPart(ref source, first, pixels, top, ref block, ref packed, ref sums);
                PartialSums<T>.Add(ref sums, ref target, pixels * Filters);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Dots(ref T block, int rows, ref T columns, ref T target)
    {
        for (int j = 0; j < Filters; j++)
        {
            ref T column = ref Unsafe.Add(ref columns, j * Depth);
            ref T sums = ref Unsafe.Add(ref target, j);
            MatrixVector<T>.Dots(ref block, _stride, ref column, Depth, ref sums, Filters, rows);
        }
    }

    /// <summary>target [pixels, filters] = the windows · the weights, for up to _longest entries of the depth.</summary>
    private void MultiplyPart(
        ref T source,
        int first,
        int pixels,
        int start,
        ref T block,
        ref T packed,
        ref T target
    )
    {
        int end = Math.Min(start + _longest, Depth);
        for (int top = start; top < end; top += Panels<T>.Here.Depth)
        {
            int depth = Math.Min(Panels<T>.Here.Depth, end - top);
            _windows.Gather(ref source, first, pixels, top, depth, ref block, _stride);
            _packed.Multiply(
                pixels,
                ref block,
                _stride,
                1,
                ref packed,
                top,
                depth,
                ref target,
                Filters,
                top > start
            );
        }
    }
}
