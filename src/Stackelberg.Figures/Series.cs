namespace Stackelberg.Figures;

/// <summary>Something drawn into a panel; later series lie over earlier ones.</summary>
public abstract class Series
{
    /// <summary>The name in the legend and in the data file; without one the series is not in the legend.</summary>
    public string? Label { get; init; }

    /// <summary>Any SVG colour, for instance of <see cref="Palette"/>; without one the panel's next colour.</summary>
    public string? Colour { get; init; }

    /// <summary>From 0, invisible, to 1, opaque.</summary>
    public double Opacity { get; init; } = 1;

    /// <summary>The kind's name, for series without a label in the data file.</summary>
    internal abstract string Kind { get; }

    /// <summary>Whether a missing colour takes one from the panel's cycle.</summary>
    internal virtual bool TakesColour => true;

    /// <summary>Whether the series covers the axes box, so that a legend is better placed outside.</summary>
    internal virtual bool FillsBox => false;

    /// <summary>Whether automatic limits end where the series ends.</summary>
    internal virtual bool EndsLimits => FillsBox;

    /// <summary>The points that automatic limits must hold; not-a-number in one place leaves it open.</summary>
    internal abstract IEnumerable<(double X, double Y)> Extent { get; }

    /// <summary>Draws the series into the axes box.</summary>
    internal abstract void Draw(SvgWriter svg, Frame frame, string colour);

    /// <summary>Draws the legend's key around a centre; nothing for what cannot stand in a legend.</summary>
    internal virtual void DrawKey(SvgWriter svg, double x, double y, string colour) { }

    /// <summary>Whether the series can stand in a legend.</summary>
    internal virtual bool HasKey => true;

    /// <summary>What a legend should not cover: polylines in pixels.</summary>
    internal virtual IEnumerable<(double X, double Y)[]> Strokes(Frame frame) =>
        Extent.Select(point => new[] { (frame.X.Pixel(point.X), frame.Y.Pixel(point.Y)) });

    /// <summary>The colour bar beside the panel, or null.</summary>
    internal virtual ColourBar? Bar => null;

    /// <summary>The series' points.</summary>
    internal abstract IEnumerable<DataRow> Rows { get; }

    /// <summary>The rows of the data file: the points that make a visible difference.</summary>
    internal virtual IEnumerable<DataRow> VisibleRows(Frame frame) => Rows;

    private protected static void NeedSameLength(string kind, int x, int y)
    {
        if (x != y)
        {
            throw new ArgumentException($"{kind}: x has {x} values, but y has {y}; they must be as many.");
        }
    }
}

/// <summary>One row of a figure's data file; what a series has not stays null.</summary>
internal readonly record struct DataRow(
    double? X,
    double? Y,
    double? U = null,
    double? V = null,
    double? Value = null,
    string? Text = null
);
