using System.Globalization;
using System.Text;
using System.Xml;

namespace Stackelberg.Figures;

/// <summary>Writes the few SVG elements that figures consist of.</summary>
internal sealed class SvgWriter : IDisposable
{
    private readonly StringBuilder text = new();
    private readonly XmlWriter xml;
    private readonly string decimals;

    /// <summary>Begins a document.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="page">How a page shows it, whose script must find its way in it; null for a file.</param>
    public SvgWriter(double width, double height, PageVariant? page = null)
    {
        IsForPage = page is not null;
        var shown = page?.Enlarge(width) ?? 1;
        // A tenth of a pixel is finer than any screen or printer shows; a page can be enlarged.
        decimals = IsForPage ? "0.###" : "0.#";
        xml = XmlWriter.Create(
            text,
            new XmlWriterSettings
            {
                OmitXmlDeclaration = true,
                Indent = true,
                IndentChars = " ",
                NewLineChars = "\n",
            }
        );
        xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        Attributes(
            ("width", Number(width * shown)),
            ("height", Number(height * shown)),
            ("viewBox", $"0 0 {Number(width)} {Number(height)}"),
            ("font-family", "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"),
            ("class", IsForPage ? "chart" : null),
            ("tabindex", IsForPage ? "0" : null)
        );
    }

    /// <summary>Whether groups are written, which a file has not.</summary>
    public bool IsForPage { get; }

    /// <summary>Draws what belongs together; in a page as a group with a class.</summary>
    public void Group(string name, Action draw, params (string Name, string? Value)[] attributes)
    {
        if (!IsForPage)
        {
            draw();
            return;
        }

        xml.WriteStartElement("g");
        Attributes([("class", name), .. attributes]);
        draw();
        xml.WriteEndElement();
    }

    /// <summary>Draws what keeps its size where a page enlarges the plot, around a place.</summary>
    public void Fixed(double x, double y, Action draw) =>
        Group("fixed", draw, ("data-at", $"{Number(x)} {Number(y)}"));

    /// <summary>A rectangle that nobody sees and that answers the pointer, in a page alone.</summary>
    public void Sensor(string name, double x, double y, double width, double height)
    {
        if (IsForPage)
        {
            Element("rect", [("class", name), .. Box(x, y, width, height), ("fill", "transparent")]);
        }
    }

    /// <summary>A length or place, to a hundredth of a pixel.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public void Rectangle(double x, double y, double width, double height, string fill, double opacity = 1) =>
        Element("rect", [.. Box(x, y, width, height), ("fill", fill), ("fill-opacity", Part(opacity))]);

    public void Frame(double x, double y, double width, double height, Stroke stroke) =>
        Element("rect", [.. Box(x, y, width, height), ("fill", "none"), .. Attributes(stroke)]);

    public void Segment(double x1, double y1, double x2, double y2, Stroke stroke) =>
        Element(
            "line",
            [
                ("x1", Number(x1)),
                ("y1", Number(y1)),
                ("x2", Number(x2)),
                ("y2", Number(y2)),
                .. Attributes(stroke),
            ]
        );

    /// <summary>Open polylines as one path.</summary>
    public void Path(IEnumerable<(double X, double Y)[]> polylines, Stroke stroke)
    {
        var data = new StringBuilder();
        foreach (var line in polylines)
        {
            AppendPoints(data, line);
        }

        if (data.Length > 0)
        {
            Element(
                "path",
                [
                    ("d", data.ToString()),
                    ("fill", "none"),
                    ("stroke-linejoin", "round"),
                    .. Attributes(stroke),
                ]
            );
        }
    }

    public void Polygon(
        IReadOnlyList<(double X, double Y)> ring,
        string fill,
        double opacity,
        Stroke? edge = null
    )
    {
        var data = new StringBuilder();
        AppendPoints(data, ring);
        Element(
            "path",
            [
                ("d", data.Append('Z').ToString()),
                ("fill", fill),
                ("fill-opacity", Part(opacity)),
                .. Edge(edge),
            ]
        );
    }

    public void Circle(double x, double y, double radius, string fill, double opacity, Stroke? edge = null) =>
        Element(
            "circle",
            [
                ("cx", Number(x)),
                ("cy", Number(y)),
                ("r", Number(radius)),
                ("fill", fill),
                ("fill-opacity", Part(opacity)),
                .. Edge(edge),
            ]
        );

    /// <summary>One line of text with subscripts and superscripts; see <see cref="Markup"/>.</summary>
    public void Text(
        double x,
        double y,
        string words,
        double size,
        TextAnchor anchor = TextAnchor.Start,
        string colour = "#000000",
        bool bold = false,
        bool upward = false,
        bool halo = false
    )
    {
        xml.WriteStartElement("text");
        Attributes(("x", Number(x)), ("y", Number(y)), ("font-size", Number(size)));
        Attributes(
            (
                "text-anchor",
                anchor switch
                {
                    TextAnchor.Middle => "middle",
                    TextAnchor.End => "end",
                    _ => null,
                }
            ),
            ("fill", colour),
            ("font-weight", bold ? "bold" : null),
            ("transform", upward ? $"rotate(-90 {Number(x)} {Number(y)})" : null),
            ("paint-order", halo ? "stroke" : null),
            ("stroke", halo ? "#FFFFFF" : null),
            ("stroke-width", halo ? "2.5" : null),
            ("stroke-opacity", halo ? "0.8" : null),
            ("stroke-linejoin", halo ? "round" : null)
        );
        Pieces(Markup.Pieces(words), size);
        xml.WriteEndElement();
    }

    private void Pieces(IReadOnlyList<TextPiece> pieces, double size)
    {
        // Each piece moves from where the one before it stands.
        var rise = 0.0;
        foreach (var piece in pieces)
        {
            if (piece.Rise == rise && piece is { Size: 1, IsItalic: false })
            {
                xml.WriteString(Legal(piece.Words));
                continue;
            }

            // Raw text, though empty, keeps the writer from breaking the line within the words.
            xml.WriteRaw("");
            xml.WriteStartElement("tspan");
            Attributes(
                ("dy", piece.Rise == rise ? null : Number((rise - piece.Rise) * size)),
                ("font-size", piece.Size < 1 ? Number(piece.Size * size) : null),
                ("font-style", piece.IsItalic ? "italic" : null)
            );
            xml.WriteString(Legal(piece.Words));
            xml.WriteEndElement();
            rise = piece.Rise;
        }
    }

    /// <summary>A PNG image, its pixels not blurred.</summary>
    public void Image(double x, double y, double width, double height, byte[] png, double opacity)
    {
        xml.WriteStartElement("image");
        Attributes([.. Box(x, y, width, height)]);
        Attributes(
            ("preserveAspectRatio", "none"),
            ("style", "image-rendering:pixelated"),
            ("opacity", opacity < 1 ? Part(opacity) : null)
        );
        // The older form of the attribute: converters to PDF know it, and browsers still do.
        var data = "data:image/png;base64," + Convert.ToBase64String(png);
        xml.WriteAttributeString("xlink", "href", "http://www.w3.org/1999/xlink", data);
        xml.WriteEndElement();
    }

    /// <summary>Everything until <see cref="EndClip"/> is cut off at the box.</summary>
    public void BeginClip(string id, Frame box)
    {
        xml.WriteStartElement("clipPath");
        Attributes(("id", id));
        Element("rect", [.. Box(box.Left, box.Top, box.Width, box.Height)]);
        xml.WriteEndElement();
        xml.WriteStartElement("g");
        Attributes(("clip-path", $"url(#{id})"));
    }

    public void EndClip() => xml.WriteEndElement();

    /// <summary>The finished document.</summary>
    public string Finish()
    {
        xml.WriteEndElement();
        xml.Flush();
        return text.Append('\n').ToString();
    }

    public void Dispose() => xml.Dispose();

    private static string Part(double opacity) => opacity.ToString("0.###", CultureInfo.InvariantCulture);

    private static (string, string?)[] Box(double x, double y, double width, double height) =>
        [("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height))];

    private static (string, string?)[] Attributes(Stroke stroke) =>
        [
            ("stroke", stroke.Colour),
            ("stroke-width", Number(stroke.Width)),
            ("stroke-dasharray", Dashes.Array(stroke.Dash, stroke.Width)),
            ("stroke-opacity", stroke.Opacity < 1 ? Part(stroke.Opacity) : null),
        ];

    private static (string, string?)[] Edge(Stroke? edge) => edge is { } stroke ? Attributes(stroke) : [];

    private void AppendPoints(StringBuilder data, IReadOnlyList<(double X, double Y)> points)
    {
        for (var i = 0; i < points.Count; i++)
        {
            data.Append(
                    i == 0 ? 'M'
                    : i == 1 ? 'L'
                    : ' '
                )
                .Append(points[i].X.ToString(decimals, CultureInfo.InvariantCulture))
                .Append(' ')
                .Append(points[i].Y.ToString(decimals, CultureInfo.InvariantCulture));
        }
    }

    // Characters that XML 1.0 does not know would make the whole file unreadable.
    private static string Legal(string words) =>
        string.Concat(words.Select(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD'));

    private void Element(string name, params (string Name, string? Value)[] attributes)
    {
        xml.WriteStartElement(name);
        Attributes(attributes);
        xml.WriteEndElement();
    }

    private void Attributes(params (string Name, string? Value)[] attributes)
    {
        foreach (var (name, value) in attributes)
        {
            if (value is not null)
            {
                xml.WriteAttributeString(name, value);
            }
        }
    }
}

/// <summary>How a line is drawn.</summary>
internal readonly record struct Stroke(
    string Colour,
    double Width,
    Dash Dash = Dash.Solid,
    double Opacity = 1
);
