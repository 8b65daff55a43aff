using System.Globalization;
using System.Net;

namespace Stackelberg.Reports;

/// <summary>A piece of HTML. Whatever is put into one is escaped, unless it is such a piece itself.</summary>
/// <param name="Markup">The text of the page.</param>
internal readonly record struct Html(string Markup)
{
    /// <summary>A piece with holes: text and numbers in them are escaped, pieces go in as they are.</summary>
    /// <example><c>Html.Of($"&lt;p&gt;{"a &lt; b"}&lt;/p&gt;")</c> is <c>&lt;p&gt;a &amp;lt; b&lt;/p&gt;</c>.</example>
    public static Html Of(FormattableString markup) =>
        new(
            string.Format(
                CultureInfo.InvariantCulture,
                markup.Format,
                Array.ConvertAll(markup.GetArguments(), Hole)
            )
        );

    /// <summary>A table; the columns from <paramref name="firstNumber"/> on are set to the right.</summary>
    public static Html Table(
        IEnumerable<string> columns,
        IEnumerable<IEnumerable<object?>> rows,
        int firstNumber = int.MaxValue
    )
    {
        return Of(
            $"<div class=\"wide\"><table><thead><tr>{columns.Select((text, index) => Of($"<th{Class(index)}>{text}</th>"))}</tr></thead><tbody>{rows.Select(Row)}</tbody></table></div>\n"
        );

        Html Row(IEnumerable<object?> cells) =>
            Of($"<tr>{cells.Select((cell, index) => Of($"<td{Class(index)}>{cell}</td>"))}</tr>\n");

        Html Class(int index) => new(index >= firstNumber ? " class=\"number\"" : "");
    }

    private static object Hole(object? value) =>
        value switch
        {
            Html html => html.Markup,
            IEnumerable<Html> pieces => string.Concat(pieces.Select(piece => piece.Markup)),
            _ => WebUtility.HtmlEncode(Convert.ToString(value, CultureInfo.InvariantCulture)) ?? "",
        };
}
