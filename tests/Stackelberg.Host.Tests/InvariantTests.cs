extern alias Host;

using System.Globalization;
using Xunit;
using Handler = Host::System.Runtime.CompilerServices.DefaultInterpolatedStringHandler;

namespace Stackelberg.Tests;

/// <summary>What $"…" of the product does is what the base library's own does in the invariant culture, in every culture.</summary>
public sealed class InvariantTests : IDisposable
{
    private readonly CultureInfo before = CultureInfo.CurrentCulture;

    public InvariantTests()
    {
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NumberGroupSeparator = ".";
        comma.NumberFormat.NegativeSign = "\u2212";
        CultureInfo.CurrentCulture = comma;
    }

    public void Dispose() => CultureInfo.CurrentCulture = before;

    [Fact]
    public void Numbers_dates_and_formats_are_invariant()
    {
        const double x = -1234.5;
        var day = new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);
        Same($"{x}", $"{x}");
        Same($"{x:F2} and {x:N1}", $"{x:F2} and {x:N1}");
        Same($"{x:R}{12345678L:N0}{0.5m}{(float)x}{-7}", $"{x:R}{12345678L:N0}{0.5m}{(float)x}{-7}");
        Same($"{double.NaN} {double.NegativeInfinity}", $"{double.NaN} {double.NegativeInfinity}");
        Same($"{day} {day:yyyy-MM-dd} {day:d}", $"{day} {day:yyyy-MM-dd} {day:d}");
        Same($"{new System.Numerics.Complex(1.5, -2.5)}", $"{new System.Numerics.Complex(1.5, -2.5)}");
        Assert.Equal("-1234.5", Text($"{x}"));
        Assert.Equal("-1,234.50", Text($"{x:N2}"));
    }

    [Fact]
    public void Alignment_pads_on_the_side_that_its_sign_says_and_never_cuts()
    {
        const double x = -1.5;
        Same($"[{x, 10}]", $"[{x, 10}]");
        Same($"[{x, -10}]", $"[{x, -10}]");
        Same($"[{x, -10:F2}]", $"[{x, -10:F2}]");
        Same($"[{x, 10:F2}]", $"[{x, 10:F2}]");
        Same($"[{x, 2}]", $"[{x, 2}]");
        Same($"[{"ab", 5}{"ab", -5}{"abcdef", 3}]", $"[{"ab", 5}{"ab", -5}{"abcdef", 3}]");
        Assert.Equal("[      -1.5]", Text($"[{x, 10}]"));
        Assert.Equal("[-1.50     ]", Text($"[{x, -10:F2}]"));
    }

    [Fact]
    public void Nothing_is_an_empty_text_of_its_width()
    {
        string? text = null;
        object? something = null;
        int? number = null;
        double? half = 0.5;
        Same($"[{text}]", $"[{text}]");
        Same($"[{something}]", $"[{something}]");
        Same($"[{number}{half}]", $"[{number}{half}]");
        Same(
            $"[{text, 4}{something, -3}{number, 2}{half, 6:F2}]",
            $"[{text, 4}{something, -3}{number, 2}{half, 6:F2}]"
        );
        Same($"[{something:F2}]", $"[{something:F2}]");
        Same($"", $"");
    }

    [Fact]
    public void Spans_texts_characters_and_braces_are_as_they_stand()
    {
        Assert.Equal("bcdx{}y", Text($"{"abcdef".AsSpan(1, 3)}{'x'}{{}}{"y"}"));
        Same(
            $"{'x', 3}{true, 6}{DayOfWeek.Friday, -8}{DayOfWeek.Friday:D}",
            $"{'x', 3}{true, 6}{DayOfWeek.Friday, -8}{DayOfWeek.Friday:D}"
        );
        Assert.Equal("", Text($"{default(ReadOnlySpan<char>)}"));
    }

    [Fact]
    public void What_formats_itself_is_given_the_format_and_the_invariant_culture()
    {
        Assert.Equal("/", Text($"{new Own()}"));
        Assert.Equal("F2/", Text($"{new Own():F2}"));
        Assert.Equal("[    G/]", Text($"[{new Own(), 6:G}]"));
        Assert.Equal("[G/    ]", Text($"[{(object)new Own(), -6:G}]"));
        // What cannot is asked for its own words, whatever the format.
        Assert.Equal("[  plain]", Text($"[{new Plain(), 7:F2}]"));
        FormattableString late = $"{1.5}";
        Assert.Equal("1.5", Text($"{late}"));
    }

    [Fact]
    public void Nested_and_long_texts_are_put_together_in_their_order()
    {
        const double x = 1.5;
        Same($"a{$"b{x:F1}c{$"{-x, 6}"}", 12}d", $"a{$"b{x:F1}c{$"{-x, 6}"}", 12}d");
        var many = string.Concat(Enumerable.Repeat("0123456789", 1000));
        Assert.Equal(many + "1.5" + many, Text($"{many}{x}{many}"));
    }

    private static void Same(Handler own, FormattableString expected) =>
        Assert.Equal(FormattableString.Invariant(expected), own.ToStringAndClear());

    private static string Text(Handler own) => own.ToStringAndClear();

    private sealed class Own : IFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) =>
            $"{format}{(ReferenceEquals(formatProvider, CultureInfo.InvariantCulture) ? "/" : "?")}";
    }

    private sealed class Plain
    {
        public override string ToString() => "plain";
    }
}
