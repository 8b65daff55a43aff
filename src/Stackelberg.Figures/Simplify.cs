namespace Stackelberg.Figures;

/// <summary>Cuts lines at the axes box and leaves out points that make no visible difference.</summary>
internal static class Simplify
{
    // A path may leave the box by this much, so that thick strokes end outside; the box is clipped besides.
    private const double margin = 8;

    // Two points nearer than this, in pixels, look like one; a bend flatter than half of it looks straight.
    private const double near = 0.3;

    /// <summary>Splits a line where it is broken or leaves the box, and thins what remains.</summary>
    public static List<(double X, double Y)[]> Polylines((double X, double Y)[] points, Frame frame)
    {
        var pieces = new List<(double X, double Y)[]>();
        var piece = new List<(double X, double Y)>();

        void End()
        {
            if (piece.Count > 1)
            {
                pieces.Add(Thin(piece, frame.Detail));
            }

            piece.Clear();
        }

        for (var i = 1; i < points.Length; i++)
        {
            if (Clip(points[i - 1], points[i], frame) is not { } segment)
            {
                End();
                continue;
            }

            if (piece.Count == 0 || piece[^1] != segment.From)
            {
                End();
                piece.Add(segment.From);
            }

            piece.Add(segment.To);
        }

        End();
        return pieces;
    }

    /// <summary>The points, by their indices, that make the same picture without the others; a point without a
    /// place stays where it breaks the line.</summary>
    public static List<int> Visible((double X, double Y)[] points)
    {
        var kept = new List<int>();
        for (int from = 0, to; from < points.Length; from = to)
        {
            var start = from;
            for (to = from; to < points.Length && !double.IsNaN(points[to].X + points[to].Y); to++) { }
            if (to > start)
            {
                kept.AddRange(ThinIndices(points[start..to]).Select(index => start + index));
            }

            if (to < points.Length)
            {
                kept.Add(to);
                for (; to < points.Length && double.IsNaN(points[to].X + points[to].Y); to++) { }
            }
        }

        return kept;
    }

    /// <summary>The same picture with fewer points; the first and the last stay.</summary>
    public static (double X, double Y)[] Thin(
        IReadOnlyList<(double X, double Y)> points,
        double detail = 1
    ) => [.. ThinIndices(points, detail).Select(index => points[index])];

    private static List<int> ThinIndices(IReadOnlyList<(double X, double Y)> points, double detail = 1)
    {
        var rising = true;
        for (var i = 1; i < points.Count && rising; i++)
        {
            rising = points[i].X >= points[i - 1].X;
        }

        return Straighten(
            points,
            rising ? Columns(points, detail) : [.. Enumerable.Range(0, points.Count)],
            near / detail
        );
    }

    /// <summary>Of all points within half a pixel's column: the first, the lowest, the highest and the last.</summary>
    private static List<int> Columns(IReadOnlyList<(double X, double Y)> points, double detail)
    {
        var columnsPerPixel = 2 * detail;
        var kept = new List<int>();
        for (int from = 0, to; from < points.Count; from = to)
        {
            var column = Math.Floor(points[from].X * columnsPerPixel);
            int low = from,
                high = from;
            for (to = from; to < points.Count && Math.Floor(points[to].X * columnsPerPixel) == column; to++)
            {
                low = points[to].Y < points[low].Y ? to : low;
                high = points[to].Y > points[high].Y ? to : high;
            }

            int[] chosen = [from, Math.Min(low, high), Math.Max(low, high), to - 1];
            kept.AddRange(chosen.Distinct());
        }

        return kept;
    }

    /// <summary>Leaves out points near the last kept one, and points on the way from it to a later one.</summary>
    private static List<int> Straighten(
        IReadOnlyList<(double X, double Y)> points,
        List<int> candidates,
        double near
    )
    {
        var kept = new List<int> { candidates[0] };
        // Points since the last kept one, which the next chord must pass.
        var passed = new List<(double X, double Y)>();
        var lastPassed = 0;
        const int longest = 64;
        for (var i = 1; i < candidates.Count; i++)
        {
            var from = points[kept[^1]];
            var point = points[candidates[i]];
            if (passed.Count > 0 && (passed.Count >= longest || !Passes(from, point, passed, near)))
            {
                kept.Add(lastPassed);
                passed.Clear();
                from = points[kept[^1]];
            }

            var isNear = Distance(from, point) < near;
            if (!isNear || i == candidates.Count - 1)
            {
                passed.Add(point);
                lastPassed = candidates[i];
            }
        }

        if (passed.Count > 0)
        {
            kept.Add(lastPassed);
        }

        return kept;
    }

    private static bool Passes(
        (double X, double Y) from,
        (double X, double Y) to,
        List<(double X, double Y)> by,
        double near
    )
    {
        double x = to.X - from.X,
            y = to.Y - from.Y,
            length = Math.Sqrt(x * x + y * y);
        if (length == 0)
        {
            return false;
        }

        var before = 0.0;
        foreach (var point in by)
        {
            double u = point.X - from.X,
                v = point.Y - from.Y,
                along = (u * x + v * y) / length,
                beside = Math.Abs(u * y - v * x) / length;
            // A line that turns back would be cut short.
            if (beside > near / 2 || along < before || along > length)
            {
                return false;
            }

            before = along;
        }

        return true;
    }

    private static double Distance((double X, double Y) a, (double X, double Y) b) =>
        Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y));

    /// <summary>The part of a segment in the box with its margin, or null (Liang and Barsky, 1984).</summary>
    private static ((double X, double Y) From, (double X, double Y) To)? Clip(
        (double X, double Y) a,
        (double X, double Y) b,
        Frame frame
    )
    {
        double dx = b.X - a.X,
            dy = b.Y - a.Y;
        if (double.IsNaN(dx + dy))
        {
            return null;
        }

        double enter = 0,
            leave = 1;
        ReadOnlySpan<(double Speed, double Room)> edges =
        [
            (-dx, a.X - (frame.Left - margin)),
            (dx, frame.Right + margin - a.X),
            (-dy, a.Y - (frame.Top - margin)),
            (dy, frame.Bottom + margin - a.Y),
        ];
        foreach (var (speed, room) in edges)
        {
            if (speed == 0 && room < 0)
            {
                return null;
            }

            if (speed < 0)
            {
                enter = Math.Max(enter, room / speed);
            }
            else if (speed > 0)
            {
                leave = Math.Min(leave, room / speed);
            }
        }

        if (enter > leave)
        {
            return null;
        }

        var from = enter > 0 ? (a.X + enter * dx, a.Y + enter * dy) : a;
        var to = leave < 1 ? (a.X + leave * dx, a.Y + leave * dy) : b;
        return (from, to);
    }
}
