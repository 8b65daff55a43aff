using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Kernels;

/// <summary>Sums of a vector's lanes, always in the same tree: the two halves, then neighbours.</summary>
internal static class LaneSum<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Writes the sums of four vectors to c, c + step, c + 2 step and c + 3 step, which a few shuffles of
    /// all four together give.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four(
        Vector512<T> s0,
        Vector512<T> s1,
        Vector512<T> s2,
        Vector512<T> s3,
        ref T c,
        nint step
    )
    {
        Vector128<T> first;
        Vector128<T> second;
        if (Avx.IsSupported && typeof(T) == typeof(double))
        {
            Vector256<double> pairs01 = Avx.HorizontalAdd(Halves(s0).AsDouble(), Halves(s1).AsDouble());
            Vector256<double> pairs23 = Avx.HorizontalAdd(Halves(s2).AsDouble(), Halves(s3).AsDouble());
            first = (pairs01.GetLower() + pairs01.GetUpper()).As<double, T>();
            second = (pairs23.GetLower() + pairs23.GetUpper()).As<double, T>();
            c = first[0];
            Unsafe.Add(ref c, step) = first[1];
            Unsafe.Add(ref c, 2 * step) = second[0];
            Unsafe.Add(ref c, 3 * step) = second[1];
        }
        else if (Avx.IsSupported && typeof(T) == typeof(float))
        {
            Vector256<float> fours = Avx.HorizontalAdd(
                Avx.HorizontalAdd(Halves(s0).AsSingle(), Halves(s1).AsSingle()),
                Avx.HorizontalAdd(Halves(s2).AsSingle(), Halves(s3).AsSingle())
            );
            first = (fours.GetLower() + fours.GetUpper()).As<float, T>();
            c = first[0];
            Unsafe.Add(ref c, step) = first[1];
            Unsafe.Add(ref c, 2 * step) = first[2];
            Unsafe.Add(ref c, 3 * step) = first[3];
        }
        else
        {
            c = One(s0);
            Unsafe.Add(ref c, step) = One(s1);
            Unsafe.Add(ref c, 2 * step) = One(s2);
            Unsafe.Add(ref c, 3 * step) = One(s3);
        }
    }

    /// <summary>The sum of one vector's lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T One(Vector512<T> lanes)
    {
        Vector256<T> halves = Halves(lanes);
        Vector128<T> lower = halves.GetLower();
        Vector128<T> upper = halves.GetUpper();
        return typeof(T) == typeof(double)
            ? (lower[0] + lower[1]) + (upper[0] + upper[1])
            : ((lower[0] + lower[1]) + (lower[2] + lower[3]))
                + ((upper[0] + upper[1]) + (upper[2] + upper[3]));
    }

    private static Vector256<T> Halves(Vector512<T> lanes) => lanes.GetLower() + lanes.GetUpper();
}
