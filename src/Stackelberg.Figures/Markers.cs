namespace Stackelberg.Figures;

/// <summary>Draws the markers' shapes.</summary>
internal static class Markers
{
    private const double openEdge = 1.5;

    public static void Draw(
        SvgWriter svg,
        Marker marker,
        double x,
        double y,
        double size,
        bool filled,
        string colour,
        string? edge,
        double opacity
    )
    {
        var fill = filled ? colour : "#FFFFFF";
        Stroke? stroke =
            !filled ? new Stroke(colour, openEdge, Dash.Solid, opacity)
            : edge is not null ? new Stroke(edge, 1, Dash.Solid, opacity)
            : null;
        var radius = size / 2;
        if (marker == Marker.Circle)
        {
            svg.Circle(x, y, radius, fill, opacity, stroke);
        }
        else if (marker == Marker.Cross)
        {
            var arm = radius * 0.8;
            svg.Path(
                [
                    [(x - arm, y - arm), (x + arm, y + arm)],
                    [(x - arm, y + arm), (x + arm, y - arm)],
                ],
                new Stroke(colour, Math.Max(1.5, size / 5), Dash.Solid, opacity)
            );
        }
        else
        {
            // Corners on a circle, larger where a shape of few corners would look small; the first angle in degrees.
            var (corners, from, grow) = marker switch
            {
                Marker.Triangle => (3, -90, 1.25),
                Marker.Hexagon => (6, -90, 1.1),
                Marker.Diamond => (4, -90, 1.15),
                _ => (4, -45, 1.2),
            };
            svg.Polygon(Ring(x, y, radius * grow, corners, from), fill, opacity, stroke);
        }
    }

    private static (double, double)[] Ring(double x, double y, double radius, int corners, double from) =>
        [
            .. Enumerable
                .Range(0, corners)
                .Select(corner => (from + 360.0 * corner / corners) * Math.PI / 180)
                .Select(angle => (x + radius * Math.Cos(angle), y + radius * Math.Sin(angle))),
        ];
}
