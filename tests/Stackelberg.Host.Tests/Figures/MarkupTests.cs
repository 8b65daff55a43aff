using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Stackelberg.Figures;
using Xunit;

namespace Stackelberg.Tests;

public class MarkupTests
{
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData("plain my_run a^b 1/2 {x} }", "plain my_run a^b 1/2 {x} }")]
    [InlineData("/{D_{1}f_{1}} = 0", "D1f1 = 0")]
    [InlineData("/{ω_{S}}", "ω_S")]
    [InlineData("10^{−3}", "10^−3")]
    [InlineData("x_{t_{0}}", "x_t0")]
    [InlineData(@"a\_{b\} c:\dir", "a_{b} c:\\dir")]
    public void Plain_words_leave_the_signs_out(string markup, string plain) =>
        Assert.Equal(plain, Markup.Plain(markup));

    [Theory]
    [InlineData("x1", "/{x}_{1}")]
    [InlineData("θ12", "/{θ}_{12}")]
    [InlineData("x", "x")]
    [InlineData("firm1", "firm1")]
    [InlineData("a_{b}", @"a\_{b\}")]
    public void A_letter_with_a_number_is_indexed(string name, string markup) =>
        Assert.Equal(markup, Markup.Indexed(name));

    [Fact]
    public void Escaped_words_are_shown_letter_by_letter()
    {
        var words = ArbMap.Default.ArbFor<char[]>().Generator.Select(all => new string(all));
        var signs = Gen.Elements("_^/{}\\ a".ToCharArray()).ArrayOf().Select(all => new string(all));
        Prop.ForAll(
                Gen.OneOf(words, signs).ToArbitrary(),
                any =>
                    Markup.Plain(Markup.Escape(any)) == any
                    && Markup.Plain($"x_{{{Markup.Escape(any)}}}").EndsWith(any, StringComparison.Ordinal)
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("ω_{S", '_', 2)]
    [InlineData("a/{b^{2}", '/', 2)]
    [InlineData("a/{b^{2", '^', 5)]
    public void A_brace_that_is_not_closed_is_named(string markup, char sign, int at)
    {
        var figure = new Figure(new Panel { Title = markup });
        Assert.Equal(
            $"Markup: in \"{markup}\" the brace after {sign} at character {at} is not closed; add }}, "
                + $"or write \\{sign}{{ for the characters themselves.",
            Assert.Throws<ArgumentException>(figure.ToSvg).Message
        );
    }

    [Fact]
    public void Scripts_nest_and_come_back_to_the_foot_of_the_line()
    {
        var pieces = Markup.Pieces("/{x}_{t_{0}}^{2} end");
        Assert.Equal(["x", "t", "0", "2", " end"], pieces.Select(piece => piece.Words));
        Assert.Equal([true, false, false, false, false], pieces.Select(piece => piece.IsItalic));
        Assert.Equal([1, 0.72, 0.5184, 0.72, 1], pieces.Select(piece => Math.Round(piece.Size, 6)));
        Assert.Equal([0, -0.2, -0.344, 0.38, 0], pieces.Select(piece => Math.Round(piece.Rise, 6)));
    }

    [Fact]
    public void Italics_slant_letters_and_no_digits() =>
        Assert.Equal(
            [("D", true), ("2", false), ("f", true), (" = 0", false)],
            Markup.Pieces("/{D2f} = 0").Select(piece => (piece.Words, piece.IsItalic))
        );

    [Fact]
    public void A_script_is_narrower_than_its_letters_and_a_sign_takes_no_room()
    {
        const double size = 10;
        Assert.Equal(
            TextSize.Width("x", size) + 0.72 * TextSize.Width("11", size),
            TextSize.Width("x_{11}", size),
            9
        );
        Assert.Equal(TextSize.Width("ab", size), TextSize.Width("/{ab}", size), 9);
        Assert.Equal(TextSize.Width("e", size), TextSize.Width("e\u0301", size), 9);
        Assert.Equal(6.36, TextSize.Width("0", size), 9);
    }

    [Fact]
    public void Words_are_set_as_spans_everywhere()
    {
        const string word = "a_{i}^{2}";
        var figure = new Figure(
            new Panel(
                new Heat(Grid.Sample(0, 1, 2, 0, 1, 2, (x, y) => x)) { Label = word + " in longer words" },
                new Line([0, 1], [0, 1]) { Label = word },
                new Text(0, 0, word)
            )
            {
                Title = word,
                X = new Axis(word) { Ticks = [(0, word)] },
                Y = new Axis(word),
            }
        )
        {
            Title = word,
            Caption = word,
        };
        var texts = XDocument
            .Parse(figure.ToSvg())
            .Descendants(svg + "text")
            .Where(text => text.Value.StartsWith("ai2", StringComparison.Ordinal))
            .ToArray();
        // Figure, panel, two axes, tick, colour bar, legend, text, caption.
        Assert.Equal(9, texts.Length);
        foreach (var text in texts)
        {
            var size = (double)text.Attribute("font-size")!;
            var spans = text.Elements(svg + "tspan").ToArray();
            Assert.Equal(0.2 * size, (double)spans[0].Attribute("dy")!, 2);
            Assert.Equal(-0.58 * size, (double)spans[1].Attribute("dy")!, 2);
            Assert.Equal(0.72 * size, (double)spans[1].Attribute("font-size")!, 2);
        }
    }

    [Fact]
    public void A_line_is_not_broken_within_its_pieces()
    {
        var text = new Figure(new Panel { Title = "/{x}_{1}" }).ToSvg();
        Assert.Contains(
            "><tspan font-style=\"italic\">x</tspan><tspan dy=\"2.8\" font-size=\"10.08\">1</tspan></text>",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_caption_is_broken_at_blanks_outside_braces()
    {
        Assert.Equal(
            ["one two", "/{three four}", "five"],
            Markup.Lines("one two /{three four} five", 10, TextSize.Width("one two x", 10))
        );
        Assert.Equal(["long"], Markup.Lines("long", 10, 1));
        Assert.Equal([@"a \_{b", "c"], Markup.Lines(@"a \_{b c", 10, TextSize.Width(@"a \_{b", 10)));
    }
}
