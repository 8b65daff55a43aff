using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.FSharp.Reflection;

namespace Stackelberg;

/// <summary>Reads JSON that a user may have written or changed: it is looked through before it is read as a type, so that what
/// is wrong is said with the member's name, what was found and what is needed.</summary>
internal static class StrictJson
{
    // A summary of a run with thousands of numbers has a megabyte.
    private const int mostBytes = 256 << 20;

    // Enough to know a value by.
    private const int mostShown = 60;

    private const string numbers = "a finite number, Infinity, -Infinity or NaN";

    private static readonly Dictionary<Type, (string Needed, Func<JsonElement, bool> Is)> plain = new()
    {
        [typeof(string)] = ("a text", value => value.ValueKind == JsonValueKind.String),
        [typeof(bool)] = (
            "true or false",
            value => value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ),
        [typeof(double)] = (numbers, IsNumber),
        [typeof(double?)] = (numbers, value => IsNumber(value) || value.ToString() == NumberOrNone.None),
        [typeof(JsonElement)] = (
            "a text, a number, true, false or a list of such",
            value => ConfigFile.Text(value) is not null
        ),
        [typeof(int)] = Whole(int.MaxValue),
        [typeof(long)] = Whole(long.MaxValue),
        [typeof(ulong)] = Whole(ulong.MaxValue),
        [typeof(RunEnding)] = (
            $"one of {string.Join(", ", EndingWords.All)}",
            value => EndingWords.All.Contains(value.ToString())
        ),
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is something else; the message says what, as in <c>is no JSON (line
    /// 3)</c>.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type) => Parse(Bytes(path), type);

    /// <summary>Reads text.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> text, JsonTypeInfo<T> type)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            Need(document.RootElement, type, "");
            return document.RootElement.Deserialize(type)!;
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"is no JSON (line {fault.LineNumber + 1})", fault);
        }
        catch (InvalidOperationException fault)
        {
            throw new InvalidDataException("holds a text that is no Unicode", fault);
        }
    }

    // A pipe or a device tells no length, and may never end.
    private static ReadOnlyMemory<byte> Bytes(string path)
    {
        using var stream = File.OpenRead(path);
        using var bytes = new MemoryStream();
        var part = new byte[1 << 16];
        for (int count; (count = stream.Read(part)) > 0; )
        {
            bytes.Write(part, 0, count);
            if (bytes.Length > mostBytes)
            {
                throw new InvalidDataException($"is longer than {mostBytes} bytes");
            }
        }

        var text = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        return text.Span.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
    }

    private static void Need(JsonElement value, JsonTypeInfo type, string member)
    {
        JsonTypeInfo Info(Type of) => type.Options.GetTypeInfo(of);

        if (type.Kind == JsonTypeInfoKind.Object)
        {
            NeedMembers(
                value,
                member,
                [
                    .. type.Properties.Select(property => new Member(
                        property.Name,
                        Info(property.PropertyType),
                        property.AssociatedParameter is { HasDefaultValue: false },
                        property.IsSetNullable
                    )),
                ]
            );
        }
        else if (type.Kind == JsonTypeInfoKind.Dictionary)
        {
            foreach (var (name, entry) in Members(value, member))
            {
                Need(entry, Info(type.ElementType!), Below(member, name));
            }
        }
        else if (type.Kind == JsonTypeInfoKind.Enumerable)
        {
            NeedIs(value.ValueKind == JsonValueKind.Array, value, member, "a list");
            foreach (var (index, entry) in value.EnumerateArray().Index())
            {
                Need(entry, Info(type.ElementType!), $"{member}[{index}]");
            }
        }
        else if (type.Type == typeof(OneOrEach))
        {
            var isOne = value.ValueKind == JsonValueKind.Array;
            Need(value, Info(isOne ? typeof(double[]) : typeof(Dictionary<string, double[]>)), member);
        }
        else if (FSharpType.IsUnion(type.Type, null))
        {
            var one = Union.Case(type.Type, value);
            NeedIs(
                one is not null,
                value,
                member,
                $"one of the cases {string.Join(", ", FSharpType.GetUnionCases(type.Type, null).Select(each => each.Name))}"
            );
            NeedMembers(
                value,
                member,
                [
                    new(Union.Key, Info(typeof(string)), true, false),
                    .. one!
                        .GetFields()
                        .Select(field => new Member(field.Name, Info(field.PropertyType), true, false)),
                ]
            );
        }
        else if (
            plain.TryGetValue(type.Type, out var kind)
            || plain.TryGetValue(Nullable.GetUnderlyingType(type.Type) ?? type.Type, out kind)
        )
        {
            NeedIs(kind.Is(value), value, member, kind.Needed);
            // Raises what Parse takes for a text that is no Unicode.
            _ = value.ToString();
        }
    }

    private static void NeedMembers(JsonElement value, string member, Member[] known)
    {
        var members = Members(value, member);
        foreach (var (name, entry) in members)
        {
            var found =
                Array.Find(known, one => one.Name == name)
                ?? throw new InvalidDataException(
                    $"has {Below(member, name)}, which is unknown; known are {string.Join(", ", known.Select(one => one.Name))}"
                );
            if (!(found.IsNullable && entry.ValueKind == JsonValueKind.Null))
            {
                Need(entry, found.Type, Below(member, name));
            }
        }

        if (Array.Find(known, one => one.IsRequired && !members.ContainsKey(one.Name)) is { } missing)
        {
            throw new InvalidDataException($"has no {Below(member, missing.Name)}, which is needed");
        }
    }

    private static Dictionary<string, JsonElement> Members(JsonElement value, string member)
    {
        NeedIs(value.ValueKind == JsonValueKind.Object, value, member, "an object");
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var pair in value.EnumerateObject())
        {
            if (!members.TryAdd(pair.Name, pair.Value))
            {
                throw new InvalidDataException($"gives {Below(member, pair.Name)} twice");
            }
        }

        return members;
    }

    private static bool IsNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number
            ? double.IsFinite(value.GetDouble())
            : value.ValueKind == JsonValueKind.String
                && value.ToString() is "NaN" or "Infinity" or "-Infinity";

    private static (string Needed, Func<JsonElement, bool> Is) Whole(ulong most) =>
        (
            $"a whole number from 0 to {most}",
            value =>
                value.ValueKind == JsonValueKind.Number
                && value.TryGetUInt64(out var number)
                && number <= most
        );

    private static void NeedIs(bool holds, JsonElement value, string member, string needed)
    {
        if (!holds)
        {
            var found = PlainText.Line(
                string.Join(
                    ' ',
                    value.GetRawText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                )
            );
            found = found.Length > mostShown ? found[..mostShown] + "…" : found;
            throw new InvalidDataException(
                $"{(member.Length == 0 ? "is" : $"gives {member} as")} {found}, but {needed} is needed"
            );
        }
    }

    private static string Below(string member, string name) => member.Length == 0 ? name : $"{member}.{name}";

    private sealed record Member(string Name, JsonTypeInfo Type, bool IsRequired, bool IsNullable);
}
