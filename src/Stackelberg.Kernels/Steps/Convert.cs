namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>to[i] = from[i] in another number type, for i in 0 … count − 1.</summary>
    /// <param name="fromType">The number type read.</param>
    /// <param name="from">Where the elements begin.</param>
    /// <param name="toType">The number type written; float rounds to nearest.</param>
    /// <param name="to">Where the results begin.</param>
    /// <param name="count">How many elements.</param>
    /// <exception cref="ArgumentException">The types are equal, or a count, buffer or offset is negative.</exception>
    public static Step Convert(DType fromType, Place from, DType toType, Place to, int count)
    {
        Check.Type("Convert", fromType);
        Check.Type("Convert", toType);
        Check.At("Convert", from);
        Check.At("Convert", to);
        Check.Count("Convert", count);
        if (fromType == toType)
        {
            Check.Fail($"Convert: both types are {toType}, but they must differ; use Copy.", nameof(toType));
        }

        return toType == DType.Float32 ? new NarrowStep(from, to, count) : new WidenStep(from, to, count);
    }
}

internal sealed class NarrowStep(Place from, Place to, int count) : Step<float>
{
    public override IEnumerable<Region> Regions => [new(DType.Float64, from, count), From(to, count)];

    public override void Run(Workspace workspace)
    {
        Span<double> source = Buffers.Span(ref workspace.At<double>(from), count);
        Span<float> target = Buffers.Span(ref workspace.At<float>(to), count);
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = (float)source[i];
        }
    }
}

internal sealed class WidenStep(Place from, Place to, int count) : Step<double>
{
    public override IEnumerable<Region> Regions => [new(DType.Float32, from, count), From(to, count)];

    public override void Run(Workspace workspace)
    {
        Span<float> source = Buffers.Span(ref workspace.At<float>(from), count);
        Span<double> target = Buffers.Span(ref workspace.At<double>(to), count);
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = source[i];
        }
    }
}
