using System.Globalization;

namespace Stackelberg.Figures;

/// <summary>Values to pixels along one axis, linear, logarithmic, or logarithmic on both sides of 0.</summary>
/// <param name="min">The value at <paramref name="start"/>.</param>
/// <param name="max">The value at <paramref name="end"/>, another one.</param>
/// <param name="log">Whether the logarithm is even.</param>
/// <param name="start">The pixel of the lower limit.</param>
/// <param name="end">The pixel of the upper limit.</param>
/// <param name="within">Up to about this size values are even, beyond it their logarithms; 0 for no such bound.</param>
internal sealed class Scale(double min, double max, bool log, double start, double end, double within = 0)
{
    // Far beyond any paper, but safe to multiply; what is cut off must not become infinite.
    private const double far = 1e9;

    private readonly double low = Even(min, log, within);
    private readonly double high = Even(max, log, within);

    public double Min { get; } = min;

    public double Max { get; } = max;

    public bool Log { get; } = log;

    public double Within { get; } = within;

    public bool IsLinear => !Log && Within == 0;

    /// <summary>Pixels for one unit, of the logarithm on a logarithmic axis; negative if pixels run backwards.</summary>
    public double PixelsPerUnit => (end - start) / (high - low);

    /// <summary>The place between the limits, 0 to 1; not-a-number if the axis has no place for the value.</summary>
    public double Place(double value)
    {
        if (Log && value <= 0)
        {
            return double.NaN;
        }

        return (Even(value, Log, Within) - low) / (high - low);
    }

    /// <summary>The pixel of a value; not-a-number if the axis has none.</summary>
    public double Pixel(double value) => Math.Clamp(start + (end - start) * Place(value), -far, far);

    /// <summary>The same limits between other pixels.</summary>
    public Scale Between(double from, double to) => new(Min, Max, Log, from, to, Within);

    // Of a value far above the bound b, asinh (v / 2b) is the natural logarithm of v / b.
    private static double Even(double value, bool log, double within) =>
        log ? Math.Log10(value)
        : within > 0 ? Math.Asinh(value / (2 * within)) / Math.Log(10)
        : value;
}

/// <summary>The limits of a panel's axes, given or from the data.</summary>
internal static class Limits
{
    // Data do not touch the box: this part of the range is added on either side.
    private const double margin = 0.04;

    // Where the axis follows the logarithm, they are multiplied by this.
    private const double beyond = 1.5;

    // Beyond these, differences and powers of ten are no longer doubles; nothing that is drawn comes near.
    private const double largest = 1e280;
    private const double smallest = 1e-280;

    // A narrower range, as part of its values' size, is rounding: the data are one value.
    private const double narrowest = 1e-12;

    public static Scale X(Panel panel) => Choose(panel, panel.X, "X", point => point.X, growsFromZero: false);

    public static Scale Y(Panel panel) =>
        Choose(panel, panel.Y, "Y", point => point.Y, panel.Series.Any(series => series is Bars));

    private static Scale Choose(
        Panel panel,
        Axis axis,
        string name,
        Func<(double X, double Y), double> coordinate,
        bool growsFromZero
    )
    {
        Check(axis, name);
        double low = double.PositiveInfinity,
            high = double.NegativeInfinity;
        foreach (var point in panel.Series.SelectMany(series => series.Extent))
        {
            var value = coordinate(point);
            if (double.IsFinite(value) && !(axis.Log && value <= 0))
            {
                value = Math.Clamp(value, axis.Log ? smallest : -largest, largest);
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        if (low > high)
        {
            (low, high) = axis.Log ? (1, 10) : (0, 1);
        }

        var isTight = panel.Series.Any(series => series.EndsLimits);
        var (from, to) = Widen(low, high, axis.Log, isTight ? 0 : margin);
        if (axis.LinearWithin > 0 && !isTight)
        {
            (from, to) = (low < 0 ? low * beyond : from, high > 0 ? high * beyond : to);
        }

        from = growsFromZero && low == 0 ? 0 : from;
        to = growsFromZero && high == 0 ? 0 : to;
        (from, to) = (axis.Min ?? from, axis.Max ?? to);
        if (from >= to)
        {
            // One limit is given and all data lie beyond it.
            (from, to) = axis.Min is null ? (Below(to, axis.Log), to) : (from, Above(from, axis.Log));
        }

        return new Scale(from, to, axis.Log, 0, 1, axis.LinearWithin);
    }

    private static (double, double) Widen(double low, double high, bool log, double part)
    {
        if (high - low <= Math.Max(narrowest * Math.Max(Math.Abs(low), Math.Abs(high)), smallest))
        {
            return (Below(low, log), Above(high, log));
        }

        var more = (high - low) * part;
        var factor = log ? Math.Pow(10, part * (Math.Log10(high) - Math.Log10(low))) : 1;
        return log ? (low / factor, high * factor) : (low - more, high + more);
    }

    private static double Below(double value, bool log) =>
        log ? value / 10 : value - Math.Max(0.5, Math.Abs(value) / 10);

    private static double Above(double value, bool log) =>
        log ? value * 10 : value + Math.Max(0.5, Math.Abs(value) / 10);

    private static void Check(Axis axis, string name)
    {
        if (
            !(axis.LinearWithin >= 0 && double.IsFinite(axis.LinearWithin))
            || (axis.Log && axis.LinearWithin > 0)
        )
        {
            throw new ArgumentException(
                $"Panel.{name}: LinearWithin is {axis.LinearWithin}; it must be 0 or, on an axis without Log, above 0."
            );
        }

        foreach (var limit in new[] { axis.Min, axis.Max })
        {
            if (limit is { } value && (!double.IsFinite(value) || (axis.Log && value <= 0)))
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Panel.{name}: the limit {value} is not possible; "
                    ) + (axis.Log ? "a logarithmic axis needs positive limits." : "limits must be finite.")
                );
            }
        }

        if (axis is { Min: { } min, Max: { } max } && min >= max)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Panel.{name}: the lower limit {min} must be below the upper one {max}."
                )
            );
        }
    }
}

/// <summary>The axes box of a panel in pixels, y downwards.</summary>
internal sealed record Frame(Scale X, Scale Y, double Left, double Top, double Right, double Bottom)
{
    /// <summary>How many times the drawing may be enlarged before lines show that points were left out.</summary>
    public double Detail { get; init; } = 1;

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
