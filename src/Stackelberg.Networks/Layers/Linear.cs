namespace Stackelberg.Networks;

/// <summary>y = x W + b, with W [inputs, outputs] and b [outputs].</summary>
/// <param name="inputs">The numbers of one example, at least 1.</param>
/// <param name="outputs">The numbers of its output, at least 1.</param>
/// <param name="bias">Whether there is a b.</param>
/// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
/// <remarks>PyTorch's <c>nn.Linear</c> keeps the transpose of W.</remarks>
public sealed class Linear(int inputs, int outputs, bool bias = true) : NetworkLayer
{
    private readonly int inputs = AtLeast(1, inputs, nameof(inputs));
    private readonly int outputs = AtLeast(1, outputs, nameof(outputs));

    /// <inheritdoc/>
    public override string Name => $"linear {inputs} → {outputs}{(bias ? "" : ", no bias")}";

    /// <inheritdoc/>
    public override string Needs => $"[{inputs}]";

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter> Parameters
    {
        get
        {
            var weight = new LayerParameter("weight", [inputs, outputs], ParameterRole.LinearWeight, inputs);
            return bias ? [weight, new("bias", [outputs], ParameterRole.Bias, inputs)] : [weight];
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int>? OutputOf(IReadOnlyList<int> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return IsVector(input, inputs) ? [outputs] : null;
    }

    /// <inheritdoc/>
    public override Tensor Train(IReadOnlyList<Tensor> parameters, Tensor? mask, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(parameters);

        var product = TensorModule.matmul(input, parameters[0]);
        return bias ? product + parameters[1] : product;
    }
}
