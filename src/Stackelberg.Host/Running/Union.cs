using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.FSharp.Reflection;

namespace Stackelberg;

/// <summary>Unions of F# in JSON: an object with the case's name under <c>case</c>, then its fields.</summary>
internal static class Union
{
    /// <summary>The member with the case's name.</summary>
    public const string Key = "case";

    /// <summary>The case that an object says; null if it says none.</summary>
    public static UnionCaseInfo? Case(Type union, JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(Key, out var name)
            ? Array.Find(FSharpType.GetUnionCases(union, null), one => one.Name == name.ToString())
            : null;
}

/// <summary>A union of F#: an object with the case's name, then its fields.</summary>
internal sealed class UnionConverter<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var json = document.RootElement;
        var one = Union.Case(typeof(T), json)!;
        object?[] fields =
        [
            .. one.GetFields()
                .Select(field => json.GetProperty(field.Name).Deserialize(field.PropertyType, options)),
        ];
        return (T)FSharpValue.MakeUnion(one, fields, null);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        var (one, fields) = FSharpValue.GetUnionFields(value, typeof(T), null);
        writer.WriteStartObject();
        writer.WriteString(Union.Key, one.Name);
        foreach (var (field, part) in one.GetFields().Zip(fields))
        {
            writer.WritePropertyName(field.Name);
            JsonSerializer.Serialize(writer, part, field.PropertyType, options);
        }

        writer.WriteEndObject();
    }
}
