using System.Reflection;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>A C# user never meets F#'s own functions, options or lists.</summary>
public class PublicSignaturesTests
{
    private const BindingFlags declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void No_type_of_FSharp_Core_stands_in_the_public_signatures()
    {
        var seen = new HashSet<Type>();
        var pending = new Stack<Type>(Rooms.Types);
        var found = new List<string>();
        while (pending.TryPop(out Type? type))
        {
            if (!seen.Add(type))
            {
                continue;
            }

            foreach (var (member, used) in Signatures(type))
            {
                if (used.Namespace?.StartsWith("Microsoft.FSharp", StringComparison.Ordinal) == true)
                {
                    found.Add($"{type.Name}.{member}: {used.Name}");
                }
                else if (used.Namespace?.StartsWith("Stackelberg", StringComparison.Ordinal) == true)
                {
                    pending.Push(used);
                }
            }
        }

        Assert.Contains(typeof(Game), seen);
        Assert.Contains(typeof(Tensor), seen);
        Assert.Empty(found);
    }

    private static IEnumerable<(string Member, Type Used)> Signatures(Type type)
    {
        foreach (MemberInfo member in type.GetMembers(declared))
        {
            Type[] used = member switch
            {
                MethodInfo method =>
                [
                    method.ReturnType,
                    .. method.GetParameters().Select(p => p.ParameterType),
                ],
                ConstructorInfo constructor => [.. constructor.GetParameters().Select(p => p.ParameterType)],
                PropertyInfo property => [property.PropertyType],
                FieldInfo field => [field.FieldType],
                _ => [],
            };
            foreach (Type part in used.SelectMany(Parts))
            {
                yield return (member.Name, part);
            }
        }
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType
            ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)]
        : [type];
}
