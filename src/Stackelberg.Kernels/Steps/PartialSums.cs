using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>Sums of long axes are sums of partial sums, lest their error grow with the axis.</summary>
internal static class PartialSums<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>to[i] += from[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ref T from, ref T to, int count) =>
        BinaryLoop<T, ElementKernels.AddOperator<T>>.Run(ref from, ref to, ref to, count);
}
