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
