using System.Numerics;

namespace Stackelberg.Kernels;

/// <summary>A step that computes in T, double or float.</summary>
internal abstract class Step<T> : Step
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public sealed override DType Type => typeof(T) == typeof(double) ? DType.Float64 : DType.Float32;

    /// <summary><paramref name="count"/> elements of the step's own number type.</summary>
    protected Region From(Place at, long count) => new(Type, at, count);
}
