using System.Runtime.InteropServices;

namespace Stackelberg.Files;

/// <summary>An array of any rank in C order, as a safetensors file holds it.</summary>
public sealed class SafetensorsArray
{
    private readonly Array values;

    internal SafetensorsArray(Array values, IReadOnlyList<int> shape)
    {
        // By the type itself: a pattern takes a ulong[] for a long[].
        Kind = Type.GetTypeCode(values.GetType().GetElementType()) switch
        {
            TypeCode.Single => SafetensorsKind.F32,
            TypeCode.Double => SafetensorsKind.F64,
            TypeCode.Int64 => SafetensorsKind.I64,
            TypeCode.UInt64 => SafetensorsKind.U64,
            _ => SafetensorsKind.U8,
        };
        var negative = shape.Any(length => length < 0);
        var size = shape.Aggregate(1L, (product, length) => checked(product * length));
        if (negative || size != values.LongLength)
        {
            throw new ArgumentException(
                $"SafetensorsArray: {values.LongLength} values do not fill the shape "
                    + $"[{string.Join(", ", shape)}]{(negative ? "" : $", which needs {size}")}.",
                nameof(shape)
            );
        }

        this.values = values;
        Shape = shape;
    }

    /// <summary>The number type.</summary>
    public SafetensorsKind Kind { get; }

    /// <summary>The length along each axis; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The values of an F32 array, in C order; not a copy.</summary>
    /// <exception cref="InvalidOperationException">The array is of another kind.</exception>
    public float[] F32 => As<float>(SafetensorsKind.F32);

    /// <summary>The values of an F64 array, in C order; not a copy.</summary>
    /// <exception cref="InvalidOperationException">The array is of another kind.</exception>
    public double[] F64 => As<double>(SafetensorsKind.F64);

    /// <summary>The values of an I64 array, in C order; not a copy.</summary>
    /// <exception cref="InvalidOperationException">The array is of another kind.</exception>
    public long[] I64 => As<long>(SafetensorsKind.I64);

    /// <summary>The values of a U64 array, in C order; not a copy.</summary>
    /// <exception cref="InvalidOperationException">The array is of another kind.</exception>
    public ulong[] U64 => As<ulong>(SafetensorsKind.U64);

    /// <summary>The values of a U8 array, in C order; not a copy.</summary>
    /// <exception cref="InvalidOperationException">The array is of another kind.</exception>
    public byte[] U8 => As<byte>(SafetensorsKind.U8);

    internal Span<byte> Bytes =>
        Kind switch
        {
            SafetensorsKind.F32 => MemoryMarshal.AsBytes(F32.AsSpan()),
            SafetensorsKind.F64 => MemoryMarshal.AsBytes(F64.AsSpan()),
            SafetensorsKind.I64 => MemoryMarshal.AsBytes(I64.AsSpan()),
            SafetensorsKind.U64 => MemoryMarshal.AsBytes(U64.AsSpan()),
            _ => U8,
        };

    /// <summary>An array of F32; a vector if no shape is given.</summary>
    /// <param name="values">The values in C order; not copied.</param>
    /// <param name="shape">The length along each axis.</param>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    public static SafetensorsArray Of(float[] values, params int[] shape) => Make(values, shape);

    /// <summary>An array of F64; a vector if no shape is given.</summary>
    /// <param name="values">The values in C order; not copied.</param>
    /// <param name="shape">The length along each axis.</param>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    public static SafetensorsArray Of(double[] values, params int[] shape) => Make(values, shape);

    /// <summary>An array of I64; a vector if no shape is given.</summary>
    /// <param name="values">The values in C order; not copied.</param>
    /// <param name="shape">The length along each axis.</param>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    public static SafetensorsArray Of(long[] values, params int[] shape) => Make(values, shape);

    /// <summary>An array of U64; a vector if no shape is given.</summary>
    /// <param name="values">The values in C order; not copied.</param>
    /// <param name="shape">The length along each axis.</param>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    public static SafetensorsArray Of(ulong[] values, params int[] shape) => Make(values, shape);

    /// <summary>An array of U8; a vector if no shape is given.</summary>
    /// <param name="values">The values in C order; not copied.</param>
    /// <param name="shape">The length along each axis.</param>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    public static SafetensorsArray Of(byte[] values, params int[] shape) => Make(values, shape);

    internal static SafetensorsArray Zeros(SafetensorsKind kind, IReadOnlyList<int> shape)
    {
        var size = checked((int)shape.Aggregate(1L, (product, length) => checked(product * length)));
        return new(
            kind switch
            {
                SafetensorsKind.F32 => new float[size],
                SafetensorsKind.F64 => new double[size],
                SafetensorsKind.I64 => new long[size],
                SafetensorsKind.U64 => new ulong[size],
                _ => new byte[size],
            },
            shape
        );
    }

    private static SafetensorsArray Make(Array values, int[] shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(shape);
        return new(values, shape.Length == 0 ? [values.Length] : shape);
    }

    private T[] As<T>(SafetensorsKind kind) =>
        Kind == kind
            ? (T[])values
            : throw new InvalidOperationException($"The array holds {Kind}, not {kind}; read {Kind}.");
}
