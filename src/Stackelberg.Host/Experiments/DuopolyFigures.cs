using Stackelberg.Figures;

namespace Stackelberg.Experiments;

/// <summary>The duopoly's figures, from its numbers.</summary>
internal static class DuopolyFigures
{
    private const string firm1 = Palette.Black;
    private const string firm2 = Palette.Vermilion;

    /// <summary>Quantities or profits over the steps of one run of each rule, with the equilibria.</summary>
    /// <param name="quantity">What is shown, for the axis.</param>
    /// <param name="stackelberg">The leader's and the follower's values under the Stackelberg rule.</param>
    /// <param name="nash">The same under simultaneous play.</param>
    /// <param name="atStackelberg">The values at the Stackelberg equilibrium.</param>
    /// <param name="atNash">The values at the Nash equilibrium.</param>
    public static Figure History(
        string quantity,
        PlanePath stackelberg,
        PlanePath nash,
        (double, double) atStackelberg,
        (double, double) atNash
    ) =>
        new(
            new Panel(
                Level(atStackelberg.Item1, Palette.Purple, "Stackelberg equilibrium"),
                Level(atStackelberg.Item2, Palette.Purple),
                Level(atNash.Item1, Palette.Orange, "Nash equilibrium"),
                Level(atNash.Item2, Palette.Orange),
                Values(nash.X1, firm1, Dash.Dashed, "firm 1, simultaneous"),
                Values(nash.X2, firm2, Dash.Dashed, "firm 2, simultaneous"),
                Values(stackelberg.X1, firm1, Dash.Solid, "firm 1, leading"),
                Values(stackelberg.X2, firm2, Dash.Solid, "firm 2, following")
            )
            {
                X = new("Iterations") { Min = 0, Max = stackelberg.Length },
                Y = new(quantity),
                Legend = LegendPlace.Outside,
                Width = 460,
                Height = 320,
            }
        );

    /// <summary>The plane of the two quantities: best responses, runs, equilibria.</summary>
    /// <param name="d1">D1f1 on the plane.</param>
    /// <param name="total">Df1 on the plane.</param>
    /// <param name="d2">D2f2 on the plane.</param>
    /// <param name="stackelberg">A run of the Stackelberg rule.</param>
    /// <param name="nash">A run of simultaneous play.</param>
    /// <param name="atStackelberg">The Stackelberg equilibrium.</param>
    /// <param name="atNash">The Nash equilibrium.</param>
    public static Figure Plane(
        Grid d1,
        Grid total,
        Grid d2,
        PlanePath stackelberg,
        PlanePath nash,
        (double, double) atStackelberg,
        (double, double) atNash
    ) =>
        new(
            new Panel(
                new Contour(d1) { Label = "D1f1 = 0", Colour = Palette.Grey },
                new Contour(total)
                {
                    Label = "Df1 = 0",
                    Colour = Palette.Grey,
                    Dash = Dash.Dashed,
                },
                new Contour(d2) { Label = "D2f2 = 0", Colour = Palette.Black },
                Path(nash, Palette.Orange, "simultaneous play"),
                Path(stackelberg, Palette.Purple, "Stackelberg play"),
                new Points(nash.X1[0], nash.X2[0])
                {
                    Label = "start",
                    Colour = Palette.Black,
                    Marker = Marker.Cross,
                    Size = 9,
                },
                Equilibrium(atNash, Palette.Orange, Marker.Circle, "Nash equilibrium"),
                Equilibrium(atStackelberg, Palette.Purple, Marker.Triangle, "Stackelberg equilibrium")
            )
            {
                X = new("Firm 1's production") { Min = d1.XMin, Max = d1.XMax },
                Y = new("Firm 2's production") { Min = d1.YMin, Max = d1.YMax },
                EqualAspect = true,
                Legend = LegendPlace.Outside,
            }
        );

    private static HorizontalLine Level(double at, string colour, string? label = null) =>
        new(at)
        {
            Colour = colour,
            Label = label,
            Dash = Dash.Solid,
        };

    private static Line Values(double[] values, string colour, Dash dash, string label) =>
        new(values)
        {
            Colour = colour,
            Dash = dash,
            Label = label,
        };

    private static Line Path(PlanePath path, string colour, string label) =>
        new(path.X1, path.X2)
        {
            Colour = colour,
            Label = label,
            Width = 1.2,
        };

    private static Points Equilibrium(
        (double X1, double X2) at,
        string colour,
        Marker marker,
        string label
    ) =>
        new(at.X1, at.X2)
        {
            Colour = colour,
            Marker = marker,
            Label = label,
            Size = 11,
            Edge = Palette.Black,
        };
}
