using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>Vectors side by side: a tile's part of a row.</summary>
internal interface IRow<TSelf, V, T>
    where TSelf : struct, IRow<TSelf, V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged
{
    static abstract int Count { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Load(ref T from);

    /// <summary>With only the lanes of a mask in the last vector.</summary>
    static abstract TSelf Load(ref T from, V mask);

    void Store(ref T to);

    void Store(ref T to, V mask);

    /// <summary>factor · row + sum.</summary>
    static abstract TSelf Fma(V factor, TSelf row, TSelf sum);
}

/// <summary>One vector.</summary>
internal readonly struct Row<V, T>(V last) : IRow<Row<V, T>, V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged
{
    private readonly V _last = last;

    public static int Count => 1;

    public static Row<V, T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(V.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row<V, T> Load(ref T from) => new(V.Load(ref from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row<V, T> Load(ref T from, V mask) => new(V.LoadMasked(ref from, mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to) => _last.Store(ref to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, V mask) => _last.StoreMasked(ref to, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row<V, T> Fma(V factor, Row<V, T> row, Row<V, T> sum) =>
        new(V.Fma(factor, row._last, sum._last));
}

/// <summary>A vector, and a row beside it.</summary>
internal readonly struct Row<TRest, V, T>(V first, TRest rest) : IRow<Row<TRest, V, T>, V, T>
    where TRest : struct, IRow<TRest, V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged
{
    private readonly V _first = first;
    private readonly TRest _rest = rest;

    public static int Count => 1 + TRest.Count;

    public static Row<TRest, V, T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(V.Zero, TRest.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row<TRest, V, T> Load(ref T from) =>
        new(V.Load(ref from), TRest.Load(ref Unsafe.Add(ref from, V.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row<TRest, V, T> Load(ref T from, V mask) =>
        new(V.Load(ref from), TRest.Load(ref Unsafe.Add(ref from, V.Count), mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to)
    {
        _first.Store(ref to);
        _rest.Store(ref Unsafe.Add(ref to, V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, V mask)
    {
        _first.Store(ref to);
        _rest.Store(ref Unsafe.Add(ref to, V.Count), mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row<TRest, V, T> Fma(V factor, Row<TRest, V, T> row, Row<TRest, V, T> sum) =>
        new(V.Fma(factor, row._first, sum._first), TRest.Fma(factor, row._rest, sum._rest));
}
