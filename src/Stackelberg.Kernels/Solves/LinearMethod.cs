using System.Numerics;

namespace Stackelberg.Kernels;

/// <summary>A way to solve A x = b where A is given by its products with vectors.</summary>
public abstract partial class LinearMethod
{
    private protected LinearMethod() { }

    /// <summary>What error messages and printed programs call it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it needs products with Aᵀ besides those with A.</summary>
    public virtual bool NeedsTranspose => false;

    /// <summary>Elements of working memory for <paramref name="n"/> unknowns.</summary>
    public abstract int WorkLength(int n);

    internal abstract SolveReport Solve(LinearSystem<double> system, SolveLimits limits, Workspace workspace);

    internal abstract SolveReport Solve(LinearSystem<float> system, SolveLimits limits, Workspace workspace);

    internal SolveReport SolveAny<T>(LinearSystem<T> system, SolveLimits limits, Workspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(double)
            ? Solve((LinearSystem<double>)(object)system, limits, workspace)
            : Solve((LinearSystem<float>)(object)system, limits, workspace);

    /// <summary>The system that the method solves within this one; made once, so that running allocates nothing.</summary>
    internal virtual LinearSystem<T>? Within<T>(LinearSystem<T> system)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => null;
}

/// <summary>Where a solve ends.</summary>
/// <param name="Tolerance">At ‖b − A x‖ ≤ Tolerance · ‖b‖.</param>
/// <param name="MaxIterations">After this many products.</param>
internal readonly record struct SolveLimits(double Tolerance, int MaxIterations);
