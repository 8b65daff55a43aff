using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>What reductions by Householder reflections do to a row, in one pass through memory.</summary>
internal static class RankTwoUpdate
{
    /// <summary>row[j] −= a · w[j] + b · v[j], then z[j] += c · row[j].</summary>
    /// <returns>Σ row[j] · u[j] with the new row.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Run(
        ref double row,
        double a,
        ref double w,
        double b,
        ref double v,
        ref double u,
        double c,
        ref double z,
        int count
    )
    {
        Vector512<double> minusA = Vector512.Create(-a);
        Vector512<double> minusB = Vector512.Create(-b);
        Vector512<double> weight = Vector512.Create(c);
        Vector512<double> sum = Vector512<double>.Zero;
        int width = Vector512<double>.Count;
        int j = 0;
        for (; j <= count - width; j += width)
        {
            nuint at = (nuint)j;
            Vector512<double> entries = Vector512.FusedMultiplyAdd(
                minusA,
                Vector512.LoadUnsafe(ref w, at),
                Vector512.FusedMultiplyAdd(
                    minusB,
                    Vector512.LoadUnsafe(ref v, at),
                    Vector512.LoadUnsafe(ref row, at)
                )
            );
            entries.StoreUnsafe(ref row, at);
            sum = Vector512.FusedMultiplyAdd(entries, Vector512.LoadUnsafe(ref u, at), sum);
            Vector512
                .FusedMultiplyAdd(weight, entries, Vector512.LoadUnsafe(ref z, at))
                .StoreUnsafe(ref z, at);
        }

        double total = Vector512.Sum(sum);
        for (; j < count; j++)
        {
            ref double entry = ref Unsafe.Add(ref row, j);
            entry -= a * Unsafe.Add(ref w, j) + b * Unsafe.Add(ref v, j);
            total += entry * Unsafe.Add(ref u, j);
            Unsafe.Add(ref z, j) += c * entry;
        }

        return total;
    }
}
