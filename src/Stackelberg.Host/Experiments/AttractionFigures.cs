using Stackelberg.Figures;

namespace Stackelberg.Experiments;

/// <summary>The figure of the regions of attraction, from its numbers.</summary>
internal static class AttractionFigures
{
    // Pale, so that the markers stand out; blue and orange stay apart for colour-blind readers.
    private static readonly string[] regions = ["#A6CEE3", "#FDD49E", "#C7E9C0", "#DADAEB"];
    private static readonly string[] equilibria =
    [
        Palette.Blue,
        Palette.Vermilion,
        Palette.Green,
        Palette.Purple,
    ];

    /// <summary>One rule's map.</summary>
    /// <param name="Title">The rule.</param>
    /// <param name="Basins">The number of the attractor that each start leads to; not-a-number for none.</param>
    /// <param name="Attractors">The attractors, in the order of their numbers.</param>
    /// <param name="Others">The other critical points of the rule's field.</param>
    /// <param name="Curvature">The follower's curvature, where the rule's field has poles; null if it has none.</param>
    public sealed record Map(
        string Title,
        Grid Basins,
        double[][] Attractors,
        double[][] Others,
        Grid? Curvature
    );

    /// <summary>The maps side by side, over both players' angles.</summary>
    /// <param name="maps">One for each rule.</param>
    public static Figure Torus(params Map[] maps) =>
        new([.. maps.Select((map, index) => Draw(map, index == maps.Length - 1))]);

    private static Panel Draw(Map map, bool isLast)
    {
        var count = Math.Max(1, map.Attractors.Length);
        var panel = new Panel(
            new Heat(map.Basins)
            {
                Map = ColourMap.Steps([
                    .. Enumerable.Range(0, count).Select(index => regions[index % regions.Length]),
                ]),
                Min = -0.5,
                Max = count - 0.5,
                ShowBar = false,
            }
        )
        {
            Title = map.Title,
            X = Axis.Angle("θ1 at the start"),
            Y = Axis.Angle("θ2 at the start"),
            EqualAspect = true,
            ShowGrid = false,
            Legend = isLast ? LegendPlace.Outside : LegendPlace.None,
            Width = 360,
        };
        if (map.Curvature is { } curvature)
        {
            panel.Add(
                new Contour(curvature)
                {
                    Colour = Palette.Black,
                    Dash = Dash.Dashed,
                    Width = 1,
                    Label = "the follower's curvature is 0",
                }
            );
        }

        for (var index = 0; index < map.Attractors.Length; index++)
        {
            panel.Add(
                new Points(map.Attractors[index][0], map.Attractors[index][1])
                {
                    Marker = Marker.Hexagon,
                    Colour = equilibria[index % equilibria.Length],
                    Edge = Palette.Black,
                    Size = 12,
                    Label = $"equilibrium {index + 1} and its region",
                }
            );
        }

        return panel.Add(
            new Points([.. map.Others.Select(point => point[0])], [.. map.Others.Select(point => point[1])])
            {
                Marker = Marker.Cross,
                Colour = Palette.Black,
                Size = 8,
                Label = "unstable critical point",
            }
        );
    }
}
