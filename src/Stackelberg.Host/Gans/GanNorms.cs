namespace Stackelberg.Gans;

/// <summary>What the published code logs of a step: costs, and the norms of the gradients on that step's draw.</summary>
/// <param name="GeneratorCost">f1.</param>
/// <param name="DiscriminatorCost">f2.</param>
/// <param name="Generator">‖D1f1‖.</param>
/// <param name="Discriminator">‖D2f2‖.</param>
/// <param name="Correction">‖D1f1 − g1‖ with g1 the generator's part of the rule's direction: what it adds for the
/// discriminator's answer, 0 for simultaneous play.</param>
/// <param name="Leader">‖g1‖.</param>
internal readonly record struct GanNorms(
    double GeneratorCost,
    double DiscriminatorCost,
    double Generator,
    double Discriminator,
    double Correction,
    double Leader
);

/// <summary>Measures steps; it shares nothing with the run that it watches.</summary>
/// <param name="gan">The game.</param>
/// <param name="seed">The run's seed.</param>
internal sealed class GanGauge(Gan gan, ulong seed)
{
    private readonly CostRun costs = new(gan.Game) { Seed = seed };
    private readonly FieldRun omega = new(FieldProgram.OfConjecture(ConjectureModule.None, gan.Game))
    {
        Seed = seed,
    };
    private readonly double[] gradient = new double[gan.Game.Dimension];

    /// <summary>Takes the costs and partial gradients before a step, on the draw that it will read.</summary>
    /// <param name="x">The joint strategy before the step.</param>
    /// <param name="draw">The draw's number.</param>
    public void Before(double[] x, long draw)
    {
        costs.Draw(draw);
        costs.Evaluate(x);
        omega.Draw(draw);
        omega.Evaluate(x, gradient);
    }

    /// <summary>What the step was, from the direction that it went along.</summary>
    /// <param name="direction">The rule's direction, length d.</param>
    public GanNorms After(double[] direction)
    {
        var cut = gan.Generator.ParameterCount;
        return new(
            costs.Costs[0],
            costs.Costs[1],
            Norm(gradient.AsSpan(..cut), []),
            Norm(gradient.AsSpan(cut..), []),
            Norm(gradient.AsSpan(..cut), direction.AsSpan(..cut)),
            Norm(direction.AsSpan(..cut), [])
        );
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
