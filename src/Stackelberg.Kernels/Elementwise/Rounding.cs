using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>The largest whole number that is not above a.</summary>
    public static readonly ElementKernel Floor = new UnaryKernel<FloorOperator<double>, FloorOperator<float>>(
        "floor"
    );

    /// <summary>The smallest whole number that is not below a.</summary>
    public static readonly ElementKernel Ceiling = new UnaryKernel<
        CeilingOperator<double>,
        CeilingOperator<float>
    >("ceiling");

    /// <summary>The whole number nearest to a; of two equally near ones the even one.</summary>
    public static readonly ElementKernel Round = new UnaryKernel<RoundOperator<double>, RoundOperator<float>>(
        "round"
    );

    private readonly struct FloorOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => V.Floor(a);
    }

    private readonly struct CeilingOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => V.Ceiling(a);
    }

    private readonly struct RoundOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => V.Round(a);
    }
}
