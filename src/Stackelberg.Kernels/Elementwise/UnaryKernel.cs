using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>A function of one operand, in the two vector widths.</summary>
internal interface IUnary<T>
{
    /// <summary>Whether it is written for 512 bits only. A machine with narrower vectors then computes it in halves.</summary>
    static virtual bool Wide => false;

    static abstract Vector512<T> Invoke(Vector512<T> a);

    static abstract Vector256<T> Invoke(Vector256<T> a);
}

/// <summary>result[i] = f(a[i]), by vector functions for double and for float.</summary>
internal sealed class UnaryKernel<TDouble, TFloat>(string name, OpCode? code = null) : ElementKernel
    where TDouble : struct, IUnary<double>
    where TFloat : struct, IUnary<float>
{
    public override string Name => name;

    public override int Arity => 1;

    internal override OpCode? Code => code;

    internal override MethodInfo One(Type type) =>
        type == typeof(double)
            ? ((Func<double, double>)UnaryLoop<double, TDouble>.One).Method
            : ((Func<float, float>)UnaryLoop<float, TFloat>.One).Method;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref double a, ref double b, ref double c, ref double result, int count) =>
        UnaryLoop<double, TDouble>.Run(ref a, ref result, count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref float a, ref float b, ref float c, ref float result, int count) =>
        UnaryLoop<float, TFloat>.Run(ref a, ref result, count);
}

internal static class UnaryLoop<T, TOperator>
    where T : unmanaged
    where TOperator : struct, IUnary<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T One(T a) =>
        Vector512.IsHardwareAccelerated || TOperator.Wide
            ? TOperator.Invoke(Vector512.Create(a)).ToScalar()
            : TOperator.Invoke(Vector256.Create(a)).ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(ref T a, ref T result, int count)
    {
        if (Vector512.IsHardwareAccelerated || TOperator.Wide)
        {
            if (count == 1)
            {
                result = One(a);
                return;
            }

            int width = Vector512<T>.Count;
            int i = 0;
            for (; i <= count - width; i += width)
            {
                nuint at = (nuint)i;
                TOperator.Invoke(Vector512.LoadUnsafe(ref a, at)).StoreUnsafe(ref result, at);
            }

            int rest = count - i;
            if (rest > 0)
            {
                Lanes.Store512(
                    TOperator.Invoke(Lanes.Load512(ref Unsafe.Add(ref a, i), rest)),
                    ref Unsafe.Add(ref result, i),
                    rest
                );
            }
        }
        else
        {
            if (count == 1)
            {
                result = One(a);
                return;
            }

            int width = Vector256<T>.Count;
            int i = 0;
            for (; i <= count - width; i += width)
            {
                nuint at = (nuint)i;
                TOperator.Invoke(Vector256.LoadUnsafe(ref a, at)).StoreUnsafe(ref result, at);
            }

            int rest = count - i;
            if (rest > 0)
            {
                Lanes.Store256(
                    TOperator.Invoke(Lanes.Load256(ref Unsafe.Add(ref a, i), rest)),
                    ref Unsafe.Add(ref result, i),
                    rest
                );
            }
        }
    }
}
