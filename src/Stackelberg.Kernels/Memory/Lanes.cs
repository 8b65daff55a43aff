using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Kernels;

/// <summary>Loads and stores of the first few lanes of a vector, for the tail of a block.</summary>
/// <remarks>A tail goes through the same vector function as the rest of its block, so that an element's value does
/// not depend on where in the block it stands. Memory beyond the tail is neither read nor written.</remarks>
internal static unsafe class Lanes
{
    /// <summary>from[0 … count − 1] in the first lanes, <paramref name="rest"/> in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load512<T>(ref T from, int count, T rest = default)
        where T : unmanaged
    {
        Vector512<T> lanes = Vector512.Create(rest);
        if (Avx512F.IsSupported)
        {
            fixed (T* pointer = &from)
            {
                return typeof(T) == typeof(double)
                    ? Avx512F.MaskLoad((double*)pointer, Mask64(count), lanes.AsDouble()).As<double, T>()
                    : Avx512F.MaskLoad((float*)pointer, Mask32(count), lanes.AsSingle()).As<float, T>();
            }
        }

        Buffers.Span(ref from, count).CopyTo(Buffers.Span(ref Unsafe.As<Vector512<T>, T>(ref lanes), count));
        return lanes;
    }

    /// <summary>to[0 … count − 1] = the first lanes of <paramref name="lanes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store512<T>(Vector512<T> lanes, ref T to, int count)
        where T : unmanaged
    {
        if (Avx512F.IsSupported)
        {
            fixed (T* pointer = &to)
            {
                if (typeof(T) == typeof(double))
                {
                    Avx512F.MaskStore((double*)pointer, Mask64(count), lanes.AsDouble());
                }
                else
                {
                    Avx512F.MaskStore((float*)pointer, Mask32(count), lanes.AsSingle());
                }

                return;
            }
        }

        Buffers.Span(ref Unsafe.As<Vector512<T>, T>(ref lanes), count).CopyTo(Buffers.Span(ref to, count));
    }

    private static Vector512<double> Mask64(int count) =>
        Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).AsDouble();

    private static Vector512<float> Mask32(int count) =>
        Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
}
