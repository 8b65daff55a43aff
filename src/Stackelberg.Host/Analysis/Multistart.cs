using System.Numerics;
using Stackelberg.Kernels;

namespace Stackelberg;

/// <summary>Critical points of a game in any dimension, by Newton steps from random starts.</summary>
internal static class Multistart
{
    // Starts around 0 at each of these sizes: a game does not say how large its strategies are.
    private static readonly double[] sizes = [0, 0.3, 1, 3, 10, 30];
    private const int startsPerSize = 12;

    // Two points nearer than this, relative to their size, are one: Newton ends at rounding error.
    private const double apart = 1e-6;

    // Where every second derivative is below this, the costs are a plain, and the field vanishes of its flatness alone:
    // far out on the arms of a sigmoid, for instance.
    private const double flat = 1e-8;

    /// <summary>The critical points found of a concept's field, by their first coordinate that differs.</summary>
    /// <param name="game">The game.</param>
    /// <param name="concept">Whose field.</param>
    /// <param name="mostPoints">The search ends with so many: there may be a whole line of them.</param>
    /// <remarks>Nothing proves that there are no others. The same game gives the same points.</remarks>
    public static Report[] Find(Game game, Concept concept, int mostPoints)
    {
        var found = new List<Report>();
        foreach (var start in Starts(game))
        {
            if (
                found.Count < mostPoints
                && game.TryFind(concept, start, out var report, out _)
                && !IsFlat(report)
                && !found.Exists(other => Same(game, other, report))
            )
            {
                found.Add(report);
            }
        }

        found.Sort((a, b) => Compare(a.Point.ToArray(), b.Point.ToArray()));
        return [.. found];
    }

    private static IEnumerable<double[]> Starts(Game game)
    {
        var random = new Philox(0, 0);
        var normal = new double[game.Dimension];
        foreach (var size in sizes)
        {
            for (var i = 0; i < (size == 0 ? 1 : startsPerSize); i++)
            {
                random.FillNormal(normal, 0, normal.Length);
                yield return Array.ConvertAll(normal, value => size * value);
            }
        }
    }

    private static bool IsFlat(Report report) =>
        report.EigenvaluesJ.All(value => Complex.Abs(value) < flat)
        && report.PlayerHessians.All(hessian => hessian.Cast<double>().All(value => Math.Abs(value) < flat))
        // In a corner that bounds hold, nothing is left to be flat.
        && report.EigenvaluesJ.Length > 0;

    private static bool Same(Game game, Report a, Report b)
    {
        var (x, y) = (a.Point.ToArray(), b.Point.ToArray());
        var size = x.Select(Math.Abs).Append(1).Max();
        var entry = 0;
        foreach (var player in game.Players)
        {
            for (var i = 0; i < player.Dimension; i++, entry++)
            {
                var difference = x[entry] - y[entry];
                var distance = player.Domain.IsCircle
                    ? Math.Abs(Math.IEEERemainder(difference, 2 * Math.PI))
                    : Math.Abs(difference);
                if (!(distance <= apart * size))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static int Compare(double[] a, double[] b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            if (Math.Abs(a[i] - b[i]) > apart * Math.Max(1, Math.Abs(a[i])))
            {
                return a[i].CompareTo(b[i]);
            }
        }

        return 0;
    }
}
