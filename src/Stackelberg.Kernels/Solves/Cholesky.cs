using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>A = L Lᵀ for each symmetric positive definite matrix of a batch, with L lower triangular.</summary>
    /// <param name="type">The number type of both operands.</param>
    /// <param name="batch">How many matrices.</param>
    /// <param name="n">Rows and columns of each.</param>
    /// <param name="a">[batch, n, n], contiguous; only the lower triangle is read.</param>
    /// <param name="l">[batch, n, n], contiguous: L, zeros above the diagonal; may be the place of a.</param>
    /// <param name="report">Index of the report in <see cref="Workspace.Solves"/>, −1 for none. It is about the worst
    /// matrix of the batch: <see cref="SolveStatus.Breakdown"/> if one is not positive definite (its L is NaN),
    /// otherwise the smallest ratio of a matrix's smallest squared diagonal entry to its largest.</param>
    /// <exception cref="ArgumentException">Something is negative.</exception>
    /// <remarks>n³ / 3 operations, row by row.</remarks>
    public static Step Cholesky(DType type, int batch, int n, Place a, Place l, int report)
    {
        Check.Type("Cholesky", type);
        Check.Count("Cholesky", batch);
        Check.Count("Cholesky", n);
        Check.At("Cholesky", a);
        Check.At("Cholesky", l);
        CheckReport("Cholesky", report);
        return type == DType.Float64
            ? new CholeskyStep<double>(batch, n, a, l, report)
            : new CholeskyStep<float>(batch, n, a, l, report);
    }

    /// <summary>L X = B or Lᵀ X = B for each lower triangular L of a batch.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="batch">How many systems.</param>
    /// <param name="n">Unknowns of each.</param>
    /// <param name="k">Right-hand sides of each.</param>
    /// <param name="transposed">Whether the system is that of Lᵀ.</param>
    /// <param name="l">[batch, n, n], contiguous; only the lower triangle is read.</param>
    /// <param name="b">[batch, n, k], contiguous.</param>
    /// <param name="x">[batch, n, k], contiguous: the answers; may be the place of b, but not of L.</param>
    /// <exception cref="ArgumentException">Something is negative.</exception>
    /// <remarks>A zero on the diagonal gives infinities and NaN.</remarks>
    public static Step LowerSolve(
        DType type,
        int batch,
        int n,
        int k,
        bool transposed,
        Place l,
        Place b,
        Place x
    )
    {
        Check.Type("LowerSolve", type);
        Check.Count("LowerSolve", batch);
        Check.Count("LowerSolve", n);
        Check.Count("LowerSolve", k);
        Check.At("LowerSolve", l);
        Check.At("LowerSolve", b);
        Check.At("LowerSolve", x);
        return type == DType.Float64
            ? new LowerSolveStep<double>(batch, n, k, transposed, l, b, x)
            : new LowerSolveStep<float>(batch, n, k, transposed, l, b, x);
    }
}

internal sealed class CholeskyStep<T>(int batch, int n, Place a, Place l, int report) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [From(a, (long)batch * n * n), From(l, (long)batch * n * n)];

    public override void Run(Workspace workspace)
    {
        double worst = 1.0;
        for (int i = 0; i < batch; i++)
        {
            nint at = (nint)i * n * n;
            ref T factor = ref Unsafe.Add(ref workspace.At<T>(l), at);
            Vectors.Copy(ref Unsafe.Add(ref workspace.At<T>(a), at), ref factor, n * n);
            double ratio = Factor(ref factor);
            worst = Math.Min(worst, ratio);
            if (double.IsNaN(ratio))
            {
                Buffers.Span(ref factor, n * n).Fill(T.NaN);
            }
        }

        if (report >= 0)
        {
            workspace.Solves[report] = double.IsNaN(worst)
                ? new SolveReport(SolveStatus.Breakdown, 0, double.NaN, double.NaN)
                : new SolveReport(SolveStatus.Converged, 0, 0.0, worst);
        }
    }

    /// <summary>Returns the smallest over the largest pivot; NaN if one is not positive.</summary>
    private double Factor(ref T matrix)
    {
        double smallest = double.PositiveInfinity;
        double largest = 0.0;
        for (int i = 0; i < n; i++)
        {
            ref T row = ref Unsafe.Add(ref matrix, (nint)i * n);
            for (int j = 0; j < i; j++)
            {
                ref T earlier = ref Unsafe.Add(ref matrix, (nint)j * n);
                double rest =
                    double.CreateTruncating(Unsafe.Add(ref row, j)) - Vectors.Dot(ref row, ref earlier, j);
                Unsafe.Add(ref row, j) = T.CreateTruncating(
                    rest / double.CreateTruncating(Unsafe.Add(ref earlier, j))
                );
            }

            double pivot = double.CreateTruncating(Unsafe.Add(ref row, i)) - Vectors.Dot(ref row, ref row, i);
            if (!(pivot > 0.0) || !double.IsFinite(pivot))
            {
                return double.NaN;
            }

            smallest = Math.Min(smallest, pivot);
            largest = Math.Max(largest, pivot);
            Unsafe.Add(ref row, i) = T.CreateTruncating(Math.Sqrt(pivot));
            Buffers.Span(ref Unsafe.Add(ref row, i + 1), n - i - 1).Clear();
        }

        return n == 0 ? 1.0 : smallest / largest;
    }
}

internal sealed class LowerSolveStep<T>(int batch, int n, int k, bool transposed, Place l, Place b, Place x)
    : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [From(l, (long)batch * n * n), From(b, (long)batch * n * k), From(x, (long)batch * n * k)];

    public override void Run(Workspace workspace)
    {
        for (int i = 0; i < batch; i++)
        {
            ref T factor = ref Unsafe.Add(ref workspace.At<T>(l), (nint)i * n * n);
            ref T answer = ref Unsafe.Add(ref workspace.At<T>(x), (nint)i * n * k);
            ref T right = ref Unsafe.Add(ref workspace.At<T>(b), (nint)i * n * k);
            if (!Unsafe.AreSame(ref answer, ref right))
            {
                Vectors.Copy(ref right, ref answer, n * k);
            }

            if (transposed)
            {
                Backward(ref factor, ref answer);
            }
            else
            {
                Forward(ref factor, ref answer);
            }
        }
    }

    private void Forward(ref T factor, ref T answer)
    {
        for (int i = 0; i < n; i++)
        {
            ref T row = ref Unsafe.Add(ref factor, (nint)i * n);
            ref T known = ref Unsafe.Add(ref answer, (nint)i * k);
            if (k == 1)
            {
                known -= T.CreateTruncating(Vectors.Dot(ref row, ref answer, i));
            }
            else
            {
                for (int j = 0; j < i; j++)
                {
                    double weight = -double.CreateTruncating(Unsafe.Add(ref row, j));
                    Vectors.AddScaled(ref known, weight, ref Unsafe.Add(ref answer, (nint)j * k), k);
                }
            }

            Divide(ref known, Unsafe.Add(ref row, i));
        }
    }

    /// <summary>A solved row is taken out of all earlier ones, by a row of L.</summary>
    private void Backward(ref T factor, ref T answer)
    {
        for (int i = n - 1; i >= 0; i--)
        {
            ref T row = ref Unsafe.Add(ref factor, (nint)i * n);
            ref T known = ref Unsafe.Add(ref answer, (nint)i * k);
            Divide(ref known, Unsafe.Add(ref row, i));
            if (k == 1)
            {
                Vectors.AddScaled(ref answer, -double.CreateTruncating(known), ref row, i);
            }
            else
            {
                for (int j = 0; j < i; j++)
                {
                    double weight = -double.CreateTruncating(Unsafe.Add(ref row, j));
                    Vectors.AddScaled(ref Unsafe.Add(ref answer, (nint)j * k), weight, ref known, k);
                }
            }
        }
    }

    private void Divide(ref T row, T pivot)
    {
        for (int j = 0; j < k; j++)
        {
            Unsafe.Add(ref row, j) /= pivot;
        }
    }
}
