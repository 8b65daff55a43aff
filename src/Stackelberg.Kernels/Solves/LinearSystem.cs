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
    Place Work,
    Place State
)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A diagonal S, [n]: the system's map is then S A S instead of A.</summary>
    public Place? Scale { get; init; }

    /// <summary>[n]: where a scaled product keeps v.</summary>
    public Place Kept { get; init; }

    /// <summary>The systems that a method solves within this one, if it does.</summary>
    public LinearSystem<T>[] Within { get; init; } = [];

    /// <summary>av = A · v.</summary>
    public void Product(Workspace workspace) => Product(workspace, Apply);

    /// <summary>av = Aᵀ · v.</summary>
    public void TransposedProduct(Workspace workspace) => Product(workspace, ApplyTransposed!);

    private void Product(Workspace workspace, Step[] steps)
    {
        if (Scale is not Place scale)
        {
            Plain(workspace, steps);
            return;
        }

        ref T s = ref workspace.At<T>(scale);
        ref T v = ref workspace.At<T>(V);
        ref T av = ref workspace.At<T>(Av);
        ref T kept = ref workspace.At<T>(Kept);
        Vectors.Copy(ref v, ref kept, N);
        Vectors.Multiply(ref v, ref s, ref v, N);
        Plain(workspace, steps);
        Vectors.Multiply(ref av, ref s, ref av, N);
        Vectors.Copy(ref kept, ref v, N);
    }

    /// <summary>The product with A in its scale.</summary>
    private void Plain(Workspace workspace, Step[] steps)
    {
        Scales<T> scales = ScalesIn(workspace);
        if (!scales.IsKnown)
        {
            First(workspace, steps, scales);
        }
        else if (scales.Matrix == 0)
        {
            Run(workspace, steps);
        }
        else
        {
            Scaled(workspace, steps, scales.Matrix);
        }
    }

    /// <summary>Half of the power goes to each side, so that neither v nor its image leaves the numbers' range.</summary>
    private void Scaled(Workspace workspace, Step[] steps, int power)
    {
        ref T v = ref workspace.At<T>(V);
        int before = power / 2;
        Scaling.Scale(ref v, before, N);
        Run(workspace, steps);
        Scaling.Scale(ref workspace.At<T>(Av), power - before, N);
        Scaling.Scale(ref v, -before, N);
    }

    /// <summary>Finds A's power by a product; runs it once more where that is not 0.</summary>
    private void First(Workspace workspace, Step[] steps, Scales<T> scales)
    {
        ref T v = ref workspace.At<T>(V);
        ref T av = ref workspace.At<T>(Av);
        Run(workspace, steps);
        double argument = Vectors.Dot(ref v, ref v, N);
        double image = Vectors.Dot(ref av, ref av, N);
        if (Scaling.IsPlain(image / argument, Scaling.PlainMatrix<T>()))
        {
            scales.IsKnown = true;
            return;
        }

        int length = Scaling.Exponent(ref v, N);
        int found = Scaling.Exponent(ref av, N);
        if (found == Scaling.NotFinite && length != Scaling.NotFinite && length != Scaling.OfZero)
        {
            // Too large for this v, or not finite for any.
            int shift = Scaling.Short<T>() - length;
            Scaling.Scale(ref v, shift, N);
            Run(workspace, steps);
            found = Scaling.Exponent(ref av, N);
            Scaling.Scale(ref v, -shift, N);
            length += shift;
        }

        if (found == Scaling.NotFinite || length == Scaling.NotFinite || length == Scaling.OfZero)
        {
            return;
        }

        scales.IsKnown = true;
        int power = found == Scaling.OfZero ? 0 : length - found;
        if (Math.Abs(power) > Scaling.PlainMatrix<T>())
        {
            scales.Matrix = power;
            Scaled(workspace, steps, power);
        }
    }

    private static void Run(Workspace workspace, Step[] steps)
    {
        foreach (Step step in steps)
        {
            step.Run(workspace);
        }
    }

    private Scales<T> ScalesIn(Workspace workspace) => new(ref workspace.At<T>(State));

    /// <summary>The right side's power; a system within another has a right side of its own making.</summary>
    private int RightPower(Workspace workspace) => Scale is null ? ScalesIn(workspace).Right : 0;

    /// <summary>Begins a solve of this system, whose right side is to be multiplied by 2^power.</summary>
    public void Open(Workspace workspace, int power, bool scalesMatrix)
    {
        Scales<T> scales = ScalesIn(workspace);
        scales.Right = power;
        scales.Matrix = 0;
        scales.IsKnown = !scalesMatrix;
    }

    /// <summary>to = b in its scale.</summary>
    public void CopyRight(Workspace workspace, ref T to)
    {
        Vectors.Copy(ref workspace.At<T>(B), ref to, N);
        Scaling.Scale(ref to, RightPower(workspace), N);
    }

    /// <summary>‖b‖ in its scale.</summary>
    public double NormOfRight(Workspace workspace)
    {
        ref T b = ref workspace.At<T>(B);
        int power = RightPower(workspace);
        if (power == 0)
        {
            return Vectors.Norm(ref b, N);
        }

        double square = 0.0;
        foreach (T value in Buffers.Span(ref b, N))
        {
            double scaled = Math.ScaleB(double.CreateTruncating(value), power);
            square += scaled * scaled;
        }

        return Math.Sqrt(square);
    }

    /// <summary>Sets x to the guess, or to 0 where that is nearer, and <paramref name="residual"/> to b − A x. Uses one
    /// product if there is a guess other than 0.</summary>
    /// <returns>The number of products used.</returns>
    public int Start(Workspace workspace, ref T residual, double normOfB)
    {
        ref T x = ref workspace.At<T>(X);
        int products = 0;
        if (Guess is Place guess && normOfB > 0.0)
        {
            ref T start = ref workspace.At<T>(guess);
            if (Buffers.Span(ref start, N).ContainsAnyExcept(T.Zero))
            {
                Vectors.Copy(ref start, ref x, N);
                Scaling.Scale(ref x, RightPower(workspace) - ScalesIn(workspace).Matrix, N);
                int known = ScalesIn(workspace).Matrix;
                Residual(workspace, ref residual);
                products = 1;
                if (ScalesIn(workspace).Matrix != known)
                {
                    // That product has found A's power.
                    Scaling.Scale(ref x, known - ScalesIn(workspace).Matrix, N);
                    Residual(workspace, ref residual);
                    products = 2;
                }

                // A guess worse than none is not used: what cancels between it and b could not be made good in the
                // number type's precision.
                if (Vectors.Norm(ref residual, N) <= normOfB)
                {
                    return products;
                }
            }
        }

        Buffers.Span(ref x, N).Clear();
        CopyRight(workspace, ref residual);
        return products;
    }

    /// <summary>residual = b − A x. Uses one product.</summary>
    public void Residual(Workspace workspace, ref T residual)
    {
        ref T v = ref workspace.At<T>(V);
        ref T av = ref workspace.At<T>(Av);
        Vectors.Copy(ref workspace.At<T>(X), ref v, N);
        Product(workspace);
        if (RightPower(workspace) == 0)
        {
            Vectors.Difference(ref residual, ref workspace.At<T>(B), ref av, N);
        }
        else
        {
            CopyRight(workspace, ref residual);
            Vectors.Difference(ref residual, ref residual, ref av, N);
        }
    }

    /// <summary>Brings x into the caller's scale and leaves it as the next run's guess.</summary>
    public SolveReport End(
        Workspace workspace,
        SolveStatus status,
        int products,
        double residual,
        double curvature
    )
    {
        ref T x = ref workspace.At<T>(X);
        Scales<T> scales = ScalesIn(workspace);
        if (double.IsNaN(residual))
        {
            // An answer that says of itself that it is none.
            Buffers.Span(ref x, N).Fill(T.NaN);
        }

        if (Scale is null && (scales.Matrix != 0 || scales.Right != 0))
        {
            Scaling.Scale(ref x, scales.Matrix - scales.Right, N);
            curvature = Math.ScaleB(curvature, -scales.Matrix);
            if (status == SolveStatus.Converged && !Scaling.IsFinite(ref x, N))
            {
                status = SolveStatus.Breakdown;
            }
        }

        if (Guess is Place guess)
        {
            Vectors.Copy(ref x, ref workspace.At<T>(guess), N);
        }

        return new SolveReport(status, products, residual, curvature);
    }
}
