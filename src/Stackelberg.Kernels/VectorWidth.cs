using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The width of the vectors that this process computes with. The same program gives the same bits for equal widths,
/// and others for others, because sums are cut into other parts.</summary>
/// <remarks>512 bits on machines with AVX-512, 256 with AVX2, 128 elsewhere: also on ARM, where it was never run, but the
/// same code was tested on x86 with DOTNET_PreferredVectorBitWidth=128 in the environment.</remarks>
public static class VectorWidth
{
    private const int Wide = 512;
    private const int Middle = 256;
    private const int Narrow = 128;

    /// <summary>512, 256 or 128.</summary>
    public static int Bits =>
        Is512 ? Wide
        : Is256 ? Middle
        : Narrow;

    /// <summary>How a process on this machine comes to another width, in words that begin with a comma; empty if it
    /// does not.</summary>
    /// <param name="bits">The width wanted.</param>
    public static string Remedy(int bits) =>
        bits == Middle && Bits == Wide ? ", for instance here with DOTNET_EnableAVX512=0 in the environment"
        : bits == Narrow && Bits > Narrow
            ? ", for instance here with DOTNET_PreferredVectorBitWidth=128 in the environment"
        : "";

    // Known when a method is compiled, so that the code for other widths vanishes.
    internal static bool Is512
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated;
    }

    internal static bool Is256
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !Vector512.IsHardwareAccelerated && Vector256.IsHardwareAccelerated;
    }

    /// <summary>The vector type of this process for a number type.</summary>
    internal static Type Vector(Type number) =>
        (
            Is512 ? typeof(Simd512<>)
            : Is256 ? typeof(Simd256<>)
            : typeof(Simd128<>)
        ).MakeGenericType(number);
}
