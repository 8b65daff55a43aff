using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b) => Vector512.Max(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b) => Vector256.Max(a, b);
    }

    private readonly struct MinimumOperator<T> : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b) => Vector512.Min(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b) => Vector256.Min(a, b);
    }
}
