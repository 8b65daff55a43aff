using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>An associative operation and its neutral element.</summary>
internal interface IReducer<T>
{
    static abstract T Identity { get; }

    static abstract T Combine(T a, T b);

    static abstract Vector256<T> Combine(Vector256<T> a, Vector256<T> b);

    static abstract Vector512<T> Combine(Vector512<T> a, Vector512<T> b);
}

internal readonly struct SumReducer<T> : IReducer<T>
    where T : IBinaryFloatingPointIeee754<T>
{
    public static T Identity => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T a, T b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Combine(Vector256<T> a, Vector256<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Combine(Vector512<T> a, Vector512<T> b) => a + b;
}

internal readonly struct MaxReducer<T> : IReducer<T>
    where T : IBinaryFloatingPointIeee754<T>
{
    public static T Identity => T.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T a, T b) => T.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Combine(Vector256<T> a, Vector256<T> b) => Vector256.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Combine(Vector512<T> a, Vector512<T> b) => Vector512.Max(a, b);
}

internal readonly struct MinReducer<T> : IReducer<T>
    where T : IBinaryFloatingPointIeee754<T>
{
    public static T Identity => T.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T a, T b) => T.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Combine(Vector256<T> a, Vector256<T> b) => Vector256.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Combine(Vector512<T> a, Vector512<T> b) => Vector512.Min(a, b);
}
