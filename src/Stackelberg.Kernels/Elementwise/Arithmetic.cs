using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>a + b.</summary>
    public static readonly ElementKernel Add = new BinaryKernel<AddOperator<double>, AddOperator<float>>(
        "add",
        OpCodes.Add
    );

    /// <summary>a − b.</summary>
    public static readonly ElementKernel Subtract = new BinaryKernel<
        SubtractOperator<double>,
        SubtractOperator<float>
    >("subtract", OpCodes.Sub);

    /// <summary>a · b.</summary>
    public static readonly ElementKernel Multiply = new BinaryKernel<
        MultiplyOperator<double>,
        MultiplyOperator<float>
    >("multiply", OpCodes.Mul);

    /// <summary>a / b.</summary>
    public static readonly ElementKernel Divide = new BinaryKernel<
        DivideOperator<double>,
        DivideOperator<float>
    >("divide", OpCodes.Div);

    /// <summary>−a.</summary>
    public static readonly ElementKernel Negate = new UnaryKernel<
        NegateOperator<double>,
        NegateOperator<float>
    >("negate", OpCodes.Neg);

    /// <summary>|a|.</summary>
    public static readonly ElementKernel Abs = new UnaryKernel<AbsOperator<double>, AbsOperator<float>>(
        "abs"
    );

    /// <summary>√a, NaN below zero.</summary>
    public static readonly ElementKernel Sqrt = new UnaryKernel<SqrtOperator<double>, SqrtOperator<float>>(
        "sqrt"
    );

    /// <summary>1 where a is positive, −1 where it is negative, a itself where it is ±0 or NaN.</summary>
    public static readonly ElementKernel Sign = new UnaryKernel<SignOperator<double>, SignOperator<float>>(
        "sign"
    );

    internal readonly struct AddOperator<T> : IBinary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T> => a + b;
    }

    private readonly struct SubtractOperator<T> : IBinary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T> => a - b;
    }

    private readonly struct MultiplyOperator<T> : IBinary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T> => a * b;
    }

    private readonly struct DivideOperator<T> : IBinary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T> => a / b;
    }

    private readonly struct NegateOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => -a;
    }

    private readonly struct AbsOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => V.Abs(a);
    }

    private readonly struct SqrtOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => V.Sqrt(a);
    }

    private readonly struct SignOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => V.IfLess(V.Zero, a, V.One, V.IfLess(a, V.Zero, -V.One, a));
    }
}
