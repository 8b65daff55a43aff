using System.Numerics;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>Finds y with F(y) = 0 by Newton's method, y⁺ = y − t δ with F′(y) δ = F(y), where t is halved until ‖F‖₂
    /// falls.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="n">Unknowns.</param>
    /// <param name="residual">Steps that read y and write F(y).</param>
    /// <param name="correction">Steps that read y and write δ.</param>
    /// <param name="y">[n]: where the steps read.</param>
    /// <param name="f">[n]: where the residual is written.</param>
    /// <param name="delta">[n]: where the correction is written.</param>
    /// <param name="start">[n]: where the search begins, not overwritten.</param>
    /// <param name="x">[n]: the root.</param>
    /// <param name="work">[n] elements that the step may use.</param>
    /// <param name="tolerance">The search ends when ‖F‖₂ ≤ tolerance · max(1, ‖start‖₂) and the last step was so short,
    /// ‖δ‖₂ ≤ 1e-6 ‖y‖₂, that the next one is lost in rounding, whatever the units of F; or where rounding lets ‖F‖₂ fall no
    /// further and δ is small against y.</param>
    /// <param name="rounding">Below this share of a point its corrections are rounding.</param>
    /// <param name="maxSteps">At most this many steps, from 0 on.</param>
    /// <param name="isMinimised">Whether F is the gradient of a function whose least value is sought: where δ leads uphill it
    /// is gone along downhill, no farther than the point's own size.</param>
    /// <param name="report">Index of the report in <see cref="Workspace.Solves"/>, −1 for none.</param>
    /// <exception cref="ArgumentException">Something is negative, a tolerance is NaN, or a step has another number
    /// type.</exception>
    /// <remarks>A residual that is not finite at the start gives NaN. Where no root is found the answer is the last
    /// point.</remarks>
    public static Step Newton(
        DType type,
        int n,
        Step[] residual,
        Step[] correction,
        Place y,
        Place f,
        Place delta,
        Place start,
        Place x,
        Place work,
        double tolerance,
        double rounding,
        int maxSteps,
        bool isMinimised,
        int report
    )
    {
        Check.Type("Newton", type);
        Check.Count("Newton", n);
        foreach (Place place in (Place[])[y, f, delta, start, x, work])
        {
            Check.At("Newton", place);
        }

        if (!(tolerance >= 0.0 && rounding >= 0.0))
        {
            Check.Fail(
                $"Newton: tolerance is {tolerance} and rounding {rounding}, but both must be at least 0.",
                nameof(tolerance)
            );
        }

        Check.Count("Newton", maxSteps);
        CheckReport("Newton", report);
        Step[] f1 = CheckedSteps("Newton", type, residual);
        Step[] f2 = CheckedSteps("Newton", type, correction);
        NewtonLimits limits = new(tolerance, rounding, maxSteps, isMinimised);
        return type == DType.Float64
            ? new NewtonStep<double>(n, f1, f2, y, f, delta, start, x, work, limits, report)
            : new NewtonStep<float>(n, f1, f2, y, f, delta, start, x, work, limits, report);
    }
}

internal readonly record struct NewtonLimits(
    double Tolerance,
    double Rounding,
    int MaxSteps,
    bool IsMinimised
);

internal sealed class NewtonStep<T>(
    int n,
    Step[] residual,
    Step[] correction,
    Place y,
    Place f,
    Place delta,
    Place start,
    Place x,
    Place work,
    NewtonLimits limits,
    int report
) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>After a step this short, relative to the point, the next one is about its square.</summary>
    private const double Short = 1e-6;

    /// <summary>Below 2⁻³⁰ of a Newton step nothing is gained.</summary>
    private const int Halvings = 30;

    public override int Scratch { get; } =
        residual.Concat(correction).Select(step => step.Scratch).DefaultIfEmpty(0).Max();

    public override int ScratchOf(DType type) => MostScratch([.. residual, .. correction], type);

    public override IEnumerable<Region> Regions =>
        [
            From(y, n),
            From(f, n),
            From(delta, n),
            From(start, n),
            From(x, n),
            From(work, n),
            .. residual.Concat(correction).SelectMany(step => step.Regions),
        ];

    public override void Run(Workspace workspace)
    {
        SolveReport ending = Search(workspace);
        Vectors.Copy(ref workspace.At<T>(y), ref workspace.At<T>(x), n);
        if (report >= 0)
        {
            workspace.Solves[report] = ending with { IsRoot = true };
        }
    }

    private static void RunAll(Step[] steps, Workspace workspace)
    {
        foreach (Step step in steps)
        {
            step.Run(workspace);
        }
    }

    private double Residual(Workspace workspace)
    {
        RunAll(residual, workspace);
        return Vectors.Norm(ref workspace.At<T>(f), n);
    }

    /// <summary>y = from − t δ.</summary>
    private void Move(Workspace workspace, double t)
    {
        Vectors.Copy(ref workspace.At<T>(work), ref workspace.At<T>(y), n);
        Vectors.AddScaled(ref workspace.At<T>(y), -t, ref workspace.At<T>(delta), n);
    }

    private SolveReport Search(Workspace workspace)
    {
        ref T point = ref workspace.At<T>(y);
        ref T base0 = ref workspace.At<T>(work);
        ref T step = ref workspace.At<T>(delta);
        ref T value = ref workspace.At<T>(f);
        Vectors.Copy(ref workspace.At<T>(start), ref point, n);
        double needed = limits.Tolerance * Math.Max(1.0, Vectors.Norm(ref point, n));
        double curvature = double.NaN;
        double reached = Residual(workspace);
        int iterations = 0;
        if (limits.MaxSteps == 0)
        {
            // The start is taken for the root.
            return new SolveReport(SolveStatus.Converged, 0, reached, curvature);
        }

        if (!double.IsFinite(reached))
        {
            Buffers.Span(ref point, n).Fill(T.NaN);
            return new SolveReport(SolveStatus.NoRoot, 0, reached, curvature);
        }

        bool isStuck = false;
        bool isLong = true;
        while (reached > 0.0 && (reached > needed || isLong) && iterations < limits.MaxSteps && !isStuck)
        {
            iterations++;
            RunAll(correction, workspace);
            double slope = Vectors.Dot(ref value, ref step, n);
            double square = Vectors.Dot(ref step, ref step, n);
            curvature = slope / square;
            Vectors.Copy(ref point, ref base0, n);
            if (limits.IsMinimised && slope < 0.0)
            {
                double longest = Math.Max(1.0, Vectors.Norm(ref point, n)) / Math.Sqrt(square);
                Move(workspace, -Math.Min(1.0, longest));
                reached = Residual(workspace);
            }
            else
            {
                double before = reached;
                double t = 1.0;
                isStuck = true;
                for (int left = Halvings; left > 0 && isStuck; left--)
                {
                    Move(workspace, t);
                    reached = Residual(workspace);
                    isStuck = !(reached < before);
                    t *= 0.5;
                }

                if (isStuck)
                {
                    Vectors.Copy(ref base0, ref point, n);
                    reached = before;
                }

                isLong = !(Math.Sqrt(square) <= Short * Vectors.Norm(ref point, n));
            }
        }

        // Where rounding lets the residual fall no further, a correction that small says the same.
        bool isAtRounding =
            isStuck
            && Vectors.Norm(ref step, n)
                <= Math.Max(limits.Tolerance, limits.Rounding) * Math.Max(1.0, Vectors.Norm(ref point, n));
        bool isFound = reached <= needed || isAtRounding;
        return new SolveReport(
            isFound ? SolveStatus.Converged : SolveStatus.NoRoot,
            iterations,
            reached,
            curvature
        );
    }
}
