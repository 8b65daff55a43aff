using Stackelberg.Kernels;

namespace Stackelberg.Networks;

/// <summary>How the parameters of a network are drawn.</summary>
/// <param name="name">What configurations call it.</param>
/// <param name="fill">Fills one array: its description, the random numbers, the flat vector, where the array begins in
/// it and how many entries it has.</param>
public sealed class Initializer(string name, Action<LayerParameter, Philox, double[], int, int> fill)
{
    /// <summary>Uniform numbers between ±1/√(fan-in) for weights and biases, 1 and 0 for normalisations: what PyTorch does
    /// unless told otherwise.</summary>
    public static Initializer TorchDefault { get; } = new("torch", FillTorchDefault);

    /// <summary>Weights of convolutions from N(0, 0.02²), gains of normalisations from N(1, 0.02²), their shifts 0, the
    /// rest as in <see cref="TorchDefault"/>.</summary>
    /// <remarks>A. Radford, L. Metz and S. Chintala (2016), and the PyTorch example of the DCGAN.</remarks>
    public static Initializer Dcgan { get; } = new("dcgan", FillDcgan);

    /// <summary>What configurations call it.</summary>
    public string Name { get; } = name;

    internal void Fill(LayerParameter parameter, Philox random, double[] to, int offset, int count) =>
        fill(parameter, random, to, offset, count);

    private static void FillTorchDefault(
        LayerParameter parameter,
        Philox random,
        double[] to,
        int offset,
        int count
    )
    {
        switch (parameter.Role)
        {
            case ParameterRole.Gain:
                Array.Fill(to, 1, offset, count);
                break;
            case ParameterRole.Shift:
                Array.Clear(to, offset, count);
                break;
            default:
                random.FillUniform(to, offset, count);
                var bound = 1 / Math.Sqrt(parameter.FanIn);
                for (var i = offset; i < offset + count; i++)
                {
                    to[i] = (2 * to[i] - 1) * bound;
                }

                break;
        }
    }

    private static void FillDcgan(LayerParameter parameter, Philox random, double[] to, int offset, int count)
    {
        const double deviation = 0.02;
        if (parameter.Role is not (ParameterRole.ConvolutionWeight or ParameterRole.Gain))
        {
            FillTorchDefault(parameter, random, to, offset, count);
            return;
        }

        var mean = parameter.Role == ParameterRole.Gain ? 1 : 0;
        random.FillNormal(to, offset, count);
        for (var i = offset; i < offset + count; i++)
        {
            to[i] = mean + deviation * to[i];
        }
    }
}
