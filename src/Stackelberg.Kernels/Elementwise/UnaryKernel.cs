using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>A function of one operand, in the two vector widths.</summary>
internal interface IUnary<T>
{
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
        Vector512.IsHardwareAccelerated
            ? TOperator.Invoke(Vector512.Create(a)).ToScalar()
            : TOperator.Invoke(Vector256.Create(a)).ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(ref T a, ref T result, int count)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            int width = Vector512<T>.Count;
            for (int i = 0; i < count; i += width)
            {
                int rest = count - i;
                ref T from = ref Unsafe.Add(ref a, i);
                ref T to = ref Unsafe.Add(ref result, i);
                Vector512<T> lanes =
                    rest >= width ? Vector512.LoadUnsafe(ref from)
                    : rest == 1 ? Vector512.Create(from)
                    : Lanes.Load512(ref from, rest);
                lanes = TOperator.Invoke(lanes);
                if (rest >= width)
                {
                    lanes.StoreUnsafe(ref to);
                }
                else if (rest == 1)
                {
                    to = lanes.ToScalar();
                }
                else
                {
                    Lanes.Store512(lanes, ref to, rest);
                }
            }
        }
        else
        {
            int width = Vector256<T>.Count;
            for (int i = 0; i < count; i += width)
            {
                int rest = count - i;
                ref T from = ref Unsafe.Add(ref a, i);
                ref T to = ref Unsafe.Add(ref result, i);
                Vector256<T> lanes =
                    rest >= width ? Vector256.LoadUnsafe(ref from)
                    : rest == 1 ? Vector256.Create(from)
                    : Lanes.Load256(ref from, rest);
                lanes = TOperator.Invoke(lanes);
                if (rest >= width)
                {
                    lanes.StoreUnsafe(ref to);
                }
                else if (rest == 1)
                {
                    to = lanes.ToScalar();
                }
                else
                {
                    Lanes.Store256(lanes, ref to, rest);
                }
            }
        }
    }
}
