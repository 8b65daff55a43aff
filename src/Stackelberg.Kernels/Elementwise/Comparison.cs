using System.Runtime.CompilerServices;

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
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T> => V.Less(a, b) & V.One;
    }

    private readonly struct LessEqualOperator<T> : IBinary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T> => V.LessOrEqual(a, b) & V.One;
    }

    private readonly struct EqualOperator<T> : IBinary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T> => V.Equal(a, b) & V.One;
    }

    private readonly struct NotEqualOperator<T> : IBinary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T> => ~V.Equal(a, b) & V.One;
    }

    private readonly struct WhereOperator<T> : ITernary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b, V c)
            where V : struct, ISimd<V, T> => V.IfEqual(a, V.Zero, c, b);
    }
}
