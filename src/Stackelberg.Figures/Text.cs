namespace Stackelberg.Figures;

/// <summary>Words at a point.</summary>
/// <param name="x">The point's first coordinate.</param>
/// <param name="y">The point's second coordinate.</param>
/// <param name="words">The words, one line.</param>
public sealed class Text(double x, double y, string words) : Series
{
    /// <summary>Which end of the words lies at the point.</summary>
    public TextAnchor Anchor { get; init; }

    /// <summary>The size of the letters in pixels.</summary>
    public double Size { get; init; } = 12;

    /// <summary>How far the words are moved to the right, in pixels.</summary>
    public double ShiftX { get; init; }

    /// <summary>How far the words are moved up, in pixels.</summary>
    public double ShiftY { get; init; }

    internal override string Kind => "text";

    internal override bool TakesColour => false;

    internal override bool HasKey => false;

    internal override IEnumerable<(double X, double Y)> Extent => [(x, y)];

    internal override IEnumerable<DataRow> Rows => [new(x, y, Text: words)];

    internal override IEnumerable<(double X, double Y)[]> Strokes(Frame frame)
    {
        var width = TextSize.Width(words, Size);
        var shift =
            Anchor == TextAnchor.Start ? 0
            : Anchor == TextAnchor.Middle ? width / 2
            : width;
        double left = frame.X.Pixel(x) + ShiftX - shift,
            middle = frame.Y.Pixel(y) - ShiftY;
        return
        [
            [(left, middle), (left + width, middle)],
        ];
    }

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        double atX = frame.X.Pixel(x) + ShiftX,
            atY = frame.Y.Pixel(y) - ShiftY;
        if (!double.IsNaN(atX + atY))
        {
            // Letters hang on their base line; a third of their size centres capitals on the point.
            svg.Text(atX, atY + Size * 0.35, words, Size, Anchor, colour, halo: true);
        }
    }
}
