using System.Buffers;

namespace Stackelberg.Kernels;

/// <summary>The reports of the solves inside a loop's body: each run of the body writes them anew, and what is left is
/// the worst of all runs.</summary>
/// <param name="First">Index of the first in <see cref="Workspace.Solves"/>.</param>
/// <param name="Count">How many.</param>
internal readonly record struct WorstReports(int First, int Count)
{
    private const int MostOnStack = 32;

    /// <summary>How many a caller keeps on its stack; 0 where they come from a pool.</summary>
    public int OnStack => Count <= MostOnStack ? Count : 0;

    /// <summary>An array of a pool for more than fit on the stack, else null.</summary>
    public SolveReport[]? Rent() => Count <= MostOnStack ? null : ArrayPool<SolveReport>.Shared.Rent(Count);

    public static void Return(SolveReport[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<SolveReport>.Shared.Return(rented);
        }
    }

    public Span<SolveReport> Begin(Workspace workspace, Span<SolveReport> worst)
    {
        worst = worst[..Count];
        worst.Clear();
        workspace.Solves.AsSpan(First, Count).Clear();
        return worst;
    }

    public void Keep(Workspace workspace, Span<SolveReport> worst)
    {
        for (int i = 0; i < worst.Length; i++)
        {
            worst[i] = SolveReport.Worse(worst[i], workspace.Solves[First + i]);
        }
    }

    public void End(Workspace workspace, Span<SolveReport> worst) =>
        worst.CopyTo(workspace.Solves.AsSpan(First, Count));
}
