using System.Numerics;

namespace Stackelberg.Experiments;

/// <summary>All critical points of a game of two scalars in a rectangle, and what is said of them.</summary>
internal static class CriticalPoints
{
    // Newton is started from so many points on each side; two points nearer than this are one.
    private const int startsPerSide = 20;
    private const double apart = 1e-6;

    // What rounding leaves of the field at a critical point, and much less than Newton leaves of ω_S where it is
    // drawn to a fold of the reaction curve: there D22f2 = 0, and ω_S takes every value nearby without vanishing.
    private const double rounding = 1e-10;

    /// <summary>The critical points of a concept's field, ordered by x1, then by x2.</summary>
    /// <param name="game">The game.</param>
    /// <param name="concept">Whose field.</param>
    /// <param name="lower">The rectangle's lower corner, both coordinates.</param>
    /// <param name="upper">The rectangle's upper corner, both coordinates.</param>
    /// <param name="cancellation">Ends the search early.</param>
    /// <remarks>Found by Newton from a grid of starts, so that nothing proves that there are no others.</remarks>
    public static Report[] Find(
        Game game,
        Concept concept,
        double lower,
        double upper,
        CancellationToken cancellation
    )
    {
        var found = new List<Report>();
        for (var i = 0; i < startsPerSide * startsPerSide; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            // Off the middle of the cells, so that no start lies on an axis of symmetry.
            double x1 = lower + (upper - lower) * (i / startsPerSide + 0.37) / startsPerSide,
                x2 = lower + (upper - lower) * (i % startsPerSide + 0.61) / startsPerSide;
            if (!game.TryRefine(concept, [x1, x2], out var report, out _))
            {
                continue;
            }

            var residual = concept == Concept.Nash ? report.ResidualOmega : report.ResidualOmegaS;
            var inside = report.Point.ToArray().All(x => x >= lower - apart && x <= upper + apart);
            if (inside && residual < rounding && !found.Exists(other => Distance(other, report) < apart))
            {
                found.Add(report);
            }
        }

        return
        [
            .. found
                .OrderBy(report => Math.Round(report.Point.ToArray()[0], 6))
                .ThenBy(report => Math.Round(report.Point.ToArray()[1], 6)),
        ];
    }

    /// <summary>Hands all numbers of the points to the experiment: <c>prefix/0/x1</c> and so on.</summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="prefix">The names' first part.</param>
    /// <param name="reports">The points, in order.</param>
    public static void Found(ExperimentContext context, string prefix, Report[] reports)
    {
        context.Found($"{prefix}/count", reports.Length);
        for (var i = 0; i < reports.Length; i++)
        {
            var (report, name) = (reports[i], $"{prefix}/{i}");
            var point = report.Point.ToArray();
            for (var k = 0; k < 2; k++)
            {
                context.Found($"{name}/x{k + 1}", point[k]);
                context.Found($"{name}/f{k + 1}", report.Costs[k]);
            }

            context.Found($"{name}/D11f1", report.PlayerHessians[0][0, 0]);
            context.Found($"{name}/D22f2", report.PlayerHessians[1][0, 0]);
            context.Found($"{name}/schurJ", report.SchurJ[0, 0]);
            context.Found($"{name}/totalHessian", report.TotalHessian[0, 0]);
            Spectrum(context, $"{name}/eigJ", report.EigenvaluesJ);
            Spectrum(context, $"{name}/eigJS", report.EigenvaluesJS);
            context.Found($"{name}/isDNE", (int)report.IsDifferentialNash);
            context.Found($"{name}/isDSE", (int)report.IsDifferentialStackelberg);
            context.Found($"{name}/isStableSimgrad", (int)report.IsStableSimgrad);
            context.Found($"{name}/isStableStackelberg", (int)report.IsStableStackelberg);
        }
    }

    /// <summary>
    /// Hands eigenvalues to the experiment, ordered by their real parts, compared to seven decimals, then by their
    /// imaginary parts.
    /// </summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="prefix">The names' first part.</param>
    /// <param name="values">The eigenvalues.</param>
    public static void Spectrum(ExperimentContext context, string prefix, Complex[] values)
    {
        var ordered = values.OrderBy(value => Math.Round(value.Real, 7)).ThenBy(value => value.Imaginary);
        foreach (var (index, value) in ordered.Index())
        {
            context.Found($"{prefix}/{index}/re", value.Real);
            context.Found($"{prefix}/{index}/im", value.Imaginary);
        }
    }

    private static double Distance(Report a, Report b) =>
        a.Point.ToArray().Zip(b.Point.ToArray(), (x, y) => Math.Abs(x - y)).Max();
}
