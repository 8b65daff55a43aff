using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The innermost two loops of a reduction: to[i] = combine(to[i], reduction of from[i·row + j·step]).</summary>
internal static class ReduceLoop<T, TReducer>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TReducer : struct, IReducer<T>
{
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
    private static int Longest(nint step) => step == 1 ? 128 * Vector512<T>.Count : Strided;

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
        if (step == 1 && length >= Vector256<T>.Count)
        {
            return Vector512.IsHardwareAccelerated ? Line512(ref line, length) : Line256(ref line, length);
        }

        T value = line;
        for (nint j = 1; j < length; j++)
        {
            value = TReducer.Combine(value, Unsafe.Add(ref line, j * step));
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Line512(ref T line, int length)
    {
        int width = Vector512<T>.Count;
        Vector512<T> v0 = Vector512.Create(TReducer.Identity);
        Vector512<T> v1 = v0;
        Vector512<T> v2 = v0;
        Vector512<T> v3 = v0;
        int j = 0;
        for (; j <= length - 4 * width; j += 4 * width)
        {
            nuint at = (nuint)j;
            v0 = TReducer.Combine(v0, Vector512.LoadUnsafe(ref line, at));
            v1 = TReducer.Combine(v1, Vector512.LoadUnsafe(ref line, at + (nuint)width));
            v2 = TReducer.Combine(v2, Vector512.LoadUnsafe(ref line, at + (nuint)(2 * width)));
            v3 = TReducer.Combine(v3, Vector512.LoadUnsafe(ref line, at + (nuint)(3 * width)));
        }

        for (; j <= length - width; j += width)
        {
            v0 = TReducer.Combine(v0, Vector512.LoadUnsafe(ref line, (nuint)j));
        }

        if (j < length)
        {
            v1 = TReducer.Combine(
                v1,
                Lanes.Load512(ref Unsafe.Add(ref line, j), length - j, TReducer.Identity)
            );
        }

        v0 = TReducer.Combine(TReducer.Combine(v0, v1), TReducer.Combine(v2, v3));
        return Fold(TReducer.Combine(v0.GetLower(), v0.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Line256(ref T line, int length)
    {
        int width = Vector256<T>.Count;
        Vector256<T> v0 = Vector256.Create(TReducer.Identity);
        Vector256<T> v1 = v0;
        int j = 0;
        for (; j <= length - 2 * width; j += 2 * width)
        {
            v0 = TReducer.Combine(v0, Vector256.LoadUnsafe(ref line, (nuint)j));
            v1 = TReducer.Combine(v1, Vector256.LoadUnsafe(ref line, (nuint)(j + width)));
        }

        for (; j < length; j += width)
        {
            int rest = Math.Min(width, length - j);
            v0 = TReducer.Combine(v0, Lanes.Load256(ref Unsafe.Add(ref line, j), rest, TReducer.Identity));
        }

        return Fold(TReducer.Combine(v0, v1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Fold(Vector256<T> lanes)
    {
        T value = lanes[0];
        for (int i = 1; i < Vector256<T>.Count; i++)
        {
            value = TReducer.Combine(value, lanes[i]);
        }

        return value;
    }

    /// <summary>Neighbouring results from neighbouring elements: one result to a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(ref T from, nint step, int length, ref T to, int columns)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            int width = Vector512<T>.Count;
            for (; i <= columns - 4 * width; i += 4 * width)
            {
                ref T line = ref Unsafe.Add(ref from, i);
                ref T sum = ref Unsafe.Add(ref to, i);
                Vector512<T> v0 = Vector512.Create(TReducer.Identity);
                Vector512<T> v1 = v0;
                Vector512<T> v2 = v0;
                Vector512<T> v3 = v0;
                for (int j = 0; j < length; j++)
                {
                    v0 = TReducer.Combine(v0, Vector512.LoadUnsafe(ref line));
                    v1 = TReducer.Combine(v1, Vector512.LoadUnsafe(ref line, (nuint)width));
                    v2 = TReducer.Combine(v2, Vector512.LoadUnsafe(ref line, (nuint)(2 * width)));
                    v3 = TReducer.Combine(v3, Vector512.LoadUnsafe(ref line, (nuint)(3 * width)));
                    line = ref Unsafe.Add(ref line, step);
                }

                TReducer.Combine(v0, Vector512.LoadUnsafe(ref sum)).StoreUnsafe(ref sum);
                sum = ref Unsafe.Add(ref sum, width);
                TReducer.Combine(v1, Vector512.LoadUnsafe(ref sum)).StoreUnsafe(ref sum);
                sum = ref Unsafe.Add(ref sum, width);
                TReducer.Combine(v2, Vector512.LoadUnsafe(ref sum)).StoreUnsafe(ref sum);
                sum = ref Unsafe.Add(ref sum, width);
                TReducer.Combine(v3, Vector512.LoadUnsafe(ref sum)).StoreUnsafe(ref sum);
            }

            for (; i < columns; i += width)
            {
                int lanes = Math.Min(width, columns - i);
                ref T line = ref Unsafe.Add(ref from, i);
                ref T sum = ref Unsafe.Add(ref to, i);
                Vector512<T> value = Vector512.Create(TReducer.Identity);
                for (int j = 0; j < length; j++)
                {
                    value = TReducer.Combine(value, Lanes.Load512(ref line, lanes));
                    line = ref Unsafe.Add(ref line, step);
                }

                Lanes.Store512(TReducer.Combine(value, Lanes.Load512(ref sum, lanes)), ref sum, lanes);
            }

            return;
        }

        for (; i <= columns - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            ref T line = ref Unsafe.Add(ref from, i);
            Vector256<T> value = Vector256.Create(TReducer.Identity);
            for (int j = 0; j < length; j++)
            {
                value = TReducer.Combine(value, Vector256.LoadUnsafe(ref line));
                line = ref Unsafe.Add(ref line, step);
            }

            TReducer.Combine(value, Vector256.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < columns; i++)
        {
            ref T line = ref Unsafe.Add(ref from, i);
            T value = TReducer.Identity;
            for (int j = 0; j < length; j++)
            {
                value = TReducer.Combine(value, line);
                line = ref Unsafe.Add(ref line, step);
            }

            Unsafe.Add(ref to, i) = TReducer.Combine(Unsafe.Add(ref to, i), value);
        }
    }
}
