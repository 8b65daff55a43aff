namespace Stackelberg.Networks;

/// <summary>One named array inside a network's flat vector of parameters or of state.</summary>
/// <param name="Name">The layer's number from 0, a point and the array's name there: <c>2.weight</c>.</param>
/// <param name="Shape">Its shape, row-major.</param>
/// <param name="Offset">Where its first entry stands in the flat vector.</param>
public sealed record NetworkArray(string Name, IReadOnlyList<int> Shape, int Offset)
{
    /// <summary>The number of its entries.</summary>
    public int Count { get; } = Shape.Aggregate(1, (product, length) => product * length);
}
