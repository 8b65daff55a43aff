using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>sin x and cos x for four doubles, or for eight floats in double: the text of <see cref="VectorSinCos512"/> with 256 for 512, because C# has no
/// generics over the width of a vector.</summary>
internal static class VectorSinCos256
{
    private const double Limit = 1048576.0;
    private const double TwoOverPi = 0.6366197723675814;
    private const double HalfPi1 = 1.5707963267948966;
    private const double HalfPi2 = 6.123233995736766e-17;
    private const double HalfPi3 = -1.4973849048591698e-33;
    private const double Rounder = 6755399441055744.0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Sin<T>(Vector256<T> x) => OfBoth(x, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Cos<T>(Vector256<T> x) => OfBoth(x, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> OfBoth<T>(Vector256<T> x, long quarters)
    {
        if (typeof(T) == typeof(double))
        {
            return Compute(x.AsDouble(), quarters).As<double, T>();
        }

        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(x.AsSingle());
        return Vector256.Narrow(Compute(low, quarters), Compute(high, quarters)).As<float, T>();
    }

    /// <summary>sin x and cos x at once, with the bits of each alone.</summary>
    public static Vector256<T> Both<T>(Vector256<T> x, out Vector256<T> cosine)
    {
        if (typeof(T) == typeof(double))
        {
            Parts near = Parts.Of(x.AsDouble());
            cosine = near.Choose(1).As<double, T>();
            return near.Choose(0).As<double, T>();
        }

        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(x.AsSingle());
        Parts first = Parts.Of(low);
        Parts second = Parts.Of(high);
        cosine = Vector256.Narrow(first.Choose(1), second.Choose(1)).As<float, T>();
        return Vector256.Narrow(first.Choose(0), second.Choose(0)).As<float, T>();
    }

    /// <summary>sin(x + quarters · π/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Compute(Vector256<double> x, long quarters) =>
        Parts.Of(x).Choose(quarters);

    /// <summary>x, its quadrant, and the sine and cosine of its distance from the nearest multiple of π/2.</summary>
    private readonly struct Parts(
        Vector256<double> x,
        Vector256<long> quadrant,
        Vector256<double> sine,
        Vector256<double> cosine
    )
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Parts Of(Vector256<double> x)
        {
            Vector256<double> rounder = Vector256.Create(Rounder);
            Vector256<double> shifted = Vector256.FusedMultiplyAdd(x, Vector256.Create(TwoOverPi), rounder);
            Vector256<double> n = shifted - rounder;
            Vector256<double> exact = Vector256.FusedMultiplyAdd(n, Vector256.Create(-HalfPi1), x);
            Vector256<double> r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-HalfPi2), exact);
            Vector256<double> rest = Vector256.FusedMultiplyAdd(n, Vector256.Create(-HalfPi2), exact - r);
            rest = Vector256.FusedMultiplyAdd(n, Vector256.Create(-HalfPi3), rest);
            Vector256<double> z = r * r;
            return new Parts(x, shifted.AsInt64(), SinNearZero(r, rest, z), CosNearZero(r, rest, z));
        }

        /// <summary>sin(x + quarters · π/2).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<double> Choose(long quarters)
        {
            Vector256<long> turned = quadrant + Vector256.Create(quarters);
            Vector256<double> odd = Vector256
                .Equals(turned & Vector256<long>.One, Vector256<long>.One)
                .AsDouble();
            Vector256<double> value = Vector256.ConditionalSelect(odd, cosine, sine);
            Vector256<long> sign = (turned & Vector256.Create(2L)) << 62;
            value = (value.AsInt64() ^ sign).AsDouble();

            // −0 is lost in the subtraction of n · π/2.
            if (quarters == 0)
            {
                value = Vector256.ConditionalSelect(Vector256.Equals(x, Vector256<double>.Zero), x, value);
            }

            Vector256<double> near = Vector256.LessThanOrEqual(Vector256.Abs(x), Vector256.Create(Limit));
            return Vector256.EqualsAll(near.AsInt64(), Vector256<long>.AllBitsSet)
                ? value
                : LaneByLane(x, value, quarters);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> SinNearZero(
        Vector256<double> r,
        Vector256<double> rest,
        Vector256<double> z
    )
    {
        Vector256<double> cube = z * r;
        Vector256<double> p = Vector256.Create(1.58969099521155010221e-10);
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(-2.50507602534068634195e-08));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(2.75573137070700676789e-06));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(-1.98412698298579493134e-04));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(8.33333333332248946124e-03));
        return r
            - (
                (z * (Vector256.Create(0.5) * rest - cube * p) - rest)
                - cube * Vector256.Create(-1.66666666666666324348e-01)
            );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> CosNearZero(
        Vector256<double> r,
        Vector256<double> rest,
        Vector256<double> z
    )
    {
        Vector256<double> p = Vector256.Create(-1.13596475577881948265e-11);
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(2.08757232129817482790e-09));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(-2.75573143513906633035e-07));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(2.48015872894767294178e-05));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(-1.38888888888741095749e-03));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(4.16666666666666019037e-02));
        Vector256<double> one = Vector256<double>.One;
        Vector256<double> half = Vector256.Create(0.5) * z;
        Vector256<double> most = one - half;
        return most + (((one - most) - half) + (z * (z * p) - r * rest));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<double> LaneByLane(Vector256<double> x, Vector256<double> value, long quarters)
    {
        for (int i = 0; i < Vector256<double>.Count; i++)
        {
            double lane = x[i];
            if (!(Math.Abs(lane) <= Limit))
            {
                value = value.WithElement(i, quarters == 0 ? Math.Sin(lane) : Math.Cos(lane));
            }
        }

        return value;
    }
}
