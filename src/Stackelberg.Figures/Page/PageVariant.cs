namespace Stackelberg.Figures;

/// <summary>How a page shows a figure on screens of some width.</summary>
/// <param name="Name">A class of the page's style sheet.</param>
/// <param name="WidestBox">Axes boxes are at most so wide, in pixels.</param>
/// <param name="PanelsPerRow">At most so many panels stand in a row.</param>
/// <param name="Room">A figure that is narrower, in pixels, is shown larger, though at most one and a half times.</param>
internal sealed record PageVariant(string Name, double WidestBox, int PanelsPerRow, double Room)
{
    private const double largest = 1.5;

    /// <summary>How many times lines can be enlarged before they show that points were left out.</summary>
    public const double Detail = 8;

    /// <summary>As in a file.</summary>
    public static PageVariant Wide { get; } = new("wide", double.PositiveInfinity, int.MaxValue, 900);

    /// <summary>For a phone: one panel below the other, in letters that need not shrink.</summary>
    public static PageVariant Narrow { get; } = new("narrow", 300, 1, 0);

    /// <summary>How many times as large a figure of some width is shown.</summary>
    public double Enlarge(double width) => Math.Clamp(Room / width, 1, largest);
}
