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
