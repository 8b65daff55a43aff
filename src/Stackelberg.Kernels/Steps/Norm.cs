using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>to[o, i] = √(Σⱼ from[o, j, i]²), without overflow or underflow on the way.</summary>
    /// <param name="type">The number type of both buffers.</param>
    /// <param name="outer">How many slabs.</param>
    /// <param name="length">Length of the reduced axis.</param>
    /// <param name="inner">How many norms run side by side.</param>
    /// <param name="from">[outer, length, inner], contiguous.</param>
    /// <param name="to">[outer, inner], contiguous; it may not overlap the source.</param>
    /// <exception cref="ArgumentException">A count is negative.</exception>
    /// <remarks>0 for no entries; NaN if one is NaN. Squares are summed in double.</remarks>
    public static Step Norm(DType type, int outer, int length, int inner, Place from, Place to)
    {
        Check.Type("Norm", type);
        Check.Count("Norm", outer);
        Check.Count("Norm", length);
        Check.Count("Norm", inner);
        Check.At("Norm", from);
        Check.At("Norm", to);
        return type == DType.Float64
            ? new NormStep<double>(outer, length, inner, from, to)
            : new NormStep<float>(outer, length, inner, from, to);
    }
}

internal sealed class NormStep<T>(int outer, int length, int inner, Place from, Place to) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>So many squares are summed before they join the sum of sums: the rounding error grows like n / 256.</summary>
    private const int Block = 256;

    /// <summary>A sum of squares between these has lost nothing to overflow, and next to nothing to underflow.</summary>
    private const double Smallest = 1E-280;

    private const double Largest = 1E300;

    public override IEnumerable<Region> Regions =>
        [From(from, (long)outer * length * inner), From(to, (long)outer * inner)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        ref T source = ref workspace.At<T>(from);
        ref T target = ref workspace.At<T>(to);
        for (nint o = 0; o < outer; o++)
        {
            for (nint i = 0; i < inner; i++)
            {
                ref T first = ref Unsafe.Add(ref source, o * length * inner + i);
                double sum = Squares(ref first, 1.0);
                Unsafe.Add(ref target, o * inner + i) = T.CreateTruncating(
                    sum is >= Smallest and <= Largest ? Math.Sqrt(sum) : Scaled(ref first)
                );
            }
        }
    }

    /// <summary>Σ (scale · x)².</summary>
    private double Squares(ref T first, double scale)
    {
        double total = 0.0;
        for (int start = 0; start < length; start += Block)
        {
            int count = Math.Min(Block, length - start);
            ref T entry = ref Unsafe.Add(ref first, (nint)start * inner);
            if (inner == 1 && scale == 1.0)
            {
                total += Vectors.Dot(ref entry, ref entry, count);
                continue;
            }

            double sum = 0.0;
            for (int j = 0; j < count; j++)
            {
                double value = scale * double.CreateTruncating(Unsafe.Add(ref entry, (nint)j * inner));
                sum += value * value;
            }

            total += sum;
        }

        return total;
    }

    private double Scaled(ref T first)
    {
        double largest = 0.0;
        for (int j = 0; j < length; j++)
        {
            largest = Math.Max(
                largest,
                Math.Abs(double.CreateTruncating(Unsafe.Add(ref first, (nint)j * inner)))
            );
        }

        if (largest == 0.0 || !double.IsFinite(largest))
        {
            return largest;
        }

        // A power of two, so that only squares round; two steps, as 2⁻¹⁰⁷⁴ has no reciprocal.
        int exponent = Math.Clamp(Math.ILogB(largest), -1022, 1022);
        return Math.ScaleB(Math.Sqrt(Squares(ref first, Math.ScaleB(1.0, -exponent))), exponent);
    }
}
