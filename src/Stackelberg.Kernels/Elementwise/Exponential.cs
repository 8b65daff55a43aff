using System.Diagnostics;
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
        public static bool Wide => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => VectorExp.Exp(a);

        public static Vector256<T> Invoke(Vector256<T> a) => throw new UnreachableException();
    }

    private readonly struct Expm1Operator<T> : IUnary<T>
    {
        public static bool Wide => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => VectorExp.Expm1(a);

        public static Vector256<T> Invoke(Vector256<T> a) => throw new UnreachableException();
    }

    private readonly struct LogOperator<T> : IUnary<T>
    {
        public static bool Wide => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => VectorLog.Log(a);

        public static Vector256<T> Invoke(Vector256<T> a) => throw new UnreachableException();
    }

    private readonly struct Log1pOperator<T> : IUnary<T>
    {
        public static bool Wide => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => VectorLog.Log1p(a);

        public static Vector256<T> Invoke(Vector256<T> a) => throw new UnreachableException();
    }
}
