namespace Stackelberg.Figures;

internal static class FigureDrawing
{
    public static string Draw(Figure figure)
    {
        using var svg = new SvgWriter(100, 100);
        return figure.Title + svg.Finish();
    }
}
