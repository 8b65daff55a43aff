namespace Stackelberg.Networks;

/// <summary>Batch normalisation of each channel, (x − mean) / √(variance + epsilon) · gain + shift. In training by the
/// batch's own statistics, through which derivatives flow; in evaluation by running ones, which are state and no
/// parameters.</summary>
/// <remarks>S. Ioffe and C. Szegedy (2015); defaults of PyTorch's <c>nn.BatchNorm2d</c>. As there, a batch is normalised
/// by the variance over the count N, and the running variance takes that over N − 1.</remarks>
public sealed class BatchNorm : NetworkLayer
{
    private readonly int channels;
    private readonly double epsilon;
    private readonly double momentum;

    /// <summary>Normalises so many channels.</summary>
    /// <param name="channels">The length of the last axis, at least 1.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">The share of a new batch in the running statistics.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no channel, epsilon is not above 0, or momentum is not from 0
    /// to 1.</exception>
    public BatchNorm(int channels, double epsilon = 1e-5, double momentum = 0.1)
    {
        this.channels = AtLeast(1, channels, nameof(channels));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(momentum, 1);
        (this.epsilon, this.momentum) = (epsilon, momentum);
    }

    /// <inheritdoc/>
    public override string Name => $"batchNorm {channels}";

    /// <inheritdoc/>
    public override string Needs => $"[{channels}] or [height, width, {channels}]";

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter> Parameters =>
        [
            new("weight", [channels], ParameterRole.Gain, channels),
            new("bias", [channels], ParameterRole.Shift, channels),
        ];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IReadOnlyList<int> Shape, double Start)> State =>
        [("running_mean", [channels], 0), ("running_var", [channels], 1)];

    /// <inheritdoc/>
    public override IReadOnlyList<int>? OutputOf(IReadOnlyList<int> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return IsVector(input, channels) || IsImage(input, channels) ? input : null;
    }

    /// <inheritdoc/>
    public override Tensor Train(IReadOnlyList<Tensor> parameters, Tensor? mask, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Layer.batchNorm(epsilon, parameters[0], parameters[1], input);
    }

    /// <inheritdoc/>
    public override Tensor Evaluate(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> state,
        Tensor input
    ) => Layer.normalize(epsilon, state[0], state[1], parameters[0], parameters[1], input);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> NextState(IReadOnlyList<Tensor> state, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(state);

        var (mean, variance) = Layer.batchStatistics(input);
        double count = input.Shape.Aggregate(1L, (product, length) => product * length) / channels;
        // Of a single number there is no unbiased variance; 0 · ∞ would spoil the state for good.
        var unbiased = count > 1 ? variance * (count / (count - 1)) : variance;
        return [state[0] * (1 - momentum) + mean * momentum, state[1] * (1 - momentum) + unbiased * momentum];
    }
}
