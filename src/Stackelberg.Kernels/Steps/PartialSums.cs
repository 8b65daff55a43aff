using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>Sums of long axes are sums of partial sums, lest their error grow with the axis.</summary>
internal static class PartialSums<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>to[i] += from[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ref T from, ref T to, int count)
    {
        int width = Vector512<T>.Count;
        int i = 0;
        for (; i <= count - width; i += width)
        {
            nuint at = (nuint)i;
            (Vector512.LoadUnsafe(ref from, at) + Vector512.LoadUnsafe(ref to, at)).StoreUnsafe(ref to, at);
        }

        for (; i < count; i++)
        {
            Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i);
        }
    }
}
