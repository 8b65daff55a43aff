using Microsoft.FSharp.Core;
using Stackelberg.Kernels;

namespace Stackelberg;

/// <summary>Ops of a user's own, from C#: what they compute, and their derivative as a function of tensors.</summary>
/// <remarks>Make an op once and keep it in a field: ops are equal only if one call made them. The functions of numbers and
/// arrays are called from any thread and must be pure. A derivative of a wrong shape raises an ArgumentException when the
/// op is differentiated.</remarks>
public static class CustomOps
{
    /// <summary>A function of one number, applied to every entry.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="value">The function f.</param>
    /// <param name="derivative">x ↦ f′(x), of x's shape or a scalar.</param>
    /// <example><code>
    /// Func&lt;Tensor, Tensor&gt; cube = CustomOps.Elementwise("cube", x => x * x * x, x => 3.0 * x * x);
    /// </code></example>
    public static Func<Tensor, Tensor> Elementwise(
        string name,
        Func<double, double> value,
        Func<Tensor, Tensor> derivative
    )
    {
        ArgumentNullException.ThrowIfNull(name);

        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(derivative);
        return CustomOp
            .elementwise(name, FuncConvert.FromFunc(value), FuncConvert.FromFunc(derivative))
            .Invoke;
    }

    /// <summary>A function of two numbers, applied entry by entry. Shapes broadcast.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="value">The function f.</param>
    /// <param name="partials">a, b ↦ ∂f/∂a and ∂f/∂b, each of the operands' common shape or a scalar.</param>
    public static Func<Tensor, Tensor, Tensor> Elementwise(
        string name,
        Func<double, double, double> value,
        Func<Tensor, Tensor, (Tensor First, Tensor Second)> partials
    )
    {
        ArgumentNullException.ThrowIfNull(name);

        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(partials);
        FSharpFunc<Tensor, FSharpFunc<Tensor, Tensor>> op = CustomOp.elementwise2(
            name,
            FuncConvert.FromFunc(value),
            FuncConvert.FromFunc<Tensor, Tensor, Tuple<Tensor, Tensor>>((a, b) => partials(a, b).ToTuple())
        );
        return (a, b) => op.Invoke(a).Invoke(b);
    }

    /// <summary>A function of whole float64 arrays.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="shape">The result's shape, from those of the arguments.</param>
    /// <param name="value">Writes the result from the arguments, all row-major.</param>
    /// <param name="pullback">From the arguments, the value and a cotangent of the value's shape the cotangent of each
    /// argument, of that argument's shape, or null where it is zero. Linear in the cotangent.</param>
    public static Func<Tensor[], Tensor> OfArrays(
        string name,
        Func<int[][], int[]> shape,
        ArrayKernel value,
        Func<Tensor[], Tensor, Tensor, Tensor?[]> pullback
    )
    {
        ArgumentNullException.ThrowIfNull(name);

        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(pullback);
        return CustomOp
            .ofArrays(
                name,
                FuncConvert.FromFunc(shape),
                value,
                FuncConvert.FromFunc<Tensor[], Tensor, Tensor, Tensor[]>((x, y, ct) => pullback(x, y, ct)!)
            )
            .Invoke;
    }

    /// <summary>A linear function of a float64 array, with its transpose.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="shape">The result's shape, from the argument's.</param>
    /// <param name="value">Writes A x, row-major.</param>
    /// <param name="transpose">Writes Aᵀ w, row-major, for a w of the result's shape.</param>
    public static Func<Tensor, Tensor> Linear(
        string name,
        Func<int[], int[]> shape,
        ArrayKernel value,
        ArrayKernel transpose
    )
    {
        ArgumentNullException.ThrowIfNull(name);

        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(transpose);
        return CustomOp.linear(name, FuncConvert.FromFunc(shape), value, transpose).Invoke;
    }
}
