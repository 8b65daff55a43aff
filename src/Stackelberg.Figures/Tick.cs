namespace Stackelberg.Figures;

/// <summary>A labelled place on an axis; the exponent is written raised after the label.</summary>
internal readonly record struct Tick(double Value, string Label, string Exponent = "")
{
    public double Width(double size) => TextSize.Width(Label, size) + TextSize.Width(Exponent, size * 0.75);
}

/// <summary>An axis' ticks.</summary>
/// <param name="Major">The labelled ones within the limits.</param>
/// <param name="Minor">The others.</param>
/// <param name="Power">All labels are to be read times 10 to this power.</param>
internal sealed record Ticks(IReadOnlyList<Tick> Major, IReadOnlyList<double> Minor, int Power = 0);
