using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>LU with partial pivoting, P A = L U, row-major and in place.</summary>
internal static class Lu
{
    /// <summary>Rows below this length are not worth a call and a vector's tail.</summary>
    private const int Short = 16;

    /// <summary>Factors <paramref name="a"/> [n, n]: U on and above the diagonal, L below it, the row exchanged with
    /// row j in <paramref name="pivots"/>[j], as a number.</summary>
    /// <returns>Smallest |pivot| over largest |pivot|, 1 for n = 0; NaN if a pivot is 0 or not finite.</returns>
    /// <remarks>(2/3) n³ operations, one row at a time.</remarks>
    public static double Factor<T>(ref T a, ref T pivots, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Factor(ref a, ref pivots, n, out _);

    /// <summary>The same, and the largest |pivot|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Factor<T>(ref T a, ref T pivots, int n, out double largest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double smallest = double.PositiveInfinity;
        largest = 0.0;
        for (int j = 0; j < n; j++)
        {
            int best = j;
            for (int i = j + 1; i < n; i++)
            {
                if (T.Abs(Entry(ref a, n, i, j)) > T.Abs(Entry(ref a, n, best, j)))
                {
                    best = i;
                }
            }

            Unsafe.Add(ref pivots, j) = T.CreateTruncating(best);
            T pivot = Entry(ref a, n, best, j);
            if (pivot == T.Zero || !T.IsFinite(pivot))
            {
                return double.NaN;
            }

            double size = double.CreateTruncating(T.Abs(pivot));
            smallest = Math.Min(smallest, size);
            largest = Math.Max(largest, size);
            ref T row = ref Entry(ref a, n, j, 0);
            if (best != j)
            {
                Exchange(ref row, ref Entry(ref a, n, best, 0), n);
            }

            ref T rest = ref Unsafe.Add(ref row, j + 1);
            for (int i = j + 1; i < n; i++)
            {
                ref T below = ref Entry(ref a, n, i, j);
                if (below == T.Zero)
                {
                    continue;
                }

                below /= pivot;
                SubtractScaled(ref Unsafe.Add(ref below, 1), below, ref rest, n - j - 1);
            }
        }

        return n == 0 ? 1.0 : smallest / largest;
    }

    /// <summary>Overwrites x [n, k], which holds B, by the solution of A X = B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Solve<T>(ref T lu, ref T pivots, int n, ref T x, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < n; j++)
        {
            int other = int.CreateTruncating(Unsafe.Add(ref pivots, j));
            if (other != j)
            {
                Exchange(ref Entry(ref x, k, j, 0), ref Entry(ref x, k, other, 0), k);
            }
        }

        for (int i = 1; i < n; i++)
        {
            Subtract(ref Entry(ref lu, n, i, 0), ref x, i, ref Entry(ref x, k, i, 0), k);
        }

        for (int i = n - 1; i >= 0; i--)
        {
            ref T row = ref Entry(ref x, k, i, 0);
            int known = n - i - 1;
            Subtract(ref Entry(ref lu, n, i, i + 1), ref Entry(ref x, k, i + 1, 0), known, ref row, k);
            T pivot = Entry(ref lu, n, i, i);
            for (int j = 0; j < k; j++)
            {
                Unsafe.Add(ref row, j) /= pivot;
            }
        }
    }

    /// <summary>row −= factors · known, with factors [count] and known [count, k].</summary>
    private static void Subtract<T>(ref T factors, ref T known, int count, ref T row, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (k == 1 && count >= Short)
        {
            row -= T.CreateTruncating(Vectors.Dot(ref factors, ref known, count));
            return;
        }

        for (int i = 0; i < count; i++)
        {
            SubtractScaled(ref row, Unsafe.Add(ref factors, i), ref Entry(ref known, k, i, 0), k);
        }
    }

    /// <summary>y −= factor · x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractScaled<T>(ref T y, T factor, ref T x, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (count >= Short)
        {
            Vectors.AddScaled(ref y, -double.CreateTruncating(factor), ref x, count);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref y, i) = T.FusedMultiplyAdd(-factor, Unsafe.Add(ref x, i), Unsafe.Add(ref y, i));
        }
    }

    private static void Exchange<T>(ref T a, ref T b, int count)
    {
        for (int i = 0; i < count; i++)
        {
            (Unsafe.Add(ref a, i), Unsafe.Add(ref b, i)) = (Unsafe.Add(ref b, i), Unsafe.Add(ref a, i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T Entry<T>(ref T matrix, int columns, int row, int column) =>
        ref Unsafe.Add(ref matrix, (nint)row * columns + column);
}
