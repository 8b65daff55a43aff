using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>sin x and cos x for eight doubles, or for sixteen floats in double.</summary>
/// <remarks>The polynomials of Sun's fdlibm (k_sin.c, k_cos.c) after subtracting the nearest multiple n of π/2, which
/// is given as three doubles: the first product is subtracted without error. A lane beyond ±2²⁰ is computed by
/// Math.Sin or Math.Cos, whatever the other lanes hold.</remarks>
internal static class VectorSinCos512
{
    private const double Limit = 1048576.0;
    private const double TwoOverPi = 0.6366197723675814;
    private const double HalfPi1 = 1.5707963267948966;
    private const double HalfPi2 = 6.123233995736766e-17;
    private const double HalfPi3 = -1.4973849048591698e-33;
    private const double Rounder = 6755399441055744.0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Sin<T>(Vector512<T> x) => OfBoth(x, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Cos<T>(Vector512<T> x) => OfBoth(x, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> OfBoth<T>(Vector512<T> x, long quarters)
    {
        if (typeof(T) == typeof(double))
        {
            return Compute(x.AsDouble(), quarters).As<double, T>();
        }

        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(x.AsSingle());
        return Vector512.Narrow(Compute(low, quarters), Compute(high, quarters)).As<float, T>();
    }

    /// <summary>sin x and cos x at once, with the bits of each alone.</summary>
    public static Vector512<T> Both<T>(Vector512<T> x, out Vector512<T> cosine)
    {
        if (typeof(T) == typeof(double))
        {
            Parts near = Parts.Of(x.AsDouble());
            cosine = near.Choose(1).As<double, T>();
            return near.Choose(0).As<double, T>();
        }

        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(x.AsSingle());
        Parts first = Parts.Of(low);
        Parts second = Parts.Of(high);
        cosine = Vector512.Narrow(first.Choose(1), second.Choose(1)).As<float, T>();
        return Vector512.Narrow(first.Choose(0), second.Choose(0)).As<float, T>();
    }

    /// <summary>sin(x + quarters · π/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Compute(Vector512<double> x, long quarters) =>
        Parts.Of(x).Choose(quarters);

    /// <summary>x, its quadrant, and the sine and cosine of its distance from the nearest multiple of π/2.</summary>
    private readonly struct Parts(
        Vector512<double> x,
        Vector512<long> quadrant,
        Vector512<double> sine,
        Vector512<double> cosine
    )
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Parts Of(Vector512<double> x)
        {
            Vector512<double> rounder = Vector512.Create(Rounder);
            Vector512<double> shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(TwoOverPi), rounder);
            Vector512<double> n = shifted - rounder;
            Vector512<double> exact = Vector512.FusedMultiplyAdd(n, Vector512.Create(-HalfPi1), x);
            Vector512<double> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-HalfPi2), exact);
            Vector512<double> rest = Vector512.FusedMultiplyAdd(n, Vector512.Create(-HalfPi2), exact - r);
            rest = Vector512.FusedMultiplyAdd(n, Vector512.Create(-HalfPi3), rest);
            Vector512<double> z = r * r;
            return new Parts(x, shifted.AsInt64(), SinNearZero(r, rest, z), CosNearZero(r, rest, z));
        }

        /// <summary>sin(x + quarters · π/2).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Choose(long quarters)
        {
            Vector512<long> turned = quadrant + Vector512.Create(quarters);
            Vector512<double> odd = Vector512
                .Equals(turned & Vector512<long>.One, Vector512<long>.One)
                .AsDouble();
            Vector512<double> value = Vector512.ConditionalSelect(odd, cosine, sine);
            Vector512<long> sign = (turned & Vector512.Create(2L)) << 62;
            value = (value.AsInt64() ^ sign).AsDouble();

            // −0 is lost in the subtraction of n · π/2.
            if (quarters == 0)
            {
                value = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<double>.Zero), x, value);
            }

            Vector512<double> near = Vector512.LessThanOrEqual(Vector512.Abs(x), Vector512.Create(Limit));
            return Vector512.EqualsAll(near.AsInt64(), Vector512<long>.AllBitsSet)
                ? value
                : LaneByLane(x, value, quarters);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> SinNearZero(
        Vector512<double> r,
        Vector512<double> rest,
        Vector512<double> z
    )
    {
        Vector512<double> cube = z * r;
        Vector512<double> p = Vector512.Create(1.58969099521155010221e-10);
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-2.50507602534068634195e-08));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2.75573137070700676789e-06));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-1.98412698298579493134e-04));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(8.33333333332248946124e-03));
        return r
            - (
                (z * (Vector512.Create(0.5) * rest - cube * p) - rest)
                - cube * Vector512.Create(-1.66666666666666324348e-01)
            );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> CosNearZero(
        Vector512<double> r,
        Vector512<double> rest,
        Vector512<double> z
    )
    {
        Vector512<double> p = Vector512.Create(-1.13596475577881948265e-11);
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2.08757232129817482790e-09));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-2.75573143513906633035e-07));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2.48015872894767294178e-05));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-1.38888888888741095749e-03));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(4.16666666666666019037e-02));
        Vector512<double> one = Vector512<double>.One;
        Vector512<double> half = Vector512.Create(0.5) * z;
        Vector512<double> most = one - half;
        return most + (((one - most) - half) + (z * (z * p) - r * rest));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<double> LaneByLane(Vector512<double> x, Vector512<double> value, long quarters)
    {
        for (int i = 0; i < Vector512<double>.Count; i++)
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
