using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>Walks a batch of products, each in the way that suits its shape.</summary>
internal sealed class MatMulStep<T> : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Products of at most this many multiplications are not worth a vector.</summary>
    private const long Tiny = 64;

    private readonly Loops _batch;
    private readonly int _depth;
    private readonly int _m;
    private readonly int _k;
    private readonly int _n;
    private readonly Matrix _a;
    private readonly Matrix _b;
    private readonly Place _c;
    private readonly Way _way;

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
            Way.Dots => n == 1 ? k : 0,
            Way.Panels => Panels<T>.Scratch(m, k, n, b),
            _ => 0,
        };
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
        Panels,
    }

    public override int Scratch { get; }

    public override void Run(Workspace workspace)
    {
        if (_way != Way.Nothing)
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

        if ((long)_m * _k * _n <= Tiny)
        {
            return Way.Tiny;
        }

        if (_n == 1 && _a.Column == 1)
        {
            return Way.Dots;
        }

        if (_n == 1 && _a.Row == 1)
        {
            return Way.SumOfColumns;
        }

        if (_m == 1 && _b.Column == 1)
        {
            return Way.SumOfRows;
        }

        return _m == 1 && _b.Row == 1 && _a.Column == 1 ? Way.DotsOfColumns : Way.Panels;
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
                if (_b.Row != 1)
                {
                    for (int p = 0; p < _k; p++)
                    {
                        Unsafe.Add(ref scratch, p) = Unsafe.Add(ref b, (nint)p * _b.Row);
                    }

                    b = ref scratch;
                }

                MatrixVector<T>.Dots(ref a, _a.Row, ref b, _k, ref c, _m);
                break;
            case Way.DotsOfColumns:
                MatrixVector<T>.Dots(ref b, _b.Column, ref a, _k, ref c, _n);
                break;
            case Way.SumOfRows:
                MatrixVector<T>.SumOfRows(ref a, _a.Column, ref b, _b.Row, _k, ref c, _n);
                break;
            case Way.SumOfColumns:
                MatrixVector<T>.SumOfRows(ref b, _b.Row, ref a, _a.Column, _k, ref c, _m);
                break;
            default:
                Panels<T>.Multiply(_m, _k, _n, ref a, _a, ref b, _b, ref c, ref scratch);
                break;
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
