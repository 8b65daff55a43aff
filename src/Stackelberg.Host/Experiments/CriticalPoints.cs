using System.Numerics;

namespace Stackelberg.Experiments;

/// <summary>What an experiment records of the critical points of a game of two scalars.</summary>
internal static class CriticalPoints
{
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
}
