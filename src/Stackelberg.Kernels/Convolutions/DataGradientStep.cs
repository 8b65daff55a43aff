using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>Pixels of y times the weights give windows of x, which are added up where they lie.</summary>
/// <remarks>The matrix has a column for each entry of a window, so that its tiles are full even where x has one channel,
/// and with a stride no zero is multiplied. Measured against gathering windows of y for each phase of the stride: never
/// slower, and four times as fast for one channel.</remarks>
internal sealed class DataGradientStep<T> : Step<T>, ISplitWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Pixels of y to a chunk, at least, if there are so many.</summary>
    private const int ChunkPixels = 96;

    /// <summary>Pixels that are multiplied together, at most.</summary>
    private const int MostPixels = 48;

    /// <summary>Bytes of their windows, which stay in the second cache.</summary>
    private const int BlockBytes = 131072;

    /// <summary>So few filters are sums of scaled rows of weights: a tile would load and store more than it multiplies.</summary>
    private const int MostSums = 3;

    private readonly Windows _windows;
    private readonly PackedColumns<T> _packed;
    private readonly int _batch;
    private readonly Place _gradient;
    private readonly Place _weights;
    private readonly Place _target;
    private readonly int _images;
    private readonly int _block;
    private readonly int _own;
    private readonly int _parts;

    public DataGradientStep(ConvolutionGeometry geometry, Place gradient, Place weights, Place target)
    {
        Regions =
        [
            From(gradient, geometry.Outputs),
            From(weights, geometry.Weights),
            From(target, geometry.Inputs),
        ];
        _windows = Windows.Of(geometry);
        (_batch, _gradient, _weights, _target) = (geometry.Batch, gradient, weights, target);
        _packed = new PackedColumns<T>(geometry.Filters, _windows.Depth);
        _images = (ChunkPixels + _windows.PerImage - 1) / _windows.PerImage;
        int rows = Panels<T>.Here.TileRows;
        int tiles = BlockBytes / Unsafe.SizeOf<T>() / _windows.Depth / rows;
        _block = Math.Clamp(tiles * rows, rows, MostPixels);
        _own = checked(_block * _windows.Depth);
        _parts = Workers.Parts(
            (double)_batch * _windows.PerImage * geometry.Filters * _windows.Depth,
            (_batch + _images - 1) / _images
        );
        Scratch = checked(_packed.Length + _parts * _own);
    }

    public override int Scratch { get; }

    public override IEnumerable<Region> Regions { get; }

    public override void Run(Workspace workspace)
    {
        ref T weights = ref workspace.At<T>(_weights);
        ref T packed = ref MemoryMarshal.GetArrayDataReference(workspace.Scratch<T>());
        if (_packed.Rows <= MostSums)
        {
            Transposing<T>.Copy(
                _windows.Depth,
                _packed.Rows,
                ref weights,
                _packed.Rows,
                ref packed,
                _windows.Depth
            );
        }
        else
        {
            _packed.Pack(ref weights, 1, _packed.Rows, ref packed);
        }

        Workers.Run(this, workspace, (_batch + _images - 1) / _images, _parts);
    }

    public void Run(Workspace workspace, int chunk, int part)
    {
        ref T packed = ref MemoryMarshal.GetArrayDataReference(workspace.Scratch<T>());
        ref T entries = ref Unsafe.Add(ref packed, _packed.Length + part * _own);
        ref T gradient = ref workspace.At<T>(_gradient);
        int image = chunk * _images;
        int images = Math.Min(_images, _batch - image);
        int size = _windows.Height * _windows.Width * _windows.Channels;
        ref T target = ref Unsafe.Add(ref workspace.At<T>(_target), (nint)image * size);
        Buffers.Span(ref target, images * size).Clear();
        int first = image * _windows.PerImage;
        int end = first + images * _windows.PerImage;
        while (first < end)
        {
            int rows = Math.Min(_block, end - first);
            ref T pixels = ref Unsafe.Add(ref gradient, (nint)first * _packed.Rows);
            Multiply(rows, ref pixels, ref packed, ref entries);
            for (int i = 0; i < rows; i++)
            {
                ref T window = ref Unsafe.Add(ref entries, (nint)i * _windows.Depth);
                _windows.Add(ref workspace.At<T>(_target), first + i, ref window);
            }

            first += rows;
        }
    }

    /// <summary>entries [rows, depth of a window] = pixels [rows, filters] · packed.</summary>
    private void Multiply(int rows, ref T pixels, ref T packed, ref T entries)
    {
        int filters = _packed.Rows;
        int depth = _windows.Depth;
        for (int i = 0; filters <= MostSums && i < rows; i++)
        {
            ref T pixel = ref Unsafe.Add(ref pixels, i * filters);
            ref T sums = ref Unsafe.Add(ref entries, (nint)i * depth);
            MatrixVector<T>.SumOfRows(ref pixel, 1, ref packed, depth, filters, ref sums, depth);
        }

        int most = Panels<T>.Here.Depth;
        for (int top = 0; filters > MostSums && top < filters; top += most)
        {
            _packed.Multiply(
                rows,
                ref Unsafe.Add(ref pixels, top),
                filters,
                1,
                ref packed,
                top,
                Math.Min(most, filters - top),
                ref entries,
                depth,
                top > 0
            );
        }
    }
}
