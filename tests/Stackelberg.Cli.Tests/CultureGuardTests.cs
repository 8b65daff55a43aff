using System.Collections.Immutable;
using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>No assembly of the product calls what follows the machine's culture: found in the compiled code, whatever language it
/// was written in.</summary>
public class CultureGuardTests
{
    private static readonly string[] assemblies =
    [
        "Stackelberg.Kernels",
        "Stackelberg.Autodiff",
        "Stackelberg.Dsl",
        "Stackelberg.Host",
        "Stackelberg.Scripting",
        "stackelberg",
    ];

    private static readonly string[] numbers =
    [
        "System.Double",
        "System.Single",
        "System.Int32",
        "System.Int64",
        "System.UInt64",
        "System.UInt32",
        "System.Decimal",
        "System.DateTime",
        "System.DateTimeOffset",
        "System.TimeSpan",
        "System.Numerics.Complex",
    ];

    // Calls as Type.Member(parameters).
    private static readonly HashSet<string> forbidden =
    [
        .. numbers.SelectMany(type =>
            new[]
            {
                $"{type}.ToString()",
                $"{type}.ToString(System.String)",
                $"{type}.Parse(System.String)",
                $"{type}.Parse(System.String,System.Globalization.NumberStyles)",
            }
        ),
        "System.Double.TryParse(System.String,System.Double&)",
        "System.Single.TryParse(System.String,System.Single&)",
        "System.String.ToLower()",
        "System.String.ToUpper()",
        "System.String.Compare(System.String,System.String)",
        "System.String.CompareTo(System.String)",
        "System.String.StartsWith(System.String)",
        "System.String.EndsWith(System.String)",
        "System.String.IndexOf(System.String)",
        "System.String.LastIndexOf(System.String)",
        "System.String.Format(System.String,System.Object)",
        "System.String.Format(System.String,System.Object,System.Object)",
        "System.String.Format(System.String,System.Object,System.Object,System.Object)",
        "System.String.Format(System.String,System.Object[])",
        "System.Char.ToLower(System.Char)",
        "System.Char.ToUpper(System.Char)",
        "System.Convert.ToString(System.Double)",
        "System.Convert.ToString(System.Int32)",
        "System.Convert.ToDouble(System.String)",
        "System.Text.StringBuilder.Append(System.Double)",
        "System.Text.StringBuilder.Append(System.Single)",
        "System.Text.StringBuilder.Append(System.Int32)",
        "System.Text.StringBuilder.Append(System.Int64)",
        // Interpolation of C# that the product's own handler has not taken over.
        "System.Runtime.CompilerServices.DefaultInterpolatedStringHandler..ctor(System.Int32,System.Int32)",
    ];

    // What F#'s own Array.init and its like bring along, and the code that System.Text.Json generates, for their messages.
    private static readonly string[] ofCompilers =
    [
        "Stackelberg.Autodiff: System.String.Format(System.String,System.Object[])",
        "Stackelberg.Dsl: System.String.Format(System.String,System.Object[])",
        "Stackelberg.Host: System.String.Format(System.String,System.Object)",
        "Stackelberg.Host: System.String.Format(System.String,System.Object,System.Object)",
    ];

    [Fact]
    public void No_call_of_the_product_follows_the_machine_s_culture()
    {
        var found = assemblies
            .SelectMany(name =>
                CallsOf(Path.Combine(AppContext.BaseDirectory, name + ".dll"))
                    .Where(IsForbidden)
                    .Select(call => $"{name}: {call}")
            )
            .Except(ofCompilers)
            .ToArray();
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Fact]
    public void Every_interpolated_string_of_the_F_sources_is_invariant()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Stackelberg.Dsl.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var sources = Directory
            .EnumerateFiles(Path.Combine(root, "src"), "*.fs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .ToArray();
        Assert.True(sources.Length > 100);
        Assert.Empty(
            sources.SelectMany(file => Interpolations(File.ReadAllText(file)).Select(at => $"{file}: {at}"))
        );
        // It sees one, also on a line of its own, and not those that are invariant or in a comment.
        Assert.Single(Interpolations("let a = $\"{x}\""));
        Assert.Single(Interpolations("raise (\n    $\"{x}\")"));
        Assert.Empty(
            Interpolations(
                "let a = (invariant $\"{x}\")\nlet b =\n    (invariant\n        $\"{x}\")\n/// $\"{x}\""
            )
        );
    }

    // The lines of interpolated strings that no word "invariant" precedes.
    private static IEnumerable<string> Interpolations(string text)
    {
        for (
            var at = text.IndexOf("$\"", StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf("$\"", at + 1, StringComparison.Ordinal)
        )
        {
            var line = text[
                (text.LastIndexOf('\n', at) + 1)..(
                    text.IndexOf('\n', at) is var end && end < 0 ? text.Length : end
                )
            ];
            if (
                !text[..at].TrimEnd().EndsWith("invariant", StringComparison.OrdinalIgnoreCase)
                && !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            )
            {
                yield return line.Trim();
            }
        }
    }

    [Fact]
    public void The_guard_sees_what_it_looks_for()
    {
        // This assembly makes some of these calls, for the sake of this test.
        var number = Math.Sqrt(assemblies.Length);
        var text = number.ToString("G3", CultureInfo.CurrentCulture) + Forbidden(number);
        Assert.NotEmpty(text);
        var calls = CallsOf(typeof(CultureGuardTests).Assembly.Location).Where(IsForbidden).ToArray();
        Assert.Contains("System.Double.ToString()", calls);
        Assert.Contains("System.String.ToUpper()", calls);
        Assert.Contains("System.String.Format(System.String,System.Object)", calls);
    }

#pragma warning disable CA1304, CA1305, CA1311
    private static string Forbidden(double number) =>
        number.ToString() + "i".ToUpper() + string.Format("{0}", (object)number);
#pragma warning restore CA1304, CA1305, CA1311

    private static bool IsForbidden(string call) =>
        forbidden.Contains(call) || forbidden.Contains(call.Split('(')[0]);

    private static List<string> CallsOf(string file)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        var calls = new List<string>();
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (
                member.GetKind() == MemberReferenceKind.Method
                && member.Parent.Kind == HandleKind.TypeReference
            )
            {
                var type = TypeNames.Of(metadata, (TypeReferenceHandle)member.Parent);
                var signature = member.DecodeMethodSignature(new TypeNames(), null);
                var parameters = string.Join(',', signature.ParameterTypes);
                calls.Add($"{type}.{metadata.GetString(member.Name)}({parameters})");
            }
        }

        return calls;
    }

    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public static string Of(MetadataReader reader, TypeReferenceHandle handle)
        {
            var type = reader.GetTypeReference(handle);
            return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"System.{typeCode}";

        public string GetTypeFromReference(
            MetadataReader reader,
            TypeReferenceHandle handle,
            byte rawTypeKind
        ) => Of(reader, handle);

        public string GetTypeFromDefinition(
            MetadataReader reader,
            TypeDefinitionHandle handle,
            byte rawTypeKind
        ) => reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromSpecification(
            MetadataReader reader,
            object? genericContext,
            TypeSpecificationHandle handle,
            byte rawTypeKind
        ) => "specification";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[,]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetPointerType(string elementType) => elementType + "*";

        public string GetPinnedType(string elementType) => elementType;

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
            genericType;

        public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

        public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "function";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) =>
            unmodifiedType;
    }
}
