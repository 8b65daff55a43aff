namespace Stackelberg;

/// <summary>The number type of a tensor's entries.</summary>
public enum DType
{
    /// <summary>IEEE 754 binary64, <see cref="double"/>: the default everywhere.</summary>
    Float64 = 0,

    /// <summary>IEEE 754 binary32, <see cref="float"/>: chosen explicitly, for networks.</summary>
    Float32 = 1,
}
