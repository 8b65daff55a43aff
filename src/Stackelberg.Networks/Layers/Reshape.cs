namespace Stackelberg.Networks;

/// <summary>The same numbers of each example, row-major, in another shape.</summary>
public sealed class Reshape : NetworkLayer
{
    private readonly int[]? shape;

    private Reshape(int[]? shape)
    {
        this.shape = shape;
    }

    /// <summary>A vector of all numbers of an example: of an image row by row, the channels of a pixel together.</summary>
    public static Reshape Flatten { get; } = new(null);

    /// <inheritdoc/>
    public override string Name => shape is null ? "flatten" : $"reshape {Network.Show(shape)}";

    /// <inheritdoc/>
    public override string Needs => shape is null ? "any shape" : $"a shape of {Count(shape)} numbers";

    /// <summary>A given shape.</summary>
    /// <param name="shape">The shape of an example, without the batch's axis.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1.</exception>
    public static Reshape To(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new([.. shape.Select(length => AtLeast(1, length, nameof(shape)))]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int>? OutputOf(IReadOnlyList<int> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return shape is null ? [Count(input)]
            : Count(shape) == Count(input) ? shape
            : null;
    }

    /// <inheritdoc/>
    public override Tensor Train(IReadOnlyList<Tensor> parameters, Tensor? mask, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return input.Reshape([input.Shape[0], .. shape ?? [Count(input.Shape[1..])]]);
    }

    private static int Count(IReadOnlyList<int> shape) =>
        shape.Aggregate(1, (product, length) => product * length);
}
