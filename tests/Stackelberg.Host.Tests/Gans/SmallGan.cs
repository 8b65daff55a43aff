using Stackelberg.Gans;
using Stackelberg.Kernels;
using Stackelberg.Networks;

namespace Stackelberg.Tests;

/// <summary>A GAN on one fixed draw, beside its hand-written twin.</summary>
/// <param name="Gan">What is tested, in float64.</param>
/// <param name="Hand">What it must agree with.</param>
/// <param name="X">The point.</param>
internal sealed record SmallGan(Gan Gan, HandGan Hand, double[] X)
{
    /// <summary>Networks of the mixtures of Gaussians.</summary>
    /// <param name="objective">A name.</param>
    /// <param name="activation">tanh or relu.</param>
    /// <param name="hidden">The hidden layers of the generator, then of the discriminator.</param>
    /// <param name="width">The width of hidden layers.</param>
    /// <param name="latent">The numbers of the noise.</param>
    /// <param name="spread">Multiplies the discriminator's last layer: great numbers make it sure.</param>
    public static SmallGan Mixture(
        string objective,
        string activation,
        (int Generator, int Discriminator) hidden,
        int width = 6,
        int latent = 3,
        double spread = 1
    )
    {
        var chosen = GanObjective.ByName(objective);
        var function = Activation.ByName(activation);
        var byHand = activation == "tanh" ? HandActivation.Tanh : HandActivation.Relu;
        HandLayer[] Perceptron(int inputs, int count, int outputs) =>
            [
                new HandLinear(inputs, width),
                byHand,
                .. Enumerable
                    .Range(1, count - 1)
                    .SelectMany(_ => new HandLayer[] { new HandLinear(width, width), byHand }),
                new HandLinear(width, outputs),
            ];
        HandLayer[] last = chosen.TakesLogits ? [] : [HandActivation.Sigmoid];
        return Make(
            Architectures.MixtureGenerator(function, hidden.Generator, width, latent),
            Architectures.MixtureDiscriminator(function, hidden.Discriminator, width, chosen.TakesLogits),
            chosen,
            Perceptron(latent, hidden.Generator, 2),
            [.. Perceptron(2, hidden.Discriminator, 1), .. last],
            batch: 8,
            lastLayer: (width + 1, spread)
        );
    }

    /// <summary>The layers of the DCGAN on images 8 × 8 of two channels: transposed convolutions with and without stride and
    /// cropping, convolutions, batch normalisation in training, relu, leaky relu, tanh.</summary>
    /// <param name="objective">A name.</param>
    public static SmallGan Images(string objective)
    {
        const double leak = 0.2;
        var chosen = GanObjective.ByName(objective);
        NetworkLayer[] last = chosen.TakesLogits ? [] : [Activation.Sigmoid];
        HandLayer[] lastByHand = chosen.TakesLogits ? [] : [HandActivation.Sigmoid];
        return Make(
            new Network(
                "generator",
                [3],
                Reshape.To(1, 1, 3),
                new ConvTranspose2d(3, 3, 5, bias: false),
                new BatchNorm(3),
                Activation.Relu,
                new ConvTranspose2d(3, 2, 4, stride: 2, padding: 1, bias: false),
                new BatchNorm(2),
                Activation.Relu,
                new ConvTranspose2d(2, 2, 1, padding: 1, bias: false),
                Activation.Tanh
            ),
            new Network(
                "discriminator",
                [8, 8, 2],
                [
                    new Conv2d(2, 3, 4, 2, 1, bias: false),
                    Activation.LeakyRelu(leak),
                    new Conv2d(3, 3, 4, 2, 1, bias: false),
                    new BatchNorm(3),
                    Activation.LeakyRelu(leak),
                    new Conv2d(3, 1, 4, 2, 1, bias: false),
                    Reshape.Flatten,
                    .. last,
                ]
            ),
            chosen,
            [
                HandConvolution.Up(1, 3, 3, 5, 1, 0),
                new HandBatchNorm(3),
                HandActivation.Relu,
                HandConvolution.Up(5, 3, 2, 4, 2, 1),
                new HandBatchNorm(2),
                HandActivation.Relu,
                HandConvolution.Up(10, 2, 2, 1, 1, 1),
                HandActivation.Tanh,
            ],
            [
                HandConvolution.Down(8, 2, 3, 4, 2, 1),
                HandActivation.LeakyRelu(leak),
                HandConvolution.Down(4, 3, 3, 4, 2, 1),
                new HandBatchNorm(3),
                HandActivation.LeakyRelu(leak),
                HandConvolution.Down(2, 3, 1, 4, 2, 1),
                .. lastByHand,
            ],
            batch: 5,
            lastLayer: (0, 1)
        );
    }

    private static SmallGan Make(
        Network generator,
        Network discriminator,
        GanObjective objective,
        HandLayer[] generatorByHand,
        HandLayer[] discriminatorByHand,
        int batch,
        (int Count, double Spread) lastLayer
    )
    {
        var random = new Philox(5, 0);
        var latent = Normal(random, batch * generator.Input[0]);
        var real = Normal(random, batch * discriminator.Input.Aggregate((a, b) => a * b));
        var gan = new Gan(
            "small",
            generator,
            discriminator,
            objective,
            Constant(Gan.Real, real, [batch, .. discriminator.Input]),
            DType.Float64,
            Constant(Gan.Latent, latent, [batch, .. generator.Input])
        );
        // A little noise moves gains from 1 and shifts from 0.
        const double noise = 0.1;
        var start = gan.Start(Initializer.TorchDefault, seed: 7);
        var moved = Normal(random, start.Length);
        double[] x = [.. start.Select((value, i) => value + noise * moved[i])];
        for (var i = x.Length - lastLayer.Count; i < x.Length; i++)
        {
            x[i] *= lastLayer.Spread;
        }

        return new(
            gan,
            new HandGan(
                generatorByHand,
                discriminatorByHand,
                HandObjective.Of(objective.Name),
                latent,
                real,
                batch
            ),
            x
        );
    }

    private static Sampler Constant(string name, double[] values, int[] shape) =>
        SamplerModule.Constant(name, Tensor.Of(values).Reshape(shape));

    private static double[] Normal(Philox random, int count)
    {
        var drawn = new double[count];
        random.FillNormal(drawn, 0, count);
        return drawn;
    }
}
