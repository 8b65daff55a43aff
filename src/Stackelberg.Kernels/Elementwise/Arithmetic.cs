using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    private readonly struct AddOperator<T> : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b) => a + b;
    }

    private readonly struct SubtractOperator<T> : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b) => a - b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b) => a - b;
    }

    private readonly struct MultiplyOperator<T> : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b) => a * b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b) => a * b;
    }

    private readonly struct DivideOperator<T> : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b) => a / b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b) => a / b;
    }

    private readonly struct NegateOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => -a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) => -a;
    }

    private readonly struct AbsOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => Vector512.Abs(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) => Vector256.Abs(a);
    }

    private readonly struct SqrtOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => Vector512.Sqrt(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) => Vector256.Sqrt(a);
    }

    private readonly struct SignOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) =>
            Vector512.ConditionalSelect(
                Vector512.GreaterThan(a, Vector512<T>.Zero),
                Vector512<T>.One,
                Vector512.ConditionalSelect(Vector512.LessThan(a, Vector512<T>.Zero), -Vector512<T>.One, a)
            );

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) =>
            Vector256.ConditionalSelect(
                Vector256.GreaterThan(a, Vector256<T>.Zero),
                Vector256<T>.One,
                Vector256.ConditionalSelect(Vector256.LessThan(a, Vector256<T>.Zero), -Vector256<T>.One, a)
            );
    }
}
