namespace Stackelberg.Networks;

/// <summary>A function of each number by itself.</summary>
/// <param name="name">What summaries and configurations call it.</param>
/// <param name="function">The function of a tensor of any shape, entry by entry.</param>
public sealed class Activation(string name, Func<Tensor, Tensor> function) : NetworkLayer
{
    /// <summary>max(x, 0), of derivative 0 at 0.</summary>
    public static Activation Relu { get; } = new("relu", TensorModule.relu);

    /// <summary>tanh x.</summary>
    public static Activation Tanh { get; } = new("tanh", Tensor.Tanh);

    /// <summary>1 / (1 + exp −x).</summary>
    public static Activation Sigmoid { get; } = new("sigmoid", TensorModule.sigmoid);

    /// <summary>log(1 + exp x).</summary>
    public static Activation Softplus { get; } = new("softplus", TensorModule.softplus);

    /// <summary>Those that a name chooses: relu, tanh, sigmoid, softplus.</summary>
    public static IReadOnlyList<Activation> All { get; } = [Relu, Tanh, Sigmoid, Softplus];

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Needs => "any shape";

    /// <summary>x where x &gt; 0, slope · x elsewhere; the derivative at 0 is the slope.</summary>
    /// <param name="slope">The factor of what is not positive; 0.2 in the DCGAN.</param>
    public static Activation LeakyRelu(double slope) =>
        new(FormattableString.Invariant($"leakyRelu {slope}"), x => Layer.leakyRelu(slope, x));

    /// <summary>One of <see cref="All"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none of that name; the message names those that there are.</exception>
    public static Activation ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(one => one.Name == name)
            ?? throw new ArgumentException(
                $"Activation.ByName: there is no \"{name}\"; there are {string.Join(", ", All.Select(one => one.Name))}."
                    + Suggestion.For(name, All.Select(one => one.Name)),
                nameof(name)
            );
    }

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
        return function(input);
    }
}
