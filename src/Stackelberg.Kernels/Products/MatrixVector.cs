using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>Products of a matrix and a vector, for a matrix with contiguous rows.</summary>
/// <remarks>Written for 512 bits; a machine with narrower vectors computes each vector in halves.</remarks>
internal static class MatrixVector<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>c[i·cStep] = Σ a[i·row + p] · b[p] over p in 0 … k − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(ref T a, nint row, ref T b, int k, ref T c, nint cStep, int m)
    {
        int width = Vector512<T>.Count;
        int i = 0;
        for (; i <= m - 4; i += 4)
        {
            ref T a0 = ref Unsafe.Add(ref a, i * row);
            ref T a1 = ref Unsafe.Add(ref a0, row);
            ref T a2 = ref Unsafe.Add(ref a1, row);
            ref T a3 = ref Unsafe.Add(ref a2, row);
            Vector512<T> s0 = Vector512<T>.Zero;
            Vector512<T> s1 = s0;
            Vector512<T> s2 = s0;
            Vector512<T> s3 = s0;
            int p = 0;
            for (; p <= k - width; p += width)
            {
                nuint at = (nuint)p;
                Vector512<T> v = Vector512.LoadUnsafe(ref b, at);
                s0 = VectorMath.Fma(Vector512.LoadUnsafe(ref a0, at), v, s0);
                s1 = VectorMath.Fma(Vector512.LoadUnsafe(ref a1, at), v, s1);
                s2 = VectorMath.Fma(Vector512.LoadUnsafe(ref a2, at), v, s2);
                s3 = VectorMath.Fma(Vector512.LoadUnsafe(ref a3, at), v, s3);
            }

            if (p < k)
            {
                int rest = k - p;
                Vector512<T> v = Lanes.Load512(ref Unsafe.Add(ref b, p), rest);
                s0 = VectorMath.Fma(Lanes.Load512(ref Unsafe.Add(ref a0, p), rest), v, s0);
                s1 = VectorMath.Fma(Lanes.Load512(ref Unsafe.Add(ref a1, p), rest), v, s1);
                s2 = VectorMath.Fma(Lanes.Load512(ref Unsafe.Add(ref a2, p), rest), v, s2);
                s3 = VectorMath.Fma(Lanes.Load512(ref Unsafe.Add(ref a3, p), rest), v, s3);
            }

            LaneSum<T>.Four(s0, s1, s2, s3, ref c, cStep);
            c = ref Unsafe.Add(ref c, 4 * cStep);
        }

        for (; i < m; i++)
        {
            ref T line = ref Unsafe.Add(ref a, i * row);
            Vector512<T> sum = Vector512<T>.Zero;
            int p = 0;
            for (; p <= k - width; p += width)
            {
                nuint at = (nuint)p;
                sum = VectorMath.Fma(
                    Vector512.LoadUnsafe(ref line, at),
                    Vector512.LoadUnsafe(ref b, at),
                    sum
                );
            }

            if (p < k)
            {
                int rest = k - p;
                Vector512<T> v = Lanes.Load512(ref Unsafe.Add(ref b, p), rest);
                sum = VectorMath.Fma(Lanes.Load512(ref Unsafe.Add(ref line, p), rest), v, sum);
            }

            c = LaneSum<T>.One(sum);
            c = ref Unsafe.Add(ref c, cStep);
        }
    }

    /// <summary>c[j] = Σ a[p·step] · b[p·row + j] over p in 0 … k − 1, in the order of p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumOfRows(ref T a, nint step, ref T b, nint row, int k, ref T c, int n)
    {
        int width = Vector512<T>.Count;
        int j = 0;
        for (; j <= n - 4 * width; j += 4 * width)
        {
            ref T factor = ref a;
            ref T line = ref Unsafe.Add(ref b, j);
            Vector512<T> s0 = Vector512<T>.Zero;
            Vector512<T> s1 = s0;
            Vector512<T> s2 = s0;
            Vector512<T> s3 = s0;
            for (int p = 0; p < k; p++)
            {
                Vector512<T> x = Vector512.Create(factor);
                s0 = VectorMath.Fma(x, Vector512.LoadUnsafe(ref line), s0);
                s1 = VectorMath.Fma(x, Vector512.LoadUnsafe(ref line, (nuint)width), s1);
                s2 = VectorMath.Fma(x, Vector512.LoadUnsafe(ref line, (nuint)(2 * width)), s2);
                s3 = VectorMath.Fma(x, Vector512.LoadUnsafe(ref line, (nuint)(3 * width)), s3);
                factor = ref Unsafe.Add(ref factor, step);
                line = ref Unsafe.Add(ref line, row);
            }

            s0.StoreUnsafe(ref c, (nuint)j);
            s1.StoreUnsafe(ref c, (nuint)(j + width));
            s2.StoreUnsafe(ref c, (nuint)(j + 2 * width));
            s3.StoreUnsafe(ref c, (nuint)(j + 3 * width));
        }

        for (; j <= n - 2 * width; j += 2 * width)
        {
            ref T factor = ref a;
            ref T line = ref Unsafe.Add(ref b, j);
            Vector512<T> s0 = Vector512<T>.Zero;
            Vector512<T> s1 = s0;
            for (int p = 0; p < k; p++)
            {
                Vector512<T> x = Vector512.Create(factor);
                s0 = VectorMath.Fma(x, Vector512.LoadUnsafe(ref line), s0);
                s1 = VectorMath.Fma(x, Vector512.LoadUnsafe(ref line, (nuint)width), s1);
                factor = ref Unsafe.Add(ref factor, step);
                line = ref Unsafe.Add(ref line, row);
            }

            s0.StoreUnsafe(ref c, (nuint)j);
            s1.StoreUnsafe(ref c, (nuint)(j + width));
        }

        for (; j < n; j += width)
        {
            int lanes = Math.Min(width, n - j);
            ref T factor = ref a;
            ref T line = ref Unsafe.Add(ref b, j);
            Vector512<T> sum = Vector512<T>.Zero;
            for (int p = 0; p < k; p++)
            {
                sum = VectorMath.Fma(Vector512.Create(factor), Lanes.Load512(ref line, lanes), sum);
                factor = ref Unsafe.Add(ref factor, step);
                line = ref Unsafe.Add(ref line, row);
            }

            Lanes.Store512(sum, ref Unsafe.Add(ref c, j), lanes);
        }
    }

    /// <summary>The same for two rows of A, so that each row of B is read once: <paramref name="c0"/> from
    /// <paramref name="a0"/>, <paramref name="c1"/> from <paramref name="a1"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoSumsOfRows(
        ref T a0,
        ref T a1,
        nint step,
        ref T b,
        nint row,
        int k,
        ref T c0,
        ref T c1,
        int n
    )
    {
        int width = Vector512<T>.Count;
        int j = 0;
        for (; j <= n - 2 * width; j += 2 * width)
        {
            ref T line = ref Unsafe.Add(ref b, j);
            Vector512<T> s00 = Vector512<T>.Zero;
            Vector512<T> s01 = s00;
            Vector512<T> s10 = s00;
            Vector512<T> s11 = s00;
            nint at = 0;
            for (int p = 0; p < k; p++)
            {
                Vector512<T> v0 = Vector512.LoadUnsafe(ref line);
                Vector512<T> v1 = Vector512.LoadUnsafe(ref line, (nuint)width);
                Vector512<T> x0 = Vector512.Create(Unsafe.Add(ref a0, at));
                Vector512<T> x1 = Vector512.Create(Unsafe.Add(ref a1, at));
                s00 = VectorMath.Fma(x0, v0, s00);
                s01 = VectorMath.Fma(x0, v1, s01);
                s10 = VectorMath.Fma(x1, v0, s10);
                s11 = VectorMath.Fma(x1, v1, s11);
                at += step;
                line = ref Unsafe.Add(ref line, row);
            }

            s00.StoreUnsafe(ref c0, (nuint)j);
            s01.StoreUnsafe(ref c0, (nuint)(j + width));
            s10.StoreUnsafe(ref c1, (nuint)j);
            s11.StoreUnsafe(ref c1, (nuint)(j + width));
        }

        if (j < n)
        {
            SumOfRows(ref a0, step, ref Unsafe.Add(ref b, j), row, k, ref Unsafe.Add(ref c0, j), n - j);
            SumOfRows(ref a1, step, ref Unsafe.Add(ref b, j), row, k, ref Unsafe.Add(ref c1, j), n - j);
        }
    }
}
