using Stackelberg.Kernels;
using Stackelberg.Networks;
using Xunit;

namespace Stackelberg.Tests;

public class NetworkTests
{
    /// <summary>Central differences of an O(1) function with step h: truncation h² ~ 1e-10 and rounding 1e-16/h.</summary>
    private const double step = 1e-5;
    private const double differenceTolerance = 1e-8;

    /// <summary>A few roundings of numbers of about 1.</summary>
    private const double roundings = 1e-13;

    [Fact]
    public void A_perceptron_is_what_one_computes_by_hand()
    {
        var network = Architectures.MixtureGenerator(Activation.Tanh);
        var random = new Philox(3, 0);
        var theta = network.Initial(Initializer.TorchDefault, random);
        var input = new double[5 * 16];
        random.FillNormal(input, 0, input.Length);
        var found = network
            .Apply(TensorModule.ofArray(theta), TensorModule.ofArray(input).Reshape(5, 16))
            .ToArray();
        var offset = 0;
        double[] x = input;
        foreach (var (inputs, outputs, last) in new[] { (16, 32, false), (32, 32, false), (32, 2, true) })
        {
            var y = new double[5 * outputs];
            for (var n = 0; n < 5; n++)
            {
                for (var j = 0; j < outputs; j++)
                {
                    var sum = theta[offset + inputs * outputs + j];
                    for (var i = 0; i < inputs; i++)
                    {
                        sum += x[n * inputs + i] * theta[offset + i * outputs + j];
                    }

                    y[n * outputs + j] = last ? sum : Math.Tanh(sum);
                }
            }

            offset += inputs * outputs + outputs;
            x = y;
        }

        Assert.Equal(theta.Length, offset);
        Near(x, found, roundings);
    }

    [Fact]
    public void The_published_networks_have_the_published_numbers_of_parameters()
    {
        Assert.Equal(1666, Architectures.MixtureGenerator(Activation.Relu).ParameterCount);
        Assert.Equal(129, Architectures.MixtureDiscriminator(Activation.Relu).ParameterCount);
        Assert.Equal(3_573_696, Architectures.DcganGenerator().ParameterCount);
        Assert.Equal(661_248, Architectures.DcganDiscriminator().ParameterCount);
        Assert.Equal(129_130, Architectures.LeNet().ParameterCount);
        Assert.Equal(2 * (512 + 256 + 128 + 64), Architectures.DcganGenerator().StateCount);
    }

    [Fact]
    public void The_summary_lists_layers_shapes_and_counts()
    {
        // 128 + 2048 + 32 + 8192 + 64 + 512.
        Assert.Equal(
            """
            discriminator: [28, 28, 1] → [1], 10,976 parameters, 96 running statistics
                layer                                                   output       parameters
             0  conv2d 1 → 8, kernel 4, stride 2, padding 1, no bias    [14, 14, 8]         128
             1  leakyRelu 0.2                                           [14, 14, 8]           0
             2  conv2d 8 → 16, kernel 4, stride 2, padding 1, no bias   [7, 7, 16]        2,048
             3  batchNorm 16                                            [7, 7, 16]           32
             4  leakyRelu 0.2                                           [7, 7, 16]            0
             5  conv2d 16 → 32, kernel 4, stride 2, padding 1, no bias  [3, 3, 32]        8,192
             6  batchNorm 32                                            [3, 3, 32]           64
             7  leakyRelu 0.2                                           [3, 3, 32]            0
             8  conv2d 32 → 1, kernel 4, stride 2, padding 1, no bias   [1, 1, 1]           512
             9  flatten                                                 [1]                   0
            10  sigmoid                                                 [1]                   0
            """,
            Architectures.DcganDiscriminator(8).Summary()
        );
    }

    [Fact]
    public void The_images_of_the_Dcgan_go_through_the_published_sizes()
    {
        var generator = Architectures.DcganGenerator(2);
        var discriminator = Architectures.DcganDiscriminator(2);
        var random = new Philox(1, 0);
        var g = TensorModule.ofArray(generator.Initial(Initializer.Dcgan, random));
        var d = TensorModule.ofArray(discriminator.Initial(Initializer.Dcgan, random));
        var images = generator.Apply(g, Noise(random, 3, 100));
        Assert.Equal([3, 28, 28, 1], images.Shape);
        Assert.All(images.ToArray(), pixel => Assert.InRange(pixel, -1, 1));
        var judged = discriminator.Apply(d, images);
        Assert.Equal([3, 1], judged.Shape);
        Assert.All(judged.ToArray(), probability => Assert.InRange(probability, 0, 1));
        var summary = generator.Summary();
        foreach (var size in new[] { "[4, 4, 16]", "[8, 8, 8]", "[16, 16, 4]", "[32, 32, 2]", "[28, 28, 1]" })
        {
            Assert.Contains(size, summary, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string> Kinds => [.. cases.Keys];

    private static readonly Dictionary<string, Network> cases = new()
    {
        ["linear"] = new("linear", [3], new Linear(3, 2)),
        ["linear without bias"] = new("linear", [3], new Linear(3, 2, bias: false)),
        ["convolution"] = new("convolution", [5, 6, 2], new Conv2d(2, 3, 3, 2, 1)),
        ["transposed"] = new("transposed", [3, 2, 2], new ConvTranspose2d(2, 3, 3, 2, 1)),
        ["normalised rows"] = new("normalised", [3], new Linear(3, 4), new BatchNorm(4), new Linear(4, 2)),
        ["normalised images"] = new(
            "normalised",
            [4, 4, 2],
            new Conv2d(2, 3, 3),
            new BatchNorm(3),
            Activation.Tanh
        ),
        ["dropped"] = new("dropped", [4], new Linear(4, 6), new Dropout(0.25), new Linear(6, 2)),
        ["pooled"] = new(
            "pooled",
            [6, 6, 1],
            new Conv2d(1, 2, 3),
            Pool2d.Max(2),
            Reshape.Flatten,
            new Linear(8, 2)
        ),
        ["averaged"] = new("averaged", [6, 6, 1], new Conv2d(1, 2, 3), Pool2d.Average(2)),
        ["activations"] = new(
            "activations",
            [4],
            new Linear(4, 6),
            Activation.LeakyRelu(0.2),
            new Linear(6, 6),
            Activation.Relu,
            new Linear(6, 6),
            Activation.Softplus,
            new Linear(6, 2),
            Activation.Sigmoid
        ),
        ["generator"] = Architectures.DcganGenerator(1, 3),
        ["discriminator"] = Architectures.DcganDiscriminator(1),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Derivatives_by_the_parameters_are_central_differences(string kind)
    {
        var network = cases[kind];
        var random = new Philox(7, 0);
        var theta = network.Initial(Initializer.TorchDefault, random);
        var x = Noise(random, 3, [.. network.Input]);
        Tensor[] masks = [.. network.MaskShapes.Select(shape => Mask(random, 3, shape))];
        var weights = Noise(random, 3, [.. network.Output]);
        Tensor Value(Tensor p) => Tensor.Sum(network.Apply(p, x, masks) * weights);
        var gradient = Diff.grad(Function(Value), TensorModule.ofArray(theta)).ToArray();
        // Along a few directions: each takes all parameters together.
        for (var trial = 0; trial < 3; trial++)
        {
            var direction = new double[theta.Length];
            random.FillNormal(direction, 0, direction.Length);
            var length = Math.Sqrt(direction.Sum(entry => entry * entry));
            var derivative = gradient.Zip(direction, (g, v) => g * v).Sum() / length;
            double At(double t) =>
                Value(TensorModule.ofArray([.. theta.Zip(direction, (p, v) => p + t * v / length)]))
                    .ToArray()[0];
            var difference = (At(step) - At(-step)) / (2 * step);
            Assert.True(
                Math.Abs(derivative - difference) <= differenceTolerance * (1 + Math.Abs(derivative)),
                $"{kind}: {derivative} and {difference}"
            );
        }
    }

    [Fact]
    public void Batch_normalisation_is_trained_by_the_batch_and_evaluated_by_running_statistics()
    {
        var network = new Network("normalised", [2], new BatchNorm(2));
        var parameters = Tensor.Of(2, 3, 0.5, -1);
        var input = Tensor.Of(
            new double[,]
            {
                { 1, 10 },
                { 2, 10 },
                { 6, 16 },
            }
        );
        // Means 3 and 12, variances 14/3 and 8; over N − 1 they are 7 and 12.
        double Normal(double x, double mean, double variance, double gain, double shift) =>
            (x - mean) / Math.Sqrt(variance + 1e-5) * gain + shift;
        var trained = network.Apply(parameters, input).ToArray();
        Near(
            [
                Normal(1, 3, 14.0 / 3, 2, 0.5),
                Normal(10, 12, 8, 3, -1),
                Normal(2, 3, 14.0 / 3, 2, 0.5),
                Normal(10, 12, 8, 3, -1),
                Normal(6, 3, 14.0 / 3, 2, 0.5),
                Normal(16, 12, 8, 3, -1),
            ],
            trained,
            roundings
        );
        var state = network.NextState(parameters, TensorModule.ofArray(network.InitialState()), input);
        Near([0.3, 1.2, 0.9 + 0.7, 0.9 + 1.2], state.ToArray(), roundings);
        var evaluated = network.Evaluate(parameters, state, input).ToArray();
        Assert.Equal(Normal(1, 0.3, 1.6, 2, 0.5), evaluated[0], roundings);
        Assert.Equal(Normal(16, 1.2, 2.1, 3, -1), evaluated[5], roundings);
        Assert.Equal(["0.running_mean", "0.running_var"], network.State.Select(array => array.Name));
    }

    [Fact]
    public void Running_statistics_are_those_of_each_layers_own_input()
    {
        var network = new Network("deep", [1], new BatchNorm(1), new Linear(1, 1), new BatchNorm(1));
        // weight 1, bias 0 of the first; 4 x + 7; then the identity.
        var parameters = Tensor.Of(1, 0, 4, 7, 1, 0);
        var input = Tensor.Of(
            new double[,]
            {
                { -2 },
                { 2 },
            }
        );
        var state = network
            .NextState(parameters, TensorModule.ofArray(network.InitialState()), input)
            .ToArray();
        // The first gives ±1 (up to epsilon), so the second sees 7 ± 4: variance 32 over N − 1.
        Near([0, 0.9 + 0.8, 0.7, 0.9 + 3.2], state, 1e-4);
    }

    [Fact]
    public void Dropout_multiplies_by_the_mask_in_training_only()
    {
        var network = new Network("dropped", [2], new Dropout(0.25));
        var none = Tensor.Of();
        var input = Tensor.Of(
            new double[,]
            {
                { 3, 6 },
            }
        );
        Assert.Equal(
            [4.0, 0],
            network
                .Apply(
                    none,
                    input,
                    Tensor.Of(
                        new double[,]
                        {
                            { 1, 0 },
                        }
                    )
                )
                .ToArray()
        );
        Assert.Equal([3.0, 6], network.Evaluate(none, none, input).ToArray());
        var fault = Assert.Throws<ArgumentException>(() => network.Apply(none, input));
        Assert.StartsWith(
            "Network.Apply: \"dropped\" gets 0 masks, but needs one for each dropout layer: 1.",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_layer_that_does_not_fit_is_named_with_what_it_got_and_needs()
    {
        (string Words, Func<Network> Make)[] wrong =
        [
            (
                "Network \"net\": layer 1, linear 8 → 2, gets examples of shape [4], but needs [8].",
                () => new("net", [3], new Linear(3, 4), new Linear(8, 2))
            ),
            (
                "layer 0, conv2d 3 → 4, kernel 5, stride 1, padding 0, gets examples of shape [4, 9, 3], but needs "
                    + "[height, width, 3] with height and width of at least 5.",
                () => new("net", [4, 9, 3], new Conv2d(3, 4, 5))
            ),
            (
                "gets examples of shape [1, 1, 2], but needs [height, width, 2] with height and width of at least 2.",
                () => new("net", [1, 1, 2], new ConvTranspose2d(2, 1, 3, 2, 2))
            ),
            (
                "gets examples of shape [4], but needs [3] or [height, width, 3].",
                () => new("net", [4], new BatchNorm(3))
            ),
            ("but needs a shape of 6 numbers.", () => new("net", [4], Reshape.To(2, 3))),
            ("but needs [height, width, channels]", () => new("net", [4], Pool2d.Max(2))),
            ("at least one layer", () => new("net", [4])),
        ];
        foreach (var (words, make) in wrong)
        {
            Assert.Contains(words, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2d(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1));
    }

    [Fact]
    public void Parameters_and_batches_of_wrong_shapes_are_refused()
    {
        var network = new Network("net", [3], new Linear(3, 2));
        var fault = Assert.Throws<ArgumentException>(() =>
            network.Apply(Tensor.Of(1, 2), Tensor.Of(1, 2, 3))
        );
        Assert.StartsWith(
            "Network.Apply: the parameters of \"net\" have shape [2], but [8] is needed.",
            fault.Message,
            StringComparison.Ordinal
        );
        fault = Assert.Throws<ArgumentException>(() =>
            network.Apply(TensorModule.zeros([8]), Tensor.Of(1, 2, 3))
        );
        Assert.StartsWith(
            "Network.Apply: \"net\" gets a batch of shape [3], but needs [n, 3].",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Named_arrays_fill_the_vector_without_gaps()
    {
        var network = Architectures.LeNet();
        var offset = 0;
        foreach (var array in network.Parameters)
        {
            Assert.Equal(offset, array.Offset);
            offset += array.Count;
        }

        Assert.Equal(network.ParameterCount, offset);
        Assert.Equal("0.weight", network.Parameters[0].Name);
        Assert.Equal([5, 5, 1, 16], network.Parameters[0].Shape);
        Assert.Equal(
            [
                [128],
                [96],
            ],
            network.MaskShapes
        );
    }

    [Fact]
    public void Networks_compute_in_float32_as_well()
    {
        var network = Architectures.DcganDiscriminator(2);
        var random = new Philox(2, 0);
        var theta = TensorModule.ofArray(network.Initial(Initializer.Dcgan, random));
        var x = Noise(random, 4, 28, 28, 1);
        var narrow = network.Apply(
            TensorModule.cast(DType.Float32, theta),
            TensorModule.cast(DType.Float32, x)
        );
        Assert.Equal(DType.Float32, narrow.DType);
        // Single precision through four layers of sums.
        Near(network.Apply(theta, x).ToArray(), narrow.ToArray(), 1e-5);
    }

    private static Microsoft.FSharp.Core.FSharpFunc<Tensor, Tensor> Function(Func<Tensor, Tensor> function) =>
        Microsoft.FSharp.Core.FuncConvert.FromFunc(function);

    private static Tensor Noise(Philox random, int count, params int[] shape)
    {
        var numbers = new double[shape.Aggregate(count, (product, length) => product * length)];
        random.FillNormal(numbers, 0, numbers.Length);
        return TensorModule.ofArray(numbers).Reshape([count, .. shape]);
    }

    private static Tensor Mask(Philox random, int count, IReadOnlyList<int> shape) =>
        TensorModule
            .ofArray([.. Noise(random, count, [.. shape]).ToArray().Select(x => x > -0.7 ? 1.0 : 0)])
            .Reshape([count, .. shape]);

    private static void Near(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], tolerance);
        }
    }
}
