using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Stackelberg.Figures;

/// <summary>What a page's script knows of a figure: axes, and the values that it shows at the pointer.</summary>
internal static class PageData
{
    // Of longer series the points that make a visible difference will do.
    private const int mostPoints = 5000;

    // Above this a page would be much larger than its drawing.
    private const int mostCells = 16_384;

    /// <summary>The figure's data as JSON, safe within HTML.</summary>
    public static string Json(Figure figure)
    {
        var labels = FigureDrawing.Labels(figure);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("panels");
            foreach (var panel in figure.Panels)
            {
                var layout = new PanelLayout(panel);
                json.WriteStartObject();
                Write(json, "x", panel.X, layout.X);
                Write(json, "y", panel.Y, layout.Y);
                json.WriteStartArray("series");
                // Later series lie over earlier ones, and answer first.
                foreach (var series in panel.Series.Reverse().Where(series => series is not (Arrows or Text)))
                {
                    Write(json, series, layout.At(0, 0), FigureDrawing.KeyOf(series, labels));
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, Axis axis, Scale scale)
    {
        json.WriteStartObject(name);
        json.WriteString("label", Markup.Plain(axis.Label));
        json.WriteBoolean("log", scale.Log);
        Number(json, "within", scale.Within);
        Number(json, "min", scale.Min);
        Number(json, "max", scale.Max);
        if (axis.Ticks is { } own)
        {
            json.WriteStartArray("own");
            foreach (var (value, label) in own)
            {
                json.WriteStartArray();
                Number(json, value);
                json.WriteStringValue(Markup.Plain(label));
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Series series, Frame frame, int key)
    {
        DataRow[] rows = [];
        if (series is not Heat)
        {
            rows = [.. series.Rows.Take(mostPoints + 1)];
            rows = rows.Length > mostPoints ? [.. series.VisibleRows(frame)] : rows;
        }

        json.WriteStartObject();
        json.WriteString("label", Markup.Plain(series.Label ?? ""));
        json.WriteNumber("key", key);
        Numbers(json, "x", rows.Select(row => row.X));
        Numbers(json, "y", rows.Select(row => row.Y));
        if (series is Heat heat && heat.Grid.Rows * (long)heat.Grid.Columns <= mostCells)
        {
            Write(json, heat.Grid);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Grid grid)
    {
        json.WriteStartObject("grid");
        Number(json, "left", grid.XMin);
        Number(json, "right", grid.XMax);
        Number(json, "low", grid.YMin);
        Number(json, "high", grid.YMax);
        json.WriteStartArray("values");
        for (var row = 0; row < grid.Rows; row++)
        {
            json.WriteStartArray();
            for (var column = 0; column < grid.Columns; column++)
            {
                Number(json, grid.Values[row, column], "G4");
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<double?> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            Number(json, value);
        }

        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        Number(json, value, "R");
    }

    // Seven digits are more than a pointer can tell apart; JSON has no word for what is not finite.
    private static void Number(Utf8JsonWriter json, double? value, string format = "G7")
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteRawValue(number.ToString(format, CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
