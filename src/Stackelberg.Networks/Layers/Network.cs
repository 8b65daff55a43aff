using Stackelberg.Kernels;

namespace Stackelberg.Networks;

/// <summary>Layers one after the other, as a pure function of one flat vector of parameters and a batch: what a player of a
/// game moves is that vector.</summary>
/// <example><code>
/// var critic = new Network("critic", [2], new Linear(2, 32), Activation.Tanh, new Linear(32, 1));
/// double[] start = critic.Initial(Initializer.TorchDefault, new Philox(seed: 1, stream: 0)); // 129 numbers
/// Tensor scores = critic.Apply(TensorModule.ofArray(start), points); // points [n, 2], scores [n, 1]
/// </code></example>
public sealed class Network
{
    private readonly IReadOnlyList<int>[] outputs;
    private readonly NetworkArray[][] parametersOf;
    private readonly NetworkArray[][] stateOf;

    /// <summary>Composes layers.</summary>
    /// <param name="name">What messages and files call it.</param>
    /// <param name="input">The shape of one example, without the batch's axis: [16], or [28, 28, 1] for images, channels
    /// last.</param>
    /// <param name="layers">The layers, from the input on; at least one.</param>
    /// <exception cref="ArgumentException">A layer does not fit what the one before it gives; the message names the
    /// layer, what it got and what it needs.</exception>
    public Network(string name, IReadOnlyList<int> input, params NetworkLayer[] layers)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Length == 0 || input.Any(length => length < 1))
        {
            throw new ArgumentException(
                $"Network \"{name}\": there are {layers.Length} layers for examples of shape {Show(input)}, but at least "
                    + "one layer and lengths of at least 1 are needed.",
                nameof(layers)
            );
        }

        (Name, Input, Layers) = (name, [.. input], [.. layers]);
        outputs = new IReadOnlyList<int>[layers.Length];
        for (var i = 0; i < layers.Length; i++)
        {
            var got = i == 0 ? Input : outputs[i - 1];
            outputs[i] =
                layers[i].OutputOf(got)
                ?? throw new ArgumentException(
                    $"Network \"{name}\": layer {i}, {layers[i].Name}, gets examples of shape {Show(got)}, but needs "
                        + $"{layers[i].Needs}.",
                    nameof(layers)
                );
        }

        (parametersOf, ParameterCount) = Place(layer => layer.Parameters.Select(p => (p.Name, p.Shape)));
        (stateOf, StateCount) = Place(layer => layer.State.Select(s => (s.Name, s.Shape)));
        Parameters = [.. parametersOf.SelectMany(arrays => arrays)];
        State = [.. stateOf.SelectMany(arrays => arrays)];
        MaskShapes =
        [
            .. Enumerable
                .Range(0, layers.Length)
                .Where(i => layers[i].TakesMask)
                .Select(i => i == 0 ? Input : outputs[i - 1]),
        ];
    }

    /// <summary>What messages and files call it.</summary>
    public string Name { get; }

    /// <summary>The shape of one example.</summary>
    public IReadOnlyList<int> Input { get; }

    /// <summary>The shape of one example's output.</summary>
    public IReadOnlyList<int> Output => outputs[^1];

    /// <summary>The layers.</summary>
    public IReadOnlyList<NetworkLayer> Layers { get; }

    /// <summary>The length of the vector of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>The named arrays in the vector of parameters.</summary>
    public IReadOnlyList<NetworkArray> Parameters { get; }

    /// <summary>The length of the vector of running statistics; 0 without batch normalisation.</summary>
    public int StateCount { get; }

    /// <summary>The named arrays in the vector of running statistics.</summary>
    public IReadOnlyList<NetworkArray> State { get; }

    /// <summary>The shapes, for one example, of the masks that <see cref="Apply"/> takes; empty without dropout.</summary>
    public IReadOnlyList<IReadOnlyList<int>> MaskShapes { get; }

    /// <summary>The network as it is trained: batch normalisation by the batch's own statistics.</summary>
    /// <param name="parameters">All parameters, [ParameterCount].</param>
    /// <param name="input">A batch, [n, …Input].</param>
    /// <param name="masks">For each dropout layer, zeros and ones of [n, …] as in <see cref="MaskShapes"/>.</param>
    /// <returns>[n, …Output].</returns>
    /// <exception cref="ArgumentException">A shape or the number of masks is wrong.</exception>
    public Tensor Apply(Tensor parameters, Tensor input, params Tensor[] masks)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(masks);

        Check(nameof(Apply), parameters, input, masks);
        var mask = 0;
        return Through(
            input,
            (layer, i, x) =>
                layer.Train(Slices(parametersOf[i], parameters), layer.TakesMask ? masks[mask++] : null, x)
        );
    }

    /// <summary>The network as it is used: batch normalisation by running statistics, no dropout.</summary>
    /// <param name="parameters">All parameters, [ParameterCount].</param>
    /// <param name="state">All running statistics, [StateCount].</param>
    /// <param name="input">A batch, [n, …Input].</param>
    /// <returns>[n, …Output].</returns>
    /// <exception cref="ArgumentException">A shape is wrong.</exception>
    public Tensor Evaluate(Tensor parameters, Tensor state, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);

        Check(nameof(Evaluate), parameters, input, null);
        NeedLength(nameof(Evaluate), "state", state, StateCount);
        return Through(
            input,
            (layer, i, x) => layer.Evaluate(Slices(parametersOf[i], parameters), Slices(stateOf[i], state), x)
        );
    }

    /// <summary>The running statistics after one more batch in training.</summary>
    /// <param name="parameters">All parameters, [ParameterCount].</param>
    /// <param name="state">The statistics before, [StateCount].</param>
    /// <param name="input">The batch, [n, …Input].</param>
    /// <param name="masks">As in <see cref="Apply"/>.</param>
    /// <returns>[StateCount]; the state itself without batch normalisation.</returns>
    /// <exception cref="ArgumentException">A shape or the number of masks is wrong.</exception>
    public Tensor NextState(Tensor parameters, Tensor state, Tensor input, params Tensor[] masks)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(masks);

        Check(nameof(NextState), parameters, input, masks);
        NeedLength(nameof(NextState), "state", state, StateCount);
        if (StateCount == 0)
        {
            return state;
        }

        var next = new List<Tensor>();
        var mask = 0;
        Through(
            input,
            (layer, i, x) =>
            {
                next.AddRange(layer.NextState(Slices(stateOf[i], state), x).Select(TensorModule.flatten));
                return layer.Train(
                    Slices(parametersOf[i], parameters),
                    layer.TakesMask ? masks[mask++] : null,
                    x
                );
            }
        );
        return TensorModule.concat(0, next);
    }

    /// <summary>Draws parameters: array by array in their order, all numbers from one stream.</summary>
    /// <param name="initializer">How.</param>
    /// <param name="random">The random numbers; equal seeds, streams and positions give equal bits.</param>
    /// <returns>[ParameterCount].</returns>
    public double[] Initial(Initializer initializer, Philox random)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(random);
        var start = new double[ParameterCount];
        for (var i = 0; i < Layers.Count; i++)
        {
            foreach (var (described, placed) in Layers[i].Parameters.Zip(parametersOf[i]))
            {
                initializer.Fill(described, random, start, placed.Offset, placed.Count);
            }
        }

        return start;
    }

    /// <summary>The running statistics before the first batch: means 0, variances 1.</summary>
    /// <returns>[StateCount].</returns>
    public double[] InitialState()
    {
        var start = new double[StateCount];
        for (var i = 0; i < Layers.Count; i++)
        {
            foreach (var (described, placed) in Layers[i].State.Zip(stateOf[i]))
            {
                Array.Fill(start, described.Start, placed.Offset, placed.Count);
            }
        }

        return start;
    }

    /// <summary>A table of the layers with the shapes of their outputs and the numbers of their parameters.</summary>
    public string Summary()
    {
        string[][] rows =
        [
            ["", "layer", "output", "parameters"],
            .. Layers.Select(
                (layer, i) =>
                    new[]
                    {
                        $"{i}",
                        layer.Name,
                        Show(outputs[i]),
                        $"{parametersOf[i].Sum(array => array.Count):N0}",
                    }
            ),
        ];
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length))];
        var lines = rows.Select(row =>
            $"{row[0].PadLeft(widths[0])}  {row[1].PadRight(widths[1])}  {row[2].PadRight(widths[2])}  "
            + row[3].PadLeft(widths[3])
        );
        var title =
            $"{Name}: {Show(Input)} → {Show(Output)}, {ParameterCount:N0} parameters"
            + (StateCount > 0 ? $", {StateCount:N0} running statistics" : "");
        return string.Join('\n', lines.Prepend(title));
    }

    internal static string Show(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";

    private static Tensor[] Slices(NetworkArray[] arrays, Tensor vector) =>
        [
            .. arrays.Select(array =>
                TensorModule.slice(0, array.Offset, array.Count, vector).Reshape([.. array.Shape])
            ),
        ];

    private Tensor Through(Tensor input, Func<NetworkLayer, int, Tensor, Tensor> step)
    {
        var value = input;
        for (var i = 0; i < Layers.Count; i++)
        {
            value = step(Layers[i], i, value);
        }

        return value;
    }

    private (NetworkArray[][] Arrays, int Count) Place(
        Func<NetworkLayer, IEnumerable<(string Name, IReadOnlyList<int> Shape)>> arraysOf
    )
    {
        var offset = 0;
        var placed = new NetworkArray[Layers.Count][];
        for (var i = 0; i < Layers.Count; i++)
        {
            var arrays = new List<NetworkArray>();
            foreach (var (name, shape) in arraysOf(Layers[i]))
            {
                arrays.Add(new($"{i}.{name}", shape, offset));
                offset += arrays[^1].Count;
            }

            placed[i] = [.. arrays];
        }

        return (placed, offset);
    }

    private void Check(string function, Tensor parameters, Tensor input, Tensor[]? masks)
    {
        NeedLength(function, "parameters", parameters, ParameterCount);
        if (input.Shape.Length == 0 || !input.Shape[1..].SequenceEqual(Input))
        {
            throw new ArgumentException(
                $"Network.{function}: \"{Name}\" gets a batch of shape {Show(input.Shape)}, but needs [n, "
                    + $"{string.Join(", ", Input)}].",
                nameof(input)
            );
        }

        if (masks is not null && masks.Length != MaskShapes.Count)
        {
            throw new ArgumentException(
                $"Network.{function}: \"{Name}\" gets {masks.Length} masks, but needs one for each dropout layer: "
                    + $"{MaskShapes.Count}.",
                nameof(masks)
            );
        }

        foreach (var (mask, shape) in (masks ?? []).Zip(MaskShapes))
        {
            if (!mask.Shape.SequenceEqual([input.Shape[0], .. shape]))
            {
                throw new ArgumentException(
                    $"Network.{function}: a mask for \"{Name}\" has shape {Show(mask.Shape)}, but "
                        + $"{Show([input.Shape[0], .. shape])} is needed.",
                    nameof(masks)
                );
            }
        }
    }

    private void NeedLength(string function, string what, Tensor vector, int length)
    {
        if (!vector.Shape.SequenceEqual([length]))
        {
            throw new ArgumentException(
                $"Network.{function}: the {what} of \"{Name}\" have shape {Show(vector.Shape)}, but [{length}] is needed.",
                what
            );
        }
    }
}
