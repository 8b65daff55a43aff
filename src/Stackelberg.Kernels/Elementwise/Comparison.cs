using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>1 where a &lt; b, otherwise 0; 0 where either is NaN.</summary>
    public static readonly ElementKernel Less = new BinaryKernel<LessOperator<double>, LessOperator<float>>(
        "less"
    );

    /// <summary>1 where a ≤ b, otherwise 0; 0 where either is NaN.</summary>
    public static readonly ElementKernel LessEqual = new BinaryKernel<
        LessEqualOperator<double>,
        LessEqualOperator<float>
    >("lessEqual");

    /// <summary>1 where a = b, otherwise 0; 0 where either is NaN.</summary>
    public static readonly ElementKernel Equal = new BinaryKernel<
        EqualOperator<double>,
        EqualOperator<float>
    >("equal");

    /// <summary>1 where a ≠ b, otherwise 0; 1 where either is NaN.</summary>
    public static readonly ElementKernel NotEqual = new BinaryKernel<
        NotEqualOperator<double>,
        NotEqualOperator<float>
    >("notEqual");

    /// <summary>b where a ≠ 0 (NaN included), otherwise c.</summary>
    public static readonly ElementKernel Where = new TernaryKernel<
        WhereOperator<double>,
        WhereOperator<float>
    >("where");

    private readonly struct LessOperator<T> : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b) =>
            Vector512.ConditionalSelect(Vector512.LessThan(a, b), Vector512<T>.One, Vector512<T>.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b) =>
            Vector256.ConditionalSelect(Vector256.LessThan(a, b), Vector256<T>.One, Vector256<T>.Zero);
    }

    private readonly struct LessEqualOperator<T> : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b) =>
            Vector512.ConditionalSelect(Vector512.LessThanOrEqual(a, b), Vector512<T>.One, Vector512<T>.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b) =>
            Vector256.ConditionalSelect(Vector256.LessThanOrEqual(a, b), Vector256<T>.One, Vector256<T>.Zero);
    }

    private readonly struct EqualOperator<T> : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b) =>
            Vector512.ConditionalSelect(Vector512.Equals(a, b), Vector512<T>.One, Vector512<T>.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b) =>
            Vector256.ConditionalSelect(Vector256.Equals(a, b), Vector256<T>.One, Vector256<T>.Zero);
    }

    private readonly struct NotEqualOperator<T> : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b) =>
            Vector512.ConditionalSelect(Vector512.Equals(a, b), Vector512<T>.Zero, Vector512<T>.One);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b) =>
            Vector256.ConditionalSelect(Vector256.Equals(a, b), Vector256<T>.Zero, Vector256<T>.One);
    }

    private readonly struct WhereOperator<T> : ITernary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b, Vector512<T> c) =>
            Vector512.ConditionalSelect(Vector512.Equals(a, Vector512<T>.Zero), c, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b, Vector256<T> c) =>
            Vector256.ConditionalSelect(Vector256.Equals(a, Vector256<T>.Zero), c, b);
    }
}
