using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stackelberg;

/// <summary>JSON as the files of a run hold it.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions layout = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of a file, indented, with a line end.</summary>
    public static string Of(JsonObject json) => json.ToJsonString(layout) + "\n";

    // JSON knows no infinity and no not-a-number: they are the texts that .NET and Python read as such.
    /// <summary>A number; infinities and not-a-number as text.</summary>
    public static JsonValue Number(double value) =>
        double.IsFinite(value) ? JsonValue.Create(value)
        : double.IsNaN(value) ? JsonValue.Create("NaN")
        : JsonValue.Create(value > 0 ? "Infinity" : "-Infinity");

    /// <summary>What <see cref="Number"/> wrote, or null if it is no number.</summary>
    public static double? ReadNumber(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String => value.GetString() switch
            {
                "NaN" => double.NaN,
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                _ => null,
            },
            _ => null,
        };

    /// <summary>A list of numbers.</summary>
    public static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(Number)]);

    /// <summary>A list of texts.</summary>
    public static JsonArray Texts(IEnumerable<string> texts) =>
        new([.. texts.Select(text => JsonValue.Create(text))]);
}
