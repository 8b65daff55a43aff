using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>The checks of arguments that the factories share. Messages name the function, the value and the rule.</summary>
internal static class Check
{
    public static void Type(string function, DType type)
    {
        if (type is not (DType.Float64 or DType.Float32))
        {
            Fail($"{function}: type is {(int)type}, which is no number type.", nameof(type));
        }
    }

    public static void Count(
        string function,
        int value,
        [CallerArgumentExpression(nameof(value))] string name = ""
    )
    {
        if (value < 0)
        {
            Fail($"{function}: {name} is {value}, but a count cannot be negative.", name);
        }
    }

    public static void At(
        string function,
        Place place,
        [CallerArgumentExpression(nameof(place))] string name = ""
    )
    {
        if (place.Buffer < 0 || place.Offset < 0)
        {
            Fail(
                $"{function}: {name} is buffer {place.Buffer}, offset {place.Offset}, but neither can be negative.",
                name
            );
        }
    }

    public static void Counts(
        string function,
        int[] values,
        [CallerArgumentExpression(nameof(values))] string name = ""
    )
    {
        ArgumentNullException.ThrowIfNull(values, name);
        foreach (int value in values)
        {
            if (value < 0)
            {
                Fail($"{function}: {name} is {Show(values)}, but none can be negative.", name);
            }
        }
    }

    public static void SameRank(
        string function,
        int[] extents,
        int[] strides,
        [CallerArgumentExpression(nameof(extents))] string extentsName = "",
        [CallerArgumentExpression(nameof(strides))] string stridesName = ""
    )
    {
        ArgumentNullException.ThrowIfNull(strides, stridesName);
        if (extents.Length != strides.Length)
        {
            Fail(
                $"{function}: {extentsName} is {Show(extents)} and {stridesName} is {Show(strides)}, "
                    + "but they need the same length.",
                stridesName
            );
        }
    }

    public static string Show(int[] values) => "[" + string.Join(", ", values) + "]";

    [DoesNotReturn]
    public static void Fail(string message, string name) => throw new ArgumentException(message, name);
}
