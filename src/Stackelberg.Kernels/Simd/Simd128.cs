using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Kernels;

/// <summary>128 bits: two doubles or four floats.</summary>
internal readonly struct Simd128<T>(Vector128<T> lanes) : ISimd<Simd128<T>, T>
    where T : unmanaged
{
    private readonly Vector128<T> _lanes = lanes;

    public static int Count => Vector128<T>.Count;

    public static int Registers => AdvSimd.IsSupported ? 32 : 16;

    public static Simd128<T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<T>.Zero);
    }

    public static Simd128<T> One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<T>.One);
    }

    public T this[int lane]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _lanes[lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Create(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Constant(double value) =>
        typeof(T) == typeof(double) ? Of(Vector128.Create(value)) : Of(Vector128.Create((float)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Bits(long value) =>
        typeof(T) == typeof(double) ? Of(Vector128.Create(value)) : Of(Vector128.Create((int)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Load(ref T from) => new(Vector128.LoadUnsafe(ref from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Load(ref T from, nuint offset) => new(Vector128.LoadUnsafe(ref from, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> LoadFirst(ref T from, int count, T rest = default)
    {
        if (Avx.IsSupported)
        {
            Simd128<T> mask = First(count);
            return Select(mask, LoadMasked(ref from, mask), Create(rest));
        }

        Vector128<T> lanes = Vector128.Create(rest);
        Buffers.Span(ref from, count).CopyTo(Buffers.Span(ref Unsafe.As<Vector128<T>, T>(ref lanes), count));
        return new(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd128<T> LoadMasked(ref T from, Simd128<T> mask)
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
    public static Simd128<T> First(int count) =>
        typeof(T) == typeof(double)
            ? Of(Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)))
            : Of(Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)));

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
            Vector128<T> lanes = _lanes;
            Buffers
                .Span(ref Unsafe.As<Vector128<T>, T>(ref lanes), count)
                .CopyTo(Buffers.Span(ref to, count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void StoreMasked(ref T to, Simd128<T> mask)
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
    public Simd128<T> With(int lane, T value) => new(_lanes.WithElement(lane, value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator +(Simd128<T> a, Simd128<T> b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator -(Simd128<T> a, Simd128<T> b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator *(Simd128<T> a, Simd128<T> b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator /(Simd128<T> a, Simd128<T> b) => new(a._lanes / b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator -(Simd128<T> a) => new(-a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator ~(Simd128<T> a) => new(~a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator &(Simd128<T> a, Simd128<T> b) => new(a._lanes & b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator ^(Simd128<T> a, Simd128<T> b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> AddBits(Simd128<T> a, Simd128<T> b) =>
        typeof(T) == typeof(double)
            ? Of(a._lanes.AsInt64() + b._lanes.AsInt64())
            : Of(a._lanes.AsInt32() + b._lanes.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> SubtractBits(Simd128<T> a, Simd128<T> b) =>
        typeof(T) == typeof(double)
            ? Of(a._lanes.AsInt64() - b._lanes.AsInt64())
            : Of(a._lanes.AsInt32() - b._lanes.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> ShiftBitsLeft(Simd128<T> a, int count) =>
        typeof(T) == typeof(double) ? Of(a._lanes.AsInt64() << count) : Of(a._lanes.AsInt32() << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> ShiftBitsRight(Simd128<T> a, int count) =>
        typeof(T) == typeof(double) ? Of(a._lanes.AsInt64() >> count) : Of(a._lanes.AsInt32() >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> EqualBits(Simd128<T> a, Simd128<T> b) =>
        typeof(T) == typeof(double)
            ? Of(Vector128.Equals(a._lanes.AsInt64(), b._lanes.AsInt64()))
            : Of(Vector128.Equals(a._lanes.AsInt32(), b._lanes.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> FromBits(Simd128<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector128.ConvertToDouble(a._lanes.AsInt64()))
            : Of(Vector128.ConvertToSingle(a._lanes.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> ToBits(Simd128<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector128.ConvertToInt64(a._lanes.AsDouble()))
            : Of(Vector128.ConvertToInt32(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Fma(Simd128<T> a, Simd128<T> b, Simd128<T> c) =>
        typeof(T) == typeof(double)
            ? Of(Vector128.FusedMultiplyAdd(a._lanes.AsDouble(), b._lanes.AsDouble(), c._lanes.AsDouble()))
            : Of(Vector128.FusedMultiplyAdd(a._lanes.AsSingle(), b._lanes.AsSingle(), c._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Max(Simd128<T> a, Simd128<T> b) => new(Vector128.Max(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Min(Simd128<T> a, Simd128<T> b) => new(Vector128.Min(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> MaxNative(Simd128<T> a, Simd128<T> b) =>
        new(Vector128.MaxNative(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> MinNative(Simd128<T> a, Simd128<T> b) =>
        new(Vector128.MinNative(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Abs(Simd128<T> a) => new(Vector128.Abs(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> CopySign(Simd128<T> size, Simd128<T> sign) =>
        new(Vector128.CopySign(size._lanes, sign._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Sqrt(Simd128<T> a) => new(Vector128.Sqrt(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Floor(Simd128<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector128.Floor(a._lanes.AsDouble()))
            : Of(Vector128.Floor(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Ceiling(Simd128<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector128.Ceiling(a._lanes.AsDouble()))
            : Of(Vector128.Ceiling(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Round(Simd128<T> a) =>
        typeof(T) == typeof(double)
            ? Of(Vector128.Round(a._lanes.AsDouble()))
            : Of(Vector128.Round(a._lanes.AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Less(Simd128<T> a, Simd128<T> b) => new(Vector128.LessThan(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> LessOrEqual(Simd128<T> a, Simd128<T> b) =>
        new(Vector128.LessThanOrEqual(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Equal(Simd128<T> a, Simd128<T> b) => new(Vector128.Equals(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Select(Simd128<T> mask, Simd128<T> a, Simd128<T> b) =>
        new(Vector128.ConditionalSelect(mask._lanes, a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> IfLess(Simd128<T> a, Simd128<T> b, Simd128<T> then, Simd128<T> otherwise) =>
        new(
            Vector128.ConditionalSelect(Vector128.LessThan(a._lanes, b._lanes), then._lanes, otherwise._lanes)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> IfLessOrEqual(
        Simd128<T> a,
        Simd128<T> b,
        Simd128<T> then,
        Simd128<T> otherwise
    ) =>
        new(
            Vector128.ConditionalSelect(
                Vector128.LessThanOrEqual(a._lanes, b._lanes),
                then._lanes,
                otherwise._lanes
            )
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> IfEqual(Simd128<T> a, Simd128<T> b, Simd128<T> then, Simd128<T> otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.Equals(a._lanes, b._lanes), then._lanes, otherwise._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(Simd128<T> mask) =>
        Vector128.EqualsAll(mask._lanes.AsInt64(), Vector128<long>.AllBitsSet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Scale(Simd128<T> value, Simd128<T> k) =>
        Avx512F.VL.IsSupported
            ? Of(Avx512F.VL.Scale(value._lanes.AsSingle(), k._lanes.AsSingle()))
            : VectorExp.ScaleInTwo<Simd128<T>, T>(value, k);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TReducer>(Simd128<T> a)
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
    public static Simd128<T> InDouble<TFunction>(Simd128<T> a)
        where TFunction : struct, IUnary<double>
    {
        if (typeof(T) == typeof(double))
        {
            return Of(TFunction.Invoke(new Simd128<double>(a._lanes.AsDouble()))._lanes);
        }

        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(a._lanes.AsSingle());
        return Of(
            Vector128.Narrow(
                TFunction.Invoke(new Simd128<double>(low))._lanes,
                TFunction.Invoke(new Simd128<double>(high))._lanes
            )
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> InDouble<TFunction>(Simd128<T> a, out Simd128<T> second)
        where TFunction : struct, IUnaryOfTwo<double>
    {
        if (typeof(T) == typeof(double))
        {
            Simd128<double> value = TFunction.Invoke(
                new Simd128<double>(a._lanes.AsDouble()),
                out Simd128<double> other
            );
            second = Of(other._lanes);
            return Of(value._lanes);
        }

        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(a._lanes.AsSingle());
        Simd128<double> first = TFunction.Invoke(new Simd128<double>(low), out Simd128<double> firstOther);
        Simd128<double> last = TFunction.Invoke(new Simd128<double>(high), out Simd128<double> lastOther);
        second = Of(Vector128.Narrow(firstOther._lanes, lastOther._lanes));
        return Of(Vector128.Narrow(first._lanes, last._lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Simd128<T> Of<TOther>(Vector128<TOther> lanes) => new(lanes.As<TOther, T>());
}
