using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Stackelberg.Kernels;

namespace Stackelberg;

/// <summary>Samplers from C#.</summary>
public static class SamplerExtensions
{
    extension(Sampler)
    {
        /// <summary>Independent standard normal numbers.</summary>
        /// <param name="name">What costs ask for.</param>
        /// <param name="shape">The tensor's extents, for example [256, 16].</param>
        public static Sampler Normal(string name, params int[] shape)
        {
            ArgumentNullException.ThrowIfNull(name);
            ArgumentNullException.ThrowIfNull(shape);
            return SamplerModule.Normal(name, ListModule.OfArray(shape));
        }

        /// <summary>Independent numbers, uniform in [0, 1).</summary>
        /// <param name="name">What costs ask for.</param>
        /// <param name="shape">The tensor's extents.</param>
        public static Sampler Uniform(string name, params int[] shape)
        {
            ArgumentNullException.ThrowIfNull(name);
            ArgumentNullException.ThrowIfNull(shape);
            return SamplerModule.Uniform(name, ListModule.OfArray(shape));
        }

        /// <summary>Numbers that a function makes of random ones.</summary>
        /// <param name="name">What costs ask for.</param>
        /// <param name="shape">The tensor's extents.</param>
        /// <param name="fill">Receives a generator at the draw's own place and the array to fill, row-major; what it
        /// writes may depend on nothing else.</param>
        public static Sampler OfFunction(string name, int[] shape, Action<Philox, double[]> fill)
        {
            ArgumentNullException.ThrowIfNull(name);
            ArgumentNullException.ThrowIfNull(shape);

            ArgumentNullException.ThrowIfNull(fill);
            return SamplerModule.ofFunction(name, ListModule.OfArray(shape), FuncConvert.FromAction(fill));
        }

        /// <summary>Minibatches of data that stay together, every epoch in a new random order.</summary>
        /// <param name="batchSize">Rows in a batch.</param>
        /// <param name="data">Names, shapes of one row, and the data, row after row; equally many rows each.</param>
        /// <exception cref="ArgumentException">The numbers of rows differ, or there are fewer than batchSize.</exception>
        public static Sampler Rows(int batchSize, params (string Name, int[] Shape, float[] Values)[] data)
        {
            ArgumentNullException.ThrowIfNull(data);
            return SamplerModule.Rows(batchSize, data);
        }

        /// <summary>Several samplers as one, each independent of the others.</summary>
        /// <param name="parts">The samplers; all their batches have names of their own.</param>
        /// <exception cref="ArgumentException">Two batches have one name.</exception>
        public static Sampler All(params Sampler[] parts)
        {
            ArgumentNullException.ThrowIfNull(parts);
            return SamplerModule.All(ListModule.OfArray(parts));
        }
    }
}
