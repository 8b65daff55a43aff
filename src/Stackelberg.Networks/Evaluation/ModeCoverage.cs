using Stackelberg.Data;

namespace Stackelberg.Evaluation;

/// <summary>Which modes of a mixture points come near.</summary>
/// <param name="NearMode">For each mode, the points that lie within three standard deviations of it and nearer to it than
/// to any other.</param>
/// <param name="Points">The number of all points.</param>
/// <remarks>A. Srivastava et al., VEEGAN (2017): a point is of high quality within three standard deviations of a mode, and a
/// mode is captured when such a point is nearest to it.</remarks>
public sealed record ModeCoverage(IReadOnlyList<int> NearMode, int Points)
{
    private const double near = 3;

    /// <summary>The modes that at least one point comes near.</summary>
    public int Captured => NearMode.Count(count => count > 0);

    /// <summary>The share of points near a mode, from 0 to 1.</summary>
    public double ShareNear => (double)NearMode.Sum() / Points;

    /// <summary>Counts.</summary>
    /// <param name="points">[n, 2] row-major, at least one; points that are not finite are near no mode.</param>
    /// <param name="mixture">The modes and their standard deviation.</param>
    /// <exception cref="ArgumentException">There is no point, or the length is odd.</exception>
    public static ModeCoverage Of(ReadOnlySpan<double> points, GaussianMixture mixture)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        if (points.Length == 0 || points.Length % 2 == 1)
        {
            throw new ArgumentException(
                $"ModeCoverage.Of: points has {points.Length} entries, but two for each of at least one point are needed.",
                nameof(points)
            );
        }

        var counts = new int[mixture.Modes.Count];
        for (var i = 0; i < points.Length; i += 2)
        {
            var (nearest, least) = (0, double.PositiveInfinity);
            for (var mode = 0; mode < counts.Length; mode++)
            {
                var (x, y) = mixture.Modes[mode];
                var (dx, dy) = (points[i] - x, points[i + 1] - y);
                var square = dx * dx + dy * dy;
                (nearest, least) = square < least ? (mode, square) : (nearest, least);
            }

            counts[nearest] += Math.Sqrt(least) <= near * mixture.Deviation ? 1 : 0;
        }

        return new(counts, points.Length / 2);
    }
}
