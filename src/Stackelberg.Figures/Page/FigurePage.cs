using System.Net;

namespace Stackelberg.Figures;

/// <summary>A figure as a page of its own: everything is in the one file, which needs no network.</summary>
internal static class FigurePage
{
    private static readonly Lazy<string> style = new(() => Resource("chart.css"));
    private static readonly Lazy<string> script = new(() => Resource("chart.js"));

    /// <summary>The page.</summary>
    public static string Html(Figure figure)
    {
        var title = WebUtility.HtmlEncode(Title(figure));
        var drawings = string.Concat(
            new[] { PageVariant.Wide, PageVariant.Narrow }.Select(variant =>
                $"<div class=\"{variant.Name}\">\n{FigureDrawing.Draw(figure, variant)}</div>\n"
            )
        );
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="generator" content="Stackelberg.Figures">
            <title>{title}</title>
            <style>
            {style.Value}</style>
            </head>
            <body>
            <figure aria-label="{title}">
            {drawings}<figcaption><button id="reset" type="button" disabled>Show all</button>
            The wheel enlarges where the pointer is (with Shift only across, with Alt only upwards); dragging enlarges what
            it frames, with Shift it moves. Two fingers do both. A double click shows all again. A click on a name in the legend
            takes its series away and brings it back.</figcaption>
            </figure>
            <div id="tip"></div>
            <script id="chart-data" type="application/json">{PageData.Json(figure)}</script>
            <script>
            {script.Value}</script>
            </body>
            </html>

            """;
    }

    /// <summary>The words that name a figure.</summary>
    private static string Title(Figure figure)
    {
        var words = figure.Title.Length > 0 ? figure.Title : figure.Panels[0].Title;
        return words.Length > 0 ? Markup.Plain(words) : "Chart";
    }

    private static string Resource(string name)
    {
        using var stream = typeof(FigurePage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
