namespace Stackelberg.Kernels;

/// <summary>The memory of one run of a program. A program is immutable and may run on several threads at once,
/// each run with a workspace of its own.</summary>
public sealed class Workspace
{
    /// <summary>Makes the memory of one run.</summary>
    /// <param name="buffers">One array for each buffer that the program's places name, double[] or float[].</param>
    /// <param name="scratch64">Length of the double scratch memory.</param>
    /// <param name="scratch32">Length of the float scratch memory.</param>
    /// <param name="solves">How many linear solves the program reports.</param>
    public Workspace(Array[] buffers, int scratch64, int scratch32, int solves)
    {
        Buffers = buffers;
        Scratch64 = scratch64 == 0 ? [] : new double[scratch64];
        Scratch32 = scratch32 == 0 ? [] : new float[scratch32];
        Solves = solves == 0 ? [] : new SolveReport[solves];
    }

    /// <summary>double[] or float[], by buffer index.</summary>
    public Array[] Buffers { get; }

    /// <summary>Memory that a step may use while it runs, and whose contents no other step relies on.</summary>
    public double[] Scratch64 { get; }

    /// <summary>As <see cref="Scratch64"/>, for float.</summary>
    public float[] Scratch32 { get; }

    /// <summary>How the linear solves of the last run ended, one entry for each solve of the program.</summary>
    public SolveReport[] Solves { get; }
}
