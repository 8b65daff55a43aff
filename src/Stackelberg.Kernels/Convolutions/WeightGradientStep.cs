using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>dw = Aᵀ · dy, where row p of A is the window of output pixel p: block by block of pixels, and in each by
/// blocks of dw's rows.</summary>
internal sealed class WeightGradientStep<T> : Step<T>, ISplitWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Pixels to a block: a panel of dy of this length and a strip of windows stay in the first cache.</summary>
    private const int Pixels = 128;

    /// <summary>Blocks whose pixels are added up one after the other: longer sums are sums of such ones.</summary>
    private const int BlocksPerSum = 4;

    /// <summary>Partial sums that are added up one after the other.</summary>
    private const int Radix = 32;

    /// <summary>Tiles of dw's rows to a chunk.</summary>
    private const int TilesPerChunk = 16;

    /// <summary>Columns of dw to a chunk.</summary>
    private const int ColumnsPerChunk = 256;

    /// <summary>Rows of a block of windows begin on different cache lines, lest they all fall into one set.</summary>
    private const int Stagger = 64;

    /// <summary>So few columns are sums of scaled windows: a tile would compute mostly zeros.</summary>
    private const int MostSums = 3;

    private readonly Windows _windows;
    private readonly Place _source;
    private readonly Place _gradient;
    private readonly Place _target;
    private readonly int _pixels;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _chunkRows;
    private readonly int _columnChunks;
    private readonly int _chunks;
    private readonly int _stride;
    private readonly int _levels;
    private readonly int _level;
    private readonly int _work;
    private readonly int _own;
    private readonly int _parts;

    public WeightGradientStep(ConvolutionGeometry geometry, Place source, Place gradient, Place target)
    {
        Regions =
        [
            From(source, geometry.Inputs),
            From(gradient, geometry.Outputs),
            From(target, geometry.Weights),
        ];
        _windows = Windows.Of(geometry);
        (_source, _gradient, _target) = (source, gradient, target);
        _pixels = checked(geometry.Batch * _windows.PerImage);
        _rows = _windows.Depth;
        _columns = geometry.Filters;
        int line = Stagger / Unsafe.SizeOf<T>();
        _chunkRows = Math.Min(Panels<T>.Here.TileRows * TilesPerChunk, _rows);
        _columnChunks = (_columns + ColumnsPerChunk - 1) / ColumnsPerChunk;
        _chunks = checked((_rows + _chunkRows - 1) / _chunkRows * _columnChunks);
        _stride = (_chunkRows + line - 1) / line * line + line;
        var packed = new PackedColumns<T>(Pixels, Math.Min(_columns, ColumnsPerChunk));
        for (long sums = (_pixels - 1L) / (Pixels * BlocksPerSum); sums > 0; sums /= Radix)
        {
            _levels++;
        }

        _work = checked(Pixels * _stride + (_columns <= MostSums ? _chunkRows : packed.Length));
        _level = _chunkRows * Math.Min(_columns, ColumnsPerChunk);
        _own = checked(_work + _levels * _level);
        _parts = Workers.Parts((double)_pixels * _rows * _columns, _chunks);
        Scratch = checked(_parts * _own);
    }

    public override int Scratch { get; }

    public override IEnumerable<Region> Regions { get; }

    public override void Run(Workspace workspace) => Workers.Run(this, workspace, _chunks, _parts);

    public void Run(Workspace workspace, int chunk, int part)
    {
        int top = chunk / _columnChunks * _chunkRows;
        int left = chunk % _columnChunks * ColumnsPerChunk;
        int rows = Math.Min(_chunkRows, _rows - top);
        int columns = Math.Min(ColumnsPerChunk, _columns - left);
        ref T block = ref Unsafe.Add(
            ref MemoryMarshal.GetArrayDataReference(workspace.Scratch<T>()),
            part * _own
        );
        ref T source = ref workspace.At<T>(_source);
        ref T gradient = ref Unsafe.Add(ref workspace.At<T>(_gradient), left);
        ref T target = ref Unsafe.Add(ref workspace.At<T>(_target), (nint)top * _columns + left);
        Span<T> levels = Buffers.Span(ref Unsafe.Add(ref block, _work), _levels * _level);
        levels.Clear();
        bool adds = _levels > 0 || _columns <= MostSums || _pixels == 0;
        for (int i = 0; adds && i < rows; i++)
        {
            Buffers.Span(ref Unsafe.Add(ref target, (nint)i * _columns), columns).Clear();
        }

        ref T lowest = ref (_levels > 0 ? ref levels[0] : ref target);
        int row = _levels > 0 ? columns : _columns;
        int done = 0;
        for (int first = 0; first < _pixels; first += Pixels)
        {
            int count = Math.Min(Pixels, _pixels - first);
            _windows.Gather(ref source, first, count, top, rows, ref block, _stride);
            ref T lines = ref Unsafe.Add(ref gradient, (nint)first * _columns);
            if (_columns <= MostSums)
            {
                AddSums(rows, count, ref block, ref lines, ref lowest, row);
            }
            else
            {
                bool add = _levels > 0 ? done % BlocksPerSum > 0 : first > 0;
                Multiply(rows, columns, count, ref block, ref lines, ref lowest, row, add);
            }

            done++;
            if (done % BlocksPerSum == 0)
            {
                int due = done / BlocksPerSum;
                for (int level = 0; level < _levels && (level == 0 || due % Radix == 0); level++)
                {
                    Raise(levels, level, rows, columns, ref target);
                    due /= level == 0 ? 1 : Radix;
                }
            }
        }

        for (int level = 0; level < _levels; level++)
        {
            // The lowest level is empty where its last sum was complete.
            Raise(levels, level, rows, columns, ref target);
        }
    }

    /// <summary>Adds the sums of one level to those of the next one, or to the result, and begins the level anew.</summary>
    private void Raise(Span<T> levels, int level, int rows, int columns, ref T target)
    {
        Span<T> sums = levels.Slice(level * _level, rows * columns);
        if (level + 1 < _levels)
        {
            PartialSums<T>.Add(ref sums[0], ref levels[(level + 1) * _level], sums.Length);
        }
        else
        {
            for (int i = 0; i < rows; i++)
            {
                PartialSums<T>.Add(
                    ref sums[i * columns],
                    ref Unsafe.Add(ref target, (nint)i * _columns),
                    columns
                );
            }
        }

        sums.Clear();
    }

    /// <summary>target [rows, columns] (+)= blockᵀ · lines, both [count, …], with this many elements from row to row of
    /// the target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(
        int rows,
        int columns,
        int count,
        ref T block,
        ref T lines,
        ref T target,
        int row,
        bool add
    )
    {
        ref T right = ref Unsafe.Add(ref block, (nint)Pixels * _stride);
        var packed = new PackedColumns<T>(count, columns);
        packed.Pack(ref lines, _columns, 1, ref right);
        packed.Multiply(rows, ref block, 1, _stride, ref right, 0, count, ref target, row, add);
    }

    /// <summary>As <see cref="Multiply"/>, column by column.</summary>
    private void AddSums(int rows, int count, ref T block, ref T lines, ref T target, int row)
    {
        ref T sums = ref Unsafe.Add(ref block, (nint)Pixels * _stride);
        for (int j = 0; j < _columns; j++)
        {
            MatrixVector<T>.SumOfRows(
                ref Unsafe.Add(ref lines, j),
                _columns,
                ref block,
                _stride,
                count,
                ref sums,
                rows
            );
            ref T column = ref Unsafe.Add(ref target, j);
            for (int i = 0; i < rows; i++)
            {
                Unsafe.Add(ref column, (nint)i * row) += Unsafe.Add(ref sums, i);
            }
        }
    }
}
