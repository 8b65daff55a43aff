namespace Stackelberg.Networks;

/// <summary>The networks of the published experiments.</summary>
/// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), appendices D.1 and D.2, with the sizes of the authors' code.</remarks>
public static class Architectures
{
    private const double leak = 0.2;

    /// <summary>The generator of points in the plane for the mixtures of Gaussians: 1666 parameters by default.</summary>
    /// <param name="activation">After each hidden layer: tanh for the diamond, relu for the circle.</param>
    /// <param name="hiddenLayers">How many hidden layers, at least 1.</param>
    /// <param name="width">The numbers in each hidden layer.</param>
    /// <param name="latent">The numbers of the noise.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public static Network MixtureGenerator(
        Activation activation,
        int hiddenLayers = 2,
        int width = 32,
        int latent = 16
    )
    {
        ArgumentNullException.ThrowIfNull(activation);
        return new("generator", [latent], Perceptron(activation, latent, hiddenLayers, width, 2));
    }

    /// <summary>The discriminator of points in the plane: 129 parameters by default. It gives the probability that a point
    /// is real, [n, 1].</summary>
    /// <param name="activation">After each hidden layer.</param>
    /// <param name="hiddenLayers">How many hidden layers, at least 1.</param>
    /// <param name="width">The numbers in each hidden layer.</param>
    /// <param name="logits">Whether the last sigmoid is left out, for objectives that take logits.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public static Network MixtureDiscriminator(
        Activation activation,
        int hiddenLayers = 1,
        int width = 32,
        bool logits = false
    )
    {
        ArgumentNullException.ThrowIfNull(activation);

        var layers = Perceptron(activation, 2, hiddenLayers, width, 1);
        return new("discriminator", [2], logits ? layers : [.. layers, Activation.Sigmoid]);
    }

    /// <summary>The DCGAN's generator of images 28 × 28 in [−1, 1]: 3,573,696 parameters at 64 channels.</summary>
    /// <param name="channels">The channels of the last hidden images; the first have eight times as many.</param>
    /// <param name="latent">The numbers of the noise.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public static Network DcganGenerator(int channels = 64, int latent = 100)
    {
        NetworkLayer[] Up(int from, int to, int stride, int padding) =>
            [
                new ConvTranspose2d(from, to, 4, stride, padding, bias: false),
                new BatchNorm(to),
                Activation.Relu,
            ];
        return new(
            "generator",
            [latent],
            [
                Reshape.To(1, 1, latent),
                .. Up(latent, 8 * channels, 1, 0),
                .. Up(8 * channels, 4 * channels, 2, 1),
                .. Up(4 * channels, 2 * channels, 2, 1),
                .. Up(2 * channels, channels, 2, 1),
                // From 32 × 32 to 28 × 28.
                new ConvTranspose2d(channels, 1, 1, 1, 2, bias: false),
                Activation.Tanh,
            ]
        );
    }

    /// <summary>The DCGAN's discriminator of images 28 × 28: 661,248 parameters at 64 channels. It gives the probability
    /// that an image is real, [n, 1].</summary>
    /// <param name="channels">The channels of the first hidden images; the last have four times as many.</param>
    /// <param name="logits">Whether the last sigmoid is left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public static Network DcganDiscriminator(int channels = 64, bool logits = false)
    {
        NetworkLayer[] Down(int from, int to) =>
            [new Conv2d(from, to, 4, 2, 1, bias: false), new BatchNorm(to), Activation.LeakyRelu(leak)];
        NetworkLayer[] layers =
        [
            new Conv2d(1, channels, 4, 2, 1, bias: false),
            Activation.LeakyRelu(leak),
            .. Down(channels, 2 * channels),
            .. Down(2 * channels, 4 * channels),
            new Conv2d(4 * channels, 1, 4, 2, 1, bias: false),
            Reshape.Flatten,
        ];
        return new("discriminator", [28, 28, 1], logits ? layers : [.. layers, Activation.Sigmoid]);
    }

    /// <summary>The classifier behind the inception score: logits of ten digits from images 32 × 32 in [−1, 1], 129,130
    /// parameters. Its two dropout layers take masks [n, 128] and [n, 96] in training.</summary>
    public static Network LeNet()
    {
        const double dropped = 0.25;
        return new(
            "classifier",
            [32, 32, 1],
            new Conv2d(1, 16, 5),
            Activation.Relu,
            Pool2d.Max(2),
            new Conv2d(16, 32, 5),
            Activation.Relu,
            Pool2d.Max(2),
            Reshape.Flatten,
            new Linear(800, 128),
            Activation.Relu,
            new Dropout(dropped),
            new Linear(128, 96),
            Activation.Relu,
            new Dropout(dropped),
            new Linear(96, 10)
        );
    }

    private static NetworkLayer[] Perceptron(
        Activation activation,
        int inputs,
        int hiddenLayers,
        int width,
        int outputs
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenLayers, 1);
        return
        [
            new Linear(inputs, width),
            activation,
            .. Enumerable
                .Range(1, hiddenLayers - 1)
                .SelectMany(_ => new NetworkLayer[] { new Linear(width, width), activation }),
            new Linear(width, outputs),
        ];
    }
}
