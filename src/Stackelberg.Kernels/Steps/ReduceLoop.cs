using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The innermost two loops of a reduction: to[i] = combine(to[i], reduction of from[i·row + j·step]).</summary>
internal static class ReduceLoop<T, TReducer>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TReducer : struct, IReducer<T>
{
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
        for (nint i = 0; i < rows; i++)
        {
            ref T line = ref Unsafe.Add(ref from, i * row);
            T value;
            if (step == 1 && length >= Vector256<T>.Count)
            {
                value = Vector512.IsHardwareAccelerated
                    ? Line512(ref line, length)
                    : Line256(ref line, length);
            }
            else
            {
                value = line;
                for (nint j = 1; j < length; j++)
                {
                    value = TReducer.Combine(value, Unsafe.Add(ref line, j * step));
                }
            }

            Unsafe.Add(ref to, i) = TReducer.Combine(Unsafe.Add(ref to, i), value);
        }
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
                Vector512<T> v0 = Vector512.LoadUnsafe(ref sum);
                Vector512<T> v1 = Vector512.LoadUnsafe(ref sum, (nuint)width);
                Vector512<T> v2 = Vector512.LoadUnsafe(ref sum, (nuint)(2 * width));
                Vector512<T> v3 = Vector512.LoadUnsafe(ref sum, (nuint)(3 * width));
                for (int j = 0; j < length; j++)
                {
                    v0 = TReducer.Combine(v0, Vector512.LoadUnsafe(ref line));
                    v1 = TReducer.Combine(v1, Vector512.LoadUnsafe(ref line, (nuint)width));
                    v2 = TReducer.Combine(v2, Vector512.LoadUnsafe(ref line, (nuint)(2 * width)));
                    v3 = TReducer.Combine(v3, Vector512.LoadUnsafe(ref line, (nuint)(3 * width)));
                    line = ref Unsafe.Add(ref line, step);
                }

                v0.StoreUnsafe(ref sum);
                v1.StoreUnsafe(ref sum, (nuint)width);
                v2.StoreUnsafe(ref sum, (nuint)(2 * width));
                v3.StoreUnsafe(ref sum, (nuint)(3 * width));
            }

            for (; i < columns; i += width)
            {
                int lanes = Math.Min(width, columns - i);
                ref T line = ref Unsafe.Add(ref from, i);
                Vector512<T> value = Lanes.Load512(ref Unsafe.Add(ref to, i), lanes);
                for (int j = 0; j < length; j++)
                {
                    value = TReducer.Combine(value, Lanes.Load512(ref line, lanes));
                    line = ref Unsafe.Add(ref line, step);
                }

                Lanes.Store512(value, ref Unsafe.Add(ref to, i), lanes);
            }

            return;
        }

        for (; i <= columns - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            ref T line = ref Unsafe.Add(ref from, i);
            Vector256<T> value = Vector256.LoadUnsafe(ref to, (nuint)i);
            for (int j = 0; j < length; j++)
            {
                value = TReducer.Combine(value, Vector256.LoadUnsafe(ref line));
                line = ref Unsafe.Add(ref line, step);
            }

            value.StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < columns; i++)
        {
            ref T line = ref Unsafe.Add(ref from, i);
            T value = Unsafe.Add(ref to, i);
            for (int j = 0; j < length; j++)
            {
                value = TReducer.Combine(value, line);
                line = ref Unsafe.Add(ref line, step);
            }

            Unsafe.Add(ref to, i) = value;
        }
    }
}
