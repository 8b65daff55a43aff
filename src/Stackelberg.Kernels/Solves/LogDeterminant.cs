using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>log |det A| for each matrix of a batch, by LU with partial pivoting.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="batch">How many matrices.</param>
    /// <param name="n">Rows and columns of each.</param>
    /// <param name="a">[batch, n, n], contiguous, not overwritten.</param>
    /// <param name="to">[batch]: log |det|, or the determinant's sign.</param>
    /// <param name="sign">Whether to compute the sign, 1, −1 or 0, instead.</param>
    /// <param name="work">n·n + n elements that the step may use.</param>
    /// <exception cref="ArgumentException">Something is negative.</exception>
    /// <remarks>A zero pivot gives −∞ and sign 0, entries that are not finite give NaN; n = 0 gives 0 and sign 1.</remarks>
    public static Step LogDeterminant(DType type, int batch, int n, Place a, Place to, bool sign, Place work)
    {
        Check.Type("LogDeterminant", type);
        Check.Count("LogDeterminant", batch);
        Check.Count("LogDeterminant", n);
        Check.At("LogDeterminant", a);
        Check.At("LogDeterminant", to);
        Check.At("LogDeterminant", work);
        return type == DType.Float64
            ? new LogDeterminantStep<double>(batch, n, a, to, sign, work)
            : new LogDeterminantStep<float>(batch, n, a, to, sign, work);
    }
}

internal sealed class LogDeterminantStep<T>(int batch, int n, Place a, Place to, bool sign, Place work)
    : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [From(a, (long)batch * n * n), From(to, batch), From(work, batch == 0 ? 0 : (long)n * n + n)];

    public override void Run(Workspace workspace)
    {
        ref T lu = ref workspace.At<T>(work);
        ref T pivots = ref Unsafe.Add(ref lu, (nint)n * n);
        for (int i = 0; i < batch; i++)
        {
            Vectors.Copy(ref Unsafe.Add(ref workspace.At<T>(a), (nint)i * n * n), ref lu, n * n);
            double ratio = Lu.Factor(ref lu, ref pivots, n);
            (double logarithm, double signOf) = double.IsNaN(ratio)
                ? Singular(ref Unsafe.Add(ref workspace.At<T>(a), (nint)i * n * n))
                : Regular(ref lu, ref pivots);
            Unsafe.Add(ref workspace.At<T>(to), i) = T.CreateTruncating(sign ? signOf : logarithm);
        }
    }

    private (double Logarithm, double Sign) Regular(ref T lu, ref T pivots)
    {
        double logarithm = 0.0;
        double result = 1.0;
        for (int j = 0; j < n; j++)
        {
            double pivot = double.CreateTruncating(Unsafe.Add(ref lu, (nint)j * n + j));
            logarithm += Math.Log(Math.Abs(pivot));
            bool exchanged = int.CreateTruncating(Unsafe.Add(ref pivots, j)) != j;
            result = (pivot < 0.0) != exchanged ? -result : result;
        }

        return (logarithm, result);
    }

    private (double Logarithm, double Sign) Singular(ref T matrix)
    {
        foreach (T entry in Buffers.Span(ref matrix, n * n))
        {
            if (!T.IsFinite(entry))
            {
                return (double.NaN, double.NaN);
            }
        }

        return (double.NegativeInfinity, 0.0);
    }
}
