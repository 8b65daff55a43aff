namespace Stackelberg.Figures;

/// <summary>The axes box of a panel in pixels, y downwards.</summary>
internal sealed record Frame(Scale X, Scale Y, double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;

    public (double X, double Y)[] Map(double[] x, double[] y)
    {
        var pixels = new (double, double)[x.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (X.Pixel(x[i]), Y.Pixel(y[i]));
        }

        return pixels;
    }

    /// <summary>Whether a pixel lies in the box widened on every side; false for not-a-number.</summary>
    public bool Holds(double x, double y, double margin) =>
        x >= Left - margin && x <= Right + margin && y >= Top - margin && y <= Bottom + margin;
}
