using System.Numerics;

namespace Stackelberg.Kernels;

/// <summary>Powers of two that bring numbers near 1, so that no square of theirs over- or underflows.</summary>
internal static class Scaling
{
    /// <summary>What <see cref="Exponent"/> says of nothing but zeros.</summary>
    public const int OfZero = int.MinValue;

    /// <summary>What <see cref="Exponent"/> says of numbers of which one is not finite.</summary>
    public const int NotFinite = int.MaxValue;

    /// <summary>The exponent of two, up to which, up and down, a right side stays as it is.</summary>
    public static int PlainRightSide<T>() => typeof(T) == typeof(double) ? 150 : 40;

    /// <summary>The same for what a matrix makes of a vector, relative to the vector.</summary>
    public static int PlainMatrix<T>() => typeof(T) == typeof(double) ? 100 : 30;

    /// <summary>The exponent of a length at which no product with a matrix of finite numbers overflows or vanishes.</summary>
    public static int Short<T>() => typeof(T) == typeof(double) ? -500 : -60;

    /// <summary>Whether a sum of squares is that of numbers whose exponents lie within ± <paramref name="exponent"/>.</summary>
    public static bool IsPlain(double square, int exponent) =>
        square >= Math.ScaleB(1.0, -2 * exponent) && square <= Math.ScaleB(1.0, 2 * exponent);

    /// <summary>The greatest binary exponent of the numbers.</summary>
    public static int Exponent<T>(ref T values, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = T.Zero;
        foreach (T value in Buffers.Span(ref values, count))
        {
            if (!T.IsFinite(value))
            {
                return NotFinite;
            }

            largest = T.Max(largest, T.Abs(value));
        }

        return largest == T.Zero ? OfZero : T.ILogB(largest);
    }

    /// <summary>values[i] · 2^exponent, in place.</summary>
    public static void Scale<T>(ref T values, int exponent, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (exponent == 0)
        {
            return;
        }

        foreach (ref T value in Buffers.Span(ref values, count))
        {
            value = T.ScaleB(value, exponent);
        }
    }

    /// <summary>Whether all numbers are finite.</summary>
    public static bool IsFinite<T>(ref T values, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        foreach (T value in Buffers.Span(ref values, count))
        {
            sum += T.Zero * value;
        }

        return sum == T.Zero;
    }
}
