using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>A null where none may stand is named at once, and not by what happens to meet it first.</summary>
public class NullArgumentsTests
{
    private const BindingFlags declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext nullability = new();

    private static readonly Game game = Game.TwoPlayer("g", (x, y) => x * x + x * y, (x, y) => y * y);

    [Fact]
    public void Every_method_names_the_argument_that_is_null_and_may_not_be()
    {
        var (tried, wrong) = (0, new List<string>());
        foreach (var type in Rooms.Types)
        {
            // Extensions stand twice: as methods, and without bodies in types that the compiler names.
            if (
                type.ContainsGenericParameters
                || typeof(Delegate).IsAssignableFrom(type)
                || type.Name.Contains('<', StringComparison.Ordinal)
            )
            {
                continue;
            }

            foreach (var method in type.GetMethods(declared).Where(method => !method.IsSpecialName))
            {
                foreach (var parameter in method.GetParameters())
                {
                    if (Outcome(type, method, parameter) is { } outcome)
                    {
                        tried++;
                        if (outcome.Length > 0)
                        {
                            wrong.Add($"{type.Name}.{method.Name}({parameter.Name}): {outcome}");
                        }
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        // Of so many it is known how to make the other arguments.
        Assert.InRange(tried, 150, int.MaxValue);
    }

    // Empty if the argument is named; null where nothing is to be tried.
    private static string? Outcome(Type type, MethodInfo method, ParameterInfo parameter)
    {
        if (
            parameter.ParameterType.IsValueType
            || parameter.ParameterType.IsByRef
            || method.ContainsGenericParameters
            || method.IsAbstract
            || type.IsAbstract && !method.IsStatic
            || IsOfRecords(method)
            || nullability.Create(parameter).WriteState != NullabilityState.NotNull
        )
        {
            return null;
        }

        var others = method.GetParameters();
        var arguments = Array.ConvertAll(
            others,
            other => other == parameter ? null : Sample(other.ParameterType)
        );
        if (
            others
                .Where((other, index) => other != parameter && arguments[index] is null && !IsNullable(other))
                .Any()
        )
        {
            return null;
        }

        // Arguments are looked at before anything that the object holds.
        var target = method.IsStatic ? null : RuntimeHelpers.GetUninitializedObject(type);
        try
        {
            method.Invoke(target, arguments);
            return "nothing";
        }
        catch (TargetInvocationException fault)
        {
            return fault.InnerException is ArgumentNullException named && named.ParamName == parameter.Name
                ? ""
                : $"{fault.InnerException!.GetType().Name} {fault.InnerException.Message}";
        }
    }

    private static bool IsOfRecords(MethodInfo method) => method.Name is "Equals" or "PrintMembers";

    private static bool IsNullable(ParameterInfo parameter) =>
        nullability.Create(parameter).WriteState == NullabilityState.Nullable;

    private static object? Sample(Type type) =>
        type == typeof(string) ? "a"
        : type == typeof(Game) ? game
        : type == typeof(Tensor) ? Tensor.Of(1, 2)
        : type == typeof(double[]) ? new double[] { 1, 2 }
        : type == typeof(Conjecture) ? ConjectureModule.BestResponse
        : type == typeof(Rule) ? Comparison.settings.Rules[0]
        : type == typeof(Learner) ? Learner.Simultaneous()
        : type.IsArray ? Array.CreateInstance(type.GetElementType()!, new int[type.GetArrayRank()])
        : type.IsByRefLike ? null
        : type.IsValueType ? Activator.CreateInstance(type)
        : typeof(Delegate).IsAssignableFrom(type) && !type.ContainsGenericParameters ? Delegate(type)
        : null;

    private static Delegate Delegate(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        var body =
            invoke.ReturnType == typeof(void)
                ? (Expression)Expression.Empty()
                : Expression.Default(invoke.ReturnType);
        return Expression
            .Lambda(
                type,
                body,
                invoke.GetParameters().Select(each => Expression.Parameter(each.ParameterType))
            )
            .Compile();
    }
}
