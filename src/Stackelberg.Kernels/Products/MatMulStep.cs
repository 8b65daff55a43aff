using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>Walks a batch of products, each in the way that suits its shape.</summary>
internal sealed class MatMulStep<T> : Step<T>, ISplitWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Products of at most this many multiplications are not worth a vector, or of twice as many where
    /// <see cref="SmallProduct{T}"/> does not apply.</summary>
    private const long Tiny = 32;

    /// <summary>Up to this many rows or columns of C are computed one by one.</summary>
    private const int Few = 3;

    /// <summary>Rows of A from this length on are worth a dot product by vectors.</summary>
    private const int LongRow = 16;

    /// <summary>Rows of C that a thread takes at a time, at most; it packs B anew for them.</summary>
    private const int ChunkRows = 516;

    private readonly Loops _batch;
    private readonly int _depth;
    private readonly int _m;
    private readonly int _k;
    private readonly int _n;
    private readonly Matrix _a;
    private readonly Matrix _b;
    private readonly Place _c;
    private readonly Way _way;
    private readonly SmallProduct<T>? _small;
    private readonly int _parts = 1;
    private readonly int _chunkRows;
    private readonly int _own;

    public MatMulStep(Loops batch, int m, int k, int n, Matrix a, Matrix b, Place c)
    {
        _batch = batch;
        _depth = batch.Rank;
        if (_depth > 0 && !batch.IsEmpty && batch.Second[^1] == 0 && (m == 1 || batch.First[^1] == m * a.Row))
        {
            // A batch of left operands that share the right one is one taller matrix.
            a = a with
            {
                Row = m == 1 ? batch.First[^1] : a.Row,
            };
            m *= batch.Extents[^1];
            _depth--;
        }

        (_m, _k, _n, _a, _b, _c) = (m, k, n, a, b, c);
        _way = Choose();
        Scratch = _way switch
        {
            Way.Dots => k,
            Way.SumOfColumns => n > 1 ? n * m : 0,
            Way.Panels => Panels<T>.Here.Scratch(m, k, n, a, b),
            _ => 0,
        };
        if (_way == Way.Panels && _depth == 0)
        {
            _parts = Workers.Parts((double)m * k * n, m / Panels<T>.Here.TileRows);
        }

        if (_way == Way.Panels && _parts == 1 && SmallProduct<T>.Suits(k, n, b))
        {
            _way = Way.Small;
            _small = SmallProduct<T>.Create(m, k, n, a, b);
            Scratch = _small.Scratch;
        }

        if (_parts > 1)
        {
            int tiles = (m + Panels<T>.Here.TileRows - 1) / Panels<T>.Here.TileRows;
            _chunkRows = Math.Min((tiles + _parts - 1) / _parts * Panels<T>.Here.TileRows, ChunkRows);
            int last = (m - 1) % _chunkRows + 1;
            _own = Math.Max(
                Panels<T>.Here.Scratch(_chunkRows, k, n, a, b),
                Panels<T>.Here.Scratch(last, k, n, a, b)
            );
            Scratch = checked(_parts * _own);
        }
    }

    private enum Way
    {
        Nothing,
        Tiny,
        Zero,
        Dots,
        DotsOfColumns,
        SumOfRows,
        SumOfColumns,
        Small,
        Panels,
    }

    public override int Scratch { get; }

    public override IEnumerable<Region> Regions
    {
        get
        {
            long a = 0;
            long b = 0;
            long c = (long)_m * _n;
            for (int i = 0; i < _depth; i++)
            {
                a += (_batch.Extents[i] - 1L) * _batch.First[i];
                b += (_batch.Extents[i] - 1L) * _batch.Second[i];
                c *= _batch.Extents[i];
            }

            bool isEmpty = _batch.IsEmpty || _m == 0 || _n == 0;
            bool reads = !isEmpty && _k > 0;
            return
            [
                From(_a.From, reads ? a + (_m - 1L) * _a.Row + (_k - 1L) * _a.Column + 1 : 0),
                From(_b.From, reads ? b + (_k - 1L) * _b.Row + (_n - 1L) * _b.Column + 1 : 0),
                From(_c, isEmpty ? 0 : c),
            ];
        }
    }

    public override void Run(Workspace workspace)
    {
        if (_parts > 1)
        {
            Workers.Run(this, workspace, (_m + _chunkRows - 1) / _chunkRows, _parts);
        }
        else if (_way != Way.Nothing)
        {
            Walk(
                0,
                ref workspace.At<T>(_a.From),
                ref workspace.At<T>(_b.From),
                ref workspace.At<T>(_c),
                ref MemoryMarshal.GetArrayDataReference(workspace.Scratch<T>())
            );
        }
    }

    /// <summary>Some rows of a single large product.</summary>
    public void Run(Workspace workspace, int chunk, int part)
    {
        int first = chunk * _chunkRows;
        Panels<T>.Here.Multiply(
            Math.Min(_chunkRows, _m - first),
            _k,
            _n,
            ref Unsafe.Add(ref workspace.At<T>(_a.From), (nint)first * _a.Row),
            _a,
            ref workspace.At<T>(_b.From),
            _b,
            ref Unsafe.Add(ref workspace.At<T>(_c), (nint)first * _n),
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(workspace.Scratch<T>()), part * _own)
        );
    }

    private Way Choose()
    {
        if (_batch.IsEmpty || _m == 0 || _n == 0)
        {
            return Way.Nothing;
        }

        if (_k == 0)
        {
            return Way.Zero;
        }

        // Before the tiny products, so that the order of a row's sums does not depend on how many rows there are.
        if (_n <= Few && _a.Column == 1 && _k >= LongRow)
        {
            return Way.Dots;
        }

        bool small = _m > Few && _n > Few && SmallProduct<T>.Suits(_k, _n, _b);
        if ((long)_m * _k * _n <= (small ? Tiny : 2 * Tiny))
        {
            return Way.Tiny;
        }

        if (_n <= Few && _a.Row == 1)
        {
            return Way.SumOfColumns;
        }

        if (_m <= Few && _b.Column == 1)
        {
            return Way.SumOfRows;
        }

        return _m <= Few && _b.Row == 1 && _a.Column == 1 && _k >= LongRow ? Way.DotsOfColumns : Way.Panels;
    }

    /// <summary>Returns the place after the last product's C.</summary>
    private ref T Walk(int loop, ref T a, ref T b, ref T c, ref T scratch)
    {
        if (loop == _depth)
        {
            Multiply(ref a, ref b, ref c, ref scratch);
            return ref Unsafe.Add(ref c, (nint)_m * _n);
        }

        for (int i = 0; i < _batch.Extents[loop]; i++)
        {
            c = ref Walk(loop + 1, ref a, ref b, ref c, ref scratch);
            a = ref Unsafe.Add(ref a, _batch.First[loop]);
            b = ref Unsafe.Add(ref b, _batch.Second[loop]);
        }

        return ref c;
    }

    private void Multiply(ref T a, ref T b, ref T c, ref T scratch)
    {
        switch (_way)
        {
            case Way.Zero:
                Buffers.Span(ref c, _m * _n).Clear();
                break;
            case Way.Tiny:
                MultiplyTiny(ref a, ref b, ref c);
                break;
            case Way.Dots:
                MultiplyByColumns(ref a, ref b, ref c, ref scratch);
                break;
            case Way.DotsOfColumns:
                for (int i = 0; i < _m; i++)
                {
                    MatrixVector<T>.Dots(
                        ref b,
                        _b.Column,
                        ref Unsafe.Add(ref a, (nint)i * _a.Row),
                        _k,
                        ref Unsafe.Add(ref c, i * _n),
                        1,
                        _n
                    );
                }

                break;
            case Way.SumOfRows:
                SumRows(_m, ref a, _a.Row, _a.Column, ref b, _b.Row, ref c, _n);
                break;
            case Way.SumOfColumns:
                SumColumns(ref a, ref b, ref c, ref scratch);
                break;
            case Way.Small:
                _small!.Multiply(ref a, ref b, ref c, ref scratch);
                break;
            default:
                Panels<T>.Here.Multiply(_m, _k, _n, ref a, _a, ref b, _b, ref c, ref scratch);
                break;
        }
    }

    /// <summary>Each column of C as dot products of A's contiguous rows with a contiguous copy of B's column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyByColumns(ref T a, ref T b, ref T c, ref T scratch)
    {
        for (int j = 0; j < _n; j++)
        {
            ref T column = ref Unsafe.Add(ref b, (nint)j * _b.Column);
            if (_b.Row != 1)
            {
                for (int p = 0; p < _k; p++)
                {
                    Unsafe.Add(ref scratch, p) = Unsafe.Add(ref column, (nint)p * _b.Row);
                }

                column = ref scratch;
            }

            MatrixVector<T>.Dots(ref a, _a.Row, ref column, _k, ref Unsafe.Add(ref c, j), _n, _m);
        }
    }

    /// <summary>Each column of C as a sum of A's contiguous columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumColumns(ref T a, ref T b, ref T c, ref T scratch)
    {
        ref T to = ref _n == 1 ? ref c : ref scratch;
        SumRows(_n, ref b, _b.Column, _b.Row, ref a, _a.Column, ref to, _m);
        for (int i = 0; _n > 1 && i < _m; i++)
        {
            for (int j = 0; j < _n; j++)
            {
                Unsafe.Add(ref c, (nint)i * _n + j) = Unsafe.Add(ref scratch, j * _m + i);
            }
        }
    }

    /// <summary>A few sums of the same rows of <paramref name="lines"/>, [count, n], two at a time.</summary>
    private void SumRows(
        int count,
        ref T factors,
        nint next,
        nint step,
        ref T lines,
        nint row,
        ref T sums,
        int n
    )
    {
        int i = 0;
        for (; i <= count - 2; i += 2)
        {
            MatrixVector<T>.TwoSumsOfRows(
                ref Unsafe.Add(ref factors, i * next),
                ref Unsafe.Add(ref factors, (i + 1) * next),
                step,
                ref lines,
                row,
                _k,
                ref Unsafe.Add(ref sums, i * n),
                ref Unsafe.Add(ref sums, (i + 1) * n),
                n
            );
        }

        if (i < count)
        {
            MatrixVector<T>.SumOfRows(
                ref Unsafe.Add(ref factors, i * next),
                step,
                ref lines,
                row,
                _k,
                ref Unsafe.Add(ref sums, i * n),
                n
            );
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyTiny(ref T a, ref T b, ref T c)
    {
        int k = _k;
        int n = _n;
        nint aColumn = _a.Column;
        nint bRow = _b.Row;
        for (int i = 0; i < _m; i++)
        {
            ref T row = ref Unsafe.Add(ref a, (nint)i * _a.Row);
            for (int j = 0; j < n; j++)
            {
                ref T column = ref Unsafe.Add(ref b, (nint)j * _b.Column);
                T sum = T.Zero;
                for (nint p = 0; p < k; p++)
                {
                    sum = T.FusedMultiplyAdd(
                        Unsafe.Add(ref row, p * aColumn),
                        Unsafe.Add(ref column, p * bRow),
                        sum
                    );
                }

                c = sum;
                c = ref Unsafe.Add(ref c, 1);
            }
        }
    }
}
