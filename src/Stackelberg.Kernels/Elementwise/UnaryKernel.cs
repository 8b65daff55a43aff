using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>A function of one operand, on vectors of any width.</summary>
internal interface IUnary<T>
    where T : unmanaged
{
    static abstract V Invoke<V>(V a)
        where V : struct, ISimd<V, T>;
}

/// <summary>Two functions of one operand, computed together.</summary>
internal interface IUnaryOfTwo<T>
    where T : unmanaged
{
    static abstract V Invoke<V>(V a, out V second)
        where V : struct, ISimd<V, T>;
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

    internal override MethodInfo Vectors(Type vector, Type number) =>
        Invoke(number == typeof(double) ? typeof(TDouble) : typeof(TFloat), vector);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref double a, ref double b, ref double c, ref double result, int count) =>
        UnaryLoop<double, TDouble>.Run(ref a, ref result, count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref float a, ref float b, ref float c, ref float result, int count) =>
        UnaryLoop<float, TFloat>.Run(ref a, ref result, count);
}

/// <summary>One call of the operator for whole vectors, tails and single elements alike: the operator's code is
/// long, and stands in the loop only once.</summary>
internal static class UnaryLoop<T, TOperator>
    where T : unmanaged
    where TOperator : struct, IUnary<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T One(T a) =>
        Vector512.IsHardwareAccelerated ? One<Simd512<T>>(a)
        : Vector256.IsHardwareAccelerated ? One<Simd256<T>>(a)
        : One<Simd128<T>>(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(ref T a, ref T result, int count)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Simd512<T>>(ref a, ref result, count);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Simd256<T>>(ref a, ref result, count);
        }
        else
        {
            Run<Simd128<T>>(ref a, ref result, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V>(ref T a, ref T result, int count)
        where V : struct, ISimd<V, T>
    {
        for (int i = 0; i < count; i += V.Count)
        {
            int rest = count - i;
            ref T from = ref Unsafe.Add(ref a, i);
            ref T to = ref Unsafe.Add(ref result, i);
            V lanes =
                rest >= V.Count ? V.Load(ref from)
                : rest == 1 ? V.Create(from)
                : V.LoadFirst(ref from, rest);
            lanes = TOperator.Invoke(lanes);
            if (rest >= V.Count)
            {
                lanes.Store(ref to);
            }
            else if (rest == 1)
            {
                to = lanes[0];
            }
            else
            {
                lanes.StoreFirst(ref to, rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T One<V>(T a)
        where V : struct, ISimd<V, T> => TOperator.Invoke(V.Create(a))[0];
}
