namespace Stackelberg.Kernels;

/// <summary>A way to solve A x = b where A is given by its products with vectors.</summary>
public abstract partial class LinearMethod
{
    private protected LinearMethod() { }

    /// <summary>What error messages and printed programs call it.</summary>
    public abstract string Name { get; }

    /// <summary>Elements of working memory for <paramref name="n"/> unknowns.</summary>
    public abstract int WorkLength(int n);

    internal abstract SolveReport Solve(LinearSystem<double> system, Workspace workspace);

    internal abstract SolveReport Solve(LinearSystem<float> system, Workspace workspace);
}
