using Stackelberg.Evaluation;
using Stackelberg.Figures;
using Stackelberg.Kernels;
using Xunit;

namespace Stackelberg.Tests;

public class KernelDensityTests
{
    /// <summary>What the class states for 300 columns.</summary>
    private const double stated = 1e-11;

    /// <summary>The reference numbers were printed to 15 digits, and sum 90,000 or 200 terms.</summary>
    private const double printed = 1e-12;

    [Fact]
    public void The_estimate_is_scipys()
    {
        // scipy 1.10.1, gaussian_kde of the same points; sums over numpy's mgrid[-2:2:300j, -2:2:300j].
        var density = KernelDensity.Fit(First());
        Assert.Equal(0.09521481, density.Covariance[0, 0], 1e-8);
        Assert.Equal(0.04680073, density.Covariance[0, 1], 1e-8);
        Assert.Equal(0.07961981, density.Covariance[1, 1], 1e-8);
        Close(0.130819112077821, density.At(0.1, 0.2), printed);
        Close(2.76844059015621e-14, density.At(-1.5, 1.9), printed);
        Close(0.000410624150958424, density.At(2, 2), printed);
        var (p, q) = (density.On(), KernelDensity.Fit(Second()).On());
        Close(5581.97447763288, p.Values.Cast<double>().Sum(), printed);
        Close(5586.81510479205, q.Values.Cast<double>().Sum(), printed);
        Close(0.275820121423014, Divergence.KullbackLeibler(p, q), stated);
    }

    [Theory]
    // Kernels much wider than a column, about as wide, and much narrower, in and out of the square.
    [InlineData(1.0, 0.5, 0)]
    [InlineData(0.05, 0.02, 0.9)]
    [InlineData(0.01, 0.04, -0.99)]
    [InlineData(0.001, 0.001, 0)]
    [InlineData(3.0, 0.002, 0.5)]
    [InlineData(30.0, 40.0, 0.999)]
    public void A_grid_holds_the_direct_sums(double sx, double sy, double correlation)
    {
        var random = new Philox(9, 0);
        var points = new double[2 * 60];
        random.FillNormal(points, 0, points.Length);
        for (var i = 0; i < points.Length; i += 2)
        {
            var along = correlation * points[i] + Math.Sqrt(1 - correlation * correlation) * points[i + 1];
            (points[i], points[i + 1]) = (1.1 + sx * points[i], -0.7 + sy * along);
        }

        // Either way an exponent of up to 690 is a sum of terms that the correlation makes larger than itself.
        var exponents = 4 * double.BitIncrement(1) - 4;
        var tolerance = stated + exponents * 690 * (1 + Math.Abs(correlation)) / (1 - Math.Abs(correlation));
        var density = KernelDensity.Fit(points);
        var grid = density.On(-2, 2, 301);
        for (var row = 0; row < 301; row += 3)
        {
            for (var column = 0; column < 301; column += 7)
            {
                var direct = density.At(grid.X(column), grid.Y(row));
                var found = grid.Values[row, column];
                // Besides rounding, what the terms below 1e-300 of a kernel's peak amount to.
                Assert.True(
                    Math.Abs(direct - found) <= tolerance * direct + 1e-290,
                    $"row {row}, column {column}: {found}, directly {direct}"
                );
            }
        }
    }

    [Fact]
    public void Points_without_a_density_are_refused_in_words()
    {
        Assert.False(KernelDensity.TryFit([0, 0, 1, 1, 3, 3], out _, out var problem));
        Assert.StartsWith("all points lie on a line", problem, StringComparison.Ordinal);
        Assert.False(KernelDensity.TryFit([1, 2, 1, 2, 1, 2], out _, out problem));
        Assert.StartsWith("all points lie on a line", problem, StringComparison.Ordinal);
        Assert.False(KernelDensity.TryFit([0, 0, 1, 1], out _, out problem));
        Assert.StartsWith("there are 2 points", problem, StringComparison.Ordinal);
        Assert.False(KernelDensity.TryFit([0, 0, 1, double.NaN, 2, 0], out _, out problem));
        Assert.Equal("a point is not finite", problem);
        Assert.Throws<ArgumentException>(() => KernelDensity.Fit([0, 0, 1, 1]));
        Assert.Throws<ArgumentException>(() => KernelDensity.Fit([0, 0, 1]));
    }

    private static double[] First() =>
        [
            .. Enumerable
                .Range(0, 200)
                .SelectMany(i =>
                    new[]
                    {
                        Math.Cos((double)i * i) + 0.3 * Math.Sin(i),
                        Math.Sin(1.7 * i) * 0.8 + 0.5 * Math.Cos((double)i * i),
                    }
                ),
        ];

    private static double[] Second() =>
        [.. Enumerable.Range(0, 200).SelectMany(i => new[] { Math.Sin(3 * i + 1.0), Math.Cos(5 * i) })];

    private static void Close(double expected, double found, double relative) =>
        Assert.True(
            Math.Abs(expected - found) <= relative * Math.Abs(expected),
            $"{found} instead of {expected}"
        );
}
