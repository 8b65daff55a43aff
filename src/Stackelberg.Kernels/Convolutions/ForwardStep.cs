using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>y = A · w, where row p of A is the window of output pixel p: the windows of a few pixels at a time.</summary>
internal sealed class ForwardStep<T> : Step<T>, ISplitWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of windows that a tile multiplies before it goes to the next panel of weights: with a panel they
    /// stay in the first cache.</summary>
    private const int BlockBytes = 16384;

    /// <summary>Rows of a block begin on different cache lines, lest they all fall into one set of a cache.</summary>
    private const int Stagger = 64;

    /// <summary>So few filters are dot products: a tile would compute mostly zeros.</summary>
    private const int MostDots = 3;

    /// <summary>Tiles that a thread takes at a time.</summary>
    private const int TilesPerChunk = 8;

    /// <summary>Products that are added up one after the other, at most: longer sums are sums of such ones.</summary>
    private const int LongestSum = 1024;

    /// <summary>Of these as many at most.</summary>
    private const int PartialSum = 512;

    private readonly Windows _windows;
    private readonly PackedColumns<T> _packed;
    private readonly Place _source;
    private readonly Place _weights;
    private readonly Place _target;
    private readonly bool _dots;
    private readonly int _pixels;
    private readonly int _shared;
    private readonly int _stride;
    private readonly int _most = Math.Min(PartialSum, BlockBytes / (Panels<T>.TileRows * Unsafe.SizeOf<T>()));
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
        _stride = checked((Depth + line - 1) / line * line + line);
        _longest = Depth <= LongestSum ? Depth : PartialSum / _most * _most;
        _own = checked(TileRows * (_stride + _packed.Padded + (Depth > _longest ? Filters : 0)));
        _parts = Workers.Parts((double)_pixels * Depth * Filters, Chunks);
        Scratch = checked(_shared + _parts * _own);
    }

    public override int Scratch { get; }

    private static int TileRows => Panels<T>.TileRows;

    private static int ChunkPixels => TileRows * TilesPerChunk;

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
            _packed.Pack(ref weights, Filters, 1, 0, Depth, ref packed);
        }

        Workers.Run(this, workspace, Chunks, _parts);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(Workspace workspace, int chunk, int part)
    {
        ref T packed = ref MemoryMarshal.GetArrayDataReference(workspace.Scratch<T>());
        ref T block = ref Unsafe.Add(ref packed, _shared + part * _own);
        int first = chunk * ChunkPixels;
        int end = Math.Min(first + ChunkPixels, _pixels);
        while (first < end)
        {
            int rows =
                end - first >= TileRows ? TileRows
                : end - first >= 4 ? 4
                : 1;
            ref T target = ref Unsafe.Add(ref workspace.At<T>(_target), (nint)first * Filters);
            _windows.Gather(ref workspace.At<T>(_source), first, rows, 0, Depth, ref block, _stride);
            if (_dots)
            {
                Dots(ref block, rows, ref packed, ref target);
            }
            else
            {
                Multiply(ref block, rows, ref packed, ref target);
            }

            first += rows;
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

    /// <summary>target [rows, filters] = block [rows, depth] · packed.</summary>
    private void Multiply(ref T block, int rows, ref T packed, ref T target)
    {
        MultiplyPart(ref block, rows, ref packed, 0, ref target);
        ref T sums = ref Unsafe.Add(ref block, TileRows * (_stride + _packed.Padded));
        for (int first = _longest; first < Depth; first += _longest)
        {
            MultiplyPart(ref block, rows, ref packed, first, ref sums);
            PartialSums<T>.Add(ref sums, ref target, rows * Filters);
        }
    }

    /// <summary>The same for up to _longest entries of the depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyPart(ref T block, int rows, ref T packed, int first, ref T target)
    {
        int panel = 2 * Panels<T>.Width;
        ref T tile = ref Unsafe.Add(ref block, TileRows * _stride);
        var layout = new Matrix(default, _stride, 1);
        int end = Math.Min(first + _longest, Depth);
        for (int top = first; top < end; top += _most)
        {
            ref T left = ref Unsafe.Add(ref block, top);
            for (int j = 0; j < Filters; j += panel)
            {
                int stride = Panels<T>.Stride(Filters - j);
                Panels<T>.Tile(
                    rows,
                    ref left,
                    layout,
                    ref Unsafe.Add(ref packed, (nint)j * Depth + (nint)top * stride),
                    stride,
                    Math.Min(_most, end - top),
                    ref Unsafe.Add(ref target, j),
                    Filters,
                    Filters - j,
                    top > first,
                    ref tile
                );
            }
        }
    }
}
