using Stackelberg.Files;

namespace Stackelberg.Figures;

/// <summary>One or more panels that are saved as one SVG file with the data beside it.</summary>
/// <example>
/// <code>
/// var figure = new Figure(
///     new Panel(
///         new Line(steps, distance) { Label = "simgrad", Dash = Dash.Dashed },
///         new Points(0, 1) { Marker = Marker.Diamond, Label = "start" })
///     {
///         X = new("Iterations"),
///         Y = new("Distance") { Log = true },
///     });
/// figure.Save("figures", "distance"); // figures/distance.svg and figures/distance.csv
/// </code>
/// </example>
/// <param name="panels">The panels, row by row; at least one.</param>
public sealed class Figure(params Panel[] panels)
{
    /// <summary>The words above all panels.</summary>
    public string Title { get; init; } = "";

    /// <summary>How many panels stand in a row; all in one row if not given.</summary>
    public int? PanelsPerRow { get; init; }

    /// <summary>Whether one legend below all panels takes the place of each panel's own.</summary>
    public bool SharedLegend { get; init; }

    /// <summary>Words below the panels that say what cannot be seen, on as many lines as they need.</summary>
    public string Caption { get; init; } = "";

    /// <summary>The panels, row by row.</summary>
    public IReadOnlyList<Panel> Panels { get; } =
        panels.Length > 0
            ? panels
            : throw new ArgumentException("Figure: at least one panel is needed.", nameof(panels));

    /// <summary>The endings of the files that <see cref="Save"/> writes.</summary>
    public IEnumerable<string> FileEndings =>
        FigureData.HasGrids(this) ? [".svg", ".csv", ".npz"] : [".svg", ".csv"];

    /// <summary>The figure as SVG.</summary>
    public string ToSvg() => FigureDrawing.Draw(this);

    /// <summary>The figure as a page of its own, without need of a network: it can be enlarged, says the values at the pointer,
    /// and its legend takes series away; light or dark as the reader's system is, and laid out anew for a phone.</summary>
    public string ToHtml() => FigurePage.Html(this);

    /// <summary>Writes <c>name.svg</c> and <c>name.csv</c> with the data.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="name">The file's name without an ending.</param>
    /// <returns>The path of the SVG file.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <remarks>
    /// The data have one row for each point: <c>panel,series,x,y</c> and, where a series has them,
    /// <c>u,v</c> (arrows), <c>value</c> (cells and contours) and <c>text</c>. Of a line they hold the points
    /// that make a visible difference at the figure's size, with all their digits. A grid of more than 16,384
    /// values goes to <c>name.npz</c> instead, to seven digits.
    /// </remarks>
    public string Save(string folder, string name)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(name);

        var path = Path.Combine(folder, name + ".svg");
        AtomicFile.WriteText(path, ToSvg());
        FigureData.Save(this, folder, name);
        return path;
    }
}

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

/// <summary>One axis of a panel.</summary>
/// <param name="Label">What it shows, with the unit.</param>
public sealed record Axis(string Label = "")
{
    /// <summary>Whether it is logarithmic (base 10); what is not positive is then left out.</summary>
    public bool Log { get; init; }

    /// <summary>If above 0, the axis is logarithmic on both sides of 0, and about linear up to this size: small and great
    /// values of both signs can be seen together.</summary>
    public double LinearWithin { get; init; }

    /// <summary>The lower limit; from the data if not given.</summary>
    public double? Min { get; init; }

    /// <summary>The upper limit; from the data if not given.</summary>
    public double? Max { get; init; }

    /// <summary>The places and labels of the ticks; chosen from the limits if not given.</summary>
    public IReadOnlyList<(double Value, string Label)>? Ticks { get; init; }

    /// <summary>An axis for angles from −π to π with ticks at the quarters of the circle.</summary>
    /// <param name="label">What it shows.</param>
    public static Axis Angle(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return new(label)
        {
            Min = -Math.PI,
            Max = Math.PI,
            Ticks =
            [
                (-Math.PI, "−π"),
                (-Math.PI / 2, "−π/2"),
                (0, "0"),
                (Math.PI / 2, "π/2"),
                (Math.PI, "π"),
            ],
        };
    }
}

/// <summary>Where a panel's legend stands.</summary>
public enum LegendPlace
{
    /// <summary>In a corner that no data reaches; else outside if it is narrow, or below.</summary>
    Auto,

    /// <summary>Right of the axes box.</summary>
    Outside,

    /// <summary>Below the axes box, in as many columns as fit.</summary>
    Below,

    /// <summary>In the upper left corner.</summary>
    TopLeft,

    /// <summary>In the upper right corner.</summary>
    TopRight,

    /// <summary>In the lower left corner.</summary>
    BottomLeft,

    /// <summary>In the lower right corner.</summary>
    BottomRight,

    /// <summary>Nowhere.</summary>
    None,
}
