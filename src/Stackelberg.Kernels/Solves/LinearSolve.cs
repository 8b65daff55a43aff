using System.Numerics;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>Solves A x = b, where <paramref name="apply"/> computes A · v, to ‖b − A x‖ ≤ tolerance · ‖b‖.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="method">How.</param>
    /// <param name="n">Unknowns.</param>
    /// <param name="apply">Steps that read v and write A · v; they must leave v, b, x, guess and work as they are.</param>
    /// <param name="applyTransposed">As apply, for Aᵀ · v; needed where the method needs the transpose, else null.</param>
    /// <param name="v">[n]: where the steps read.</param>
    /// <param name="av">[n]: where they write.</param>
    /// <param name="b">[n]: the right-hand side, not overwritten.</param>
    /// <param name="x">[n]: the answer.</param>
    /// <param name="guess">[n]: where the solve starts, and where it leaves its answer for the next run; null to start
    /// at 0. A start whose residual is not finite is replaced by 0.</param>
    /// <param name="work">method.WorkLength(n) elements that the step may use.</param>
    /// <param name="tolerance">Relative residual to reach, at least 0.</param>
    /// <param name="maxIterations">How many products the method may use besides those that a guess, an estimated
    /// diagonal and the last residual cost.</param>
    /// <param name="report">Index of the report in <see cref="Workspace.Solves"/>, −1 for none.</param>
    /// <exception cref="ArgumentException">Something is negative, the tolerance is NaN, a step has another number
    /// type, or the method needs the transpose and there is none.</exception>
    /// <remarks>b = 0 gives x = 0 without a product, and so does n = 0. A b that is not finite gives NaN, without one
    /// too, and leaves the guess as it is.</remarks>
    public static Step LinearSolve(
        DType type,
        LinearMethod method,
        int n,
        Step[] apply,
        Step[]? applyTransposed,
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
        if (method.NeedsTranspose && applyTransposed is null)
        {
            Check.Fail(
                $"LinearSolve: {method.Name} needs products with the transpose, but applyTransposed is null.",
                nameof(applyTransposed)
            );
        }

        Step[]? transposed = applyTransposed is null
            ? null
            : CheckedSteps("LinearSolve", type, applyTransposed);
        SolveLimits limits = new(tolerance, maxIterations);
        return type == DType.Float64
            ? Of(method, SystemOf<double>(n, steps, transposed, v, av, b, x, guess, work), limits, report)
            : Of(method, SystemOf<float>(n, steps, transposed, v, av, b, x, guess, work), limits, report);
    }

    /// <summary>The scales first, then the method's own memory.</summary>
    private static LinearSystem<T> SystemOf<T>(
        int n,
        Step[] steps,
        Step[]? transposed,
        Place v,
        Place av,
        Place b,
        Place x,
        Place? guess,
        Place work
    )
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(n, steps, transposed, v, av, b, x, guess, work.Plus(Scales.Length), work);

    private static LinearSolveStep<T> Of<T>(
        LinearMethod method,
        LinearSystem<T> system,
        SolveLimits limits,
        int report
    )
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(method, system with { Within = method.Within(system) }, limits, report);
}

internal sealed class LinearSolveStep<T>(
    LinearMethod method,
    LinearSystem<T> system,
    SolveLimits limits,
    int report
) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int Scratch { get; } =
        system
            .Apply.Concat(system.ApplyTransposed ?? [])
            .Select(step => step.Scratch)
            .DefaultIfEmpty(0)
            .Max();

    public override int ScratchOf(DType type) =>
        MostScratch([.. system.Apply, .. system.ApplyTransposed ?? []], type);

    public override IEnumerable<Region> Regions =>
        [
            From(system.V, system.N),
            From(system.Av, system.N),
            From(system.B, system.N),
            From(system.X, system.N),
            From(system.Guess ?? system.X, system.N),
            From(system.State, method.WorkLength(system.N)),
            .. system.Apply.Concat(system.ApplyTransposed ?? []).SelectMany(step => step.Regions),
        ];

    public override void Run(Workspace workspace)
    {
        SolveReport ending = Solve(workspace);
        if (report >= 0)
        {
            workspace.Solves[report] = ending;
        }
    }

    private SolveReport Solve(Workspace workspace)
    {
        ref T b = ref workspace.At<T>(system.B);
        int power = 0;
        if (!Scaling.IsPlain(Vectors.Dot(ref b, ref b, system.N), Scaling.PlainRightSide<T>()))
        {
            int exponent = Scaling.Exponent(ref b, system.N);
            if (exponent == Scaling.NotFinite)
            {
                Buffers.Span(ref workspace.At<T>(system.X), system.N).Fill(T.NaN);
                return new SolveReport(SolveStatus.Breakdown, 0, double.NaN, double.NaN);
            }

            power = exponent == Scaling.OfZero ? 0 : -exponent;
        }

        system.Open(workspace, power, method.ScalesMatrix);
        return method.SolveAny(system, limits, workspace);
    }
}
