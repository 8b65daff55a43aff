using Stackelberg.Files;

namespace Stackelberg.Networks;

/// <summary>A network's parameters and running statistics as named arrays in a safetensors file.</summary>
public static class NetworkWeights
{
    /// <summary>The parameters by name, in F64.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">[ParameterCount].</param>
    /// <param name="prefix">Written before each name, for example <c>generator/</c>.</param>
    /// <exception cref="ArgumentException">parameters has another length.</exception>
    public static IEnumerable<KeyValuePair<string, SafetensorsArray>> Arrays(
        Network network,
        double[] parameters,
        string prefix = ""
    )
    {
        ArgumentNullException.ThrowIfNull(network);
        return Named(network.Parameters, parameters, network.ParameterCount, prefix);
    }

    /// <summary>The running statistics by name, in F64.</summary>
    /// <param name="network">The network.</param>
    /// <param name="state">[StateCount].</param>
    /// <param name="prefix">Written before each name.</param>
    /// <exception cref="ArgumentException">state has another length.</exception>
    public static IEnumerable<KeyValuePair<string, SafetensorsArray>> StateArrays(
        Network network,
        double[] state,
        string prefix = ""
    )
    {
        ArgumentNullException.ThrowIfNull(network);
        return Named(network.State, state, network.StateCount, prefix);
    }

    /// <summary>The parameters of a file.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">What <see cref="Safetensors.Read"/> gave; arrays of F64 or F32, others besides are not
    /// read.</param>
    /// <param name="prefix">What stands before each name.</param>
    /// <returns>[ParameterCount].</returns>
    /// <exception cref="InvalidDataException">An array is missing or has another shape or kind.</exception>
    public static double[] Parameters(Network network, SafetensorsFile file, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(network);
        return Read(network, network.Parameters, network.ParameterCount, file, prefix);
    }

    /// <summary>The running statistics of a file.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">As for <see cref="Parameters"/>.</param>
    /// <param name="prefix">What stands before each name.</param>
    /// <returns>[StateCount].</returns>
    /// <exception cref="InvalidDataException">An array is missing or has another shape or kind.</exception>
    public static double[] State(Network network, SafetensorsFile file, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(network);
        return Read(network, network.State, network.StateCount, file, prefix);
    }

    private static IEnumerable<KeyValuePair<string, SafetensorsArray>> Named(
        IReadOnlyList<NetworkArray> arrays,
        double[] vector,
        int length,
        string prefix
    )
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (vector.Length != length)
        {
            throw new ArgumentException(
                $"NetworkWeights: the vector has {vector.Length} numbers, but {length} are needed."
            );
        }

        return arrays.Select(array => new KeyValuePair<string, SafetensorsArray>(
            prefix + array.Name,
            SafetensorsArray.Of(vector[array.Offset..(array.Offset + array.Count)], [.. array.Shape])
        ));
    }

    private static double[] Read(
        Network network,
        IReadOnlyList<NetworkArray> arrays,
        int length,
        SafetensorsFile file,
        string prefix
    )
    {
        ArgumentNullException.ThrowIfNull(file);
        var vector = new double[length];
        foreach (var array in arrays)
        {
            var found = file[prefix + array.Name];
            if (
                !found.Shape.SequenceEqual(array.Shape)
                || found.Kind is not (SafetensorsKind.F64 or SafetensorsKind.F32)
            )
            {
                throw new InvalidDataException(
                    $"The file's array \"{prefix + array.Name}\" is {found.Kind} {Network.Show(found.Shape)}, but F64 or F32 "
                        + $"{Network.Show(array.Shape)} is needed for the network \"{network.Name}\"."
                );
            }

            var values =
                found.Kind == SafetensorsKind.F64 ? found.F64 : Array.ConvertAll(found.F32, x => (double)x);
            values.CopyTo(vector, array.Offset);
        }

        return vector;
    }
}
