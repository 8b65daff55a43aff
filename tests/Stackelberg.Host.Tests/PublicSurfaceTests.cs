using System.Reflection;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>The public types and members of what is written in C# are those on record.</summary>
public class PublicSurfaceTests
{
    private const BindingFlags declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_public_surface_is_the_one_on_record_set_UPDATE_PUBLIC_SURFACE_to_record_a_new_one()
    {
        var file = Repository.File("tests/Stackelberg.Host.Tests/PublicSurface.txt");
        string[] found = [.. Lines()];
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_SURFACE") is not null)
        {
            File.WriteAllText(file, string.Join('\n', found) + "\n");
        }

        Assert.Equal(File.ReadAllLines(file), found);
    }

    /// <summary>One line for each public type and member, sorted.</summary>
    private static IEnumerable<string> Lines()
    {
        foreach (var type in Rooms.Types.OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return type.FullName!;
            foreach (
                var line in type.GetMembers(declared)
                    .Select(Show)
                    .OfType<string>()
                    .Order(StringComparer.Ordinal)
            )
            {
                yield return "  " + line;
            }
        }
    }

    private static string? Show(MemberInfo member) =>
        member switch
        {
            ConstructorInfo made => $"new({Parameters(made)})",
            MethodInfo method
                when !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal) =>
                $"{method.Name}({Parameters(method)}): {Name(method.ReturnType)}",
            PropertyInfo property => $"{property.Name}: {Name(property.PropertyType)}",
            FieldInfo field => $"{field.Name}: {Name(field.FieldType)}",
            _ => null,
        };

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(one => $"{one.Name}: {Name(one.ParameterType)}"));

    private static string Name(Type type) =>
        type.IsGenericParameter ? type.Name
        : type.IsArray ? Name(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]"
        : type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
