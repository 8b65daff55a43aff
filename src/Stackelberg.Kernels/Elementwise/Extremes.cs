using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>The larger of a and b; NaN if either is NaN, and +0 counts as larger than −0.</summary>
    public static readonly ElementKernel Maximum = new BinaryKernel<
        MaximumOperator<double>,
        MaximumOperator<float>
    >("maximum");

    /// <summary>The smaller of a and b; NaN if either is NaN, and −0 counts as smaller than +0.</summary>
    public static readonly ElementKernel Minimum = new BinaryKernel<
        MinimumOperator<double>,
        MinimumOperator<float>
    >("minimum");

    private readonly struct MaximumOperator<T> : IBinary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T> => V.Max(a, b);
    }

    private readonly struct MinimumOperator<T> : IBinary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T> => V.Min(a, b);
    }
}
