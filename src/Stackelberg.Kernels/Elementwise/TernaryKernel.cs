using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>A function of three operands, in the two vector widths.</summary>
internal interface ITernary<T>
{
    static abstract Vector512<T> Invoke(Vector512<T> a, Vector512<T> b, Vector512<T> c);

    static abstract Vector256<T> Invoke(Vector256<T> a, Vector256<T> b, Vector256<T> c);
}

/// <summary>result[i] = f(a[i], b[i], c[i]), by vector functions for double and for float.</summary>
internal sealed class TernaryKernel<TDouble, TFloat>(string name) : ElementKernel
    where TDouble : struct, ITernary<double>
    where TFloat : struct, ITernary<float>
{
    public override string Name => name;

    public override int Arity => 3;

    internal override MethodInfo One(Type type) =>
        type == typeof(double)
            ? ((Func<double, double, double, double>)TernaryLoop<double, TDouble>.One).Method
            : ((Func<float, float, float, float>)TernaryLoop<float, TFloat>.One).Method;

    internal override MethodInfo Vectors(Type vector, Type number) =>
        Invoke(number == typeof(double) ? typeof(TDouble) : typeof(TFloat), vector);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref double a, ref double b, ref double c, ref double result, int count) =>
        TernaryLoop<double, TDouble>.Run(ref a, ref b, ref c, ref result, count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref float a, ref float b, ref float c, ref float result, int count) =>
        TernaryLoop<float, TFloat>.Run(ref a, ref b, ref c, ref result, count);
}

internal static class TernaryLoop<T, TOperator>
    where T : unmanaged
    where TOperator : struct, ITernary<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T One(T a, T b, T c) =>
        Vector512.IsHardwareAccelerated
            ? TOperator.Invoke(Vector512.Create(a), Vector512.Create(b), Vector512.Create(c)).ToScalar()
            : TOperator.Invoke(Vector256.Create(a), Vector256.Create(b), Vector256.Create(c)).ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(ref T a, ref T b, ref T c, ref T result, int count)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            if (count == 1)
            {
                result = One(a, b, c);
                return;
            }

            int width = Vector512<T>.Count;
            int i = 0;
            for (; i <= count - width; i += width)
            {
                nuint at = (nuint)i;
                TOperator
                    .Invoke(
                        Vector512.LoadUnsafe(ref a, at),
                        Vector512.LoadUnsafe(ref b, at),
                        Vector512.LoadUnsafe(ref c, at)
                    )
                    .StoreUnsafe(ref result, at);
            }

            int rest = count - i;
            if (rest > 0)
            {
                Lanes.Store512(
                    TOperator.Invoke(
                        Lanes.Load512(ref Unsafe.Add(ref a, i), rest),
                        Lanes.Load512(ref Unsafe.Add(ref b, i), rest),
                        Lanes.Load512(ref Unsafe.Add(ref c, i), rest)
                    ),
                    ref Unsafe.Add(ref result, i),
                    rest
                );
            }
        }
        else
        {
            if (count == 1)
            {
                result = One(a, b, c);
                return;
            }

            int width = Vector256<T>.Count;
            int i = 0;
            for (; i <= count - width; i += width)
            {
                nuint at = (nuint)i;
                TOperator
                    .Invoke(
                        Vector256.LoadUnsafe(ref a, at),
                        Vector256.LoadUnsafe(ref b, at),
                        Vector256.LoadUnsafe(ref c, at)
                    )
                    .StoreUnsafe(ref result, at);
            }

            int rest = count - i;
            if (rest > 0)
            {
                Lanes.Store256(
                    TOperator.Invoke(
                        Lanes.Load256(ref Unsafe.Add(ref a, i), rest),
                        Lanes.Load256(ref Unsafe.Add(ref b, i), rest),
                        Lanes.Load256(ref Unsafe.Add(ref c, i), rest)
                    ),
                    ref Unsafe.Add(ref result, i),
                    rest
                );
            }
        }
    }
}
