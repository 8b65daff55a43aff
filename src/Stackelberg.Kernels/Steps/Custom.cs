namespace Stackelberg.Kernels;

/// <summary>A user's function of arrays: writes every entry of the result.</summary>
/// <param name="operands">The arguments, row-major.</param>
/// <param name="result">The result, row-major; it overlaps no argument and holds anything at first.</param>
public delegate void ArrayKernel(ArrayOperands operands, Span<double> result);

/// <summary>The arguments of an <see cref="ArrayKernel"/>, for the time of its call.</summary>
public readonly ref struct ArrayOperands
{
    private readonly CustomStep _step;
    private readonly Workspace _workspace;

    internal ArrayOperands(CustomStep step, Workspace workspace)
    {
        _step = step;
        _workspace = workspace;
    }

    /// <summary>How many arguments there are.</summary>
    public int Count => _step.Places.Length;

    /// <summary>The extents of the result; may not be written to.</summary>
    public int[] ResultShape => _step.ResultShape;

    /// <summary>The numbers of argument <paramref name="index"/>, row-major.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such argument.</exception>
    public ReadOnlySpan<double> this[int index]
    {
        get
        {
            Place place = _step.Places[index];
            return ((double[])_workspace.Buffers[place.Buffer]).AsSpan(place.Offset, _step.Counts[index]);
        }
    }

    /// <summary>The extents of argument <paramref name="index"/>; may not be written to.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such argument.</exception>
    public int[] Shape(int index) => _step.Shapes[index];
}

public static partial class Steps
{
    /// <summary>Calls a user's function of float64 arrays.</summary>
    /// <param name="kernel">The function.</param>
    /// <param name="shapes">The extents of each argument.</param>
    /// <param name="places">Where each argument begins, contiguous.</param>
    /// <param name="resultShape">The extents of the result.</param>
    /// <param name="result">Where the result begins, contiguous; it may not overlap an argument.</param>
    /// <exception cref="ArgumentException">The numbers of shapes and places differ, or something is negative.</exception>
    public static Step Custom(
        ArrayKernel kernel,
        int[][] shapes,
        Place[] places,
        int[] resultShape,
        Place result
    )
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(shapes);
        ArgumentNullException.ThrowIfNull(places);
        Check.Counts("Custom", resultShape);
        Check.At("Custom", result);
        if (shapes.Length != places.Length)
        {
            Check.Fail(
                $"Custom: there are {shapes.Length} shapes and {places.Length} places.",
                nameof(places)
            );
        }

        for (int i = 0; i < shapes.Length; i++)
        {
            Check.Counts("Custom", shapes[i], nameof(shapes));
            Check.At("Custom", places[i], nameof(places));
        }

        return new CustomStep(kernel, shapes, places, resultShape, result);
    }
}

internal sealed class CustomStep(
    ArrayKernel kernel,
    int[][] shapes,
    Place[] places,
    int[] resultShape,
    Place result
) : Step<double>
{
    private readonly int _count = Product(resultShape);

    public int[][] Shapes { get; } = shapes;

    public Place[] Places { get; } = places;

    public int[] Counts { get; } = [.. shapes.Select(Product)];

    public int[] ResultShape { get; } = resultShape;

    public override IEnumerable<Region> Regions =>
        [.. Places.Select((place, i) => From(place, Counts[i])), From(result, _count)];

    public override void Run(Workspace workspace) =>
        kernel(
            new ArrayOperands(this, workspace),
            ((double[])workspace.Buffers[result.Buffer]).AsSpan(result.Offset, _count)
        );

    private static int Product(int[] extents) =>
        extents.Aggregate(1, (product, extent) => checked(product * extent));
}
