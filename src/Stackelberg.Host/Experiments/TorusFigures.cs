using Stackelberg.Figures;

namespace Stackelberg.Experiments;

/// <summary>The location game's figures, from its numbers.</summary>
internal static class TorusFigures
{
    /// <summary>One rule's side of the phase portrait.</summary>
    /// <param name="Title">The rule.</param>
    /// <param name="Leader">A function that vanishes where the leader is at rest.</param>
    /// <param name="Follower">The follower's derivative.</param>
    /// <param name="Paths">The runs.</param>
    /// <param name="Equilibria">The rule's stable points.</param>
    public sealed record Portrait(
        string Title,
        Grid Leader,
        Grid Follower,
        IReadOnlyList<PlanePath> Paths,
        IReadOnlyList<(double X1, double X2)> Equilibria
    );

    /// <summary>The phase portraits side by side.</summary>
    /// <param name="portraits">One for each rule.</param>
    public static Figure Plane(params Portrait[] portraits) => new([.. portraits.Select(Draw)]);

    /// <summary>Both players' choices or costs over the steps of one run of each rule.</summary>
    /// <param name="quantity">What is shown, for the axis.</param>
    /// <param name="stackelberg">Both players' values under the Stackelberg rule.</param>
    /// <param name="nash">The same under simultaneous play.</param>
    /// <param name="atStackelberg">The values at the Stackelberg point that the run approaches.</param>
    /// <param name="atNash">The values at the Nash point.</param>
    public static Figure History(
        string quantity,
        PlanePath stackelberg,
        PlanePath nash,
        (double, double) atStackelberg,
        (double, double) atNash
    ) =>
        new(
            new Panel(
                Level(atStackelberg.Item1, Dash.Solid, "Stackelberg equilibrium"),
                Level(atStackelberg.Item2, Dash.Solid),
                Level(atNash.Item1, Dash.Dashed, "Nash equilibrium"),
                Level(atNash.Item2, Dash.Dashed),
                Values(nash.X1, Palette.Black, Dash.Dashed, "player 1, simultaneous"),
                Values(nash.X2, Palette.Vermilion, Dash.Dashed, "player 2, simultaneous"),
                Values(stackelberg.X1, Palette.Black, Dash.Solid, "player 1, leading"),
                Values(stackelberg.X2, Palette.Vermilion, Dash.Solid, "player 2, following")
            )
            {
                X = new("Iterations") { Min = 0, Max = stackelberg.Length },
                Y = new(quantity),
                Legend = LegendPlace.Outside,
                Width = 460,
                Height = 320,
            }
        );

    private static Panel Draw(Portrait portrait, int index)
    {
        var isLast = index > 0;
        var panel = new Panel(
            new Contour(portrait.Leader) { Label = "leader at rest", Colour = Palette.Grey },
            new Contour(portrait.Follower)
            {
                Label = "follower at rest",
                Colour = Palette.Grey,
                Dash = Dash.Dashed,
            }
        )
        {
            Title = portrait.Title,
            X = Axis.Angle("θ1"),
            Y = Axis.Angle("θ2"),
            EqualAspect = true,
            ShowGrid = false,
            Legend = isLast ? LegendPlace.Outside : LegendPlace.None,
            Width = 340,
        };
        string[] colours = [Palette.Blue, Palette.Green, Palette.Purple];
        for (var k = 0; k < portrait.Paths.Count; k++)
        {
            var (path, colour) = (portrait.Paths[k].CutAtPi(), colours[k % colours.Length]);
            panel.Add(
                new Line(path.X1, path.X2) { Colour = colour, Width = 1 },
                new Points(path.X1, path.X2)
                {
                    Colour = colour,
                    Size = 4,
                    Label = $"run {k + 1}",
                }
            );
        }

        panel.Add(
            Marked(
                portrait.Paths.Select(path => (path.X1[0], path.X2[0])),
                Marker.Cross,
                Palette.Black,
                "start"
            ),
            Marked(portrait.Equilibria, Marker.Hexagon, Palette.Orange, "equilibrium")
        );
        return panel;
    }

    private static Points Marked(
        IEnumerable<(double X1, double X2)> points,
        Marker marker,
        string colour,
        string label
    ) =>
        new([.. points.Select(point => point.X1)], [.. points.Select(point => point.X2)])
        {
            Marker = marker,
            Colour = colour,
            Size = 11,
            Edge = Palette.Black,
            Label = label,
        };

    private static HorizontalLine Level(double at, Dash dash, string? label = null) =>
        new(at)
        {
            Colour = Palette.Sky,
            Dash = dash,
            Label = label,
        };

    private static Line Values(double[] values, string colour, Dash dash, string label) =>
        new(values)
        {
            Colour = colour,
            Dash = dash,
            Label = label,
        };
}
