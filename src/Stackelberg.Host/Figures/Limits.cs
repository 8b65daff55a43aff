using System.Globalization;

namespace Stackelberg.Figures;

/// <summary>The limits of a panel's axes, given or from the data.</summary>
internal static class Limits
{
    // Data do not touch the box: this part of the range is added on either side.
    private const double margin = 0.04;

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
        from = growsFromZero && low == 0 ? 0 : from;
        to = growsFromZero && high == 0 ? 0 : to;
        (from, to) = (axis.Min ?? from, axis.Max ?? to);
        if (from >= to)
        {
            // One limit is given and all data lie beyond it.
            (from, to) = axis.Min is null ? (Below(to, axis.Log), to) : (from, Above(from, axis.Log));
        }

        return new Scale(from, to, axis.Log, 0, 1);
    }

    private static (double, double) Widen(double low, double high, bool log, double part)
    {
        if (low == high)
        {
            return (Below(low, log), Above(high, log));
        }

        if (log)
        {
            var factor = Math.Pow(high / low, part);
            return double.IsFinite(factor) ? (low / factor, high * factor) : (low, high);
        }

        // Half ranges first: the whole one may overflow.
        var more = (high / 2 - low / 2) * 2 * part;
        return double.IsFinite(high - low) ? (low - more, high + more) : (low / 4, high / 4);
    }

    private static double Below(double value, bool log) =>
        log ? value / 10 : value - Math.Max(0.5, Math.Abs(value) / 10);

    private static double Above(double value, bool log) =>
        log ? value * 10 : value + Math.Max(0.5, Math.Abs(value) / 10);

    private static void Check(Axis axis, string name)
    {
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
