namespace Stackelberg.Figures;

/// <summary>The cells of a heat map as an image.</summary>
internal static class HeatImage
{
    private const int colours = 255;
    private const byte transparent = colours;

    /// <summary>The scale of the values between the pixels 0 and 1.</summary>
    public static Scale Scale(Heat heat)
    {
        double low = double.PositiveInfinity,
            high = double.NegativeInfinity;
        foreach (var value in heat.Grid.Values)
        {
            if (double.IsFinite(value) && !(heat.Log && value <= 0))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        (low, high) = low <= high ? (low, high) : (heat.Log ? 1 : 0, heat.Log ? 10 : 1);
        (low, high) = (heat.Min ?? low, heat.Max ?? high);
        if (high <= low)
        {
            // One value only: its colour is the middle one.
            (low, high) = heat.Log ? (low / 10, low * 10) : (low - 0.5, low + 0.5);
        }

        return new Scale(low, high, heat.Log, 0, 1);
    }

    public static byte[] Png(Heat heat)
    {
        var grid = heat.Grid;
        var scale = Scale(heat);
        var pixels = new byte[grid.Rows * grid.Columns];
        for (var row = 0; row < grid.Rows; row++)
        {
            for (var column = 0; column < grid.Columns; column++)
            {
                // Images begin with the top row, grids with the lowest y.
                pixels[(grid.Rows - 1 - row) * grid.Columns + column] = Index(
                    scale.Place(grid.Values[row, column])
                );
            }
        }

        var palette = Enumerable.Range(0, colours + 1).Select(index => heat.Map.At(index / (colours - 1.0)));
        return Figures.Png.Encode(grid.Columns, grid.Rows, pixels, [.. palette], transparent);
    }

    private static byte Index(double place) =>
        double.IsNaN(place) ? transparent : (byte)Math.Round(Math.Clamp(place, 0, 1) * (colours - 1));
}
