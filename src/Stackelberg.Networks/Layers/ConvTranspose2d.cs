namespace Stackelberg.Networks;

/// <summary>The transposed convolution of <c>Layer.convTranspose2d</c> with square windows, and a bias for each output
/// channel.</summary>
/// <param name="inputs">The images' channels, at least 1.</param>
/// <param name="outputs">The result's channels, at least 1.</param>
/// <param name="kernel">Rows and columns of a window, at least 1.</param>
/// <param name="stride">Rows and columns of the result from window to window, at least 1.</param>
/// <param name="padding">Rows and columns cut off at each side of the result.</param>
/// <param name="bias">Whether each output channel has one.</param>
/// <exception cref="ArgumentOutOfRangeException">A size is too small.</exception>
/// <remarks>The weights are [kernel, kernel, outputs, inputs]; PyTorch's <c>nn.ConvTranspose2d</c> keeps them as [inputs,
/// outputs, kernel, kernel].</remarks>
public sealed class ConvTranspose2d(
    int inputs,
    int outputs,
    int kernel,
    int stride = 1,
    int padding = 0,
    bool bias = true
) : NetworkLayer
{
    private readonly int inputs = AtLeast(1, inputs, nameof(inputs));
    private readonly int outputs = AtLeast(1, outputs, nameof(outputs));
    private readonly int kernel = AtLeast(1, kernel, nameof(kernel));
    private readonly int stride = AtLeast(1, stride, nameof(stride));
    private readonly int padding = AtLeast(0, padding, nameof(padding));

    /// <inheritdoc/>
    public override string Name =>
        $"convTranspose2d {inputs} → {outputs}, kernel {kernel}, stride {stride}, padding {padding}"
        + (bias ? "" : ", no bias");

    /// <inheritdoc/>
    public override string Needs
    {
        get
        {
            // (least − 1) stride + kernel − 2 padding ≥ 1.
            var least = Math.Max(1, (2 * padding - kernel + stride) / stride + 1);
            return $"[height, width, {inputs}] with height and width of at least {least}";
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter> Parameters
    {
        get
        {
            var fanIn = outputs * kernel * kernel;
            var weight = new LayerParameter(
                "weight",
                [kernel, kernel, outputs, inputs],
                ParameterRole.ConvolutionWeight,
                fanIn
            );
            return bias ? [weight, new("bias", [outputs], ParameterRole.Bias, fanIn)] : [weight];
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int>? OutputOf(IReadOnlyList<int> input)
    {
        ArgumentNullException.ThrowIfNull(input);

        int Length(int length) => (length - 1) * stride + kernel - 2 * padding;
        return IsImage(input, inputs) && Length(Math.Min(input[0], input[1])) >= 1
            ? [Length(input[0]), Length(input[1]), outputs]
            : null;
    }

    /// <inheritdoc/>
    public override Tensor Train(IReadOnlyList<Tensor> parameters, Tensor? mask, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(parameters);

        var spread = Layer.convTranspose2d(stride, padding, 0, parameters[0], input);
        return bias ? spread + parameters[1] : spread;
    }
}
