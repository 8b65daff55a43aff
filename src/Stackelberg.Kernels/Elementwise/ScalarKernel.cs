using System.Reflection;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>A function of one operand that has no vector form.</summary>
internal interface IScalarUnary
{
    static abstract double Invoke(double a);

    static abstract float Invoke(float a);
}

/// <summary>A function of two operands that has no vector form.</summary>
internal interface IScalarBinary
{
    static abstract double Invoke(double a, double b);

    static abstract float Invoke(float a, float b);
}

/// <summary>result[i] = f(a[i]), one element at a time.</summary>
internal sealed class ScalarUnaryKernel<TOperator>(string name) : ElementKernel
    where TOperator : struct, IScalarUnary
{
    public override string Name => name;

    public override int Arity => 1;

    internal override MethodInfo One(Type type) =>
        type == typeof(double)
            ? ((Func<double, double>)TOperator.Invoke).Method
            : ((Func<float, float>)TOperator.Invoke).Method;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref double a, ref double b, ref double c, ref double result, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref result, i) = TOperator.Invoke(Unsafe.Add(ref a, i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref float a, ref float b, ref float c, ref float result, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref result, i) = TOperator.Invoke(Unsafe.Add(ref a, i));
        }
    }
}

/// <summary>result[i] = f(a[i], b[i]), one element at a time.</summary>
internal sealed class ScalarBinaryKernel<TOperator>(string name) : ElementKernel
    where TOperator : struct, IScalarBinary
{
    public override string Name => name;

    public override int Arity => 2;

    internal override MethodInfo One(Type type) =>
        type == typeof(double)
            ? ((Func<double, double, double>)TOperator.Invoke).Method
            : ((Func<float, float, float>)TOperator.Invoke).Method;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref double a, ref double b, ref double c, ref double result, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref result, i) = TOperator.Invoke(Unsafe.Add(ref a, i), Unsafe.Add(ref b, i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref float a, ref float b, ref float c, ref float result, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref result, i) = TOperator.Invoke(Unsafe.Add(ref a, i), Unsafe.Add(ref b, i));
        }
    }
}
