using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>Unchecked access to a run's memory. The compiler of programs checks every place once, against the
/// sizes of the buffers, so that steps need not.</summary>
internal static class Buffers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T At<T>(this Workspace workspace, Place place) =>
        ref Unsafe.Add(
            ref MemoryMarshal.GetArrayDataReference(Unsafe.As<T[]>(workspace.Buffers[place.Buffer])),
            place.Offset
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T[] Scratch<T>(this Workspace workspace) =>
        typeof(T) == typeof(double)
            ? Unsafe.As<T[]>(workspace.Scratch64)
            : Unsafe.As<T[]>(workspace.Scratch32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<T> Span<T>(ref T first, int count) => MemoryMarshal.CreateSpan(ref first, count);
}
