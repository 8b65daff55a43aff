namespace Stackelberg.Networks;

/// <summary>x · mask / (1 − rate) in training, x in evaluation. The mask is an input of the network, so that nothing in a
/// compiled program draws random numbers.</summary>
public sealed class Dropout : NetworkLayer
{
    /// <summary>Drops so large a share of the numbers.</summary>
    /// <param name="rate">The probability of 0 in the mask, from 0 to below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of range.</exception>
    public Dropout(double rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rate, 1);
        Rate = rate;
    }

    /// <summary>The probability of 0 in the mask.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant($"dropout {Rate}");

    /// <inheritdoc/>
    public override string Needs => "any shape";

    /// <inheritdoc/>
    public override bool TakesMask => true;

    /// <inheritdoc/>
    public override IReadOnlyList<int>? OutputOf(IReadOnlyList<int> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input;
    }

    /// <inheritdoc/>
    public override Tensor Train(IReadOnlyList<Tensor> parameters, Tensor? mask, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(parameters);

        ArgumentNullException.ThrowIfNull(mask);
        return Layer.dropout(Rate, mask, input);
    }

    /// <inheritdoc/>
    public override Tensor Evaluate(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> state,
        Tensor input
    ) => input;
}
