using Microsoft.FSharp.Core;

namespace Stackelberg;

/// <summary>Functions of tensors, compiled on their first call for each combination of number types and shapes of their
/// arguments. Functions of equal structure share what was compiled.</summary>
/// <remarks>The functions are called with symbols, so they may have no side effects, and what else they read is read
/// then. The compiled functions may be called from several threads. Called with a symbol they are the plain ones.</remarks>
public static class Jit
{
    /// <summary>A compiled function of one tensor.</summary>
    /// <example><code>Func&lt;Tensor, Tensor&gt; square = Jit.Compile(x => x * x);</code></example>
    public static Func<Tensor, Tensor> Compile(Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Func<Tensor[], Tensor[]> compiled = Compile(arguments => [function(arguments[0])]);
        return x => compiled([x])[0];
    }

    /// <summary>A compiled function of two tensors.</summary>
    /// <example><code>Func&lt;Tensor, Tensor, Tensor&gt; product = Jit.Compile((x, y) => x * y);</code></example>
    public static Func<Tensor, Tensor, Tensor> Compile(Func<Tensor, Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Func<Tensor[], Tensor[]> compiled = Compile(arguments => [function(arguments[0], arguments[1])]);
        return (x, y) => compiled([x, y])[0];
    }

    /// <summary>A compiled function of three tensors.</summary>
    public static Func<Tensor, Tensor, Tensor, Tensor> Compile(Func<Tensor, Tensor, Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Func<Tensor[], Tensor[]> compiled = Compile(arguments =>
            [function(arguments[0], arguments[1], arguments[2])]
        );
        return (x, y, z) => compiled([x, y, z])[0];
    }

    /// <summary>A compiled function of any number of tensors with any number of results.</summary>
    public static Func<Tensor[], Tensor[]> Compile(Func<Tensor[], Tensor[]> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        FSharpFunc<Tensor[], Tensor[]> compiled = Diff.jitN(FuncConvert.FromFunc(function));
        return compiled.Invoke;
    }
}
