namespace Stackelberg.Networks;

/// <summary>One layer of a <see cref="Network"/>: a function of parameters and a batch, which remembers nothing.</summary>
/// <remarks>A new layer is one class that inherits this one. Shapes are those of one example, without the batch's axis;
/// images are [height, width, channels].</remarks>
public abstract class NetworkLayer
{
    /// <summary>What summaries and messages call it, with its sizes: <c>linear 16 → 32</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The shapes of examples that it takes, in words: <c>[16]</c>.</summary>
    public abstract string Needs { get; }

    /// <summary>Its parameters in the order in which they stand in the flat vector.</summary>
    public virtual IReadOnlyList<LayerParameter> Parameters => [];

    /// <summary>Its running statistics by name, each with its shape and first value; none for most layers.</summary>
    public virtual IReadOnlyList<(string Name, IReadOnlyList<int> Shape, double Start)> State => [];

    /// <summary>Whether <see cref="Train"/> takes a mask of zeros and ones, of the input's shape.</summary>
    public virtual bool TakesMask => false;

    /// <summary>The shape of an example's output, or null if such an example does not fit.</summary>
    /// <param name="input">The shape of an example.</param>
    public abstract IReadOnlyList<int>? OutputOf(IReadOnlyList<int> input);

    /// <summary>The layer as it is trained.</summary>
    /// <param name="parameters">One tensor for each of <see cref="Parameters"/>, in their shapes.</param>
    /// <param name="mask">What is kept, [n, …]; null unless <see cref="TakesMask"/>.</param>
    /// <param name="input">A batch, [n, …].</param>
    public abstract Tensor Train(IReadOnlyList<Tensor> parameters, Tensor? mask, Tensor input);

    /// <summary>The layer of a network that is used and no longer trained: as in training, unless it has running
    /// statistics or a mask.</summary>
    /// <param name="parameters">One tensor for each of <see cref="Parameters"/>.</param>
    /// <param name="state">One tensor for each of <see cref="State"/>.</param>
    /// <param name="input">A batch, [n, …].</param>
    public virtual Tensor Evaluate(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> state,
        Tensor input
    ) => Train(parameters, null, input);

    /// <summary>The running statistics after one more batch.</summary>
    /// <param name="state">Those before, one tensor for each of <see cref="State"/>.</param>
    /// <param name="input">The batch that the layer got, [n, …].</param>
    public virtual IReadOnlyList<Tensor> NextState(IReadOnlyList<Tensor> state, Tensor input) => state;

    /// <summary>Whether an example is a vector of so many numbers.</summary>
    private protected static bool IsVector(IReadOnlyList<int> input, int length) =>
        input.Count == 1 && input[0] == length;

    /// <summary>Whether an example is an image of so many channels.</summary>
    private protected static bool IsImage(IReadOnlyList<int> input, int channels) =>
        input.Count == 3 && input[2] == channels;

    /// <summary>A number of at least so much.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less.</exception>
    private protected static int AtLeast(int least, int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        return value;
    }
}
