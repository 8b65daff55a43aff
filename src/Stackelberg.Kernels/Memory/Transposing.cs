using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Kernels;

/// <summary>Copies of transposed matrices, by squares of 8 in registers.</summary>
internal static class Transposing<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Side = 8;

    /// <summary>Rows to a block, so that the lines of both sides stay in the first caches.</summary>
    private const int Block = 32;

    /// <summary>Fewer rows or columns than this beyond the last whole square are copied one by one; more, by a
    /// square that overlaps the one before.</summary>
    private const int Few = 3;

    /// <summary>target[j · targetRow + i] = source[i · sourceRow + j] for i below <paramref name="rows"/> and j below
    /// <paramref name="columns"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(int rows, int columns, ref T source, nint sourceRow, ref T target, nint targetRow)
    {
        int wholeRows = 0;
        int wholeColumns = 0;
        if (Avx.IsSupported && rows >= Side && columns >= Side)
        {
            wholeRows = rows % Side < Few ? rows / Side * Side : rows;
            wholeColumns = columns % Side < Few ? columns / Side * Side : columns;
            for (int first = 0; first < wholeRows; first += Block)
            {
                int end = Math.Min(first + Block, wholeRows);
                for (int j = 0; j < wholeColumns; j += Side)
                {
                    nint left = Math.Min(j, wholeColumns - Side);
                    ref T from = ref Unsafe.Add(ref source, left);
                    ref T to = ref Unsafe.Add(ref target, left * targetRow);
                    for (int i = first; i < end; i += Side)
                    {
                        nint top = Math.Min(i, wholeRows - Side);
                        Square(
                            ref Unsafe.Add(ref from, top * sourceRow),
                            sourceRow,
                            ref Unsafe.Add(ref to, top),
                            targetRow
                        );
                    }
                }
            }
        }

        Singles(wholeRows, rows, 0, wholeColumns, ref source, sourceRow, ref target, targetRow);
        Singles(0, rows, wholeColumns, columns, ref source, sourceRow, ref target, targetRow);
    }

    /// <summary>In squares of 16, so that the lines of both sides stay in the first cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Singles(
        int top,
        int bottom,
        int left,
        int right,
        ref T source,
        nint sourceRow,
        ref T target,
        nint targetRow
    )
    {
        for (int i0 = top; i0 < bottom; i0 += 16)
        {
            int i1 = Math.Min(i0 + 16, bottom);
            for (int j0 = left; j0 < right; j0 += 16)
            {
                int j1 = Math.Min(j0 + 16, right);
                for (nint j = j0; j < j1; j++)
                {
                    ref T to = ref Unsafe.Add(ref target, j * targetRow);
                    ref T from = ref Unsafe.Add(ref source, j);
                    for (nint i = i0; i < i1; i++)
                    {
                        Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i * sourceRow);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(ref T source, nint sourceRow, ref T target, nint targetRow)
    {
        if (typeof(T) == typeof(double))
        {
            Square(
                ref Unsafe.As<T, double>(ref source),
                sourceRow,
                ref Unsafe.As<T, double>(ref target),
                targetRow
            );
        }
        else
        {
            Square(
                ref Unsafe.As<T, float>(ref source),
                sourceRow,
                ref Unsafe.As<T, float>(ref target),
                targetRow
            );
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(ref double source, nint row, ref double target, nint targetRow)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            for (int i = 0; i < Side; i += Side / 2)
            {
                ref double rows = ref Unsafe.Add(ref source, i * row);
                ref double columns = ref Unsafe.Add(ref target, i);
                Quarter(ref rows, row, ref columns, targetRow);
                Quarter(
                    ref Unsafe.Add(ref rows, Side / 2),
                    row,
                    ref Unsafe.Add(ref columns, Side / 2 * targetRow),
                    targetRow
                );
            }

            return;
        }

        ref double below = ref Unsafe.Add(ref source, 4 * row);
        Vector512<double> r0 = Vector512.LoadUnsafe(ref source);
        Vector512<double> r1 = Vector512.LoadUnsafe(ref Unsafe.Add(ref source, row));
        Vector512<double> r2 = Vector512.LoadUnsafe(ref Unsafe.Add(ref source, 2 * row));
        Vector512<double> r3 = Vector512.LoadUnsafe(ref Unsafe.Add(ref source, 3 * row));
        Vector512<double> r4 = Vector512.LoadUnsafe(ref below);
        Vector512<double> r5 = Vector512.LoadUnsafe(ref Unsafe.Add(ref below, row));
        Vector512<double> r6 = Vector512.LoadUnsafe(ref Unsafe.Add(ref below, 2 * row));
        Vector512<double> r7 = Vector512.LoadUnsafe(ref Unsafe.Add(ref below, 3 * row));

        // Pairs of rows: columns 0, 2, 4, 6 and columns 1, 3, 5, 7.
        Vector512<double> p0 = Avx512F.UnpackLow(r0, r1);
        Vector512<double> p1 = Avx512F.UnpackHigh(r0, r1);
        Vector512<double> p2 = Avx512F.UnpackLow(r2, r3);
        Vector512<double> p3 = Avx512F.UnpackHigh(r2, r3);
        Vector512<double> p4 = Avx512F.UnpackLow(r4, r5);
        Vector512<double> p5 = Avx512F.UnpackHigh(r4, r5);
        Vector512<double> p6 = Avx512F.UnpackLow(r6, r7);
        Vector512<double> p7 = Avx512F.UnpackHigh(r6, r7);

        // Fours of rows: columns 0 and 4, 2 and 6, 1 and 5, 3 and 7.
        Vector512<double> q0 = Avx512F.Shuffle4x128(p0, p2, 0b10_00_10_00);
        Vector512<double> q2 = Avx512F.Shuffle4x128(p0, p2, 0b11_01_11_01);
        Vector512<double> q1 = Avx512F.Shuffle4x128(p1, p3, 0b10_00_10_00);
        Vector512<double> q3 = Avx512F.Shuffle4x128(p1, p3, 0b11_01_11_01);
        Vector512<double> q4 = Avx512F.Shuffle4x128(p4, p6, 0b10_00_10_00);
        Vector512<double> q6 = Avx512F.Shuffle4x128(p4, p6, 0b11_01_11_01);
        Vector512<double> q5 = Avx512F.Shuffle4x128(p5, p7, 0b10_00_10_00);
        Vector512<double> q7 = Avx512F.Shuffle4x128(p5, p7, 0b11_01_11_01);

        ref double further = ref Unsafe.Add(ref target, 4 * targetRow);
        Avx512F.Shuffle4x128(q0, q4, 0b10_00_10_00).StoreUnsafe(ref target);
        Avx512F.Shuffle4x128(q1, q5, 0b10_00_10_00).StoreUnsafe(ref Unsafe.Add(ref target, targetRow));
        Avx512F.Shuffle4x128(q2, q6, 0b10_00_10_00).StoreUnsafe(ref Unsafe.Add(ref target, 2 * targetRow));
        Avx512F.Shuffle4x128(q3, q7, 0b10_00_10_00).StoreUnsafe(ref Unsafe.Add(ref target, 3 * targetRow));
        Avx512F.Shuffle4x128(q0, q4, 0b11_01_11_01).StoreUnsafe(ref further);
        Avx512F.Shuffle4x128(q1, q5, 0b11_01_11_01).StoreUnsafe(ref Unsafe.Add(ref further, targetRow));
        Avx512F.Shuffle4x128(q2, q6, 0b11_01_11_01).StoreUnsafe(ref Unsafe.Add(ref further, 2 * targetRow));
        Avx512F.Shuffle4x128(q3, q7, 0b11_01_11_01).StoreUnsafe(ref Unsafe.Add(ref further, 3 * targetRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(ref double source, nint row, ref double target, nint targetRow)
    {
        Vector256<double> r0 = Vector256.LoadUnsafe(ref source);
        Vector256<double> r1 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, row));
        Vector256<double> r2 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, 2 * row));
        Vector256<double> r3 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, 3 * row));
        Vector256<double> p0 = Avx.UnpackLow(r0, r1);
        Vector256<double> p1 = Avx.UnpackHigh(r0, r1);
        Vector256<double> p2 = Avx.UnpackLow(r2, r3);
        Vector256<double> p3 = Avx.UnpackHigh(r2, r3);
        Avx.Permute2x128(p0, p2, 0x20).StoreUnsafe(ref target);
        Avx.Permute2x128(p1, p3, 0x20).StoreUnsafe(ref Unsafe.Add(ref target, targetRow));
        Avx.Permute2x128(p0, p2, 0x31).StoreUnsafe(ref Unsafe.Add(ref target, 2 * targetRow));
        Avx.Permute2x128(p1, p3, 0x31).StoreUnsafe(ref Unsafe.Add(ref target, 3 * targetRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(ref float source, nint row, ref float target, nint targetRow)
    {
        ref float below = ref Unsafe.Add(ref source, 4 * row);
        Vector256<float> r0 = Vector256.LoadUnsafe(ref source);
        Vector256<float> r1 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, row));
        Vector256<float> r2 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, 2 * row));
        Vector256<float> r3 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, 3 * row));
        Vector256<float> r4 = Vector256.LoadUnsafe(ref below);
        Vector256<float> r5 = Vector256.LoadUnsafe(ref Unsafe.Add(ref below, row));
        Vector256<float> r6 = Vector256.LoadUnsafe(ref Unsafe.Add(ref below, 2 * row));
        Vector256<float> r7 = Vector256.LoadUnsafe(ref Unsafe.Add(ref below, 3 * row));

        // Pairs of rows: columns 0, 1, 4, 5 and columns 2, 3, 6, 7.
        Vector256<float> p0 = Avx.UnpackLow(r0, r1);
        Vector256<float> p1 = Avx.UnpackHigh(r0, r1);
        Vector256<float> p2 = Avx.UnpackLow(r2, r3);
        Vector256<float> p3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> p4 = Avx.UnpackLow(r4, r5);
        Vector256<float> p5 = Avx.UnpackHigh(r4, r5);
        Vector256<float> p6 = Avx.UnpackLow(r6, r7);
        Vector256<float> p7 = Avx.UnpackHigh(r6, r7);

        // Fours of rows: columns 0 and 4, 1 and 5, 2 and 6, 3 and 7.
        Vector256<float> q0 = Avx.Shuffle(p0, p2, 0b01_00_01_00);
        Vector256<float> q1 = Avx.Shuffle(p0, p2, 0b11_10_11_10);
        Vector256<float> q2 = Avx.Shuffle(p1, p3, 0b01_00_01_00);
        Vector256<float> q3 = Avx.Shuffle(p1, p3, 0b11_10_11_10);
        Vector256<float> q4 = Avx.Shuffle(p4, p6, 0b01_00_01_00);
        Vector256<float> q5 = Avx.Shuffle(p4, p6, 0b11_10_11_10);
        Vector256<float> q6 = Avx.Shuffle(p5, p7, 0b01_00_01_00);
        Vector256<float> q7 = Avx.Shuffle(p5, p7, 0b11_10_11_10);

        ref float further = ref Unsafe.Add(ref target, 4 * targetRow);
        Avx.Permute2x128(q0, q4, 0x20).StoreUnsafe(ref target);
        Avx.Permute2x128(q1, q5, 0x20).StoreUnsafe(ref Unsafe.Add(ref target, targetRow));
        Avx.Permute2x128(q2, q6, 0x20).StoreUnsafe(ref Unsafe.Add(ref target, 2 * targetRow));
        Avx.Permute2x128(q3, q7, 0x20).StoreUnsafe(ref Unsafe.Add(ref target, 3 * targetRow));
        Avx.Permute2x128(q0, q4, 0x31).StoreUnsafe(ref further);
        Avx.Permute2x128(q1, q5, 0x31).StoreUnsafe(ref Unsafe.Add(ref further, targetRow));
        Avx.Permute2x128(q2, q6, 0x31).StoreUnsafe(ref Unsafe.Add(ref further, 2 * targetRow));
        Avx.Permute2x128(q3, q7, 0x31).StoreUnsafe(ref Unsafe.Add(ref further, 3 * targetRow));
    }
}
