namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>Runs <paramref name="steps"/> in order, as one step.</summary>
    /// <param name="type">The number type of all of them.</param>
    /// <param name="steps">The steps; none makes a step that does nothing.</param>
    /// <exception cref="ArgumentException">A step has another number type, or is null.</exception>
    public static Step Sequence(DType type, Step[] steps)
    {
        Check.Type("Sequence", type);
        Step[] all = CheckedSteps("Sequence", type, steps);
        return all.Length == 1 ? all[0] : new SequenceStep(type, all);
    }

    /// <summary>A copy of <paramref name="steps"/>, all of them of the number type <paramref name="type"/>.</summary>
    private static Step[] CheckedSteps(string function, DType type, Step[] steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] is null || steps[i].Type != type)
            {
                Check.Fail(
                    $"{function}: steps[{i}] is {steps[i]?.Type.ToString() ?? "null"}, but all must be {type}.",
                    nameof(steps)
                );
            }
        }

        return [.. steps];
    }
}

internal sealed class SequenceStep(DType type, Step[] steps) : Step
{
    public override DType Type => type;

    public override bool DoesNothing => steps.Length == 0;

    public override int Scratch { get; } = steps.Length == 0 ? 0 : steps.Max(step => step.Scratch);

    public override int ScratchOf(DType type) => MostScratch(steps, type);

    public override IEnumerable<Region> Regions => steps.SelectMany(step => step.Regions);

    public override void Run(Workspace workspace)
    {
        foreach (Step step in steps)
        {
            step.Run(workspace);
        }
    }
}
