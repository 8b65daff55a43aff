namespace Stackelberg.Gans;

/// <summary>What the published code logs of a step: costs, and the norms of the gradients on that step's draw.</summary>
/// <param name="GeneratorCost">f1.</param>
/// <param name="DiscriminatorCost">f2.</param>
/// <param name="Generator">‖D1f1‖.</param>
/// <param name="Discriminator">‖D2f2‖.</param>
/// <param name="Correction">‖D1f1 − g1‖ with g1 the generator's part of the rule's direction: what it adds for the
/// discriminator's answer, 0 for simultaneous play.</param>
/// <param name="Leader">‖g1‖.</param>
public readonly record struct GanNorms(
    double GeneratorCost,
    double DiscriminatorCost,
    double Generator,
    double Discriminator,
    double Correction,
    double Leader
)
{
    /// <summary>The numbers for <c>metrics.csv</c>.</summary>
    public (string Name, double Value)[] Metrics =>
        [
            ("generatorCost", GeneratorCost),
            ("discriminatorCost", DiscriminatorCost),
            ("D1f1", Generator),
            ("D2f2", Discriminator),
            ("correction", Correction),
            ("leader", Leader),
        ];
}

/// <summary>Measures one step of a GAN's training; it shares nothing with the run that it watches.</summary>
/// <remarks>What it computes with is let go at once: at the size of a DCGAN it is as much as the step itself holds.</remarks>
/// <example><code>
/// var gauge = new GanGauge(gan, seed, learning.X, learning.NextDraw);
/// learning.Advance(1);
/// double correction = gauge.After(learning.Direction).Correction;
/// </code></example>
public sealed class GanGauge
{
    private readonly int cut;
    private readonly double[] values;
    private readonly double[] gradient;

    /// <summary>Takes the costs and partial gradients before a step, on the draw that it will read.</summary>
    /// <param name="gan">The game.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="x">The joint strategy before the step, [d]; only read, and not kept.</param>
    /// <param name="draw">The draw's number.</param>
    public GanGauge(Gan gan, ulong seed, double[] x, long draw)
    {
        ArgumentNullException.ThrowIfNull(gan);
        ArgumentNullException.ThrowIfNull(x);
        cut = gan.Generator.ParameterCount;
        gradient = new double[gan.Game.Dimension];
        values = Costs(gan, seed, x, draw);
        var omega = new FieldRun(FieldProgram.OfConjecture(ConjectureModule.None, gan.Game)) { Seed = seed };
        omega.Draw(draw);
        omega.Evaluate(x, gradient);
    }

    /// <summary>What the step was, from the direction that it went along.</summary>
    /// <param name="direction">The rule's direction, length d.</param>
    public GanNorms After(double[] direction)
    {
        ArgumentNullException.ThrowIfNull(direction);
        return new(
            values[0],
            values[1],
            Norm(gradient.AsSpan(..cut), []),
            Norm(gradient.AsSpan(cut..), []),
            Norm(gradient.AsSpan(..cut), direction.AsSpan(..cut)),
            Norm(direction.AsSpan(..cut), [])
        );
    }

    private static double[] Costs(Gan gan, ulong seed, double[] x, long draw)
    {
        var costs = new CostRun(gan.Game) { Seed = seed };
        costs.Draw(draw);
        costs.Evaluate(x);
        return [.. costs.Costs];
    }

    private static double Norm(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = b.IsEmpty ? a[i] : a[i] - b[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
