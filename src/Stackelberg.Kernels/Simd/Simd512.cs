using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Kernels;

/// <summary>512 bits: eight doubles or sixteen floats.</summary>
internal readonly struct Simd512<T>(Vector512<T> lanes) : ISimd<Simd512<T>, T>
    where T : unmanaged
{
    private readonly Vector512<T> _lanes = lanes;

    public static int Count => Vector512<T>.Count;

    public static int Registers => 32;

    public static Simd512<T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<T>.Zero);
    }

    public static Simd512<T> One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<T>.One);
    }

    public T this[int lane]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _lanes[lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Create(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Constant(double value) =>
        typeof(T) == typeof(double) ? Of(Vector512.Create(value)) : Of(Vector512.Create((float)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Bits(long value) =>
        typeof(T) == typeof(double) ? Of(Vector512.Create(value)) : Of(Vector512.Create((int)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Load(ref T from) => new(Vector512.LoadUnsafe(ref from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Load(ref T from, nuint offset) => new(Vector512.LoadUnsafe(ref from, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> LoadFirst(ref T from, int count, T rest = default)
    {
        Vector512<T> lanes = Vector512.Create(rest);
        if (Avx512F.IsSupported)
        {
            return Masked(ref from, First(count)._lanes, lanes);
        }

        Buffers.Span(ref from, count).CopyTo(Buffers.Span(ref Unsafe.As<Vector512<T>, T>(ref lanes), count));
        return new(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> LoadMasked(ref T from, Simd512<T> mask) =>
        Avx512F.IsSupported
            ? Masked(ref from, mask._lanes, Vector512<T>.Zero)
            : LoadFirst(ref from, BitOperations.PopCount(mask._lanes.ExtractMostSignificantBits()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> First(int count) =>
        typeof(T) == typeof(double)
            ? Of(Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)))
            : Of(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to) => _lanes.StoreUnsafe(ref to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, nuint offset) => _lanes.StoreUnsafe(ref to, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreFirst(ref T to, int count)
    {
        if (Avx512F.IsSupported)
        {
            StoreMasked(ref to, First(count));
        }
        else
        {
            Vector512<T> lanes = _lanes;
            Buffers
                .Span(ref Unsafe.As<Vector512<T>, T>(ref lanes), count)
                .CopyTo(Buffers.Span(ref to, count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void StoreMasked(ref T to, Simd512<T> mask)
    {
        if (!Avx512F.IsSupported)
        {
            StoreFirst(ref to, BitOperations.PopCount(mask._lanes.ExtractMostSignificantBits()));
            return;
        }

        fixed (T* first = &to)
        {
            if (typeof(T) == typeof(double))
            {
                Avx512F.MaskStore((double*)first, mask._lanes.AsDouble(), _lanes.AsDouble());
            }
            else
            {
                Avx512F.MaskStore((float*)first, mask._lanes.AsSingle(), _lanes.AsSingle());
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Simd512<T> With(int lane, T value) => new(_lanes.WithElement(lane, value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator +(Simd512<T> a, Simd512<T> b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator -(Simd512<T> a, Simd512<T> b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator *(Simd512<T> a, Simd512<T> b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator /(Simd512<T> a, Simd512<T> b) => new(a._lanes / b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator -(Simd512<T> a) => new(-a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator ~(Simd512<T> a) => new(~a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator &(Simd512<T> a, Simd512<T> b) => new(a._lanes & b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator ^(Simd512<T> a, Simd512<T> b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> AddBits(Simd512<T> a, Simd512<T> b) =>
        typeof(T) == typeof(double)
            ? Of(a._lanes.AsInt64() + b._lanes.AsInt64())
            : Of(a._lanes.AsInt32() + b._lanes.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> SubtractBits(Simd512<T> a, Simd512<T> b) =>
        typeof(T) == typeof(double)
            ? Of(a._lanes.AsInt64() - b._lanes.AsInt64())
            : Of(a._lanes.AsInt32() - b._lanes.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> ShiftBitsLeft(Simd512<T> a, int count) =>
        typeof(T) == typeof(double) ? Of(a._lanes.AsInt64() << count) : Of(a._lanes.AsInt32() << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> ShiftBitsRight(Simd512<T> a, int count) =>
        typeof(T) == typeof(double) ? Of(a._lanes.AsInt64() >> count) : Of(a._lanes.AsInt32() >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> EqualBits(Simd512<T> a, Simd512<T> b) =>
        typeof(T) == typeof(double)
            ? Of(Vector512.Equals(a._lanes.AsInt64(), b._lanes.AsInt64()))
            : Of(Vector512.Equals(a._lanes.AsInt32(), b._lanes.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> FromBits(Simd512<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector512.ConvertToDouble(a._lanes.AsInt64()))
            : Of(Vector512.ConvertToSingle(a._lanes.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> ToBits(Simd512<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector512.ConvertToInt64(a._lanes.AsDouble()))
            : Of(Vector512.ConvertToInt32(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Fma(Simd512<T> a, Simd512<T> b, Simd512<T> c) =>
        typeof(T) == typeof(double)
            ? Of(Vector512.FusedMultiplyAdd(a._lanes.AsDouble(), b._lanes.AsDouble(), c._lanes.AsDouble()))
            : Of(Vector512.FusedMultiplyAdd(a._lanes.AsSingle(), b._lanes.AsSingle(), c._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Max(Simd512<T> a, Simd512<T> b) => new(Vector512.Max(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Min(Simd512<T> a, Simd512<T> b) => new(Vector512.Min(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> MaxNative(Simd512<T> a, Simd512<T> b) =>
        new(Vector512.MaxNative(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> MinNative(Simd512<T> a, Simd512<T> b) =>
        new(Vector512.MinNative(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Abs(Simd512<T> a) => new(Vector512.Abs(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> CopySign(Simd512<T> size, Simd512<T> sign) =>
        new(Vector512.CopySign(size._lanes, sign._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Sqrt(Simd512<T> a) => new(Vector512.Sqrt(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Floor(Simd512<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector512.Floor(a._lanes.AsDouble()))
            : Of(Vector512.Floor(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Ceiling(Simd512<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector512.Ceiling(a._lanes.AsDouble()))
            : Of(Vector512.Ceiling(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Round(Simd512<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector512.Round(a._lanes.AsDouble()))
            : Of(Vector512.Round(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Less(Simd512<T> a, Simd512<T> b) => new(Vector512.LessThan(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> LessOrEqual(Simd512<T> a, Simd512<T> b) =>
        new(Vector512.LessThanOrEqual(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Equal(Simd512<T> a, Simd512<T> b) => new(Vector512.Equals(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Select(Simd512<T> mask, Simd512<T> a, Simd512<T> b) =>
        new(Vector512.ConditionalSelect(mask._lanes, a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> IfLess(Simd512<T> a, Simd512<T> b, Simd512<T> then, Simd512<T> otherwise) =>
        new(
            Vector512.ConditionalSelect(Vector512.LessThan(a._lanes, b._lanes), then._lanes, otherwise._lanes)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> IfLessOrEqual(
        Simd512<T> a,
        Simd512<T> b,
        Simd512<T> then,
        Simd512<T> otherwise
    ) =>
        new(
            Vector512.ConditionalSelect(
                Vector512.LessThanOrEqual(a._lanes, b._lanes),
                then._lanes,
                otherwise._lanes
            )
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> IfEqual(Simd512<T> a, Simd512<T> b, Simd512<T> then, Simd512<T> otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(a._lanes, b._lanes), then._lanes, otherwise._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(Simd512<T> mask) =>
        Vector512.EqualsAll(mask._lanes.AsInt64(), Vector512<long>.AllBitsSet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Scale(Simd512<T> value, Simd512<T> k) =>
        Avx512F.IsSupported
            ? Of(Avx512F.Scale(value._lanes.AsSingle(), k._lanes.AsSingle()))
            : VectorExp.ScaleInTwo<Simd512<T>, T>(value, k);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TReducer>(Simd512<T> a)
        where TReducer : struct, IReducer<T> =>
        Simd256<T>.Fold<TReducer>(
            TReducer.Combine(new Simd256<T>(a._lanes.GetLower()), new Simd256<T>(a._lanes.GetUpper()))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> InDouble<TFunction>(Simd512<T> a)
        where TFunction : struct, IUnary<double>
    {
        if (typeof(T) == typeof(double))
        {
            return Of(TFunction.Invoke(new Simd512<double>(a._lanes.AsDouble()))._lanes);
        }

        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(a._lanes.AsSingle());
        return Of(
            Vector512.Narrow(
                TFunction.Invoke(new Simd512<double>(low))._lanes,
                TFunction.Invoke(new Simd512<double>(high))._lanes
            )
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> InDouble<TFunction>(Simd512<T> a, out Simd512<T> second)
        where TFunction : struct, IUnaryOfTwo<double>
    {
        if (typeof(T) == typeof(double))
        {
            Simd512<double> value = TFunction.Invoke(
                new Simd512<double>(a._lanes.AsDouble()),
                out Simd512<double> other
            );
            second = Of(other._lanes);
            return Of(value._lanes);
        }

        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(a._lanes.AsSingle());
        Simd512<double> first = TFunction.Invoke(new Simd512<double>(low), out Simd512<double> firstOther);
        Simd512<double> last = TFunction.Invoke(new Simd512<double>(high), out Simd512<double> lastOther);
        second = Of(Vector512.Narrow(firstOther._lanes, lastOther._lanes));
        return Of(Vector512.Narrow(first._lanes, last._lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Simd512<T> Masked(ref T from, Vector512<T> mask, Vector512<T> rest)
    {
        fixed (T* first = &from)
        {
            return typeof(T) == typeof(double)
                ? Of(Avx512F.MaskLoad((double*)first, mask.AsDouble(), rest.AsDouble()))
                : Of(Avx512F.MaskLoad((float*)first, mask.AsSingle(), rest.AsSingle()));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Simd512<T> Of<TOther>(Vector512<TOther> lanes) => new(lanes.As<TOther, T>());
}
