using System.Reflection;
using System.Reflection.Emit;

namespace Stackelberg.Kernels;

/// <summary>An elementwise operation on one to three operands, over contiguous blocks:
/// result[i] = f(a[i], b[i], c[i]).</summary>
/// <remarks>Operands beyond <see cref="Arity"/> are passed as the first one and not read. The result may be the same
/// memory as an operand, but may not overlap one otherwise.</remarks>
public abstract class ElementKernel
{
    /// <summary>The operation's name, as error messages and printed programs show it.</summary>
    public abstract string Name { get; }

    /// <summary>How many operands it reads: 1, 2 or 3.</summary>
    public abstract int Arity { get; }

    /// <summary>result[i] = f(a[i], b[i], c[i]) for i in 0 … count − 1, in double.</summary>
    public abstract void Run(ref double a, ref double b, ref double c, ref double result, int count);

    /// <summary>result[i] = f(a[i], b[i], c[i]) for i in 0 … count − 1, in float.</summary>
    public abstract void Run(ref float a, ref float b, ref float c, ref float result, int count);

    /// <summary>The IL instruction that is exactly this operation on numbers on the stack, if there is one.</summary>
    internal virtual OpCode? Code => null;

    /// <summary>How long the operation's code on vectors is, in functions such as eᵃ; 0 if it is an instruction or a few.</summary>
    internal virtual int Length(Type type) => 0;

    /// <summary>A static method that gives the bits of <see cref="Run(ref double, ref double, ref double, ref double, int)"/>
    /// for one element; null where only Run will do.</summary>
    /// <param name="type">typeof(double) or typeof(float).</param>
    internal virtual MethodInfo? One(Type type) => null;

    /// <summary>The static method on whole vectors that Run applies; null where there is none.</summary>
    /// <param name="vector">The vector type, as <see cref="VectorWidth"/> gives it.</param>
    /// <param name="number">typeof(double) or typeof(float).</param>
    internal virtual MethodInfo? Vectors(Type vector, Type number) => null;

    /// <summary>An operator's Invoke on this vector.</summary>
    private protected static MethodInfo Invoke(Type owner, Type vector) =>
        owner.GetMethod("Invoke", BindingFlags.Static | BindingFlags.Public)!.MakeGenericMethod(vector);
}
