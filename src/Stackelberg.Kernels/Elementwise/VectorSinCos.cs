using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>sin x and cos x for doubles; floats go through double.</summary>
/// <remarks>The polynomials of Sun's fdlibm (k_sin.c, k_cos.c) after subtracting the nearest multiple n of π/2, which
/// is given as three doubles: the first product is subtracted without error. A lane beyond ±2²⁰ is computed by
/// Math.Sin or Math.Cos, whatever the other lanes hold.</remarks>
internal static class VectorSinCos
{
    private const double Limit = 1048576.0;
    private const double TwoOverPi = 0.6366197723675814;
    private const double HalfPi1 = 1.5707963267948966;
    private const double HalfPi2 = 6.123233995736766e-17;
    private const double HalfPi3 = -1.4973849048591698e-33;
    private const double Rounder = 6755399441055744.0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged => V.InDouble<SinInDouble>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged => V.InDouble<CosInDouble>(x);

    /// <summary>sin x and cos x at once, with the bits of each alone.</summary>
    public static V Both<V, T>(V x, out V cosine)
        where V : struct, ISimd<V, T>
        where T : unmanaged => V.InDouble<BothInDouble>(x, out cosine);

    private readonly struct SinInDouble : IUnary<double>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, double> => Parts<V>.Of(a).Choose(0);
    }

    private readonly struct CosInDouble : IUnary<double>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, double> => Parts<V>.Of(a).Choose(1);
    }

    private readonly struct BothInDouble : IUnaryOfTwo<double>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, out V second)
            where V : struct, ISimd<V, double>
        {
            var near = Parts<V>.Of(a);
            second = near.Choose(1);
            return near.Choose(0);
        }
    }

    /// <summary>x, its quadrant, and the sine and cosine of its distance from the nearest multiple of π/2.</summary>
    private readonly struct Parts<V>(V x, V quadrant, V sine, V cosine)
        where V : struct, ISimd<V, double>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Parts<V> Of(V x)
        {
            V rounder = V.Constant(Rounder);
            V shifted = V.Fma(x, V.Constant(TwoOverPi), rounder);
            V n = shifted - rounder;
            V exact = V.Fma(n, V.Constant(-HalfPi1), x);
            V r = V.Fma(n, V.Constant(-HalfPi2), exact);
            V rest = V.Fma(n, V.Constant(-HalfPi2), exact - r);
            rest = V.Fma(n, V.Constant(-HalfPi3), rest);
            V z = r * r;
            return new Parts<V>(x, shifted, SinNearZero(r, rest, z), CosNearZero(r, rest, z));
        }

        /// <summary>sin(x + quarters · π/2).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Choose(long quarters)
        {
            V turned = V.AddBits(quadrant, V.Bits(quarters));
            V odd = V.EqualBits(turned & V.Bits(1), V.Bits(1));
            V value = V.Select(odd, cosine, sine);
            value ^= V.ShiftBitsLeft(turned & V.Bits(2), 62);

            // −0 is lost in the subtraction of n · π/2.
            if (quarters == 0)
            {
                value = V.IfEqual(x, V.Zero, x, value);
            }

            V near = V.LessOrEqual(V.Abs(x), V.Constant(Limit));
            return V.All(near) ? value : LaneByLane(x, value, quarters);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V SinNearZero(V r, V rest, V z)
        {
            V cube = z * r;
            V p = V.Constant(1.58969099521155010221e-10);
            p = V.Fma(p, z, V.Constant(-2.50507602534068634195e-08));
            p = V.Fma(p, z, V.Constant(2.75573137070700676789e-06));
            p = V.Fma(p, z, V.Constant(-1.98412698298579493134e-04));
            p = V.Fma(p, z, V.Constant(8.33333333332248946124e-03));
            V low = z * (V.Constant(0.5) * rest - cube * p) - rest;
            return r - (low - cube * V.Constant(-1.66666666666666324348e-01));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V CosNearZero(V r, V rest, V z)
        {
            V p = V.Constant(-1.13596475577881948265e-11);
            p = V.Fma(p, z, V.Constant(2.08757232129817482790e-09));
            p = V.Fma(p, z, V.Constant(-2.75573143513906633035e-07));
            p = V.Fma(p, z, V.Constant(2.48015872894767294178e-05));
            p = V.Fma(p, z, V.Constant(-1.38888888888741095749e-03));
            p = V.Fma(p, z, V.Constant(4.16666666666666019037e-02));
            V half = V.Constant(0.5) * z;
            V most = V.One - half;
            return most + (((V.One - most) - half) + (z * (z * p) - r * rest));
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static V LaneByLane(V x, V value, long quarters)
        {
            for (int i = 0; i < V.Count; i++)
            {
                double lane = x[i];
                if (!(Math.Abs(lane) <= Limit))
                {
                    value = value.With(i, quarters == 0 ? Math.Sin(lane) : Math.Cos(lane));
                }
            }

            return value;
        }
    }
}
