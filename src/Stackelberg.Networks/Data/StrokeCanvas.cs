namespace Stackelberg.Data;

/// <summary>Lines of changing width on a small grid, as the distance of each pixel's centre to the nearest edge.</summary>
internal sealed class StrokeCanvas(int side)
{
    // Pixels further outside than this stay without ink at any softness in use.
    private const double reach = 2;

    private readonly double[] depth = new double[side * side];

    /// <summary>Removes everything.</summary>
    public void Clear() => Array.Fill(depth, double.NegativeInfinity);

    /// <summary>A line between two points in pixels, of a half-width that changes evenly along it.</summary>
    public void Line((double X, double Y) from, (double X, double Y) to, double fromRadius, double toRadius)
    {
        var margin = Math.Max(fromRadius, toRadius) + reach;
        var (left, right) = Range(from.X, to.X, margin);
        var (top, bottom) = Range(from.Y, to.Y, margin);
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        // Two equal points are a dot.
        var inverse = 1 / Math.Max(dx * dx + dy * dy, double.Epsilon);
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var (px, py) = (column - from.X, row - from.Y);
                var along = Math.Clamp((px * dx + py * dy) * inverse, 0, 1);
                var (ex, ey) = (px - along * dx, py - along * dy);
                var inside = fromRadius + along * (toRadius - fromRadius) - Math.Sqrt(ex * ex + ey * ey);
                ref var pixel = ref depth[row * side + column];
                pixel = Math.Max(pixel, inside);
            }
        }
    }

    /// <summary>The share of ink of each pixel, from 0 to 1, falling over so many pixels at the edges.</summary>
    public void Ink(double softness, Span<double> to)
    {
        for (var i = 0; i < depth.Length; i++)
        {
            to[i] = Math.Clamp(depth[i] / softness + 0.5, 0, 1);
        }
    }

    private (int First, int Last) Range(double a, double b, double margin) =>
        (
            Math.Max(0, (int)Math.Ceiling(Math.Min(a, b) - margin)),
            Math.Min(side - 1, (int)Math.Floor(Math.Max(a, b) + margin))
        );
}
