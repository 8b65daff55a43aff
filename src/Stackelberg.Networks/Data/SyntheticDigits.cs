using Stackelberg.Kernels;

namespace Stackelberg.Data;

/// <summary>Drawn digits that look a little like handwritten ones, for use where no real data are at hand: strokes through
/// moved points, turned, slanted, stretched and bent, of changing width. They are no real handwriting, every dataset of them
/// says so, and scores on them compare with nothing published.</summary>
public static class SyntheticDigits
{
    /// <summary>Rows and columns of an image.</summary>
    public const int Side = 28;

    // Numbers drawn for each image: 16 uniform ones, then normal ones for the points, then noise for each pixel.
    private const int choices = 16;
    private const int mostPoints = 16;
    private const int piecesPerSpan = 6;

    /// <summary>The first so many images of a seed: labels 0, 1, …, 9, 0, 1, ….</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Image i is a function of the seed and i alone.</param>
    /// <param name="first">The i of the first image: test images of the same seed begin beyond the training images.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no image, or an i is negative.</exception>
    /// <example><code>ImageDataset train = SyntheticDigits.Make(10_000, seed: 1); // train.IsSynthetic is true</code></example>
    public static ImageDataset Make(int count, ulong seed, int first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var pixels = new byte[checked(count * Side * Side)];
        Parallel.For(
            0,
            count,
            () => new Pen(),
            (i, _, pen) =>
            {
                pen.Write(seed, first + i, pixels.AsSpan(i * Side * Side, Side * Side));
                return pen;
            },
            _ => { }
        );
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)((first + i) % 10))];
        return new($"synthetic digits, seed {seed}", true, Side, Side, pixels, labels);
    }

    /// <summary>What one thread writes with.</summary>
    private sealed class Pen
    {
        private readonly double[] uniform = new double[choices];
        private readonly double[] normal = new double[2 * mostPoints + Side * Side];
        private readonly double[] ink = new double[Side * Side];
        private readonly StrokeCanvas canvas = new(Side);

        public void Write(ulong seed, int index, Span<byte> to)
        {
            var random = new Philox(seed, (ulong)index);
            random.FillUniform(uniform, 0, uniform.Length);
            random.FillNormal(normal, 0, normal.Length);
            var shapes = DigitShape.Table[index % 10];
            // The square prefers the first ways of writing.
            var shape = shapes[(int)(uniform[0] * uniform[0] * shapes.Length)];
            var points = Place(shape.Points);
            var (width, swell, phase) = (Between(1, 0.8, 1.7), Between(2, 0, 0.25), Between(3, 0, Math.Tau));
            canvas.Clear();
            foreach (var stroke in shape.Strokes)
            {
                Draw([.. stroke.Select(i => points[i])], t => width * (1 + swell * Math.Sin(phase + 3 * t)));
            }

            canvas.Ink(Between(4, 0.9, 1.6), ink);
            var (strength, grain) = (Between(5, 0.85, 1), Between(6, 0, 0.08));
            for (var i = 0; i < ink.Length; i++)
            {
                var noisy = ink[i] * strength * (1 + grain * normal[2 * mostPoints + i]);
                to[i] = (byte)Math.Round(255 * Math.Clamp(noisy, 0, 1));
            }
        }

        /// <summary>The points of a shape moved, bent, slanted, stretched and turned, in pixels.</summary>
        private (double X, double Y)[] Place((double X, double Y)[] shape)
        {
            const double centre = (Side - 1) / 2.0;
            var (sin, cos) = Math.SinCos(Between(7, -0.22, 0.22));
            var slant = Between(8, -0.12, 0.38);
            var (height, aspect) = (Between(9, 8, 10.4), Between(10, 0.7, 1.1));
            var (bend, bendPhase) = (Between(11, 0, 0.14), Between(12, 0, Math.Tau));
            var lift = Between(13, -0.14, 0.14);
            var (right, down) = (Between(14, -1.2, 1.2), Between(15, -1.2, 1.2));
            const double moved = 0.05;
            var placed = new (double X, double Y)[shape.Length];
            for (var i = 0; i < shape.Length; i++)
            {
                var x = shape[i].X + moved * normal[2 * i];
                var y = shape[i].Y + moved * normal[2 * i + 1];
                x += bend * Math.Sin(bendPhase + 2.2 * y);
                y += lift * x;
                x = (x - slant * y) * aspect;
                placed[i] = (
                    centre + right + height * (cos * x - sin * y),
                    centre + down + height * (sin * x + cos * y)
                );
            }

            return placed;
        }

        /// <summary>A smooth line through points: Catmull and Rom's cubic (1974) between each two.</summary>
        private void Draw((double X, double Y)[] points, Func<double, double> radius)
        {
            var last = points.Length - 1;
            var isClosed = points[0] == points[last] && last > 1;
            // Beyond an open end the line goes straight on; a closed one goes round.
            (double X, double Y) Point(int i) =>
                i < 0 ? (isClosed ? points[last - 1] : Beyond(points[0], points[1]))
                : i > last ? (isClosed ? points[1] : Beyond(points[last], points[last - 1]))
                : points[i];
            for (var i = 0; i < last; i++)
            {
                var (a, b, c, d) = (Point(i - 1), Point(i), Point(i + 1), Point(i + 2));
                var from = b;
                for (var piece = 1; piece <= piecesPerSpan; piece++)
                {
                    var t = (double)piece / piecesPerSpan;
                    var to = (Cubic(a.X, b.X, c.X, d.X, t), Cubic(a.Y, b.Y, c.Y, d.Y, t));
                    canvas.Line(from, to, radius(i + t - 1.0 / piecesPerSpan), radius(i + t));
                    from = to;
                }
            }
        }

        private double Between(int choice, double low, double high) => low + (high - low) * uniform[choice];

        private static (double, double) Beyond((double X, double Y) end, (double X, double Y) before) =>
            (2 * end.X - before.X, 2 * end.Y - before.Y);

        private static double Cubic(double a, double b, double c, double d, double t) =>
            b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }
}
