using System.Numerics;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>Runs a body again and again on a state, with an input and an output for every run.</summary>
    /// <param name="type">The number type of state, inputs, outputs and sums; the body may compute in the other as well.</param>
    /// <param name="count">The most runs: rows of inputs and outputs.</param>
    /// <param name="isBackward">Whether the last row comes first.</param>
    /// <param name="taken">[1]: how many rows are run, from 0 to count; what is less is 0, what is more is count, NaN is 0.</param>
    /// <param name="n">Elements of the state.</param>
    /// <param name="starts">The parts of the state at first, one after the other: of n elements in all.</param>
    /// <param name="state">[n]: where the body reads it, and where it is at the end.</param>
    /// <param name="next">[n]: where the body writes the next one.</param>
    /// <param name="body">The steps of one run.</param>
    /// <param name="inputs">Rows, of which one is copied to the body before each run.</param>
    /// <param name="outputs">Rows, one of which is copied from the body after each run; of rows that are not run all is 0.</param>
    /// <param name="sums">One: what the body leaves; Entries: [Count], its sum over all runs.</param>
    /// <param name="firstReport">Index of the first of the body's reports in <see cref="Workspace.Solves"/>.</param>
    /// <param name="reports">How many; of each the worst of all runs is left.</param>
    /// <exception cref="ArgumentException">Something is negative, or a step is null.</exception>
    public static Step Scan(
        DType type,
        int count,
        bool isBackward,
        Place taken,
        int n,
        LoopPart[] starts,
        Place state,
        Place next,
        Step[] body,
        BatchSlot[] inputs,
        BatchSlot[] outputs,
        BatchSlot[] sums,
        int firstReport,
        int reports
    )
    {
        Check.Type("Scan", type);
        Check.Count("Scan", count);
        Check.At("Scan", taken);
        Check.Count("Scan", n);
        CheckParts("Scan", n, starts);
        Check.At("Scan", state);
        Check.At("Scan", next);
        Check.Count("Scan", firstReport);
        Check.Count("Scan", reports);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(sums);
        foreach (BatchSlot slot in inputs.Concat(outputs).Concat(sums))
        {
            Check.At("Scan", slot.One);
            Check.At("Scan", slot.Entries);
            Check.Count("Scan", slot.Count);
        }

        var kept = new WorstReports(firstReport, reports);
        Step[] steps = StepsOfAnyType("Scan", body);
        return type == DType.Float64 ? Of<double>() : Of<float>();

        Step Of<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            new ScanStep<T>(
                count,
                isBackward,
                taken,
                new LoopState(n, [.. starts], state, next),
                steps,
                [.. inputs],
                [.. outputs],
                [.. sums],
                kept
            );
    }

    private static void CheckParts(string function, int n, LoopPart[] starts)
    {
        ArgumentNullException.ThrowIfNull(starts);
        foreach (LoopPart part in starts)
        {
            Check.At(function, part.At);
            Check.Count(function, part.Count);
        }

        long together = starts.Sum(part => (long)part.Count);
        if (together != n)
        {
            Check.Fail(
                $"{function}: the parts of starts have {together} elements, but the state has {n}.",
                nameof(starts)
            );
        }
    }

    private static Step[] StepsOfAnyType(string function, Step[] steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        int missing = Array.IndexOf(steps, null);
        if (missing >= 0)
        {
            Check.Fail($"{function}: steps[{missing}] is null.", nameof(steps));
        }

        return [.. steps];
    }
}

/// <summary>A part of a loop's first state.</summary>
/// <param name="At">Where it lies.</param>
/// <param name="Count">Its elements.</param>
public readonly record struct LoopPart(Place At, int Count);

/// <summary>Where a loop's state lies.</summary>
/// <param name="N">Its elements.</param>
/// <param name="Starts">At first.</param>
/// <param name="Now">Where the body reads it.</param>
/// <param name="Next">Where the body writes it.</param>
internal readonly record struct LoopState(int N, LoopPart[] Starts, Place Now, Place Next)
{
    public void Begin<T>(Workspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Place to = Now;
        foreach (LoopPart part in Starts)
        {
            Vectors.Copy(ref workspace.At<T>(part.At), ref workspace.At<T>(to), part.Count);
            to = to.Plus(part.Count);
        }
    }

    public void Advance<T>(Workspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Vectors.Copy(ref workspace.At<T>(Next), ref workspace.At<T>(Now), N);
}

internal sealed class ScanStep<T>(
    int count,
    bool isBackward,
    Place taken,
    LoopState state,
    Step[] body,
    BatchSlot[] inputs,
    BatchSlot[] outputs,
    BatchSlot[] sums,
    WorstReports reports
) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _runs;
    private RepeatedStep? _loop;

    public override int Scratch => ScratchOf(Type);

    public override int ScratchOf(DType type) => MostScratch(body, type);

    public override IEnumerable<Region> Regions =>
        [
            From(taken, 1),
            .. state.Starts.Select(part => From(part.At, part.Count)),
            From(state.Now, state.N),
            From(state.Next, state.N),
            .. inputs.Concat(outputs).Concat(sums).Select(slot => From(slot.One, slot.Count)),
            .. inputs.Concat(outputs).Select(slot => From(slot.Entries, (long)count * slot.Count)),
            .. sums.Select(slot => From(slot.Entries, slot.Count)),
            .. body.SelectMany(step => step.Regions),
        ];

    public override void Run(Workspace workspace)
    {
        int runs = LoopCount.Of(workspace.At<T>(taken), count);
        SolveReport[]? rented = reports.Rent();
        Span<SolveReport> worst = rented is null ? stackalloc SolveReport[reports.OnStack] : rented;
        worst = reports.Begin(workspace, worst);
        state.Begin<T>(workspace);
        Clear(workspace, runs);
        if (_loop is RepeatedStep loop)
        {
            double watched = double.NaN;
            loop(workspace.Buffers, runs, isBackward ? runs - 1 : 0, double.MinValue, ref watched);
        }
        else
        {
            RunOneByOne(workspace, runs, worst);
            Emit(runs);
        }

        reports.End(workspace, worst);
        WorstReports.Return(rented);
    }

    /// <summary>A body of single numbers that has run often becomes a loop.</summary>
    private void Emit(int runs)
    {
        // Two threads may count or emit at once: the count is then a little off, or the work done twice.
        if (_runs >= 0 && body.Length == 1)
        {
            _runs += runs;
            if (_runs >= ScalarLoop.RunsBeforeEmission)
            {
                _runs = -1;
                _loop = body[0]
                    .Repeat(
                        new Repetition([
                            .. Enumerable
                                .Range(0, state.N)
                                .Select(j => new CarriedOver(state.Next.Plus(j), state.Now.Plus(j))),
                        ])
                        {
                            RowsIn = inputs,
                            RowsOut = outputs,
                            Sums = sums,
                            IsBackward = isBackward,
                        }
                    );
            }
        }
    }

    private void RunOneByOne(Workspace workspace, int runs, Span<SolveReport> worst)
    {
        for (int run = 0; run < runs; run++)
        {
            int row = isBackward ? runs - 1 - run : run;
            foreach (BatchSlot slot in inputs)
            {
                Vectors.Copy(
                    ref workspace.At<T>(slot.Entries.Plus(row * slot.Count)),
                    ref workspace.At<T>(slot.One),
                    slot.Count
                );
            }

            foreach (Step step in body)
            {
                step.Run(workspace);
            }

            foreach (BatchSlot slot in outputs)
            {
                Vectors.Copy(
                    ref workspace.At<T>(slot.One),
                    ref workspace.At<T>(slot.Entries.Plus(row * slot.Count)),
                    slot.Count
                );
            }

            foreach (BatchSlot slot in sums)
            {
                Vectors.AddScaled(
                    ref workspace.At<T>(slot.Entries),
                    1.0,
                    ref workspace.At<T>(slot.One),
                    slot.Count
                );
            }

            state.Advance<T>(workspace);
            reports.Keep(workspace, worst);
        }
    }

    private void Clear(Workspace workspace, int runs)
    {
        foreach (BatchSlot slot in sums)
        {
            Buffers.Span(ref workspace.At<T>(slot.Entries), slot.Count).Clear();
        }

        if (runs < count)
        {
            foreach (BatchSlot slot in outputs)
            {
                Buffers
                    .Span(
                        ref workspace.At<T>(slot.Entries.Plus(runs * slot.Count)),
                        (count - runs) * slot.Count
                    )
                    .Clear();
            }
        }
    }
}

/// <summary>How many rows a loop runs.</summary>
internal static class LoopCount
{
    public static int Of<T>(T taken, int most)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        taken >= T.CreateTruncating(most) ? most
        : taken > T.Zero ? int.CreateTruncating(taken)
        : 0;
}
