using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>Solves A X = B for each system of a batch, by LU with partial pivoting.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="batch">How many systems.</param>
    /// <param name="n">Unknowns of each.</param>
    /// <param name="k">Right-hand sides of each.</param>
    /// <param name="a">[batch, n, n], contiguous, not overwritten.</param>
    /// <param name="b">[batch, n, k], contiguous.</param>
    /// <param name="x">[batch, n, k], contiguous: the answers; may be the place of b.</param>
    /// <param name="work">n·n + n elements that the step may use.</param>
    /// <param name="report">Index of the report in <see cref="Workspace.Solves"/>, −1 for none. It is about the
    /// worst system of the batch: <see cref="SolveStatus.Breakdown"/> if a pivot is exactly 0 or not finite (that
    /// system's answer is NaN) or an answer is not finite (the report's residual and curvature are then NaN), otherwise the smallest ratio of a
    /// system's smallest |pivot| to its largest.</param>
    /// <exception cref="ArgumentException">Something is negative.</exception>
    public static Step Solve(
        DType type,
        int batch,
        int n,
        int k,
        Place a,
        Place b,
        Place x,
        Place work,
        int report
    )
    {
        Check.Type("Solve", type);
        Check.Count("Solve", batch);
        Check.Count("Solve", n);
        Check.Count("Solve", k);
        Check.At("Solve", a);
        Check.At("Solve", b);
        Check.At("Solve", x);
        Check.At("Solve", work);
        CheckReport("Solve", report);
        return type == DType.Float64
            ? new SolveStep<double>(batch, n, k, a, b, x, work, report)
            : new SolveStep<float>(batch, n, k, a, b, x, work, report);
    }

    private static void CheckReport(string function, int report)
    {
        if (report < -1)
        {
            Check.Fail(
                $"{function}: report is {report}, but must be an index, or -1 for none.",
                nameof(report)
            );
        }
    }
}

internal sealed class SolveStep<T>(int batch, int n, int k, Place a, Place b, Place x, Place work, int report)
    : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [
            From(a, (long)batch * n * n),
            From(b, (long)batch * n * k),
            From(x, (long)batch * n * k),
            From(work, batch == 0 ? 0 : (long)n * n + n),
        ];

    public override void Run(Workspace workspace)
    {
        ref T matrix = ref workspace.At<T>(a);
        ref T right = ref workspace.At<T>(b);
        ref T answer = ref workspace.At<T>(x);
        ref T lu = ref workspace.At<T>(work);
        ref T pivots = ref Unsafe.Add(ref lu, (nint)n * n);
        double worst = 1.0;
        for (int system = 0; system < batch; system++)
        {
            Vectors.Copy(ref matrix, ref lu, n * n);
            double ratio = Lu.Factor(ref lu, ref pivots, n, out double largest);
            int power = 0;
            if (n > 0 && !Scaling.IsPlain(largest * largest, Scaling.PlainMatrix<T>()))
            {
                ratio = FactorScaled(ref matrix, ref lu, ref pivots, out power);
            }

            if (double.IsNaN(ratio))
            {
                Buffers.Span(ref answer, n * k).Fill(T.NaN);
            }
            else
            {
                Vectors.Copy(ref right, ref answer, n * k);
                if (power == 0)
                {
                    Lu.Solve(ref lu, ref pivots, n, ref answer, k);
                }
                else
                {
                    SolveScaled(ref lu, ref pivots, ref answer, power);
                }

                if (!Scaling.IsFinite(ref answer, n * k))
                {
                    ratio = double.NaN;
                }
            }

            worst = Math.Min(worst, ratio);

            matrix = ref Unsafe.Add(ref matrix, (nint)n * n);
            right = ref Unsafe.Add(ref right, (nint)n * k);
            answer = ref Unsafe.Add(ref answer, (nint)n * k);
        }

        if (report >= 0)
        {
            workspace.Solves[report] = double.IsNaN(worst)
                ? new SolveReport(SolveStatus.Breakdown, 0, double.NaN, double.NaN)
                : new SolveReport(SolveStatus.Converged, 0, 0.0, worst);
        }
    }

    /// <summary>Factors 2^power A, whose numbers are about 1.</summary>
    private double FactorScaled(ref T matrix, ref T lu, ref T pivots, out int power)
    {
        Vectors.Copy(ref matrix, ref lu, n * n);
        int exponent = Scaling.Exponent(ref lu, n * n);
        if (exponent is Scaling.NotFinite or Scaling.OfZero)
        {
            power = 0;
            return double.NaN;
        }

        power = -exponent;
        Scaling.Scale(ref lu, power, n * n);
        return Lu.Factor(ref lu, ref pivots, n);
    }

    /// <summary>Solves for right sides that are brought near 1 as well.</summary>
    private void SolveScaled(ref T lu, ref T pivots, ref T answer, int power)
    {
        int exponent = Scaling.Exponent(ref answer, n * k);
        int right = exponent is Scaling.NotFinite or Scaling.OfZero ? 0 : -exponent;
        Scaling.Scale(ref answer, right, n * k);
        Lu.Solve(ref lu, ref pivots, n, ref answer, k);
        Scaling.Scale(ref answer, power - right, n * k);
    }
}
