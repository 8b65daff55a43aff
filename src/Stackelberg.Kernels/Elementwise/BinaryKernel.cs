using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>A function of two operands, on vectors of any width.</summary>
internal interface IBinary<T>
    where T : unmanaged
{
    static abstract V Invoke<V>(V a, V b)
        where V : struct, ISimd<V, T>;
}

/// <summary>result[i] = f(a[i], b[i]), by vector functions for double and for float.</summary>
internal sealed class BinaryKernel<TDouble, TFloat>(string name, OpCode? code = null) : ElementKernel
    where TDouble : struct, IBinary<double>
    where TFloat : struct, IBinary<float>
{
    public override string Name => name;

    public override int Arity => 2;

    internal override OpCode? Code => code;

    internal override MethodInfo One(Type type) =>
        type == typeof(double)
            ? ((Func<double, double, double>)BinaryLoop<double, TDouble>.One).Method
            : ((Func<float, float, float>)BinaryLoop<float, TFloat>.One).Method;

    internal override MethodInfo Vectors(Type vector, Type number) =>
        Invoke(number == typeof(double) ? typeof(TDouble) : typeof(TFloat), vector);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref double a, ref double b, ref double c, ref double result, int count) =>
        BinaryLoop<double, TDouble>.Run(ref a, ref b, ref result, count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref float a, ref float b, ref float c, ref float result, int count) =>
        BinaryLoop<float, TFloat>.Run(ref a, ref b, ref result, count);
}

internal static class BinaryLoop<T, TOperator>
    where T : unmanaged
    where TOperator : struct, IBinary<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T One(T a, T b) =>
        Vector512.IsHardwareAccelerated ? One<Simd512<T>>(a, b)
        : Vector256.IsHardwareAccelerated ? One<Simd256<T>>(a, b)
        : One<Simd128<T>>(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(ref T a, ref T b, ref T result, int count)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Simd512<T>>(ref a, ref b, ref result, count);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Simd256<T>>(ref a, ref b, ref result, count);
        }
        else
        {
            Run<Simd128<T>>(ref a, ref b, ref result, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V>(ref T a, ref T b, ref T result, int count)
        where V : struct, ISimd<V, T>
    {
        if (count == 1)
        {
            result = One<V>(a, b);
            return;
        }

        int i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            nuint at = (nuint)i;
            TOperator.Invoke(V.Load(ref a, at), V.Load(ref b, at)).Store(ref result, at);
        }

        int rest = count - i;
        if (rest > 0)
        {
            TOperator
                .Invoke(
                    V.LoadFirst(ref Unsafe.Add(ref a, i), rest),
                    V.LoadFirst(ref Unsafe.Add(ref b, i), rest)
                )
                .StoreFirst(ref Unsafe.Add(ref result, i), rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T One<V>(T a, T b)
        where V : struct, ISimd<V, T> => TOperator.Invoke(V.Create(a), V.Create(b))[0];
}
