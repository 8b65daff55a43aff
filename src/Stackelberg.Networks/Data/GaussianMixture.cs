using Stackelberg.Kernels;

namespace Stackelberg.Data;

/// <summary>Points in the plane around modes: a mode is chosen evenly, then independent normal noise of one standard
/// deviation is added to both coordinates.</summary>
public sealed class GaussianMixture
{
    private readonly (double X, double Y)[] modes;

    /// <summary>A mixture.</summary>
    /// <param name="name">What configurations call it.</param>
    /// <param name="modes">The centres; at least one.</param>
    /// <param name="deviation">The standard deviation (not the variance) of each coordinate around its mode, above
    /// 0.</param>
    /// <exception cref="ArgumentException">There is no mode, or the deviation is not a positive number.</exception>
    public GaussianMixture(string name, IReadOnlyList<(double X, double Y)> modes, double deviation)
    {
        ArgumentNullException.ThrowIfNull(modes);
        if (modes.Count == 0 || !(deviation > 0 && double.IsFinite(deviation)))
        {
            throw new ArgumentException(
                $"GaussianMixture: \"{name}\" has {modes.Count} modes and deviation {deviation}, but at least one mode and "
                    + "a finite deviation above 0 are needed."
            );
        }

        (Name, this.modes, Deviation) = (name, [.. modes], deviation);
    }

    /// <summary>"circle": 8 modes on the unit circle, standard deviation 0.05.</summary>
    /// <remarks>Both codes of Fiez, Chasnov and Ratliff.</remarks>
    public static GaussianMixture Circle { get; } = new("circle", Ring(8, 1), 0.05);

    /// <summary>"circle-paper": 8 modes on the unit circle, variance 0.3.</summary>
    /// <remarks>As the text of Fiez, Chasnov and Ratliff (arXiv 1906.01217, section 4.3) says; the modes then overlap.</remarks>
    public static GaussianMixture CirclePaper { get; } = new("circle-paper", Ring(8, 1), Math.Sqrt(0.3));

    /// <summary>"diamond": 4 modes at distance 1.2 on the axes, standard deviation 0.15.</summary>
    /// <remarks>The ICML code.</remarks>
    public static GaussianMixture Diamond { get; } = new("diamond", Ring(4, 1.2), 0.15);

    /// <summary>"diamond-arxiv": 4 modes at distance 1.5 on the axes, standard deviation 0.3.</summary>
    /// <remarks>The arXiv code.</remarks>
    public static GaussianMixture DiamondArxiv { get; } = new("diamond-arxiv", Ring(4, 1.5), 0.3);

    /// <summary>"diamond-paper": 4 modes at distance 1.5 on the axes, variance 0.15.</summary>
    /// <remarks>As the paper's text says.</remarks>
    public static GaussianMixture DiamondPaper { get; } = new("diamond-paper", Ring(4, 1.5), Math.Sqrt(0.15));

    /// <summary>"grid": 9 modes at {−3, 0, 3}², standard deviation 0.01.</summary>
    /// <remarks>The ICML code.</remarks>
    public static GaussianMixture Grid { get; } =
        new("grid", [.. from x in new[] { -3.0, 0, 3 } from y in new[] { -3.0, 0, 3 } select (x, y)], 0.01);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<GaussianMixture> All { get; } =
    [Circle, CirclePaper, Diamond, DiamondArxiv, DiamondPaper, Grid];

    /// <summary>What configurations call it.</summary>
    public string Name { get; }

    /// <summary>The centres.</summary>
    public IReadOnlyList<(double X, double Y)> Modes => modes;

    /// <summary>The standard deviation of each coordinate around its mode.</summary>
    public double Deviation { get; }

    /// <summary>The mixture of a name.</summary>
    /// <param name="name">For example <c>diamond</c>.</param>
    /// <exception cref="ArgumentException">There is none; the message names those that there are.</exception>
    public static GaussianMixture ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(one => one.Name == name)
            ?? throw new ArgumentException(
                $"GaussianMixture.ByName: there is no \"{name}\"; there are {string.Join(", ", All.Select(one => one.Name))}."
                    + Suggestion.For(name, All.Select(one => one.Name)),
                nameof(name)
            );
    }

    /// <summary>Draws points.</summary>
    /// <param name="random">The random numbers: first one for each point's mode, then two for each point's noise.</param>
    /// <param name="to">The points, [n, 2] row-major: x, y, x, y, ….</param>
    /// <exception cref="ArgumentException">The length is odd.</exception>
    public void Sample(Philox random, double[] to)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(to);
        if (to.Length % 2 == 1)
        {
            throw new ArgumentException(
                $"GaussianMixture.Sample: to has {to.Length} entries, but an even number is needed: two for each point.",
                nameof(to)
            );
        }

        var chosen = new double[to.Length / 2];
        random.FillUniform(chosen, 0, chosen.Length);
        random.FillNormal(to, 0, to.Length);
        for (var i = 0; i < chosen.Length; i++)
        {
            var (x, y) = modes[(int)(chosen[i] * modes.Length)];
            to[2 * i] = x + Deviation * to[2 * i];
            to[2 * i + 1] = y + Deviation * to[2 * i + 1];
        }
    }

    /// <summary>Batches of points for a game.</summary>
    /// <param name="name">What costs ask for, as in <c>q.Sample("real")</c>.</param>
    /// <param name="count">The points of a batch, at least 1; the tensor is [count, 2].</param>
    public Sampler Sampler(string name, int count)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Stackelberg.Sampler.OfFunction(name, [count, 2], Sample);
    }

    /// <summary>The density at a point: the mean over the modes of exp(−distance² / 2σ²) / 2πσ².</summary>
    /// <param name="x">The first coordinate.</param>
    /// <param name="y">The second coordinate.</param>
    public double Density(double x, double y)
    {
        var variance = Deviation * Deviation;
        return modes.Average(mode =>
            Math.Exp(-(Square(x - mode.X) + Square(y - mode.Y)) / (2 * variance)) / (2 * Math.PI * variance)
        );
    }

    private static double Square(double x) => x * x;

    // As the sources write it: (sin t, cos t), from the top on.
    private static (double, double)[] Ring(int count, double radius) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(k => Math.SinCos(2 * Math.PI * k / count))
                .Select(angle => (radius * angle.Sin, radius * angle.Cos)),
        ];
}
