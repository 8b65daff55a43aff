namespace Stackelberg.Kernels;

/// <summary>
/// One kernel call of a compiled program: an immutable object that knows its operands' places, checked
/// against the buffers' sizes when the program was compiled. A program is a flat list of steps.
/// </summary>
public abstract class Step
{
    /// <summary>Elements of scratch memory that <see cref="Run"/> needs, in <see cref="Workspace.Scratch64"/>
    /// or <see cref="Workspace.Scratch32"/> according to <see cref="Type"/>.</summary>
    public virtual int Scratch => 0;

    /// <summary>Elements of scratch memory of a number type that <see cref="Run"/> needs; a step with others inside may
    /// need both.</summary>
    /// <param name="type">The number type.</param>
    public virtual int ScratchOf(DType type) => type == Type ? Scratch : 0;

    /// <summary>The most scratch memory of a number type that one of some steps needs.</summary>
    internal static int MostScratch(Step[] steps, DType type)
    {
        int most = 0;
        foreach (Step step in steps)
        {
            most = Math.Max(most, step.ScratchOf(type));
        }

        return most;
    }

    /// <summary>Whether running the step has no effect, so that a program can leave it out.</summary>
    public virtual bool DoesNothing => false;

    /// <summary>The number type that the step computes in.</summary>
    public abstract DType Type { get; }

    /// <summary>All memory that <see cref="Run"/> reads and writes, scratch memory aside. Steps do not check places when
    /// they run: the compiler of programs holds these against its buffers, once.</summary>
    public abstract IEnumerable<Region> Regions { get; }

    /// <summary>The step as a loop of many runs, with the same bits; null if it is none on single numbers. Emitting it takes
    /// milliseconds.</summary>
    /// <param name="repetition">What goes from one run to the next.</param>
    public virtual RepeatedStep? Repeat(Repetition repetition) => null;

    /// <summary>Computes the step's results. Allocates nothing.</summary>
    /// <param name="workspace">The memory of this run; the step is shared between runs.</param>
    public abstract void Run(Workspace workspace);
}
