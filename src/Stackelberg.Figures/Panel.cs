namespace Stackelberg.Figures;

/// <summary>One pair of axes with what is drawn in it.</summary>
public sealed class Panel
{
    private readonly List<Series> series = [];

    /// <summary>A panel.</summary>
    /// <param name="series">What is drawn, from the back to the front.</param>
    public Panel(params Series[] series)
    {
        ArgumentNullException.ThrowIfNull(series);

        this.series.AddRange(series);
    }

    /// <summary>The words above the axes box.</summary>
    public string Title { get; init; } = "";

    /// <summary>The horizontal axis.</summary>
    public Axis X { get; init; } = new();

    /// <summary>The vertical axis.</summary>
    public Axis Y { get; init; } = new();

    /// <summary>Whether a unit has the same length on both axes; the axes box then takes the limits' shape.</summary>
    public bool EqualAspect { get; init; }

    /// <summary>Where the legend stands.</summary>
    public LegendPlace Legend { get; init; }

    /// <summary>Whether light lines lead from the ticks through the box.</summary>
    public bool ShowGrid { get; init; } = true;

    /// <summary>The width of the axes box in pixels.</summary>
    public double Width { get; init; } = 400;

    /// <summary>The height of the axes box in pixels; with <see cref="EqualAspect"/> it follows the width.</summary>
    public double Height { get; init; } = 300;

    /// <summary>What is drawn, from the back to the front.</summary>
    public IReadOnlyList<Series> Series => series;

    /// <summary>Draws one more series over the others.</summary>
    /// <param name="more">The series.</param>
    /// <returns>This panel.</returns>
    public Panel Add(params Series[] more)
    {
        ArgumentNullException.ThrowIfNull(more);

        series.AddRange(more);
        return this;
    }
}
