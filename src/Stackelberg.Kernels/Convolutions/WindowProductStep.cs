using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>Computes a <see cref="WindowProduct"/>, a few pixels at a time.</summary>
internal sealed class WindowProductStep<T> : Step<T>, ISplitWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of windows that a tile multiplies before it goes to the next panel of weights: with a panel they
    /// stay in the first cache.</summary>
    private const int BlockBytes = 16384;

    /// <summary>Rows of a block begin on different cache lines, lest they all fall into one set of a cache.</summary>
    private const int Stagger = 64;

    /// <summary>So few columns are dot products: a tile would compute mostly zeros.</summary>
    private const int MostDots = 3;

    /// <summary>Tiles that a thread takes at a time.</summary>
    private const int TilesPerChunk = 8;

    private readonly WindowProduct _product;
    private readonly Place _source;
    private readonly Place _weights;
    private readonly Place _target;
    private readonly bool _dots;
    private readonly int[] _packedAt;
    private readonly int[] _chunkAt;
    private readonly int _packed;
    private readonly int _stride;
    private readonly int _own;
    private readonly int _parts;

    public WindowProductStep(WindowProduct product, Place source, Place weights, Place target)
    {
        (_product, _source, _weights, _target) = (product, source, weights, target);
        _dots = product.Columns <= MostDots;
        int phases = product.Phases.Length;
        _packedAt = new int[phases];
        _chunkAt = new int[phases + 1];
        int deepest = 0;
        double multiplications = 0.0;
        for (int i = 0; i < phases; i++)
        {
            Windows windows = product.Phases[i].Windows;
            int depth = windows.Depth;
            int pixels = checked(product.Batch * windows.PerImage);
            _packedAt[i] = _packed;
            _packed = checked(_packed + (_dots ? depth * product.Columns : Packed(depth).Length));
            _chunkAt[i + 1] = _chunkAt[i] + (pixels + ChunkPixels - 1) / ChunkPixels;
            deepest = Math.Max(deepest, depth);
            multiplications += (double)pixels * depth * product.Columns;
        }

        int line = Stagger / Unsafe.SizeOf<T>();
        _stride = checked((deepest + line - 1) / line * line + line);
        _own = checked(TileRows * (_stride + Columns));
        _parts = Workers.Parts(multiplications, _chunkAt[^1]);
        Scratch = checked(_packed + _parts * _own);
    }

    public override int Scratch { get; }

    private static int TileRows => Panels<T>.TileRows;

    private static int ChunkPixels => TileRows * TilesPerChunk;

    /// <summary>Columns of a tile's results in scratch memory.</summary>
    private int Columns => _dots ? MostDots : Packed(0).Padded;

    public override void Run(Workspace workspace)
    {
        ref T packed = ref MemoryMarshal.GetArrayDataReference(workspace.Scratch<T>());
        for (int i = 0; i < _packedAt.Length; i++)
        {
            Pack(_product.Phases[i], ref workspace.At<T>(_weights), ref Unsafe.Add(ref packed, _packedAt[i]));
        }

        Workers.Run(this, workspace, _chunkAt[^1], _parts);
    }

    public void Run(Workspace workspace, int chunk, int part)
    {
        int index = 0;
        while (chunk >= _chunkAt[index + 1])
        {
            index++;
        }

        Phase phase = _product.Phases[index];
        ref T scratch = ref MemoryMarshal.GetArrayDataReference(workspace.Scratch<T>());
        ref T packed = ref Unsafe.Add(ref scratch, _packedAt[index]);
        ref T block = ref Unsafe.Add(ref scratch, _packed + part * _own);
        int first = (chunk - _chunkAt[index]) * ChunkPixels;
        int end = Math.Min(first + ChunkPixels, _product.Batch * phase.Windows.PerImage);
        while (first < end)
        {
            int rows =
                end - first >= TileRows ? TileRows
                : end - first >= 4 ? 4
                : 1;
            Tile(
                phase,
                ref workspace.At<T>(_source),
                ref packed,
                ref workspace.At<T>(_target),
                first,
                rows,
                ref block
            );
            first += rows;
        }
    }

    private PackedColumns<T> Packed(int depth) => new(depth, _product.Columns);

    private void Pack(Phase phase, ref T weights, ref T packed)
    {
        int depth = phase.Windows.Depth;
        foreach (ref readonly Tap tap in phase.Taps.AsSpan())
        {
            ref T from = ref Unsafe.Add(ref weights, tap.From);
            if (!_dots)
            {
                Packed(depth).Pack(ref from, tap.RowStride, tap.ColumnStride, tap.Row, tap.Rows, ref packed);
                continue;
            }

            for (int j = 0; j < _product.Columns; j++)
            {
                ref T column = ref Unsafe.Add(ref packed, (nint)j * depth + tap.Row);
                for (int p = 0; p < tap.Rows; p++)
                {
                    Unsafe.Add(ref column, p) = Unsafe.Add(
                        ref from,
                        (nint)p * tap.RowStride + (nint)j * tap.ColumnStride
                    );
                }
            }
        }
    }

    /// <summary>The results of a few windows of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile(Phase phase, ref T source, ref T packed, ref T target, int first, int rows, ref T block)
    {
        int depth = phase.Windows.Depth;
        int columns = _product.Columns;
        ref T results = ref Unsafe.Add(ref block, (nint)TileRows * _stride);
        if (depth == 0)
        {
            Buffers.Span(ref results, rows * Columns).Clear();
            Scatter(phase, ref results, Columns, first, rows, ref target);
            return;
        }

        phase.Windows.Gather(ref source, first, rows, 0, depth, ref block, _stride);
        if (_dots)
        {
            for (int j = 0; j < columns; j++)
            {
                ref T column = ref Unsafe.Add(ref packed, (nint)j * depth);
                ref T sums = ref Unsafe.Add(ref results, j);
                MatrixVector<T>.Dots(ref block, _stride, ref column, depth, ref sums, Columns, rows);
            }

            Scatter(phase, ref results, Columns, first, rows, ref target);
        }
        else if (_product.Phases.Length == 1 && columns == Columns)
        {
            ref T direct = ref Unsafe.Add(ref target, (nint)first * columns);
            Multiply(ref block, depth, ref packed, rows, ref direct);
        }
        else
        {
            Multiply(ref block, depth, ref packed, rows, ref results);
            Scatter(phase, ref results, Columns, first, rows, ref target);
        }
    }

    /// <summary>results [rows, Columns] = block [rows, depth] · packed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(ref T block, int depth, ref T packed, int rows, ref T results)
    {
        int panel = 2 * Panels<T>.Width;
        int padded = Columns;
        int most = BlockBytes / (TileRows * Unsafe.SizeOf<T>());
        var layout = new Matrix(default, _stride, 1);
        for (int top = 0; top < depth; top += most)
        {
            int count = Math.Min(most, depth - top);
            ref T left = ref Unsafe.Add(ref block, top);
            for (int j = 0; j < padded; j += panel)
            {
                int stride = Math.Min(panel, padded - j);
                Panels<T>.Tile(
                    rows,
                    ref left,
                    layout,
                    ref Unsafe.Add(ref packed, (nint)j * depth + (nint)top * stride),
                    stride,
                    count,
                    ref Unsafe.Add(ref results, j),
                    padded,
                    stride,
                    top > 0,
                    ref results
                );
            }
        }
    }

    /// <summary>Copies a tile's rows to their pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(Phase phase, ref T results, int stride, int first, int rows, ref T target)
    {
        int columns = _product.Columns;
        for (int i = 0; i < rows; i++)
        {
            Buffers
                .Span(ref Unsafe.Add(ref results, i * stride), columns)
                .CopyTo(Buffers.Span(ref Unsafe.Add(ref target, Pixel(phase, first + i) * columns), columns));
        }
    }

    /// <summary>The pixel of the result that a window makes.</summary>
    private nint Pixel(Phase phase, int window)
    {
        (int image, int rest) = Math.DivRem(window, phase.Windows.PerImage);
        (int i, int j) = Math.DivRem(rest, phase.Windows.GridWidth);
        int y = i * phase.StepY + phase.OffsetY;
        int x = j * phase.StepX + phase.OffsetX;
        return ((nint)image * _product.Height + y) * _product.Width + x;
    }
}
