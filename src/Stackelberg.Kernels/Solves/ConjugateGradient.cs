using System.Numerics;

namespace Stackelberg.Kernels;

public abstract partial class LinearMethod
{
    /// <summary>Conjugate gradients, for symmetric positive definite A: n work elements, one product and five vector
    /// operations for each iteration.</summary>
    /// <remarks>M. R. Hestenes and E. Stiefel (1952). Departs from the textbook in two ways: it stops at a direction
    /// v with vᵀAv ≤ 0 and leaves the iterate before it, and it reports the least vᵀAv / vᵀv that it saw, NaN if
    /// none. The residual it reports is the recurrence's, which rounding lets fall below b − A x: it is true as long as
    /// the tolerance is well above the number type's precision times A's condition.</remarks>
    public static LinearMethod ConjugateGradient { get; } = new ConjugateGradientMethod();

    private sealed class ConjugateGradientMethod : LinearMethod
    {
        public override string Name => "conjugate gradient";

        private protected override int OwnLength(int n) => n;

        internal override SolveReport Solve(
            LinearSystem<double> system,
            SolveLimits limits,
            Workspace workspace
        ) => Iterate(system, limits, workspace);

        internal override SolveReport Solve(
            LinearSystem<float> system,
            SolveLimits limits,
            Workspace workspace
        ) => Iterate(system, limits, workspace);

        private static SolveReport Iterate<T>(LinearSystem<T> system, SolveLimits limits, Workspace workspace)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = system.N;
            ref T x = ref workspace.At<T>(system.X);
            ref T v = ref workspace.At<T>(system.V);
            ref T av = ref workspace.At<T>(system.Av);
            ref T residual = ref workspace.At<T>(system.Work);
            double curvature = double.NaN;
            double normOfB = system.NormOfRight(workspace);
            int products = system.Start(workspace, ref residual, normOfB);
            if (normOfB == 0.0)
            {
                return system.End(workspace, SolveStatus.Converged, products, 0.0, curvature);
            }

            double square = Vectors.Dot(ref residual, ref residual, n);
            if (!double.IsFinite(square))
            {
                return system.End(workspace, SolveStatus.Breakdown, products, double.NaN, curvature);
            }

            double target = limits.Tolerance * normOfB;
            Vectors.Copy(ref residual, ref v, n);
            SolveStatus status = SolveStatus.Converged;
            for (int iteration = 0; Math.Sqrt(square) > target; iteration++)
            {
                if (iteration == limits.MaxIterations)
                {
                    status = SolveStatus.OutOfIterations;
                    break;
                }

                system.Product(workspace);
                products++;
                double bend = Vectors.Dot(ref v, ref av, n);
                if (!double.IsFinite(bend))
                {
                    status = SolveStatus.Breakdown;
                    break;
                }

                double perLength = bend / Vectors.Dot(ref v, ref v, n);
                curvature = double.IsNaN(curvature) ? perLength : Math.Min(curvature, perLength);
                if (bend <= 0.0)
                {
                    status = SolveStatus.NegativeCurvature;
                    break;
                }

                double step = square / bend;
                if (!double.IsFinite(double.CreateTruncating(T.CreateTruncating(step))))
                {
                    status = SolveStatus.Breakdown;
                    break;
                }

                // The residual first: if it is no longer finite, x stays the iterate before.
                Vectors.AddScaled(ref residual, -step, ref av, n);
                double next = Vectors.Dot(ref residual, ref residual, n);
                if (!double.IsFinite(next))
                {
                    status = SolveStatus.Breakdown;
                    break;
                }

                Vectors.AddScaled(ref x, step, ref v, n);
                Vectors.ScaleAndAdd(ref v, next / square, ref residual, n);
                square = next;
            }

            return system.End(workspace, status, products, Math.Sqrt(square) / normOfB, curvature);
        }
    }
}
