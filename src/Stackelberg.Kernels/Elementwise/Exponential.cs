using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>eᵃ.</summary>
    public static readonly ElementKernel Exp = new UnaryKernel<ExpOperator<double>, ExpOperator<float>>(
        "exp"
    );

    /// <summary>eᵃ − 1, with full relative accuracy at small a.</summary>
    public static readonly ElementKernel Expm1 = new UnaryKernel<Expm1Operator<double>, Expm1Operator<float>>(
        "expm1"
    );

    /// <summary>ln a: −∞ at 0, NaN below.</summary>
    public static readonly ElementKernel Log = new UnaryKernel<LogOperator<double>, LogOperator<float>>(
        "log"
    );

    /// <summary>ln(1 + a), with full relative accuracy at small a: −∞ at −1, NaN below.</summary>
    public static readonly ElementKernel Log1p = new UnaryKernel<Log1pOperator<double>, Log1pOperator<float>>(
        "log1p"
    );

    private readonly struct ExpOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => VectorExp512.Exp(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) => VectorExp256.Exp(a);
    }

    private readonly struct Expm1Operator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => VectorExp512.Expm1(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) => VectorExp256.Expm1(a);
    }

    private readonly struct LogOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => VectorLog512.Log(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) => VectorLog256.Log(a);
    }

    private readonly struct Log1pOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => VectorLog512.Log1p(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) => VectorLog256.Log1p(a);
    }
}
