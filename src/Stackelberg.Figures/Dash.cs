namespace Stackelberg.Figures;

/// <summary>How a line is broken.</summary>
public enum Dash
{
    /// <summary>Not at all.</summary>
    Solid,

    /// <summary>Into strokes.</summary>
    Dashed,

    /// <summary>Into dots.</summary>
    Dotted,

    /// <summary>Into strokes and dots by turns.</summary>
    DashDot,
}

internal static class Dashes
{
    /// <summary>SVG's stroke-dasharray for a line's width, or null for a solid line.</summary>
    public static string? Array(Dash dash, double width)
    {
        double[] pattern = dash switch
        {
            Dash.Dashed => [4.5, 2.5],
            Dash.Dotted => [1, 2],
            Dash.DashDot => [5, 2, 1.2, 2],
            _ => [],
        };
        return pattern.Length == 0
            ? null
            : string.Join(' ', pattern.Select(part => SvgWriter.Number(part * Math.Max(width, 1))));
    }
}
