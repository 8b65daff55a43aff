namespace Stackelberg.Figures;

/// <summary>Colours that stay apart for colour-blind readers.</summary>
/// <remarks>Okabe and Ito, Color Universal Design (2008), with the yellow left out: it fades on white.</remarks>
public static class Palette
{
    /// <summary>The first colour of a panel's series.</summary>
    public const string Blue = "#0072B2";

    /// <summary>The second colour of a panel's series.</summary>
    public const string Vermilion = "#D55E00";

    /// <summary>The third colour of a panel's series.</summary>
    public const string Green = "#009E73";

    /// <summary>The fourth colour of a panel's series.</summary>
    public const string Purple = "#CC79A7";

    /// <summary>The fifth colour of a panel's series.</summary>
    public const string Orange = "#E69F00";

    /// <summary>The sixth colour of a panel's series.</summary>
    public const string Sky = "#56B4E9";

    /// <summary>Black.</summary>
    public const string Black = "#000000";

    /// <summary>A middle grey, for what stands behind.</summary>
    public const string Grey = "#7F7F7F";

    /// <summary>White.</summary>
    public const string White = "#FFFFFF";

    private static readonly string[] cycle = [Blue, Vermilion, Green, Purple, Orange, Sky, Black, Grey];

    /// <summary>The colour number <paramref name="index"/>, starting over after the eighth.</summary>
    /// <param name="index">Counted from 0.</param>
    public static string At(int index) => cycle[index % cycle.Length];
}

/// <summary>Colours along a scale from 0 to 1.</summary>
public sealed class ColourMap
{
    private readonly (byte R, byte G, byte B)[] anchors;

    private ColourMap(bool isDiscrete, IEnumerable<string> colours)
    {
        IsDiscrete = isDiscrete;
        anchors = [.. colours.Select(Parse)];
        if (anchors.Length == 0)
        {
            throw new ArgumentException("ColourMap: at least one colour is needed.", nameof(colours));
        }
    }

    /// <summary>Dark violet over green to yellow: even in brightness, also printed grey.</summary>
    /// <remarks>Van der Walt and Smith's viridis for matplotlib (CC0), at 11 even places.</remarks>
    public static ColourMap Viridis { get; } =
        Between(
            "#440154",
            "#482475",
            "#414487",
            "#355F8D",
            "#2A788E",
            "#21918C",
            "#22A884",
            "#44BF70",
            "#7AD151",
            "#BDDF26",
            "#FDE725"
        );

    /// <summary>Black to white.</summary>
    public static ColourMap Greys { get; } = Between("#000000", "#FFFFFF");

    /// <summary>White to dark blue, for densities.</summary>
    /// <remarks>Brewer's Blues, 9 classes.</remarks>
    public static ColourMap Blues { get; } =
        Between(
            "#F7FBFF",
            "#DEEBF7",
            "#C6DBEF",
            "#9ECAE1",
            "#6BAED6",
            "#4292C6",
            "#2171B5",
            "#08519C",
            "#08306B"
        );

    /// <summary>Blue over white to red, for values around a middle.</summary>
    /// <remarks>Brewer's RdBu, 9 classes, reversed.</remarks>
    public static ColourMap BlueRed { get; } =
        Between(
            "#2166AC",
            "#4393C3",
            "#92C5DE",
            "#D1E5F0",
            "#F7F7F7",
            "#FDDBC7",
            "#F4A582",
            "#D6604D",
            "#B2182B"
        );

    /// <summary>Whether the colours are steps, one for each of as many equal parts of the scale.</summary>
    public bool IsDiscrete { get; }

    /// <summary>A smooth map through colours at even places.</summary>
    /// <param name="colours">From the lowest to the highest, each <c>#RRGGBB</c>.</param>
    /// <exception cref="ArgumentException">A colour is not written so, or there is none.</exception>
    public static ColourMap Between(params string[] colours)
    {
        ArgumentNullException.ThrowIfNull(colours);
        return new(false, colours);
    }

    /// <summary>A map of steps, for instance one colour for each basin of attraction.</summary>
    /// <param name="colours">From the lowest to the highest, each <c>#RRGGBB</c>.</param>
    /// <exception cref="ArgumentException">A colour is not written so, or there is none.</exception>
    public static ColourMap Steps(params string[] colours)
    {
        ArgumentNullException.ThrowIfNull(colours);
        return new(true, colours);
    }

    /// <summary>This map backwards.</summary>
    public ColourMap Reversed() =>
        new(IsDiscrete, anchors.Reverse().Select(colour => $"#{colour.R:X2}{colour.G:X2}{colour.B:X2}"));

    /// <summary>The colour at a place of the scale.</summary>
    /// <param name="place">From 0 to 1; beyond, the first or last colour.</param>
    public (byte R, byte G, byte B) At(double place)
    {
        place = Math.Clamp(place, 0, 1);
        if (IsDiscrete)
        {
            return anchors[Math.Min((int)(place * anchors.Length), anchors.Length - 1)];
        }

        var along = place * (anchors.Length - 1);
        var index = Math.Min((int)along, Math.Max(anchors.Length - 2, 0));
        var (from, to) = (anchors[index], anchors[Math.Min(index + 1, anchors.Length - 1)]);
        var part = along - index;
        return (Mix(from.R, to.R, part), Mix(from.G, to.G, part), Mix(from.B, to.B, part));
    }

    private static byte Mix(byte from, byte to, double part) => (byte)Math.Round(from + (to - from) * part);

    private static (byte R, byte G, byte B) Parse(string colour)
    {
        if (colour.Length == 7 && colour[0] == '#' && colour.Skip(1).All(char.IsAsciiHexDigit))
        {
            return (
                Convert.ToByte(colour[1..3], 16),
                Convert.ToByte(colour[3..5], 16),
                Convert.ToByte(colour[5..7], 16)
            );
        }

        throw new ArgumentException(
            $"ColourMap: the colour \"{colour}\" is not written as #RRGGBB.",
            nameof(colour)
        );
    }
}

/// <summary>The bar that says which colour means which value.</summary>
internal sealed record ColourBar(ColourMap Map, Scale Scale, string Label)
{
    private const double shortest = 30;

    /// <summary>Whether the label is so short that it need not lie on its side.</summary>
    public bool IsLabelledAbove => Label.Length > 0 && TextSize.Width(Label, Fonts.Label) <= shortest;
}
