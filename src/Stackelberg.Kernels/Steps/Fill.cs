using System.Numerics;

namespace Stackelberg.Kernels;

/// <summary>The factories of steps. Each checks counts, ranks and signs; that every place lies in its buffer is
/// checked by the compiler of programs.</summary>
public static partial class Steps
{
    /// <summary>to[i] = value for i in 0 … count − 1.</summary>
    /// <param name="type">The number type of the buffer.</param>
    /// <param name="value">The value, rounded to float if that is the type.</param>
    /// <param name="to">Where the elements begin.</param>
    /// <param name="count">How many elements.</param>
    /// <exception cref="ArgumentException">A count, buffer or offset is negative.</exception>
    public static Step Fill(DType type, double value, Place to, int count)
    {
        Check.Type("Fill", type);
        Check.At("Fill", to);
        Check.Count("Fill", count);
        return type == DType.Float64
            ? new FillStep<double>(value, to, count)
            : new FillStep<float>((float)value, to, count);
    }
}

internal sealed class FillStep<T>(T value, Place to, int count) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions => [From(to, count)];

    public override void Run(Workspace workspace) => Buffers.Span(ref workspace.At<T>(to), count).Fill(value);
}
