using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The innermost two loops of a reduction: to[i] = combine(to[i], reduction of from[i·row + j·step]).</summary>
internal static class ReduceLoop<T, TReducer>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TReducer : struct, IReducer<T>
{
    /// <summary>Elements that are worth a vector: 256 bits of them.</summary>
    private static int Shortest => 32 / Unsafe.SizeOf<T>();

    /// <summary>Elements apart that are summed one by one without halving.</summary>
    private const int Strided = 64;

    public static void Run(ref T from, nint row, nint step, int length, ref T to, int rows)
    {
        if (row == 1 && rows > 1)
        {
            Columns(ref from, step, length, ref to, rows);
        }
        else
        {
            Rows(ref from, row, step, length, ref to, rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(ref T from, nint row, nint step, int length, ref T to, int rows)
    {
        // Largest and smallest entries do not round, so that their lines need no halves.
        bool inHalves = typeof(TReducer) == typeof(SumReducer<T>) && length > Longest(step);
        for (nint i = 0; i < rows; i++)
        {
            ref T line = ref Unsafe.Add(ref from, i * row);
            T value = inHalves ? Halves(ref line, step, length) : Line(ref line, step, length);
            Unsafe.Add(ref to, i) = TReducer.Combine(Unsafe.Add(ref to, i), value);
        }
    }

    /// <summary>Elements that are summed without halving: of those that follow one another 32 to a lane of four vectors.</summary>
    private static int Longest(nint step) => step == 1 ? 8192 / Unsafe.SizeOf<T>() : Strided;

    /// <summary>A long line in halves, and these in halves again.</summary>
    private static T Halves(ref T line, nint step, int length)
    {
        int most = Longest(step);
        if (length <= most)
        {
            return Line(ref line, step, length);
        }

        int half = most;
        while (half < length - half)
        {
            half *= 2;
        }

        return TReducer.Combine(
            Halves(ref line, step, half),
            Halves(ref Unsafe.Add(ref line, half * step), step, length - half)
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Line(ref T line, nint step, int length)
    {
        if (step == 1 && length >= Shortest)
        {
            return Vector512.IsHardwareAccelerated ? Line<Simd512<T>>(ref line, length)
                : Vector256.IsHardwareAccelerated ? Line<Simd256<T>>(ref line, length)
                : Line<Simd128<T>>(ref line, length);
        }

        T value = line;
        for (nint j = 1; j < length; j++)
        {
            value = TReducer.Combine(value, Unsafe.Add(ref line, j * step));
        }

        return value;
    }

    /// <summary>Two sums of vectors, or four with 32 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Line<V>(ref T line, int length)
        where V : struct, ISimd<V, T>
    {
        bool four = V.Registers >= 32;
        int block = (four ? 4 : 2) * V.Count;
        V v0 = V.Create(TReducer.Identity);
        V v1 = v0;
        V v2 = v0;
        V v3 = v0;
        int j = 0;
        for (; j <= length - block; j += block)
        {
            nuint at = (nuint)j;
            v0 = TReducer.Combine(v0, V.Load(ref line, at));
            v1 = TReducer.Combine(v1, V.Load(ref line, at + (nuint)V.Count));
            if (four)
            {
                v2 = TReducer.Combine(v2, V.Load(ref line, at + (nuint)(2 * V.Count)));
                v3 = TReducer.Combine(v3, V.Load(ref line, at + (nuint)(3 * V.Count)));
            }
        }

        for (; j <= length - V.Count; j += V.Count)
        {
            v0 = TReducer.Combine(v0, V.Load(ref line, (nuint)j));
        }

        if (j < length)
        {
            V rest = V.LoadFirst(ref Unsafe.Add(ref line, j), length - j, TReducer.Identity);
            if (four)
            {
                v1 = TReducer.Combine(v1, rest);
            }
            else
            {
                v0 = TReducer.Combine(v0, rest);
            }
        }

        v0 = TReducer.Combine(v0, v1);
        return V.Fold<TReducer>(four ? TReducer.Combine(v0, TReducer.Combine(v2, v3)) : v0);
    }

    private static void Columns(ref T from, nint step, int length, ref T to, int columns)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Columns<Simd512<T>>(ref from, step, length, ref to, columns);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Columns<Simd256<T>>(ref from, step, length, ref to, columns);
        }
        else
        {
            Columns<Simd128<T>>(ref from, step, length, ref to, columns);
        }
    }

    /// <summary>Neighbouring results from neighbouring elements: one result to a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns<V>(ref T from, nint step, int length, ref T to, int columns)
        where V : struct, ISimd<V, T>
    {
        int i = 0;
        for (; i <= columns - 4 * V.Count; i += 4 * V.Count)
        {
            ref T line = ref Unsafe.Add(ref from, i);
            ref T sum = ref Unsafe.Add(ref to, i);
            V v0 = V.Create(TReducer.Identity);
            V v1 = v0;
            V v2 = v0;
            V v3 = v0;
            for (int j = 0; j < length; j++)
            {
                v0 = TReducer.Combine(v0, V.Load(ref line));
                v1 = TReducer.Combine(v1, V.Load(ref line, (nuint)V.Count));
                v2 = TReducer.Combine(v2, V.Load(ref line, (nuint)(2 * V.Count)));
                v3 = TReducer.Combine(v3, V.Load(ref line, (nuint)(3 * V.Count)));
                line = ref Unsafe.Add(ref line, step);
            }

            TReducer.Combine(v0, V.Load(ref sum)).Store(ref sum);
            sum = ref Unsafe.Add(ref sum, V.Count);
            TReducer.Combine(v1, V.Load(ref sum)).Store(ref sum);
            sum = ref Unsafe.Add(ref sum, V.Count);
            TReducer.Combine(v2, V.Load(ref sum)).Store(ref sum);
            sum = ref Unsafe.Add(ref sum, V.Count);
            TReducer.Combine(v3, V.Load(ref sum)).Store(ref sum);
        }

        for (; i < columns; i += V.Count)
        {
            V mask = V.First(Math.Min(V.Count, columns - i));
            ref T line = ref Unsafe.Add(ref from, i);
            ref T sum = ref Unsafe.Add(ref to, i);
            V value = V.Create(TReducer.Identity);
            for (int j = 0; j < length; j++)
            {
                value = TReducer.Combine(value, V.LoadMasked(ref line, mask));
                line = ref Unsafe.Add(ref line, step);
            }

            TReducer.Combine(value, V.LoadMasked(ref sum, mask)).StoreMasked(ref sum, mask);
        }
    }
}
