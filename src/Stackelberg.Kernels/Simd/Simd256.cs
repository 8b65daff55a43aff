using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Kernels;

/// <summary>256 bits: four doubles or eight floats.</summary>
internal readonly struct Simd256<T>(Vector256<T> lanes) : ISimd<Simd256<T>, T>
    where T : unmanaged
{
    private readonly Vector256<T> _lanes = lanes;

    public static int Count => Vector256<T>.Count;

    public static int Registers => 16;

    public static Simd256<T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<T>.Zero);
    }

    public static Simd256<T> One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<T>.One);
    }

    public T this[int lane]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _lanes[lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Create(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Constant(double value) =>
        typeof(T) == typeof(double) ? Of(Vector256.Create(value)) : Of(Vector256.Create((float)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Bits(long value) =>
        typeof(T) == typeof(double) ? Of(Vector256.Create(value)) : Of(Vector256.Create((int)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Load(ref T from) => new(Vector256.LoadUnsafe(ref from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Load(ref T from, nuint offset) => new(Vector256.LoadUnsafe(ref from, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> LoadFirst(ref T from, int count, T rest = default)
    {
        if (Avx.IsSupported)
        {
            Simd256<T> mask = First(count);
            return Select(mask, LoadMasked(ref from, mask), Create(rest));
        }

        Vector256<T> lanes = Vector256.Create(rest);
        Buffers.Span(ref from, count).CopyTo(Buffers.Span(ref Unsafe.As<Vector256<T>, T>(ref lanes), count));
        return new(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd256<T> LoadMasked(ref T from, Simd256<T> mask)
    {
        if (!Avx.IsSupported)
        {
            return LoadFirst(ref from, BitOperations.PopCount(mask._lanes.ExtractMostSignificantBits()));
        }

        fixed (T* first = &from)
        {
            return typeof(T) == typeof(double)
                ? Of(Avx.MaskLoad((double*)first, mask._lanes.AsDouble()))
                : Of(Avx.MaskLoad((float*)first, mask._lanes.AsSingle()));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> First(int count) =>
        typeof(T) == typeof(double)
            ? Of(Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)))
            : Of(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to) => _lanes.StoreUnsafe(ref to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, nuint offset) => _lanes.StoreUnsafe(ref to, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreFirst(ref T to, int count)
    {
        if (Avx.IsSupported)
        {
            StoreMasked(ref to, First(count));
        }
        else
        {
            Vector256<T> lanes = _lanes;
            Buffers
                .Span(ref Unsafe.As<Vector256<T>, T>(ref lanes), count)
                .CopyTo(Buffers.Span(ref to, count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void StoreMasked(ref T to, Simd256<T> mask)
    {
        if (!Avx.IsSupported)
        {
            StoreFirst(ref to, BitOperations.PopCount(mask._lanes.ExtractMostSignificantBits()));
            return;
        }

        fixed (T* first = &to)
        {
            if (typeof(T) == typeof(double))
            {
                Avx.MaskStore((double*)first, mask._lanes.AsDouble(), _lanes.AsDouble());
            }
            else
            {
                Avx.MaskStore((float*)first, mask._lanes.AsSingle(), _lanes.AsSingle());
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Simd256<T> With(int lane, T value) => new(_lanes.WithElement(lane, value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator +(Simd256<T> a, Simd256<T> b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator -(Simd256<T> a, Simd256<T> b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator *(Simd256<T> a, Simd256<T> b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator /(Simd256<T> a, Simd256<T> b) => new(a._lanes / b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator -(Simd256<T> a) => new(-a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator ~(Simd256<T> a) => new(~a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator &(Simd256<T> a, Simd256<T> b) => new(a._lanes & b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator ^(Simd256<T> a, Simd256<T> b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> AddBits(Simd256<T> a, Simd256<T> b) =>
        typeof(T) == typeof(double)
            ? Of(a._lanes.AsInt64() + b._lanes.AsInt64())
            : Of(a._lanes.AsInt32() + b._lanes.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> SubtractBits(Simd256<T> a, Simd256<T> b) =>
        typeof(T) == typeof(double)
            ? Of(a._lanes.AsInt64() - b._lanes.AsInt64())
            : Of(a._lanes.AsInt32() - b._lanes.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> ShiftBitsLeft(Simd256<T> a, int count) =>
        typeof(T) == typeof(double) ? Of(a._lanes.AsInt64() << count) : Of(a._lanes.AsInt32() << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> ShiftBitsRight(Simd256<T> a, int count) =>
        typeof(T) == typeof(double) ? Of(a._lanes.AsInt64() >> count) : Of(a._lanes.AsInt32() >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> EqualBits(Simd256<T> a, Simd256<T> b) =>
        typeof(T) == typeof(double)
            ? Of(Vector256.Equals(a._lanes.AsInt64(), b._lanes.AsInt64()))
            : Of(Vector256.Equals(a._lanes.AsInt32(), b._lanes.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> FromBits(Simd256<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector256.ConvertToDouble(a._lanes.AsInt64()))
            : Of(Vector256.ConvertToSingle(a._lanes.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> ToBits(Simd256<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector256.ConvertToInt64(a._lanes.AsDouble()))
            : Of(Vector256.ConvertToInt32(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Fma(Simd256<T> a, Simd256<T> b, Simd256<T> c) =>
        typeof(T) == typeof(double)
            ? Of(Vector256.FusedMultiplyAdd(a._lanes.AsDouble(), b._lanes.AsDouble(), c._lanes.AsDouble()))
            : Of(Vector256.FusedMultiplyAdd(a._lanes.AsSingle(), b._lanes.AsSingle(), c._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Max(Simd256<T> a, Simd256<T> b) => new(Vector256.Max(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Min(Simd256<T> a, Simd256<T> b) => new(Vector256.Min(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> MaxNative(Simd256<T> a, Simd256<T> b) =>
        new(Vector256.MaxNative(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> MinNative(Simd256<T> a, Simd256<T> b) =>
        new(Vector256.MinNative(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Abs(Simd256<T> a) => new(Vector256.Abs(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> CopySign(Simd256<T> size, Simd256<T> sign) =>
        new(Vector256.CopySign(size._lanes, sign._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Sqrt(Simd256<T> a) => new(Vector256.Sqrt(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Floor(Simd256<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector256.Floor(a._lanes.AsDouble()))
            : Of(Vector256.Floor(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Ceiling(Simd256<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector256.Ceiling(a._lanes.AsDouble()))
            : Of(Vector256.Ceiling(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Round(Simd256<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector256.Round(a._lanes.AsDouble()))
            : Of(Vector256.Round(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Less(Simd256<T> a, Simd256<T> b) => new(Vector256.LessThan(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> LessOrEqual(Simd256<T> a, Simd256<T> b) =>
        new(Vector256.LessThanOrEqual(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Equal(Simd256<T> a, Simd256<T> b) => new(Vector256.Equals(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Select(Simd256<T> mask, Simd256<T> a, Simd256<T> b) =>
        new(Vector256.ConditionalSelect(mask._lanes, a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> IfLess(Simd256<T> a, Simd256<T> b, Simd256<T> then, Simd256<T> otherwise) =>
        new(
            Vector256.ConditionalSelect(Vector256.LessThan(a._lanes, b._lanes), then._lanes, otherwise._lanes)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> IfLessOrEqual(
        Simd256<T> a,
        Simd256<T> b,
        Simd256<T> then,
        Simd256<T> otherwise
    ) =>
        new(
            Vector256.ConditionalSelect(
                Vector256.LessThanOrEqual(a._lanes, b._lanes),
                then._lanes,
                otherwise._lanes
            )
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> IfEqual(Simd256<T> a, Simd256<T> b, Simd256<T> then, Simd256<T> otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.Equals(a._lanes, b._lanes), then._lanes, otherwise._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(Simd256<T> mask) =>
        Vector256.EqualsAll(mask._lanes.AsInt64(), Vector256<long>.AllBitsSet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Scale(Simd256<T> value, Simd256<T> k) =>
        Avx512F.VL.IsSupported
            ? Of(Avx512F.VL.Scale(value._lanes.AsSingle(), k._lanes.AsSingle()))
            : VectorExp.ScaleInTwo<Simd256<T>, T>(value, k);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TReducer>(Simd256<T> a)
        where TReducer : struct, IReducer<T>
    {
        T value = a._lanes[0];
        for (int i = 1; i < Count; i++)
        {
            value = TReducer.Combine(value, a._lanes[i]);
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> InDouble<TFunction>(Simd256<T> a)
        where TFunction : struct, IUnary<double>
    {
        if (typeof(T) == typeof(double))
        {
            return Of(TFunction.Invoke(new Simd256<double>(a._lanes.AsDouble()))._lanes);
        }

        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(a._lanes.AsSingle());
        return Of(
            Vector256.Narrow(
                TFunction.Invoke(new Simd256<double>(low))._lanes,
                TFunction.Invoke(new Simd256<double>(high))._lanes
            )
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> InDouble<TFunction>(Simd256<T> a, out Simd256<T> second)
        where TFunction : struct, IUnaryOfTwo<double>
    {
        if (typeof(T) == typeof(double))
        {
            Simd256<double> value = TFunction.Invoke(
                new Simd256<double>(a._lanes.AsDouble()),
                out Simd256<double> other
            );
            second = Of(other._lanes);
            return Of(value._lanes);
        }

        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(a._lanes.AsSingle());
        Simd256<double> first = TFunction.Invoke(new Simd256<double>(low), out Simd256<double> firstOther);
        Simd256<double> last = TFunction.Invoke(new Simd256<double>(high), out Simd256<double> lastOther);
        second = Of(Vector256.Narrow(firstOther._lanes, lastOther._lanes));
        return Of(Vector256.Narrow(first._lanes, last._lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Simd256<T> Of<TOther>(Vector256<TOther> lanes) => new(lanes.As<TOther, T>());
}
