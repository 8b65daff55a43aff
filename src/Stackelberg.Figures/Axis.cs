namespace Stackelberg.Figures;

/// <summary>One axis of a panel.</summary>
/// <param name="Label">What it shows, with the unit.</param>
public sealed record Axis(string Label = "")
{
    /// <summary>Whether it is logarithmic (base 10); what is not positive is then left out.</summary>
    public bool Log { get; init; }

    /// <summary>The lower limit; from the data if not given.</summary>
    public double? Min { get; init; }

    /// <summary>The upper limit; from the data if not given.</summary>
    public double? Max { get; init; }

    /// <summary>The places and labels of the ticks; chosen from the limits if not given.</summary>
    public IReadOnlyList<(double Value, string Label)>? Ticks { get; init; }

    /// <summary>An axis for angles from −π to π with the ticks −π, 0 and π.</summary>
    /// <param name="label">What it shows.</param>
    public static Axis Angle(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return new(label)
        {
            Min = -Math.PI,
            Max = Math.PI,
            Ticks = [(-Math.PI, "−π"), (0, "0"), (Math.PI, "π")],
        };
    }
}
