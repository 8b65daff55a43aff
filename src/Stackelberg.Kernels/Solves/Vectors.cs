using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The vector operations of the solvers.</summary>
/// <remarks>Dot products are summed in double for both number types: the squares of small float gradients
/// underflow in float.</remarks>
internal static class Vectors
{
    /// <summary>Σ a[i] · b[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot<T>(ref T a, ref T b, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (count == 0)
        {
            return 0.0;
        }

        Vector512<double> s0 = Vector512<double>.Zero;
        Vector512<double> s1 = s0;
        int width = Vector512<T>.Count;
        int i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            Accumulate(
                ref s0,
                ref s1,
                Vector512.LoadUnsafe(ref a, (nuint)i),
                Vector512.LoadUnsafe(ref b, (nuint)i)
            );
            Accumulate(
                ref s1,
                ref s0,
                Vector512.LoadUnsafe(ref a, (nuint)(i + width)),
                Vector512.LoadUnsafe(ref b, (nuint)(i + width))
            );
        }

        for (; i < count; i += width)
        {
            int lanes = Math.Min(width, count - i);
            Accumulate(
                ref s0,
                ref s1,
                Lanes.Load512(ref Unsafe.Add(ref a, i), lanes),
                Lanes.Load512(ref Unsafe.Add(ref b, i), lanes)
            );
        }

        return Vector512.Sum(s0 + s1);
    }

    /// <summary>‖a‖₂.</summary>
    public static double Norm<T>(ref T a, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Math.Sqrt(Dot(ref a, ref a, count));

    /// <summary>y[i] += scale · x[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled<T>(ref T y, double scale, ref T x, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector512<T> factors = Vector512.Create(T.CreateTruncating(scale));
        int width = Vector512<T>.Count;
        int i = 0;
        for (; i <= count - width; i += width)
        {
            nuint at = (nuint)i;
            VectorMath
                .Fma(factors, Vector512.LoadUnsafe(ref x, at), Vector512.LoadUnsafe(ref y, at))
                .StoreUnsafe(ref y, at);
        }

        if (i < count)
        {
            int rest = count - i;
            Lanes.Store512(
                VectorMath.Fma(
                    factors,
                    Lanes.Load512(ref Unsafe.Add(ref x, i), rest),
                    Lanes.Load512(ref Unsafe.Add(ref y, i), rest)
                ),
                ref Unsafe.Add(ref y, i),
                rest
            );
        }
    }

    /// <summary>y[i] = x[i] + scale · y[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleAndAdd<T>(ref T y, double scale, ref T x, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector512<T> factors = Vector512.Create(T.CreateTruncating(scale));
        int width = Vector512<T>.Count;
        int i = 0;
        for (; i <= count - width; i += width)
        {
            nuint at = (nuint)i;
            VectorMath
                .Fma(factors, Vector512.LoadUnsafe(ref y, at), Vector512.LoadUnsafe(ref x, at))
                .StoreUnsafe(ref y, at);
        }

        if (i < count)
        {
            int rest = count - i;
            Lanes.Store512(
                VectorMath.Fma(
                    factors,
                    Lanes.Load512(ref Unsafe.Add(ref y, i), rest),
                    Lanes.Load512(ref Unsafe.Add(ref x, i), rest)
                ),
                ref Unsafe.Add(ref y, i),
                rest
            );
        }
    }

    /// <summary>to[i] = scale · from[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale<T>(ref T to, double scale, ref T from, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector512<T> factors = Vector512.Create(T.CreateTruncating(scale));
        int width = Vector512<T>.Count;
        int i = 0;
        for (; i <= count - width; i += width)
        {
            (factors * Vector512.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        if (i < count)
        {
            int rest = count - i;
            Lanes.Store512(
                factors * Lanes.Load512(ref Unsafe.Add(ref from, i), rest),
                ref Unsafe.Add(ref to, i),
                rest
            );
        }
    }

    /// <summary>to[i] = a[i] − b[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Difference<T>(ref T to, ref T a, ref T b, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = Vector512<T>.Count;
        int i = 0;
        for (; i <= count - width; i += width)
        {
            nuint at = (nuint)i;
            (Vector512.LoadUnsafe(ref a, at) - Vector512.LoadUnsafe(ref b, at)).StoreUnsafe(ref to, at);
        }

        if (i < count)
        {
            int rest = count - i;
            Lanes.Store512(
                Lanes.Load512(ref Unsafe.Add(ref a, i), rest) - Lanes.Load512(ref Unsafe.Add(ref b, i), rest),
                ref Unsafe.Add(ref to, i),
                rest
            );
        }
    }

    /// <summary>to[i] = a[i] · b[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<T>(ref T to, ref T a, ref T b, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = Vector512<T>.Count;
        int i = 0;
        for (; i <= count - width; i += width)
        {
            nuint at = (nuint)i;
            (Vector512.LoadUnsafe(ref a, at) * Vector512.LoadUnsafe(ref b, at)).StoreUnsafe(ref to, at);
        }

        if (i < count)
        {
            int rest = count - i;
            Lanes.Store512(
                Lanes.Load512(ref Unsafe.Add(ref a, i), rest) * Lanes.Load512(ref Unsafe.Add(ref b, i), rest),
                ref Unsafe.Add(ref to, i),
                rest
            );
        }
    }

    public static void Copy<T>(ref T from, ref T to, int count)
        where T : unmanaged => Buffers.Span(ref from, count).CopyTo(Buffers.Span(ref to, count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<T>(
        ref Vector512<double> s0,
        ref Vector512<double> s1,
        Vector512<T> a,
        Vector512<T> b
    )
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            s0 = Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), s0);
        }
        else
        {
            (Vector512<double> aLow, Vector512<double> aHigh) = Vector512.Widen(a.AsSingle());
            (Vector512<double> bLow, Vector512<double> bHigh) = Vector512.Widen(b.AsSingle());
            s0 = Vector512.FusedMultiplyAdd(aLow, bLow, s0);
            s1 = Vector512.FusedMultiplyAdd(aHigh, bHigh, s1);
        }
    }
}
