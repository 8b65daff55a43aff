using System.Numerics;

namespace Stackelberg.Kernels;

/// <summary>The operands of a <see cref="Steps.LinearSolve"/> step, and what all methods do with them.</summary>
internal sealed record LinearSystem<T>(
    int N,
    Step[] Apply,
    Step[]? ApplyTransposed,
    Place V,
    Place Av,
    Place B,
    Place X,
    Place? Guess,
    Place Work
)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A diagonal S, [n]: the system's map is then S A S instead of A.</summary>
    public Place? Scale { get; init; }

    /// <summary>[n]: where a scaled product keeps v.</summary>
    public Place Kept { get; init; }

    /// <summary>The system that a method solves within this one, if it does.</summary>
    public LinearSystem<T>? Within { get; init; }

    /// <summary>av = A · v.</summary>
    public void Product(Workspace workspace) => Product(workspace, Apply);

    /// <summary>av = Aᵀ · v.</summary>
    public void TransposedProduct(Workspace workspace) => Product(workspace, ApplyTransposed!);

    private void Product(Workspace workspace, Step[] steps)
    {
        if (Scale is not Place scale)
        {
            Run(workspace, steps);
            return;
        }

        ref T s = ref workspace.At<T>(scale);
        ref T v = ref workspace.At<T>(V);
        ref T av = ref workspace.At<T>(Av);
        ref T kept = ref workspace.At<T>(Kept);
        Vectors.Copy(ref v, ref kept, N);
        Vectors.Multiply(ref v, ref s, ref v, N);
        Run(workspace, steps);
        Vectors.Multiply(ref av, ref s, ref av, N);
        Vectors.Copy(ref kept, ref v, N);
    }

    private static void Run(Workspace workspace, Step[] steps)
    {
        foreach (Step step in steps)
        {
            step.Run(workspace);
        }
    }

    /// <summary>Sets x to the guess, or to 0 where that is nearer, and <paramref name="residual"/> to b − A x. Uses one
    /// product if there is a guess other than 0.</summary>
    /// <returns>The number of products used.</returns>
    public int Start(Workspace workspace, ref T residual, double normOfB)
    {
        ref T x = ref workspace.At<T>(X);
        ref T b = ref workspace.At<T>(B);
        int products = 0;
        if (Guess is Place guess && normOfB > 0.0)
        {
            ref T start = ref workspace.At<T>(guess);
            if (Buffers.Span(ref start, N).ContainsAnyExcept(T.Zero))
            {
                Vectors.Copy(ref start, ref x, N);
                Residual(workspace, ref residual);
                // A guess worse than none is not used: what cancels between it and b could not be made good in the
                // number type's precision.
                if (Vectors.Norm(ref residual, N) <= normOfB)
                {
                    return 1;
                }

                products = 1;
            }
        }

        Buffers.Span(ref x, N).Clear();
        Vectors.Copy(ref b, ref residual, N);
        return products;
    }

    /// <summary>residual = b − A x. Uses one product.</summary>
    public void Residual(Workspace workspace, ref T residual)
    {
        ref T v = ref workspace.At<T>(V);
        Vectors.Copy(ref workspace.At<T>(X), ref v, N);
        Product(workspace);
        Vectors.Difference(ref residual, ref workspace.At<T>(B), ref workspace.At<T>(Av), N);
    }

    /// <summary>Leaves x as the next run's guess.</summary>
    public SolveReport End(
        Workspace workspace,
        SolveStatus status,
        int products,
        double residual,
        double curvature
    )
    {
        if (Guess is Place guess)
        {
            Vectors.Copy(ref workspace.At<T>(X), ref workspace.At<T>(guess), N);
        }

        return new SolveReport(status, products, residual, curvature);
    }
}
