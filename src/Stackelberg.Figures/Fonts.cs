namespace Stackelberg.Figures;

/// <summary>The sizes of letters in pixels, and the greys of what is not data.</summary>
internal static class Fonts
{
    public const double Heading = 16;
    public const double Title = 14;
    public const double Label = 13;
    public const double TickLabel = 11.5;
    public const double Legend = 12;
    public const string Ink = "#1A1A1A";
    public const string GridLine = "#E4E4E4";
    public const string AxisLine = "#333333";
}
