using System.Numerics;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>Solves A x = b, where <paramref name="apply"/> computes A · v, to ‖b − A x‖ ≤ tolerance · ‖b‖.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="method">How: <see cref="LinearMethod.ConjugateGradient"/>,
    /// <see cref="LinearMethod.Gmres"/> or <see cref="LinearMethod.Dense"/>.</param>
    /// <param name="n">Unknowns.</param>
    /// <param name="apply">Steps that read v and write A · v; they must leave v, b, x, guess and work as they are.</param>
    /// <param name="v">[n]: where the steps read.</param>
    /// <param name="av">[n]: where they write.</param>
    /// <param name="b">[n]: the right-hand side, not overwritten.</param>
    /// <param name="x">[n]: the answer.</param>
    /// <param name="guess">[n]: where the solve starts, and where it leaves its answer for the next run; null to start
    /// at 0. A start whose residual is not finite is replaced by 0.</param>
    /// <param name="work">method.WorkLength(n) elements that the step may use.</param>
    /// <param name="tolerance">Relative residual to reach, at least 0.</param>
    /// <param name="maxIterations">How many products the method may use besides the one that a guess costs.</param>
    /// <param name="report">Index of the report in <see cref="Workspace.Solves"/>, −1 for none.</param>
    /// <exception cref="ArgumentException">Something is negative, the tolerance is NaN, or a step has another number
    /// type.</exception>
    /// <remarks>b = 0 gives x = 0 without a product, and so does n = 0.</remarks>
    public static Step LinearSolve(
        DType type,
        LinearMethod method,
        int n,
        Step[] apply,
        Place v,
        Place av,
        Place b,
        Place x,
        Place? guess,
        Place work,
        double tolerance,
        int maxIterations,
        int report
    )
    {
        Check.Type("LinearSolve", type);
        ArgumentNullException.ThrowIfNull(method);
        Check.Count("LinearSolve", n);
        Check.At("LinearSolve", v);
        Check.At("LinearSolve", av);
        Check.At("LinearSolve", b);
        Check.At("LinearSolve", x);
        Check.At("LinearSolve", guess ?? x, nameof(guess));
        Check.At("LinearSolve", work);
        if (!(tolerance >= 0.0))
        {
            Check.Fail($"LinearSolve: tolerance is {tolerance}, but must be at least 0.", nameof(tolerance));
        }

        Check.Count("LinearSolve", maxIterations);
        CheckReport("LinearSolve", report);
        Step[] steps = CheckedSteps("LinearSolve", type, apply);
        return type == DType.Float64
            ? new LinearSolveStep<double>(
                method,
                new LinearSystem<double>(n, steps, v, av, b, x, guess, work, tolerance, maxIterations),
                report
            )
            : new LinearSolveStep<float>(
                method,
                new LinearSystem<float>(n, steps, v, av, b, x, guess, work, tolerance, maxIterations),
                report
            );
    }
}

internal sealed class LinearSolveStep<T>(LinearMethod method, LinearSystem<T> system, int report) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int Scratch { get; } =
        system.Apply.Length == 0 ? 0 : system.Apply.Max(step => step.Scratch);

    public override IEnumerable<Region> Regions =>
        [
            From(system.V, system.N),
            From(system.Av, system.N),
            From(system.B, system.N),
            From(system.X, system.N),
            From(system.Guess ?? system.X, system.N),
            From(system.Work, method.WorkLength(system.N)),
            .. system.Apply.SelectMany(step => step.Regions),
        ];

    public override void Run(Workspace workspace)
    {
        SolveReport ending =
            typeof(T) == typeof(double)
                ? method.Solve((LinearSystem<double>)(object)system, workspace)
                : method.Solve((LinearSystem<float>)(object)system, workspace);
        if (report >= 0)
        {
            workspace.Solves[report] = ending;
        }
    }
}
