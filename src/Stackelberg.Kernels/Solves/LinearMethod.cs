using System.Numerics;

namespace Stackelberg.Kernels;

/// <summary>A way to solve A x = b where A is given by its products with vectors.</summary>
/// <remarks>All methods are homogeneous: a right side or a matrix whose numbers are far from 1 is multiplied by a power of
/// two, and the answer by what makes that good, so that no square of theirs over- or underflows. A right side that is
/// not finite ends in <see cref="SolveStatus.Breakdown"/> with an answer of NaN.</remarks>
public abstract partial class LinearMethod
{
    private protected LinearMethod() { }

    /// <summary>What error messages and printed programs call it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it needs products with Aᵀ besides those with A.</summary>
    public virtual bool NeedsTranspose => false;

    /// <summary>Whether solving a multiple of A is the same work, so that A may be brought near 1.</summary>
    internal virtual bool ScalesMatrix => true;

    /// <summary>Elements of working memory for <paramref name="n"/> unknowns.</summary>
    public int WorkLength(int n) => checked(OwnLength(n) + Scales.Length);

    /// <summary>The elements among them that are the method's own.</summary>
    private protected abstract int OwnLength(int n);

    internal abstract SolveReport Solve(LinearSystem<double> system, SolveLimits limits, Workspace workspace);

    internal abstract SolveReport Solve(LinearSystem<float> system, SolveLimits limits, Workspace workspace);

    internal SolveReport SolveAny<T>(LinearSystem<T> system, SolveLimits limits, Workspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(double)
            ? Solve((LinearSystem<double>)(object)system, limits, workspace)
            : Solve((LinearSystem<float>)(object)system, limits, workspace);

    /// <summary>The systems that the method solves within this one; made once, so that running allocates nothing.</summary>
    internal virtual LinearSystem<T>[] Within<T>(LinearSystem<T> system)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [];
}

/// <summary>Where a solve ends.</summary>
/// <param name="Tolerance">At ‖b − A x‖ ≤ Tolerance · ‖b‖.</param>
/// <param name="MaxIterations">After this many products.</param>
internal readonly record struct SolveLimits(double Tolerance, int MaxIterations);
