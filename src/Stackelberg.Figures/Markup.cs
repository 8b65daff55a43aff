using System.Globalization;
using System.Text;

namespace Stackelberg.Figures;

/// <summary>How the words of a figure are written, wherever they stand: a sign directly before a brace lowers, raises or
/// slants what the braces hold.</summary>
/// <remarks>
/// <c>x_{1}</c> is a subscript, <c>10^{−3}</c> a superscript, and in <c>/{D_{1}f}</c> the letters are italic, the digits not.
/// They nest: <c>/{x}_{t_{0}}</c>. Without the brace the sign stands for itself, so that <c>my_run</c> is what it looks like.
/// A backslash before _, ^, /, {, } or \ makes that character a letter like others: <c>a\_{b}</c>. The data files have the
/// words as <see cref="Plain"/> writes them.
/// </remarks>
public static class Markup
{
    private const string signs = "_^/";

    // Parts of the letters' size, as sub and superscripts are set in print.
    private const double smaller = 0.72;
    private const double lowered = 0.2;
    private const double raised = 0.38;

    /// <summary>Words that a figure shows letter by letter, for instance a name that a user gave.</summary>
    /// <param name="words">Any words.</param>
    /// <example><code>Markup.Escape("a_{b}") // a\_{b\}</code></example>
    public static string Escape(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var escaped = new StringBuilder();
        for (var i = 0; i < words.Length; i++)
        {
            var isSign = signs.Contains(words[i]) && i + 1 < words.Length && words[i + 1] == '{';
            escaped.Append(isSign || words[i] is '\\' or '}' ? "\\" : "").Append(words[i]);
        }

        return escaped.ToString();
    }

    /// <summary>A name of one letter and digits with the digits as a subscript; any other name as it is.</summary>
    /// <param name="name">For instance of a player.</param>
    /// <example><code>Markup.Indexed("x1") // /{x}_{1}</code></example>
    public static string Indexed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 1 && char.IsLetter(name[0]) && name.Skip(1).All(char.IsAsciiDigit)
            ? $"/{{{name[0]}}}_{{{name[1..]}}}"
            : Escape(name);
    }

    /// <summary>The words on one line of plain text: D1f1, ω_S, 10^−3.</summary>
    /// <param name="markup">Words with signs.</param>
    /// <exception cref="ArgumentException">A brace is not closed.</exception>
    public static string Plain(string markup)
    {
        ArgumentNullException.ThrowIfNull(markup);
        return string.Concat(Tree(markup).Select(Words));
    }

    /// <summary>The pieces of one line from left to right.</summary>
    internal static IReadOnlyList<TextPiece> Pieces(string markup)
    {
        var pieces = new List<TextPiece>();
        Flatten(Tree(markup), new TextPiece("", 1, 0, false), pieces);
        return pieces;
    }

    /// <summary>The words on lines of a width, broken at blanks outside braces.</summary>
    internal static IReadOnlyList<string> Lines(string markup, double size, double width)
    {
        var lines = new List<string>();
        var (start, broken, depth, escaped) = (0, -1, 0, -1);
        for (var i = 0; i <= markup.Length; i++)
        {
            var c = i < markup.Length ? markup[i] : ' ';
            if (c == ' ' && depth == 0)
            {
                if (broken > start && TextSize.Width(markup[start..i], size) > width)
                {
                    lines.Add(markup[start..broken]);
                    start = broken + 1;
                }

                broken = i;
            }

            if (c == '\\')
            {
                escaped = ++i;
            }
            else if (c == '{' && i > 0 && i - 1 != escaped && signs.Contains(markup[i - 1]))
            {
                depth++;
            }
            else if (c == '}' && depth > 0)
            {
                depth--;
            }
        }

        lines.Add(markup[start..]);
        return lines;
    }

    private static List<Node> Tree(string markup)
    {
        var at = 0;
        return Nodes(markup, ref at, null);
    }

    private static List<Node> Nodes(string markup, ref int at, int? opened)
    {
        var nodes = new List<Node>();
        var words = new StringBuilder();
        void End()
        {
            if (words.Length > 0)
            {
                nodes.Add(new Node(' ', words.ToString(), []));
                words.Clear();
            }
        }

        for (; at < markup.Length; at++)
        {
            var (c, next) = (markup[at], at + 1 < markup.Length ? markup[at + 1] : ' ');
            if (c == '\\' && (signs.Contains(next) || next is '{' or '}' or '\\'))
            {
                words.Append(next);
                at++;
            }
            else if (signs.Contains(c) && next == '{')
            {
                End();
                var start = at;
                at += 2;
                nodes.Add(new Node(c, "", Nodes(markup, ref at, start)));
            }
            else if (c == '}' && opened is not null)
            {
                End();
                return nodes;
            }
            else
            {
                words.Append(c);
            }
        }

        if (opened is { } sign)
        {
            throw new ArgumentException(
                $"Markup: in \"{markup}\" the brace after {markup[sign]} at character {sign + 1} is not closed; "
                    + $"add }}, or write \\{markup[sign]}{{ for the characters themselves."
            );
        }

        End();
        return nodes;
    }

    private static void Flatten(List<Node> nodes, TextPiece style, List<TextPiece> pieces)
    {
        foreach (var node in nodes)
        {
            var size = style.Size;
            switch (node.Sign)
            {
                case '_':
                    Flatten(
                        node.Parts,
                        style with
                        {
                            Size = size * smaller,
                            Rise = style.Rise - lowered * size,
                        },
                        pieces
                    );
                    break;
                case '^':
                    Flatten(
                        node.Parts,
                        style with
                        {
                            Size = size * smaller,
                            Rise = style.Rise + raised * size,
                        },
                        pieces
                    );
                    break;
                case '/':
                    Flatten(node.Parts, style with { IsItalic = true }, pieces);
                    break;
                default:
                    pieces.AddRange(
                        Cut(node.Words, style.IsItalic)
                            .Select(words =>
                                style with
                                {
                                    Words = words,
                                    IsItalic = style.IsItalic && IsLetter(words[0]),
                                }
                            )
                    );
                    break;
            }
        }
    }

    /// <summary>Italic words cut where letters begin or end.</summary>
    private static IEnumerable<string> Cut(string words, bool isItalic)
    {
        var from = 0;
        for (var i = 1; i <= words.Length; i++)
        {
            if (i == words.Length || (isItalic && IsLetter(words[i]) != IsLetter(words[i - 1])))
            {
                yield return words[from..i];
                from = i;
            }
        }
    }

    private static bool IsLetter(char c) => char.IsLetter(c) || char.IsSurrogate(c) || TextSize.IsMark(c);

    private static string Words(Node node)
    {
        var inside = string.Concat(node.Parts.Select(Words));
        return node.Sign switch
        {
            ' ' => node.Words,
            '_' when !inside.All(char.IsAsciiDigit) => "_" + inside,
            '^' => "^" + inside,
            _ => inside,
        };
    }

    private sealed record Node(char Sign, string Words, List<Node> Parts);
}

/// <summary>Part of a line of text.</summary>
/// <param name="Words">The words.</param>
/// <param name="Size">As part of the line's size.</param>
/// <param name="Rise">How far above the line's foot it stands, as part of the line's size.</param>
/// <param name="IsItalic">Whether it is slanted.</param>
internal readonly record struct TextPiece(string Words, double Size, double Rise, bool IsItalic);

/// <summary>How wide a text is drawn, at most: the reader's font is not known.</summary>
internal static class TextSize
{
    // DejaVu Sans' widths of the characters from space to ~, in thousandths of the size: of the fonts that a figure asks for,
    // the widest.
    // csharpier-ignore
    private static readonly short[] latin =
    [
        317, 400, 459, 837, 636, 950, 779, 274, 390, 390, 500, 837, 317, 360, 317, 336,
        636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 336, 336, 837, 837, 837, 530,
        1000, 684, 686, 698, 770, 631, 575, 774, 751, 294, 294, 655, 557, 862, 748, 787,
        603, 787, 694, 634, 610, 731, 684, 988, 685, 610, 685, 390, 336, 390, 837, 500,
        500, 612, 634, 549, 634, 615, 352, 634, 633, 277, 277, 579, 277, 974, 633, 611,
        634, 634, 411, 520, 392, 633, 591, 817, 591, 591, 524, 636, 336, 636, 837,
    ];

    public static double Width(string markup, double size) =>
        size * Markup.Pieces(markup).Sum(piece => piece.Size * piece.Words.Sum(Letter));

    public static bool IsMark(char c) =>
        CharUnicodeInfo.GetUnicodeCategory(c)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark;

    private static double Letter(char c) =>
        c is >= ' ' and <= '~' ? latin[c - ' '] / 1000.0
        : c is 'ω' or 'm' ? 0.84
        : c is '·' or 'ι' ? 0.34
        : c is >= '⁰' and <= '₎' or '¹' or '²' or '³' ? 0.4
        : char.IsSurrogate(c) ? 0.5
        : IsMark(c) ? 0
        : c is '½' or '→' || char.IsSymbol(c) ? 0.9
        : char.IsUpper(c) ? 0.75
        : char.IsLetter(c) ? 0.64
        : 0.6;
}
