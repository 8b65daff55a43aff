using Stackelberg.Figures;

namespace Stackelberg.Experiments;

/// <summary>The polynomial game's figure, from its numbers.</summary>
internal static class PolynomialFigures
{
    /// <summary>The runs of both rules over the leader's cost.</summary>
    /// <param name="cost">f on the plane.</param>
    /// <param name="simultaneous">Runs of simultaneous play, one for each start.</param>
    /// <param name="stackelberg">Runs of the Stackelberg rule from the same starts.</param>
    /// <param name="onlyStackelberg">The Stackelberg points that are no Nash points.</param>
    /// <param name="nash">The points that are both.</param>
    public static Figure Plane(
        Grid cost,
        IReadOnlyList<PlanePath> simultaneous,
        IReadOnlyList<PlanePath> stackelberg,
        IReadOnlyList<(double X1, double X2)> onlyStackelberg,
        IReadOnlyList<(double X1, double X2)> nash
    )
    {
        // White is the highest value, so that dark paths stand out where most of them run.
        var map = ColourMap.Between("#8C9BB5", "#C9D2E0", "#F4F6FA", "#FFFFFF");
        var panel = new Panel(
            new Heat(cost) { Map = map, Label = "f" },
            new Contour(cost, -350, -300, -250, -200, -150, -100, -75, -50, -25, -10, -3, -1)
            {
                Colour = Palette.Grey,
                Width = 0.6,
                Opacity = 0.6,
            }
        )
        {
            X = new("x1") { Min = -15, Max = 15 },
            Y = new("x2") { Min = -15, Max = 15 },
            EqualAspect = true,
            ShowGrid = false,
            Legend = LegendPlace.Outside,
            Width = 480,
        };
        AddPaths(panel, simultaneous, Palette.Black, "simultaneous play");
        AddPaths(panel, stackelberg, Palette.Blue, "Stackelberg play");
        return new(
            panel.Add(
                Marked(Starts(simultaneous), Marker.Cross, Palette.Grey, "start", 9),
                Marked(onlyStackelberg, Marker.Diamond, Palette.Vermilion, "Stackelberg, not Nash", 18),
                Marked(nash, Marker.Hexagon, Palette.Orange, "Stackelberg and Nash", 17),
                Ends(simultaneous, Palette.Black, true, "end, simultaneous"),
                Ends(stackelberg, Palette.Blue, false, "end, Stackelberg")
            )
        );
    }

    private static void AddPaths(Panel panel, IReadOnlyList<PlanePath> paths, string colour, string label)
    {
        foreach (var path in paths)
        {
            panel.Add(
                new Line(path.X1, path.X2)
                {
                    Colour = colour,
                    Width = 1.5,
                    Label = ReferenceEquals(path, paths[0]) ? label : null,
                }
            );
        }
    }

    private static IEnumerable<(double X1, double X2)> Starts(IReadOnlyList<PlanePath> paths) =>
        paths.Select(path => (path.X1[0], path.X2[0]));

    private static Points Ends(IReadOnlyList<PlanePath> paths, string colour, bool filled, string label) =>
        new([.. paths.Select(path => path.End.X1)], [.. paths.Select(path => path.End.X2)])
        {
            Colour = colour,
            Filled = filled,
            Size = filled ? 5 : 8,
            Label = label,
        };

    private static Points Marked(
        IEnumerable<(double X1, double X2)> points,
        Marker marker,
        string colour,
        string label,
        double size
    ) =>
        new([.. points.Select(point => point.X1)], [.. points.Select(point => point.X2)])
        {
            Marker = marker,
            Colour = colour,
            Label = label,
            Size = size,
            Edge = Palette.Black,
        };
}
