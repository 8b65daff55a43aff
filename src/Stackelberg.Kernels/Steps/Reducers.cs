using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>An associative operation and its neutral element.</summary>
internal interface IReducer<T>
    where T : unmanaged
{
    static abstract T Identity { get; }

    static abstract T Combine(T a, T b);

    static abstract V Combine<V>(V a, V b)
        where V : struct, ISimd<V, T>;
}

internal readonly struct SumReducer<T> : IReducer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Identity => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T a, T b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V>(V a, V b)
        where V : struct, ISimd<V, T> => a + b;
}

internal readonly struct MaxReducer<T> : IReducer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Identity => T.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T a, T b) => T.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V>(V a, V b)
        where V : struct, ISimd<V, T> => V.Max(a, b);
}

internal readonly struct MinReducer<T> : IReducer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Identity => T.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T a, T b) => T.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V>(V a, V b)
        where V : struct, ISimd<V, T> => V.Min(a, b);
}
