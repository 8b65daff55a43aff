using System.Numerics;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>to[i] = to[i] + from[i].</summary>
    /// <param name="type">The number type of both buffers.</param>
    /// <param name="count">How many elements.</param>
    /// <param name="from">The addends.</param>
    /// <param name="to">The sums; they may not overlap the addends.</param>
    /// <exception cref="ArgumentException">The count is negative.</exception>
    public static Step Add(DType type, int count, Place from, Place to)
    {
        Check.Type("Add", type);
        Check.Count("Add", count);
        Check.At("Add", from);
        Check.At("Add", to);
        return type == DType.Float64
            ? new AddStep<double>(count, from, to)
            : new AddStep<float>(count, from, to);
    }
}

internal sealed class AddStep<T>(int count, Place from, Place to) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions => [From(from, count), From(to, count)];

    public override void Run(Workspace workspace) =>
        PartialSums<T>.Add(ref workspace.At<T>(from), ref workspace.At<T>(to), count);
}
