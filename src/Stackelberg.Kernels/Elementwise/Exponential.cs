using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>eᵃ.</summary>
    public static readonly ElementKernel Exp = new UnaryKernel<ExpOperator<double>, ExpOperator<float>>(
        "exp",
        isLong: true
    );

    /// <summary>eᵃ − 1, with full relative accuracy at small a.</summary>
    public static readonly ElementKernel Expm1 = new UnaryKernel<Expm1Operator<double>, Expm1Operator<float>>(
        "expm1",
        isLong: true
    );

    /// <summary>ln a: −∞ at 0, NaN below.</summary>
    public static readonly ElementKernel Log = new UnaryKernel<LogOperator<double>, LogOperator<float>>(
        "log",
        isLong: true
    );

    /// <summary>ln(1 + a), with full relative accuracy at small a: −∞ at −1, NaN below.</summary>
    public static readonly ElementKernel Log1p = new UnaryKernel<Log1pOperator<double>, Log1pOperator<float>>(
        "log1p",
        isLong: true
    );

    private readonly struct ExpOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => VectorExp.Exp<V, T>(a);
    }

    private readonly struct Expm1Operator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => VectorExp.Expm1<V, T>(a);
    }

    private readonly struct LogOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => VectorLog.Log<V, T>(a);
    }

    private readonly struct Log1pOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => VectorLog.Log1p<V, T>(a);
    }
}
