using System.Globalization;

namespace Stackelberg.Figures;

/// <summary>A labelled place on an axis.</summary>
internal readonly record struct Tick(double Value, string Label)
{
    public double Width(double size) => TextSize.Width(Label, size);
}

/// <summary>An axis' ticks.</summary>
/// <param name="Major">The labelled ones within the limits.</param>
/// <param name="Minor">The others.</param>
/// <param name="Power">All labels are to be read times 10 to this power.</param>
internal sealed record Ticks(IReadOnlyList<Tick> Major, IReadOnlyList<double> Minor, int Power = 0);

/// <summary>Chooses round places for ticks.</summary>
internal static class TickChoice
{
    // Rounding must not lose a tick that stands on a limit.
    private const double slack = 1e-9;

    // With fewer labelled decades than this, the eye cannot read between them.
    private const int fewest = 3;

    /// <summary>The ticks of an axis.</summary>
    /// <param name="axis">The axis; its own ticks are taken if it has some.</param>
    /// <param name="scale">Its limits.</param>
    /// <param name="most">How many labels fit at most.</param>
    public static Ticks For(Axis axis, Scale scale, int most)
    {
        if (axis.Ticks is { } own)
        {
            var inside = own.Where(tick => Inside(scale, tick.Value));
            return new Ticks([.. inside.Select(tick => new Tick(tick.Value, tick.Label))], []);
        }

        most = Math.Max(most, 2);
        if (scale.Within > 0)
        {
            return BothSides(scale, most);
        }

        return scale.Log && scale.Max / scale.Min >= 10 ? Decades(scale, most) : Even(scale, most);
    }

    /// <summary>A number with a true minus sign.</summary>
    public static string Number(double value, string format = "0") =>
        value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');

    private static Ticks Even(Scale scale, int most)
    {
        var step = Step((scale.Max - scale.Min) / most);
        var values = Multiples(scale.Min, scale.Max, step).Where(value => !scale.Log || value > 0).ToArray();
        var largest = values.Length == 0 ? 0 : values.Max(Math.Abs);
        // Labels longer than five digits are shortened by a common power of ten.
        var power = largest is >= 1e5 or (> 0 and < 1e-3) ? (int)Math.Floor(Math.Log10(largest)) : 0;
        var unit = Math.Pow(10, power);
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step / unit) - slack), 0, 12);
        var format = "F" + decimals.ToString(CultureInfo.InvariantCulture);
        var ticks = values.Select(value => new Tick(value, Number(value / unit, format)));
        return new Ticks([.. ticks], [], power);
    }

    /// <summary>0 and powers of ten of both signs; nearer to 0 than ten times the bound they would touch.</summary>
    private static Ticks BothSides(Scale scale, int most)
    {
        var first = (int)Math.Ceiling(Math.Log10(scale.Within) - slack) + 1;
        var last = (int)Math.Floor(Math.Log10(Math.Max(-scale.Min, scale.Max)) + slack);
        var powers = Enumerable.Range(first, Math.Max(last - first + 1, 0)).ToArray();
        for (var every = 1; ; every++)
        {
            Tick[] ticks =
            [
                .. powers
                    .Where(power => (last - power) % every == 0)
                    .SelectMany(power =>
                        new[]
                        {
                            new Tick(Math.Pow(10, power), Power(1, power)),
                            new Tick(-Math.Pow(10, power), "−" + Power(1, power)),
                        }
                    )
                    .Append(new Tick(0, "0"))
                    .Where(tick => Inside(scale, tick.Value))
                    .OrderBy(tick => tick.Value),
            ];
            if (ticks.Length <= most || every > powers.Length)
            {
                return powers.Length == 0 ? Even(scale, most) : new Ticks(ticks, []);
            }
        }
    }

    private static Ticks Decades(Scale scale, int most)
    {
        int first = (int)Math.Ceiling(Math.Log10(scale.Min) - slack),
            last = (int)Math.Floor(Math.Log10(scale.Max) + slack);
        var every = Math.Max(1, (int)Math.Ceiling((last - first + 1) / (double)most));
        var major = Enumerable
            .Range(first, last - first + 1)
            .Where(power => power % every == 0)
            .Select(power => new Tick(Math.Pow(10, power), Power(1, power)))
            .ToArray();
        if (every == 1 && major.Length < fewest)
        {
            Tick[] between = [.. Within(scale, first, last, [1, 2, 5])];
            if (between.All(tick => tick.Value is >= 1e-3 and < 1e5))
            {
                between = [.. between.Select(tick => tick with { Label = Number(tick.Value, "0.###") })];
            }

            major = between.Length <= most ? between : major;
        }

        // Between labelled decades stand the others; between neighbours, 2 to 9 as long as there is room.
        IEnumerable<double> minor =
            every > 1 ? Enumerable.Range(first, last - first + 1).Select(power => Math.Pow(10, power))
            : last - first > most ? []
            : Within(scale, first, last, [2, 3, 4, 5, 6, 7, 8, 9]).Select(tick => tick.Value);
        return new Ticks(
            major,
            [.. minor.Where(value => Inside(scale, value)).Except(major.Select(tick => tick.Value))]
        );
    }

    /// <summary>Multiples of the powers of ten in and around a range, as far as they lie within the limits.</summary>
    private static IEnumerable<Tick> Within(Scale scale, int first, int last, int[] digits) =>
        Enumerable
            .Range(first - 1, last - first + 2)
            .SelectMany(power =>
                digits.Select(digit => new Tick(digit * Math.Pow(10, power), Power(digit, power)))
            )
            .Where(tick => Inside(scale, tick.Value));

    private static string Power(int digit, int power) =>
        (digit == 1 ? "10" : $"{digit}·10") + $"^{{{Number(power)}}}";

    private static double Step(double atLeast)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
        double[] round = [1, 2, 5, 10];
        return round.First(digit => digit * power >= atLeast * (1 - slack)) * power;
    }

    private static IEnumerable<double> Multiples(double min, double max, double step)
    {
        // More than a hundred ticks never fit; a step below the values' rounding must not count for ever.
        const int never = 100;
        var first = Math.Ceiling(min / step - slack);
        for (var i = 0; i < never && (first + i) * step <= max + step * slack; i++)
        {
            // 0 rather than −0; a multiple of 0.1 as close as a double comes to it.
            yield return first + i == 0 ? 0 : (first + i) * step;
        }
    }

    private static bool Inside(Scale scale, double value) => scale.Place(value) is >= -slack and <= 1 + slack;
}
