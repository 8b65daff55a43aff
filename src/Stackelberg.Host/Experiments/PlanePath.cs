namespace Stackelberg.Experiments;

/// <summary>The path of a game of two scalars, one point for each step, the start included.</summary>
/// <param name="X1">The leader's choices.</param>
/// <param name="X2">The follower's choices, as many.</param>
internal sealed record PlanePath(double[] X1, double[] X2)
{
    /// <summary>How many points there are.</summary>
    public int Length => X1.Length;

    /// <summary>The last point.</summary>
    public (double X1, double X2) End => (X1[^1], X2[^1]);

    /// <summary>The first points.</summary>
    /// <param name="count">How many; all if there are fewer.</param>
    public PlanePath First(int count) => count >= Length ? this : new(X1[..count], X2[..count]);

    /// <summary>The distances of all points from one.</summary>
    /// <param name="to">The one.</param>
    /// <param name="difference">The difference of two coordinates; plain subtraction if not given.</param>
    public double[] Distances((double X1, double X2) to, Func<double, double, double>? difference = null)
    {
        difference ??= (a, b) => a - b;
        var distances = new double[Length];
        for (var k = 0; k < Length; k++)
        {
            double d1 = difference(X1[k], to.X1),
                d2 = difference(X2[k], to.X2);
            distances[k] = Math.Sqrt(d1 * d1 + d2 * d2);
        }

        return distances;
    }

    /// <summary>
    /// The path for drawing where coordinates are angles: not-a-number stands between points that lie on
    /// different sides of the cut at ±π.
    /// </summary>
    public PlanePath CutAtPi()
    {
        var (x1, x2) = (new List<double>(), new List<double>());
        for (var k = 0; k < Length; k++)
        {
            if (k > 0 && Math.Max(Math.Abs(X1[k] - X1[k - 1]), Math.Abs(X2[k] - X2[k - 1])) > Math.PI)
            {
                x1.Add(double.NaN);
                x2.Add(double.NaN);
            }

            x1.Add(X1[k]);
            x2.Add(X2[k]);
        }

        return new([.. x1], [.. x2]);
    }

    /// <summary>Hands points to an experiment: <c>name/x10/1</c> is the leader's choice after 10 steps.</summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="name">The names' first part.</param>
    /// <param name="steps">After how many steps; those beyond the end are left out.</param>
    public void Found(ExperimentContext context, string name, params int[] steps)
    {
        foreach (var step in steps.Where(step => step < Length))
        {
            context.Found($"{name}/x{step}/1", X1[step]);
            context.Found($"{name}/x{step}/2", X2[step]);
        }
    }
}
