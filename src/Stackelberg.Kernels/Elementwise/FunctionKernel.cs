using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>The elementwise operations, each with a double and a float form.</summary>
/// <remarks>An element's result does not depend on its place in the block, on the block's length or on the width of the
/// machine's vectors; only which of two NaN a sum keeps may.</remarks>
public static partial class ElementKernels
{
    /// <summary>A user's own operation: result[i] = function(a[i]).</summary>
    /// <param name="name">What error messages and printed programs call it.</param>
    /// <param name="function">The function; for float operands it is computed in double and rounded.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ElementKernel FromFunctions(string name, Func<double, double> function)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(function);
        return new UnaryFunctionKernel(name, function);
    }

    /// <summary>A user's own operation: result[i] = function(a[i], b[i]).</summary>
    /// <param name="name">What error messages and printed programs call it.</param>
    /// <param name="function">The function; for float operands it is computed in double and rounded.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ElementKernel FromFunctions(string name, Func<double, double, double> function)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(function);
        return new BinaryFunctionKernel(name, function);
    }

    private sealed class UnaryFunctionKernel(string name, Func<double, double> function) : ElementKernel
    {
        public override string Name => name;

        public override int Arity => 1;

        public override void Run(ref double a, ref double b, ref double c, ref double result, int count)
        {
            for (int i = 0; i < count; i++)
            {
                Unsafe.Add(ref result, i) = function(Unsafe.Add(ref a, i));
            }
        }

        public override void Run(ref float a, ref float b, ref float c, ref float result, int count)
        {
            for (int i = 0; i < count; i++)
            {
                Unsafe.Add(ref result, i) = (float)function(Unsafe.Add(ref a, i));
            }
        }
    }

    private sealed class BinaryFunctionKernel(string name, Func<double, double, double> function)
        : ElementKernel
    {
        public override string Name => name;

        public override int Arity => 2;

        public override void Run(ref double a, ref double b, ref double c, ref double result, int count)
        {
            for (int i = 0; i < count; i++)
            {
                Unsafe.Add(ref result, i) = function(Unsafe.Add(ref a, i), Unsafe.Add(ref b, i));
            }
        }

        public override void Run(ref float a, ref float b, ref float c, ref float result, int count)
        {
            for (int i = 0; i < count; i++)
            {
                Unsafe.Add(ref result, i) = (float)function(Unsafe.Add(ref a, i), Unsafe.Add(ref b, i));
            }
        }
    }
}
