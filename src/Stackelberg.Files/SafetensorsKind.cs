namespace Stackelberg.Files;

/// <summary>The number types that are written to and read from safetensors files.</summary>
public enum SafetensorsKind
{
    /// <summary>IEEE 754 binary32, little-endian: <see cref="float"/>.</summary>
    F32,

    /// <summary>IEEE 754 binary64, little-endian: <see cref="double"/>.</summary>
    F64,

    /// <summary>Signed 64-bit integers, little-endian: <see cref="long"/>.</summary>
    I64,

    /// <summary>Unsigned 64-bit integers, little-endian: <see cref="ulong"/>.</summary>
    U64,

    /// <summary>Bytes.</summary>
    U8,
}
