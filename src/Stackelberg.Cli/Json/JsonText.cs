using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Stackelberg.Cli;

/// <summary>The JSON of <c>--json</c>: names in camelCase, and "NaN", "Infinity" and "-Infinity" for numbers that JSON lacks.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <summary>A document as text.</summary>
    public static string Of<T>(T document) => JsonSerializer.Serialize(document, options);
}
