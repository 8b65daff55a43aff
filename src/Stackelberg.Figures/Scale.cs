namespace Stackelberg.Figures;

/// <summary>Values to pixels along one axis, linear or logarithmic.</summary>
/// <param name="min">The value at <paramref name="start"/>.</param>
/// <param name="max">The value at <paramref name="end"/>, another one.</param>
/// <param name="log">Whether the logarithm is even.</param>
/// <param name="start">The pixel of the lower limit.</param>
/// <param name="end">The pixel of the upper limit.</param>
internal sealed class Scale(double min, double max, bool log, double start, double end)
{
    // Far beyond any paper, but safe to multiply; what is cut off must not become infinite.
    private const double far = 1e9;

    private readonly double low = log ? Math.Log10(min) : min;
    private readonly double high = log ? Math.Log10(max) : max;

    public double Min { get; } = min;

    public double Max { get; } = max;

    public bool Log { get; } = log;

    /// <summary>Pixels for one unit, of the logarithm on a logarithmic axis; negative if pixels run backwards.</summary>
    public double PixelsPerUnit => (end - start) / (high - low);

    /// <summary>The place between the limits, 0 to 1; not-a-number if the axis has no place for the value.</summary>
    public double Place(double value)
    {
        if (Log && value <= 0)
        {
            return double.NaN;
        }

        return ((Log ? Math.Log10(value) : value) - low) / (high - low);
    }

    /// <summary>The pixel of a value; not-a-number if the axis has none.</summary>
    public double Pixel(double value) => Math.Clamp(start + (end - start) * Place(value), -far, far);

    /// <summary>The same limits between other pixels.</summary>
    public Scale Between(double from, double to) => new(Min, Max, Log, from, to);
}
