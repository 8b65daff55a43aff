using Stackelberg.Figures;

namespace Stackelberg.Experiments;

/// <summary>The bimatrix games' figures, from their numbers.</summary>
internal static class BimatrixFigures
{
    /// <summary>One rule with one ratio of rates.</summary>
    /// <param name="Title">The rule and the ratio.</param>
    /// <param name="Norm">The length of the update.</param>
    /// <param name="Arrows">Its direction: the update at some points.</param>
    /// <param name="Paths">The runs.</param>
    public sealed record Portrait(
        string Title,
        Grid Norm,
        (double[] X1, double[] X2, double[] U1, double[] U2) Arrows,
        IReadOnlyList<PlanePath> Paths
    );

    /// <summary>The portraits of one game.</summary>
    /// <param name="portraits">The portraits.</param>
    /// <param name="perRow">How many stand in a row.</param>
    /// <param name="nash">The Nash point.</param>
    /// <param name="stackelberg">The Stackelberg point.</param>
    public static Figure Plane(
        IReadOnlyList<Portrait> portraits,
        int perRow,
        (double X1, double X2) nash,
        (double X1, double X2) stackelberg
    ) => new([.. portraits.Select(portrait => Draw(portrait, nash, stackelberg))]) { PanelsPerRow = perRow };

    private static Panel Draw(
        Portrait portrait,
        (double X1, double X2) nash,
        (double X1, double X2) stackelberg
    )
    {
        // The limits of the published colour scale.
        const double least = 5e-4,
            most = 1.5;
        var (x1, x2, u1, u2) = portrait.Arrows;
        var panel = new Panel(
            new Heat(portrait.Norm)
            {
                Map = ColourMap.Greys,
                Log = true,
                Min = least,
                Max = most,
                Label = "length of the update",
            },
            new Arrows(x1, x2, u1, u2)
            {
                Colour = Palette.Sky,
                Length = 9,
                Opacity = 0.55,
            }
        )
        {
            Title = portrait.Title,
            X = new("Player 1's action") { Min = -2, Max = 2 },
            Y = new("Player 2's action") { Min = -2, Max = 2 },
            EqualAspect = true,
            ShowGrid = false,
            Width = 330,
            Legend = LegendPlace.TopLeft,
        };
        foreach (var path in portrait.Paths)
        {
            panel.Add(new Line(path.X1, path.X2) { Colour = Palette.Orange, Width = 1.3 });
        }

        foreach (var path in portrait.Paths)
        {
            panel.Add(
                new Points(path.X1[0], path.X2[0])
                {
                    Marker = Marker.Cross,
                    Colour = Palette.White,
                    Size = 9,
                }
            );
        }

        return panel.Add(
            new Points(nash.X1, nash.X2)
            {
                Colour = Palette.Blue,
                Filled = false,
                Size = 10,
                Label = "Nash",
            },
            new Points(stackelberg.X1, stackelberg.X2)
            {
                Marker = Marker.Triangle,
                Colour = Palette.Green,
                Edge = Palette.White,
                Size = 10,
                Label = "Stackelberg",
            }
        );
    }
}
