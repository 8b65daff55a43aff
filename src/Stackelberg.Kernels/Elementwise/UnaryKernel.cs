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
/// <param name="name">The kernel's name.</param>
/// <param name="code">What computes a single number, if one instruction does.</param>
/// <param name="isLong">Whether the operator is a polynomial or more: single numbers are then computed by a call.</param>
/// <param name="isWidened">Whether it computes floats as doubles.</param>
internal sealed class UnaryKernel<TDouble, TFloat>(
    string name,
    OpCode? code = null,
    bool isLong = false,
    bool isWidened = false
) : ElementKernel
    where TDouble : struct, IUnary<double>
    where TFloat : struct, IUnary<float>
{
    public override string Name => name;

    public override int Arity => 1;

    internal override OpCode? Code => code;

    internal override int Length(Type type) =>
        !isLong ? 0
        : isWidened && type == typeof(float) ? 4
        : 1;

    internal override MethodInfo One(Type type) =>
        type == typeof(double) ? One<double, TDouble>() : One<float, TFloat>();

    private MethodInfo One<T, TOperator>()
        where T : unmanaged
        where TOperator : struct, IUnary<T>
    {
        Func<T, T> one = isLong ? UnaryLoop<T, TOperator>.OneByCall : UnaryLoop<T, TOperator>.One;
        return one.Method;
    }

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
    /// <summary>Of one number, in the narrowest vector: all widths have the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T One(T a) => TOperator.Invoke(Simd128<T>.Create(a))[0];

    /// <summary>The same by a call: what the runtime inlines of a long operator into a method that has several of them it leaves
    /// half undone, at three times the time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static T OneByCall(T a) => One(a);

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
}
