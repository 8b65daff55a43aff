using System.Globalization;
using System.Text.RegularExpressions;

namespace Stackelberg.Files;

/// <summary>The header of an array in NumPy's format.</summary>
/// <param name="Kind">The number type.</param>
/// <param name="IsFortranOrder">Whether the first axis runs fastest.</param>
/// <param name="Shape">The length along each axis.</param>
internal sealed partial record NpyHeader(NpyKind Kind, bool IsFortranOrder, int[] Shape)
{
    // NumPy's own limit is 64.
    private const int mostAxes = 64;

    /// <summary>How many numbers there are, however many.</summary>
    public UInt128 Count => NpyArray.Count(Shape.Select(length => (long)length));

    /// <summary>The shape in words.</summary>
    public string Words => $"[{string.Join(", ", Shape)}]";

    /// <summary>Reads the Python dict, its keys in any order.</summary>
    /// <exception cref="InvalidDataException">A key is missing or holds something else.</exception>
    public static NpyHeader Parse(string text, string name)
    {
        var kind = Find(Descr(), text, name, "descr as the name of a plain number type");
        var order = Find(Order(), text, name, "fortran_order as True or False");
        var shape = Find(Extents(), text, name, "shape as whole numbers");
        var entries = shape.Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        var lengths = Array.ConvertAll(entries, entry => Length(entry, name));
        return lengths.Length <= mostAxes
            ? new(NpyKind.Parse(kind, name), order == "True", lengths)
            : throw new InvalidDataException(
                $"{name} has {lengths.Length} axes, but {mostAxes} are the most."
            );
    }

    /// <summary>The values, which stand as the file has them, with the last axis running fastest.</summary>
    public Array InCOrder(Array values)
    {
        if (!IsFortranOrder || Shape.Length < 2 || values.Length == 0)
        {
            return values;
        }

        var sorted = Array.CreateInstance(values.GetType().GetElementType()!, values.Length);
        var index = new int[Shape.Length];
        var strides = new int[Shape.Length];
        for (int axis = Shape.Length - 1, stride = 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Shape[axis];
        }

        var into = 0;
        for (var from = 0; from < values.Length; from++)
        {
            Array.Copy(values, from, sorted, into, 1);
            for (var axis = 0; axis < Shape.Length; axis++)
            {
                into += strides[axis];
                if (++index[axis] < Shape[axis])
                {
                    break;
                }

                into -= strides[axis] * Shape[axis];
                index[axis] = 0;
            }
        }

        return sorted;
    }

    // Python 2 wrote long numbers with an L.
    private static int Length(string entry, string name) =>
        int.TryParse(entry.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : throw new InvalidDataException(
                $"{name} has a length of {entry} along one axis, but whole numbers up to {int.MaxValue} are read."
            );

    private static string Find(Regex pattern, string text, string name, string needed)
    {
        var match = pattern.Match(text);
        return match.Success
            ? match.Groups["value"].Value
            : throw new InvalidDataException($"{name} has a header that does not give {needed}.");
    }

    [GeneratedRegex(@"['""]descr['""]\s*:\s*['""](?<value>[^'""]*)['""]", RegexOptions.CultureInvariant)]
    private static partial Regex Descr();

    [GeneratedRegex(@"['""]fortran_order['""]\s*:\s*(?<value>True|False)", RegexOptions.CultureInvariant)]
    private static partial Regex Order();

    [GeneratedRegex(@"['""]shape['""]\s*:\s*\((?<value>[0-9L,\s]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Extents();
}
