namespace Stackelberg.Figures;

/// <summary>A grid of values as coloured cells around its points, with a colour bar; linear axes only.</summary>
/// <param name="grid">The values; not-a-number stays transparent.</param>
public sealed class Heat(Grid grid) : Series
{
    /// <summary>The values; also on a logarithmic scale those that are not positive stay transparent.</summary>
    public Grid Grid { get; } = grid;

    /// <summary>The colours from the lowest to the highest value.</summary>
    public ColourMap Map { get; init; } = ColourMap.Viridis;

    /// <summary>Whether the colours follow the logarithm of the values.</summary>
    public bool Log { get; init; }

    /// <summary>The value of the first colour; the lowest value if not given.</summary>
    public double? Min { get; init; }

    /// <summary>The value of the last colour; the highest value if not given.</summary>
    public double? Max { get; init; }

    /// <summary>Whether a colour bar stands beside the panel.</summary>
    public bool ShowBar { get; init; } = true;

    internal override string Kind => "heat";

    internal override bool TakesColour => false;

    internal override bool FillsBox => true;

    internal override bool HasKey => false;

    internal override ColourBar? Bar =>
        ShowBar ? new ColourBar(Map, HeatImage.Scale(this), Label ?? "") : null;

    internal override IEnumerable<(double X, double Y)> Extent =>
        [(Grid.XMin, Grid.YMin), (Grid.XMax, Grid.YMax)];

    internal override IEnumerable<DataRow> Rows => Grid.DataRows();

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        if (frame.X.Log || frame.Y.Log)
        {
            throw new ArgumentException("Heat: cells are even, so that both axes must be linear.");
        }

        double left = frame.X.Pixel(Grid.X(-0.5)),
            right = frame.X.Pixel(Grid.X(Grid.Columns - 0.5)),
            top = frame.Y.Pixel(Grid.Y(Grid.Rows - 0.5)),
            bottom = frame.Y.Pixel(Grid.Y(-0.5));
        svg.Image(left, top, right - left, bottom - top, HeatImage.Png(this), Opacity);
    }
}
