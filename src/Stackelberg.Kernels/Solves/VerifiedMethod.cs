using System.Numerics;

namespace Stackelberg.Kernels;

public abstract partial class LinearMethod
{
    /// <summary>A method that improves x by sweeps. A sweep ends by what its recurrences say of the residual; then b − A x
    /// is computed, so that the residual reported is true, and another sweep starts from it if need be.</summary>
    private abstract class VerifiedMethod : LinearMethod
    {
        /// <summary>A sweep that leaves more than this of the residual, and not the tolerance, is the last.</summary>
        private const double LeastProgress = 0.5;

        /// <summary>A sweep is asked to leave at most this of the residual, however near the tolerance is.</summary>
        private const double MostOfSweep = 0.1;

        /// <summary>Improves x, by the residual of length <paramref name="norm"/> in the first n work elements, until
        /// its recurrences have it at <paramref name="target"/>, or <paramref name="limit"/> products are used.</summary>
        protected abstract Sweep Improve<T>(
            LinearSystem<T> system,
            Workspace workspace,
            double norm,
            double target,
            int limit
        )
            where T : unmanaged, IBinaryFloatingPointIeee754<T>;

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

        private SolveReport Iterate<T>(LinearSystem<T> system, SolveLimits limits, Workspace workspace)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = system.N;
            ref T residual = ref workspace.At<T>(system.Work);
            double normOfB = system.NormOfRight(workspace);
            int products = system.Start(workspace, ref residual, normOfB);
            if (normOfB == 0.0)
            {
                return system.End(workspace, SolveStatus.Converged, products, 0.0, double.NaN);
            }

            double target = limits.Tolerance * normOfB;
            double norm = Vectors.Norm(ref residual, n);
            double curvature = double.NaN;
            int left = limits.MaxIterations;
            SolveStatus status = SolveStatus.Converged;
            while (!(norm <= target))
            {
                if (!double.IsFinite(norm))
                {
                    status = SolveStatus.Breakdown;
                    break;
                }

                if (left <= 0)
                {
                    status = SolveStatus.OutOfIterations;
                    break;
                }

                // Asked for hardly less than there is, a sweep would end before the tolerance and look like no progress.
                Sweep sweep = Improve(system, workspace, norm, Math.Min(target, MostOfSweep * norm), left);
                products += sweep.Products + 1;
                left -= sweep.Products;
                curvature = double.MinNumber(curvature, sweep.Curvature);
                system.Residual(workspace, ref residual);
                double before = norm;
                norm = Vectors.Norm(ref residual, n);
                if (norm <= target)
                {
                    break;
                }

                if (sweep.Status is SolveStatus.LeastSquares or SolveStatus.OutOfIterations)
                {
                    status = sweep.Status;
                    break;
                }

                if (left > 0 && !(norm <= LeastProgress * before))
                {
                    status =
                        sweep.Status == SolveStatus.Breakdown || !double.IsFinite(norm)
                            ? SolveStatus.Breakdown
                            : SolveStatus.Stagnated;
                    break;
                }
            }

            return system.End(workspace, status, products, norm / normOfB, curvature);
        }

        /// <summary>What of Aᵀ r, relative to ‖A‖ ‖r‖, is taken for rounding.</summary>
        protected static double RoundingOf<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            1024.0 * double.CreateTruncating(T.BitIncrement(T.One) - T.One);
    }

    /// <summary>How a sweep ended, how many products it used, and the least vᵀAv / vᵀv that it saw.</summary>
    private readonly record struct Sweep(SolveStatus Status, int Products, double Curvature);
}
