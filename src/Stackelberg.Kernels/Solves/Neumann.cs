using System.Numerics;

namespace Stackelberg.Kernels;

public abstract partial class LinearMethod
{
    /// <summary>The Neumann series x = α Σₖ (I − αA)ᵏ b with as many terms as iterations are allowed: n work elements,
    /// one product and two vector operations for each term.</summary>
    /// <param name="step">α, not 0. The series converges where every eigenvalue λ of A has |1 − αλ| below 1: for symmetric positive
    /// definite A, where 0 &lt; α &lt; 2 / λ_max.</param>
    /// <exception cref="ArgumentException"><paramref name="step"/> is 0 or not finite.</exception>
    /// <remarks>Each term is x += α (b − A x), so the residual reported is true. A series whose residual passes
    /// ‖b‖ over the number type's precision has no digit of b left and ends in
    /// <see cref="SolveStatus.Breakdown"/>.</remarks>
    public static LinearMethod Neumann(double step)
    {
        if (!double.IsFinite(step) || step == 0.0)
        {
            throw new ArgumentException(
                $"Neumann: step is {step}, but a finite number other than 0 is needed.",
                nameof(step)
            );
        }

        return new NeumannMethod(step);
    }

    private sealed class NeumannMethod(double step) : LinearMethod
    {
        public override string Name => $"neumann({step})";

        private protected override int OwnLength(int n) => n;

        /// <summary>α is a multiple of 1 / A.</summary>
        internal override bool ScalesMatrix => false;

        public override bool Equals(object? obj) => obj is NeumannMethod other && other.Name == Name;

        public override int GetHashCode() => step.GetHashCode();

        internal override SolveReport Solve(
            LinearSystem<double> system,
            SolveLimits limits,
            Workspace workspace
        ) => Sum(system, limits, workspace);

        internal override SolveReport Solve(
            LinearSystem<float> system,
            SolveLimits limits,
            Workspace workspace
        ) => Sum(system, limits, workspace);

        private SolveReport Sum<T>(LinearSystem<T> system, SolveLimits limits, Workspace workspace)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = system.N;
            ref T x = ref workspace.At<T>(system.X);
            ref T residual = ref workspace.At<T>(system.Work);
            double normOfB = system.NormOfRight(workspace);
            int products = system.Start(workspace, ref residual, normOfB);
            if (normOfB == 0.0)
            {
                return system.End(workspace, SolveStatus.Converged, products, 0.0, double.NaN);
            }

            double largest = normOfB / double.CreateTruncating(T.BitIncrement(T.One) - T.One);
            double norm = Vectors.Norm(ref residual, n);
            SolveStatus status = SolveStatus.Converged;
            for (int term = 0; !(norm <= limits.Tolerance * normOfB); term++)
            {
                if (!(norm <= largest))
                {
                    status = SolveStatus.Breakdown;
                    break;
                }

                if (term == limits.MaxIterations)
                {
                    status = SolveStatus.OutOfIterations;
                    break;
                }

                Vectors.AddScaled(ref x, step, ref residual, n);
                system.Residual(workspace, ref residual);
                products++;
                norm = Vectors.Norm(ref residual, n);
            }

            return system.End(workspace, status, products, norm / normOfB, double.NaN);
        }
    }
}
