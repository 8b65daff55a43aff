using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public abstract partial class LinearMethod
{
    /// <summary>Builds A from its n products with the unit vectors and solves by LU with partial pivoting: 2 n² + n
    /// work elements. For small n.</summary>
    /// <remarks>Ignores the guess, the tolerance and the iteration limit. A zero pivot, or a value that is not
    /// finite, ends in <see cref="SolveStatus.Breakdown"/>: the answer is NaN, and the guess stays as it was.</remarks>
    public static LinearMethod Dense { get; } = new DenseMethod(false);

    /// <summary>The same, held to its residual.</summary>
    private static DenseMethod CheckedDense { get; } = new(true);

    private sealed class DenseMethod(bool isChecked) : LinearMethod
    {
        public override string Name => "dense";

        private protected override int OwnLength(int n) => checked(2 * n * n + n);

        internal override SolveReport Solve(
            LinearSystem<double> system,
            SolveLimits limits,
            Workspace workspace
        ) => Eliminate(system, limits, workspace);

        internal override SolveReport Solve(
            LinearSystem<float> system,
            SolveLimits limits,
            Workspace workspace
        ) => Eliminate(system, limits, workspace);

        private SolveReport Eliminate<T>(LinearSystem<T> system, SolveLimits limits, Workspace workspace)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = system.N;
            ref T x = ref workspace.At<T>(system.X);
            if (system.NormOfRight(workspace) == 0.0)
            {
                Buffers.Span(ref x, n).Clear();
                return system.End(workspace, SolveStatus.Converged, 0, 0.0, double.NaN);
            }

            ref T matrix = ref workspace.At<T>(system.Work);
            ref T pivots = ref Unsafe.Add(ref matrix, (nint)n * n);
            ref T v = ref workspace.At<T>(system.V);
            ref T av = ref workspace.At<T>(system.Av);
            for (int j = 0; j < n; j++)
            {
                Buffers.Span(ref v, n).Clear();
                Unsafe.Add(ref v, j) = T.One;
                system.Product(workspace);
                for (int i = 0; i < n; i++)
                {
                    Unsafe.Add(ref matrix, (nint)i * n + j) = Unsafe.Add(ref av, i);
                }
            }

            bool isIndefinite = IsIndefinite(ref matrix, ref Unsafe.Add(ref pivots, n), n);
            double ratio = Lu.Factor(ref matrix, ref pivots, n);
            if (double.IsNaN(ratio))
            {
                Buffers.Span(ref x, n).Fill(T.NaN);
                return new SolveReport(SolveStatus.Breakdown, n, double.NaN, double.NaN);
            }

            system.CopyRight(workspace, ref x);
            Lu.Solve(ref matrix, ref pivots, n, ref x, 1);
            if (!Scaling.IsFinite(ref x, n))
            {
                return new SolveReport(SolveStatus.Breakdown, n, double.NaN, ratio);
            }

            SolveStatus status = SolveStatus.Converged;
            double residual = 0.0;
            if (isChecked)
            {
                // The matrix is no longer needed where its factors are.
                system.Residual(workspace, ref matrix);
                residual = Vectors.Norm(ref matrix, n) / system.NormOfRight(workspace);
                double rounding = n * double.CreateTruncating(T.BitIncrement(T.One) - T.One);
                if (!(residual <= limits.Tolerance || ratio > rounding))
                {
                    status = SolveStatus.Stagnated;
                }
            }

            // The ratio is no curvature, which would be in A's own scale.
            return system.End(workspace, status, n, residual, ratio) with
            {
                Curvature = isIndefinite ? -ratio : ratio,
            };
        }

        /// <summary>Whether the matrix is symmetric, but for rounding, and not positive definite.</summary>
        private static bool IsIndefinite<T>(ref T matrix, ref T room, int n)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T largest = T.Zero;
            T apart = T.Zero;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    T below = Unsafe.Add(ref matrix, (nint)i * n + j);
                    largest = T.Max(largest, T.Abs(below));
                    apart = T.Max(apart, T.Abs(below - Unsafe.Add(ref matrix, (nint)j * n + i)));
                }
            }

            T rounding = T.CreateTruncating(n) * T.Sqrt(T.BitIncrement(T.One) - T.One);
            return apart <= rounding * largest && !(LeastPivot.Of(ref matrix, ref room, n) > T.Zero);
        }
    }
}
