using System.Numerics;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>Runs a body on a state until a condition holds.</summary>
    /// <param name="type">The number type of the state and the condition; condition and body may compute in the other as well.</param>
    /// <param name="limit">The most runs.</param>
    /// <param name="n">Elements of the state.</param>
    /// <param name="starts">The parts of the state at first, one after the other: of n elements in all.</param>
    /// <param name="state">[n]: where condition and body read it, and where it is at the end.</param>
    /// <param name="next">[n]: where the body writes the next one.</param>
    /// <param name="condition">Steps that are run before each run of the body.</param>
    /// <param name="flag">[1]: where they write; the loop ends where that is not 0.</param>
    /// <param name="body">The steps of one run.</param>
    /// <param name="taken">[1]: how often the body has been run.</param>
    /// <param name="report">Index of the loop's report in <see cref="Workspace.Solves"/>.</param>
    /// <param name="firstReport">Index of the first of the reports of condition and body.</param>
    /// <param name="reports">How many; of each the worst of all runs is left.</param>
    /// <exception cref="ArgumentException">Something is negative, or a step is null.</exception>
    public static Step Until(
        DType type,
        int limit,
        int n,
        LoopPart[] starts,
        Place state,
        Place next,
        Step[] condition,
        Place flag,
        Step[] body,
        Place taken,
        int report,
        int firstReport,
        int reports
    )
    {
        Check.Type("Until", type);
        Check.Count("Until", limit);
        Check.Count("Until", n);
        CheckParts("Until", n, starts);
        Check.At("Until", state);
        Check.At("Until", next);
        Check.At("Until", flag);
        Check.At("Until", taken);
        Check.Count("Until", report);
        Check.Count("Until", firstReport);
        Check.Count("Until", reports);
        var at = new LoopState(n, [.. starts], state, next);
        var kept = new WorstReports(firstReport, reports);
        Step[] test = StepsOfAnyType("Until", condition);
        Step[] steps = StepsOfAnyType("Until", body);
        return type == DType.Float64
            ? new UntilStep<double>(limit, at, test, flag, steps, taken, report, kept)
            : new UntilStep<float>(limit, at, test, flag, steps, taken, report, kept);
    }
}

internal sealed class UntilStep<T>(
    int limit,
    LoopState state,
    Step[] condition,
    Place flag,
    Step[] body,
    Place taken,
    int report,
    WorstReports reports
) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int Scratch => ScratchOf(Type);

    public override int ScratchOf(DType type) =>
        Math.Max(MostScratch(condition, type), MostScratch(body, type));

    public override IEnumerable<Region> Regions =>
        [
            .. state.Starts.Select(part => From(part.At, part.Count)),
            From(state.Now, state.N),
            From(state.Next, state.N),
            From(flag, 1),
            From(taken, 1),
            .. condition.Concat(body).SelectMany(step => step.Regions),
        ];

    public override void Run(Workspace workspace)
    {
        SolveReport[]? rented = reports.Rent();
        Span<SolveReport> worst = rented is null ? stackalloc SolveReport[reports.OnStack] : rented;
        worst = reports.Begin(workspace, worst);
        state.Begin<T>(workspace);
        int runs = 0;
        while (!IsMet(workspace) && runs < limit)
        {
            foreach (Step step in body)
            {
                step.Run(workspace);
            }

            state.Advance<T>(workspace);
            reports.Keep(workspace, worst);
            runs++;
        }

        reports.End(workspace, worst);
        WorstReports.Return(rented);
        workspace.At<T>(taken) = T.CreateTruncating(runs);
        bool isMet = workspace.At<T>(flag) != T.Zero;
        workspace.Solves[report] = new SolveReport(
            isMet ? SolveStatus.Ended : SolveStatus.OutOfSteps,
            runs,
            isMet ? 0.0 : double.PositiveInfinity,
            double.NaN
        );
    }

    private bool IsMet(Workspace workspace)
    {
        foreach (Step step in condition)
        {
            step.Run(workspace);
        }

        return workspace.At<T>(flag) != T.Zero;
    }
}
