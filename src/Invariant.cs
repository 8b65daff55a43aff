using System.ComponentModel;
using System.Globalization;
using System.Text;

namespace System.Runtime.CompilerServices;

/// <summary>What the compiler makes of $"…" in this assembly, in the place of the base library's type of this name: numbers
/// and dates in the invariant culture, so that messages, names and files are the same on every machine.</summary>
/// <remarks>An interpolated string that goes to string.Create or to a StringBuilder keeps the culture given there.</remarks>
[InterpolatedStringHandler]
[EditorBrowsable(EditorBrowsableState.Never)]
internal readonly struct DefaultInterpolatedStringHandler(int literalLength, int formattedCount)
{
    private const int LengthOfOne = 11;

    private readonly StringBuilder text = new(literalLength + formattedCount * LengthOfOne);

    public void AppendLiteral(string value) => text.Append(value);

    public void AppendFormatted(string? value) => text.Append(value);

    public void AppendFormatted(ReadOnlySpan<char> value) => text.Append(value);

    public void AppendFormatted<T>(T value) => AppendFormatted(value, 0, null);

    public void AppendFormatted<T>(T value, string? format) => AppendFormatted(value, 0, format);

    public void AppendFormatted<T>(T value, int alignment) => AppendFormatted(value, alignment, null);

    public void AppendFormatted<T>(T value, int alignment, string? format)
    {
        string shown = value is IFormattable formattable
            ? formattable.ToString(format, CultureInfo.InvariantCulture)
            : value?.ToString() ?? "";
        text.Append(alignment < 0 ? shown.PadRight(-alignment) : shown.PadLeft(alignment));
    }

    public string ToStringAndClear() => text.ToString();
}
