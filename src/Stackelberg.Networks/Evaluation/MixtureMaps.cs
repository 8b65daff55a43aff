using Stackelberg.Data;
using Stackelberg.Figures;

namespace Stackelberg.Evaluation;

/// <summary>Maps of the plane for the mixtures of Gaussians, as the evaluation notebook of Fiez, Chasnov and Ratliff (2020)
/// draws them. Saved, each has its data beside it.</summary>
public static class MixtureMaps
{
    /// <summary>A density in blue, with the modes of the real points.</summary>
    /// <param name="density">For example <c>KernelDensity.Fit(points).On()</c>.</param>
    /// <param name="mixture">The real points' modes.</param>
    /// <param name="title">The words above.</param>
    public static Figure Density(Grid density, GaussianMixture mixture, string title = "")
    {
        ArgumentNullException.ThrowIfNull(density);
        return Map(new Heat(density) { Map = ColourMap.Blues, Label = "density" }, density, mixture, title);
    }

    /// <summary>What a discriminator says, blue below one half and red above, with its contour at one half.</summary>
    /// <param name="probability">The probability that a point is real, on a grid.</param>
    /// <param name="mixture">The real points' modes.</param>
    /// <param name="title">The words above.</param>
    /// <param name="spread">The colours end at ½ ± this; 0.15 in the sources.</param>
    public static Figure Discriminator(
        Grid probability,
        GaussianMixture mixture,
        string title = "",
        double spread = 0.15
    )
    {
        ArgumentNullException.ThrowIfNull(probability);
        var heat = new Heat(probability)
        {
            Map = ColourMap.BlueRed,
            Min = 0.5 - spread,
            Max = 0.5 + spread,
            Label = "/{D}(/{x})",
        };
        return Map(
            heat,
            probability,
            mixture,
            title,
            new Contour(probability, 0.5) { Label = "/{D} = ½", Colour = "#222222" }
        );
    }

    /// <summary>The places of an even grid of a square, as a batch for a discriminator.</summary>
    /// <param name="low">The lower end on both axes.</param>
    /// <param name="high">The upper end on both axes.</param>
    /// <param name="places">Rows and columns, at least 2.</param>
    /// <returns>[places², 2] row-major: rows of the grid one after the other, x, y, x, y, ….</returns>
    public static double[] Places(double low = -2, double high = 2, int places = 300)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(places, 2);
        var grid = new Grid(new double[places, places], low, high, low, high);
        var points = new double[2 * places * places];
        for (var i = 0; i < places * places; i++)
        {
            (points[2 * i], points[2 * i + 1]) = (grid.X(i % places), grid.Y(i / places));
        }

        return points;
    }

    /// <summary>Values at <see cref="Places"/> as a grid.</summary>
    /// <param name="values">[places²], in the order of the places.</param>
    /// <param name="low">The lower end on both axes.</param>
    /// <param name="high">The upper end on both axes.</param>
    /// <exception cref="ArgumentException">The number of values is no square.</exception>
    public static Grid OfPlaces(ReadOnlySpan<double> values, double low = -2, double high = 2)
    {
        var places = (int)Math.Round(Math.Sqrt(values.Length));
        if (places * places != values.Length)
        {
            throw new ArgumentException(
                $"MixtureMaps.OfPlaces: there are {values.Length} values, but a square number is needed.",
                nameof(values)
            );
        }

        var rows = new double[places, places];
        for (var i = 0; i < values.Length; i++)
        {
            rows[i / places, i % places] = values[i];
        }

        return new(rows, low, high, low, high);
    }

    private static Figure Map(
        Heat heat,
        Grid grid,
        GaussianMixture mixture,
        string title,
        params Series[] more
    )
    {
        ArgumentNullException.ThrowIfNull(mixture);
        var inside = mixture
            .Modes.Where(mode =>
                mode.X >= grid.XMin && mode.X <= grid.XMax && mode.Y >= grid.YMin && mode.Y <= grid.YMax
            )
            .ToArray();
        Series[] modes =
            inside.Length == 0
                ? []
                :
                [
                    new Points([.. inside.Select(mode => mode.X)], [.. inside.Select(mode => mode.Y)])
                    {
                        Label = "modes",
                        Colour = "#000000",
                        Marker = Marker.Cross,
                    },
                ];
        return new(
            new Panel([heat, .. more, .. modes])
            {
                Title = title,
                EqualAspect = true,
                X = new("/{x}_{1}"),
                Y = new("/{x}_{2}"),
            }
        );
    }
}
