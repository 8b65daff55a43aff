namespace Stackelberg.Kernels;

/// <summary>The reports of the solves inside a loop's body: each run of the body writes them anew, and what is left is
/// the worst of all runs.</summary>
/// <param name="First">Index of the first in <see cref="Workspace.Solves"/>.</param>
/// <param name="Count">How many.</param>
internal readonly record struct WorstReports(int First, int Count)
{
    private const int MostOnStack = 32;

    /// <summary>How many a caller keeps on its stack; beyond that Begin takes them from a pool.</summary>
    public int OnStack => Math.Min(Count, MostOnStack);

    public Span<SolveReport> Begin(Workspace workspace, Span<SolveReport> worst)
    {
        if (Count > worst.Length)
        {
            worst = new SolveReport[Count];
        }

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
