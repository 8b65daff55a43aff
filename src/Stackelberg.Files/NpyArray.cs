namespace Stackelberg.Files;

/// <summary>An array of any rank in C order, of float64 or int64. Other plain number types become one of these as they are
/// read.</summary>
public sealed class NpyArray
{
    private NpyArray(Array values, int[] shape)
    {
        var size = Count(shape.Select(length => (long)length));
        if (shape.Any(length => length < 0) || size != (UInt128)values.LongLength)
        {
            throw new ArgumentException(
                $"NpyArray: {values.LongLength} values do not fill the shape [{string.Join(", ", shape)}], "
                    + $"which needs {size}."
            );
        }

        Values = values;
        Shape = shape;
    }

    /// <summary>How many values a shape holds, however large.</summary>
    internal static UInt128 Count(IEnumerable<long> shape) =>
        shape.Contains(0)
            ? UInt128.Zero
            : shape.Aggregate(
                UInt128.One,
                (product, length) =>
                    product > UInt128.MaxValue / (UInt128)Math.Abs(length)
                        ? UInt128.MaxValue
                        : product * (UInt128)Math.Abs(length)
            );

    /// <summary>The length along each axis; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Whether the values are float64.</summary>
    public bool IsFloat64 => Values is double[];

    /// <summary>The values of a float64 array, in C order; not a copy.</summary>
    /// <exception cref="InvalidOperationException">The array is int64.</exception>
    public double[] Float64 =>
        Values as double[] ?? throw new InvalidOperationException("The array holds int64; read Int64.");

    /// <summary>The values of an int64 array, in C order; not a copy.</summary>
    /// <exception cref="InvalidOperationException">The array is float64.</exception>
    public long[] Int64 =>
        Values as long[] ?? throw new InvalidOperationException("The array holds float64; read Float64.");

    internal Array Values { get; }

    /// <summary>An array of float64; a vector if no shape is given.</summary>
    /// <param name="values">The values in C order; not copied.</param>
    /// <param name="shape">The length along each axis.</param>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    public static NpyArray Of(double[] values, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(shape);
        return new(values, shape.Length == 0 ? [values.Length] : shape);
    }

    /// <summary>An array of int64; a vector if no shape is given.</summary>
    /// <param name="values">The values in C order; not copied.</param>
    /// <param name="shape">The length along each axis.</param>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    public static NpyArray Of(long[] values, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(shape);
        return new(values, shape.Length == 0 ? [values.Length] : shape);
    }

    internal static NpyArray OfShape(Array values, int[] shape) => new(values, shape);
}
