using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The width of the vectors that this process computes with. The same program gives the same bits for equal widths,
/// and others for others, because sums are cut into other parts.</summary>
public static class VectorWidth
{
    private const int Wide = 512;
    private const int Narrow = 256;

    /// <summary>512 or 256.</summary>
    public static int Bits => Vector512.IsHardwareAccelerated ? Wide : Narrow;

    /// <summary>How a process on this machine comes to another width, in words that begin with a comma; empty if it
    /// does not.</summary>
    /// <param name="bits">The width wanted.</param>
    public static string Remedy(int bits) =>
        bits == Narrow && Bits == Wide
            ? ", for instance here with DOTNET_EnableAVX512=0 in the environment"
            : "";
}
