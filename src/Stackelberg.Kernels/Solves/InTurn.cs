using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public abstract partial class LinearMethod
{
    /// <summary>One method, and where it does not converge the next: n work elements more than the one that takes the
    /// most.</summary>
    /// <param name="methods">The methods in order, at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <remarks>Only the first takes a guess. The dense method is held to b − A x here, which takes a product more: a
    /// matrix that is singular to working precision does not converge. A system that is found to have no solution
    /// (<see cref="SolveStatus.LeastSquares"/>) ends the search. If all fail, the answer is that of the least
    /// residual, and the report is about it. Products add up, and the curvature reported is the least that
    /// any of them saw, so that a matrix that is not positive definite still tells so.</remarks>
    public static LinearMethod InTurn(params LinearMethod[] methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        if (methods.Length == 0)
        {
            throw new ArgumentException(
                "InTurn: methods is empty, but at least one is needed.",
                nameof(methods)
            );
        }

        return new InTurnMethod([.. methods.Select(method => method is DenseMethod ? CheckedDense : method)]);
    }

    private sealed class InTurnMethod(LinearMethod[] methods) : LinearMethod
    {
        private LinearMethod[] Methods => methods;

        public override string Name => string.Join(", then ", methods.Select(method => method.Name));

        public override bool NeedsTranspose => methods.Any(method => method.NeedsTranspose);

        internal override bool ScalesMatrix => methods.All(method => method.ScalesMatrix);

        /// <summary>The best answer so far, then the methods' own, one after the other.</summary>
        private protected override int OwnLength(int n) =>
            checked(n + methods.Max(method => method.OwnLength(n)));

        public override bool Equals(object? obj) =>
            obj is InTurnMethod other && other.Methods.SequenceEqual(methods);

        public override int GetHashCode() => HashCode.Combine(methods.Length, methods[0]);

        internal override LinearSystem<T>[] Within<T>(LinearSystem<T> system)
        {
            LinearSystem<T> Of(int i)
            {
                LinearSystem<T> one = system with
                {
                    Work = system.Work.Plus(system.N),
                    Guess = i == 0 ? system.Guess : null,
                };
                return one with { Within = methods[i].Within(one) };
            }

            return [.. Enumerable.Range(0, methods.Length).Select(Of)];
        }

        internal override SolveReport Solve(
            LinearSystem<double> system,
            SolveLimits limits,
            Workspace workspace
        ) => Search(system, limits, workspace);

        internal override SolveReport Solve(
            LinearSystem<float> system,
            SolveLimits limits,
            Workspace workspace
        ) => Search(system, limits, workspace);

        private SolveReport Search<T>(LinearSystem<T> system, SolveLimits limits, Workspace workspace)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            SolveReport best = methods[0].SolveAny(system.Within[0], limits, workspace);
            if (IsEnd(best.Status))
            {
                return best;
            }

            int n = system.N;
            ref T x = ref workspace.At<T>(system.X);
            ref T kept = ref workspace.At<T>(system.Work);
            Vectors.Copy(ref x, ref kept, n);
            int products = best.Iterations;
            double curvature = best.Curvature;
            for (int i = 1; i < methods.Length && !IsEnd(best.Status); i++)
            {
                SolveReport next = methods[i].SolveAny(system.Within[i], limits, workspace);
                products += next.Iterations;
                curvature =
                    methods[i] is DenseMethod ? curvature : double.MinNumber(curvature, next.Curvature);
                if (IsEnd(next.Status) || IsBetter(next, best))
                {
                    best = next;
                    Vectors.Copy(ref x, ref kept, n);
                }
            }

            Vectors.Copy(ref kept, ref x, n);
            if (system.Guess is Place guess)
            {
                Vectors.Copy(ref kept, ref workspace.At<T>(guess), n);
            }

            return best with
            {
                Iterations = products,
                Curvature = curvature,
            };
        }

        private static bool IsEnd(SolveStatus status) =>
            status is SolveStatus.Converged or SolveStatus.LeastSquares;

        /// <summary>A residual that is not a number is worse than all.</summary>
        private static bool IsBetter(SolveReport one, SolveReport other) =>
            one.Residual < other.Residual || (double.IsNaN(other.Residual) && !double.IsNaN(one.Residual));
    }
}
