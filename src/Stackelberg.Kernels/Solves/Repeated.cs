using System.Numerics;

namespace Stackelberg.Kernels;

/// <summary>Where the entries of a batch lie, and where a body finds the one that it works on.</summary>
/// <param name="One">[count]: the body's.</param>
/// <param name="Entries">[batch, count], contiguous.</param>
/// <param name="Count">Elements of one entry.</param>
public readonly record struct BatchSlot(Place One, Place Entries, int Count);

public static partial class Steps
{
    /// <summary>Runs a body once for each entry of a batch.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="batch">How many entries.</param>
    /// <param name="body">What works on one entry.</param>
    /// <param name="before">What is copied from the entry before it.</param>
    /// <param name="after">What is copied to the entry after it.</param>
    /// <param name="report">The index of the first of batch reports, one for each entry, of which the body writes the
    /// last; −1 for none.</param>
    /// <exception cref="ArgumentException">Something is negative, or a step has another number type.</exception>
    public static Step Repeated(
        DType type,
        int batch,
        Step[] body,
        BatchSlot[] before,
        BatchSlot[] after,
        int report
    )
    {
        Check.Type("Repeated", type);
        Check.Count("Repeated", batch);
        CheckReport("Repeated", report);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        foreach (BatchSlot slot in before.Concat(after))
        {
            Check.At("Repeated", slot.One);
            Check.At("Repeated", slot.Entries);
            Check.Count("Repeated", slot.Count);
        }

        Step[] steps = CheckedSteps("Repeated", type, body);
        return type == DType.Float64
            ? new RepeatedStep<double>(batch, steps, [.. before], [.. after], report)
            : new RepeatedStep<float>(batch, steps, [.. before], [.. after], report);
    }
}

internal sealed class RepeatedStep<T>(
    int batch,
    Step[] body,
    BatchSlot[] before,
    BatchSlot[] after,
    int report
) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int Scratch { get; } = body.Select(step => step.Scratch).DefaultIfEmpty(0).Max();

    public override int ScratchOf(DType type) => MostScratch(body, type);

    public override IEnumerable<Region> Regions =>
        [
            .. before.Concat(after).Select(slot => From(slot.One, slot.Count)),
            .. before.Concat(after).Select(slot => From(slot.Entries, (long)batch * slot.Count)),
            .. body.SelectMany(step => step.Regions),
        ];

    public override void Run(Workspace workspace)
    {
        for (int entry = 0; entry < batch; entry++)
        {
            foreach (BatchSlot slot in before)
            {
                Vectors.Copy(
                    ref workspace.At<T>(slot.Entries.Plus(entry * slot.Count)),
                    ref workspace.At<T>(slot.One),
                    slot.Count
                );
            }

            foreach (Step step in body)
            {
                step.Run(workspace);
            }

            foreach (BatchSlot slot in after)
            {
                Vectors.Copy(
                    ref workspace.At<T>(slot.One),
                    ref workspace.At<T>(slot.Entries.Plus(entry * slot.Count)),
                    slot.Count
                );
            }

            if (report >= 0)
            {
                workspace.Solves[report + entry] = workspace.Solves[report + batch - 1];
            }
        }
    }
}
