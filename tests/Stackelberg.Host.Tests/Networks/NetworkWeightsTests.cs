using Stackelberg.Files;
using Stackelberg.Kernels;
using Stackelberg.Networks;
using Xunit;

namespace Stackelberg.Tests;

public class NetworkWeightsTests
{
    private static readonly Network network = new("net", [2], new Linear(2, 3), new BatchNorm(3));

    [Fact]
    public void Weights_and_statistics_come_back_from_a_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Of("net.safetensors");
        var parameters = network.Initial(Initializer.TorchDefault, new Philox(1, 0));
        double[] state = [1, 2, 3, 4, 5, 6];
        Safetensors.Write(
            path,
            [
                .. NetworkWeights.Arrays(network, parameters, "a/"),
                .. NetworkWeights.StateArrays(network, state, "a/"),
            ]
        );
        var file = Safetensors.Read(path);
        Assert.Equal(
            ["a/0.bias", "a/0.weight", "a/1.bias", "a/1.running_mean", "a/1.running_var", "a/1.weight"],
            file.Tensors.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(parameters, NetworkWeights.Parameters(network, file, "a/"));
        Assert.Equal(state, NetworkWeights.State(network, file, "a/"));
        Assert.Throws<InvalidDataException>(() => NetworkWeights.Parameters(network, file));
    }

    [Fact]
    public void Single_precision_is_widened_and_other_shapes_are_refused()
    {
        SafetensorsFile Of(SafetensorsArray weight) =>
            new(
                new Dictionary<string, SafetensorsArray>
                {
                    ["0.weight"] = weight,
                    ["0.bias"] = SafetensorsArray.Of(new float[] { 7, 8, 9 }),
                    ["1.weight"] = SafetensorsArray.Of(new float[3]),
                    ["1.bias"] = SafetensorsArray.Of(new float[3]),
                },
                new Dictionary<string, string>(),
                false
            );
        var read = NetworkWeights.Parameters(network, Of(SafetensorsArray.Of(new float[6], 2, 3)));
        Assert.Equal([7.0, 8, 9], read[6..9]);
        var fault = Assert.Throws<InvalidDataException>(() =>
            NetworkWeights.Parameters(network, Of(SafetensorsArray.Of(new float[6], 3, 2)))
        );
        Assert.Contains(
            "is F32 [3, 2], but F64 or F32 [2, 3] is needed",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Throws<InvalidDataException>(() =>
            NetworkWeights.Parameters(network, Of(SafetensorsArray.Of(new long[6], 2, 3)))
        );
        Assert.Throws<ArgumentException>(() => NetworkWeights.Arrays(network, new double[3]));
    }
}
