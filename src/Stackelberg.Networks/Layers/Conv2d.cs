namespace Stackelberg.Networks;

/// <summary>The convolution of <c>Layer.conv2d</c> with square windows, and a bias for each output channel.</summary>
/// <param name="inputs">The images' channels, at least 1.</param>
/// <param name="outputs">The result's channels, at least 1.</param>
/// <param name="kernel">Rows and columns of a window, at least 1.</param>
/// <param name="stride">Rows and columns from window to window, at least 1.</param>
/// <param name="padding">Rows and columns of zeros at each side.</param>
/// <param name="bias">Whether each output channel has one.</param>
/// <exception cref="ArgumentOutOfRangeException">A size is too small.</exception>
/// <remarks>The weights are [kernel, kernel, inputs, outputs]; PyTorch's <c>nn.Conv2d</c> keeps them as [outputs,
/// inputs, kernel, kernel].</remarks>
public sealed class Conv2d(
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
        $"conv2d {inputs} → {outputs}, kernel {kernel}, stride {stride}, padding {padding}{(bias ? "" : ", no bias")}";

    /// <inheritdoc/>
    public override string Needs =>
        $"[height, width, {inputs}] with height and width of at least {Math.Max(1, kernel - 2 * padding)}";

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter> Parameters
    {
        get
        {
            var fanIn = inputs * kernel * kernel;
            var weight = new LayerParameter(
                "weight",
                [kernel, kernel, inputs, outputs],
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

        int Windows(int length) => (length + 2 * padding - kernel) / stride + 1;
        return IsImage(input, inputs) && Math.Min(input[0], input[1]) + 2 * padding >= kernel
            ? [Windows(input[0]), Windows(input[1]), outputs]
            : null;
    }

    /// <inheritdoc/>
    public override Tensor Train(IReadOnlyList<Tensor> parameters, Tensor? mask, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(parameters);

        var convolved = Layer.conv2d(stride, padding, parameters[0], input);
        return bias ? convolved + parameters[1] : convolved;
    }
}
