using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The tiles of 12 rows, for machines with 512-bit vectors and 32 registers.</summary>
/// <remarks>c (+)= A · B with A [rows, depth] at byte strides row and column, B [depth, vectors] at element stride
/// bRow, C at element stride cRow; every entry is summed in the order of depth. All sums stay in registers.</remarks>
internal static class Tile12<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>12 rows by two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vectors2(
        ref T a,
        nint row,
        nint column,
        ref T b,
        nint bRow,
        int depth,
        ref T c,
        nint cRow,
        bool add
    )
    {
        nuint second = (nuint)Vector512<T>.Count;
        nint row2 = 2 * row;
        ref T a0 = ref a;
        ref T a3 = ref Unsafe.AddByteOffset(ref a0, row2 + row);
        ref T a6 = ref Unsafe.AddByteOffset(ref a3, row2 + row);
        ref T a9 = ref Unsafe.AddByteOffset(ref a6, row2 + row);
        Vector512<T> c0x = Vector512<T>.Zero;
        Vector512<T> c0y = Vector512<T>.Zero;
        Vector512<T> c1x = Vector512<T>.Zero;
        Vector512<T> c1y = Vector512<T>.Zero;
        Vector512<T> c2x = Vector512<T>.Zero;
        Vector512<T> c2y = Vector512<T>.Zero;
        Vector512<T> c3x = Vector512<T>.Zero;
        Vector512<T> c3y = Vector512<T>.Zero;
        Vector512<T> c4x = Vector512<T>.Zero;
        Vector512<T> c4y = Vector512<T>.Zero;
        Vector512<T> c5x = Vector512<T>.Zero;
        Vector512<T> c5y = Vector512<T>.Zero;
        Vector512<T> c6x = Vector512<T>.Zero;
        Vector512<T> c6y = Vector512<T>.Zero;
        Vector512<T> c7x = Vector512<T>.Zero;
        Vector512<T> c7y = Vector512<T>.Zero;
        Vector512<T> c8x = Vector512<T>.Zero;
        Vector512<T> c8y = Vector512<T>.Zero;
        Vector512<T> c9x = Vector512<T>.Zero;
        Vector512<T> c9y = Vector512<T>.Zero;
        Vector512<T> c10x = Vector512<T>.Zero;
        Vector512<T> c10y = Vector512<T>.Zero;
        Vector512<T> c11x = Vector512<T>.Zero;
        Vector512<T> c11y = Vector512<T>.Zero;
        if (add)
        {
            ref T old = ref c;
            c0x = Vector512.LoadUnsafe(ref old);
            c0y = Vector512.LoadUnsafe(ref old, second);
            old = ref Unsafe.Add(ref old, cRow);
            c1x = Vector512.LoadUnsafe(ref old);
            c1y = Vector512.LoadUnsafe(ref old, second);
            old = ref Unsafe.Add(ref old, cRow);
            c2x = Vector512.LoadUnsafe(ref old);
            c2y = Vector512.LoadUnsafe(ref old, second);
            old = ref Unsafe.Add(ref old, cRow);
            c3x = Vector512.LoadUnsafe(ref old);
            c3y = Vector512.LoadUnsafe(ref old, second);
            old = ref Unsafe.Add(ref old, cRow);
            c4x = Vector512.LoadUnsafe(ref old);
            c4y = Vector512.LoadUnsafe(ref old, second);
            old = ref Unsafe.Add(ref old, cRow);
            c5x = Vector512.LoadUnsafe(ref old);
            c5y = Vector512.LoadUnsafe(ref old, second);
            old = ref Unsafe.Add(ref old, cRow);
            c6x = Vector512.LoadUnsafe(ref old);
            c6y = Vector512.LoadUnsafe(ref old, second);
            old = ref Unsafe.Add(ref old, cRow);
            c7x = Vector512.LoadUnsafe(ref old);
            c7y = Vector512.LoadUnsafe(ref old, second);
            old = ref Unsafe.Add(ref old, cRow);
            c8x = Vector512.LoadUnsafe(ref old);
            c8y = Vector512.LoadUnsafe(ref old, second);
            old = ref Unsafe.Add(ref old, cRow);
            c9x = Vector512.LoadUnsafe(ref old);
            c9y = Vector512.LoadUnsafe(ref old, second);
            old = ref Unsafe.Add(ref old, cRow);
            c10x = Vector512.LoadUnsafe(ref old);
            c10y = Vector512.LoadUnsafe(ref old, second);
            old = ref Unsafe.Add(ref old, cRow);
            c11x = Vector512.LoadUnsafe(ref old);
            c11y = Vector512.LoadUnsafe(ref old, second);
        }

        for (int p = 0; p < depth; p++)
        {
            Vector512<T> x = Vector512.LoadUnsafe(ref b);
            Vector512<T> y = Vector512.LoadUnsafe(ref b, second);
            Vector512<T> s = Vector512.Create(a0);
            c0x = VectorMath.Fma(s, x, c0x);
            c0y = VectorMath.Fma(s, y, c0y);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a0, row));
            c1x = VectorMath.Fma(s, x, c1x);
            c1y = VectorMath.Fma(s, y, c1y);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a0, row2));
            c2x = VectorMath.Fma(s, x, c2x);
            c2y = VectorMath.Fma(s, y, c2y);
            s = Vector512.Create(a3);
            c3x = VectorMath.Fma(s, x, c3x);
            c3y = VectorMath.Fma(s, y, c3y);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a3, row));
            c4x = VectorMath.Fma(s, x, c4x);
            c4y = VectorMath.Fma(s, y, c4y);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a3, row2));
            c5x = VectorMath.Fma(s, x, c5x);
            c5y = VectorMath.Fma(s, y, c5y);
            s = Vector512.Create(a6);
            c6x = VectorMath.Fma(s, x, c6x);
            c6y = VectorMath.Fma(s, y, c6y);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a6, row));
            c7x = VectorMath.Fma(s, x, c7x);
            c7y = VectorMath.Fma(s, y, c7y);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a6, row2));
            c8x = VectorMath.Fma(s, x, c8x);
            c8y = VectorMath.Fma(s, y, c8y);
            s = Vector512.Create(a9);
            c9x = VectorMath.Fma(s, x, c9x);
            c9y = VectorMath.Fma(s, y, c9y);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a9, row));
            c10x = VectorMath.Fma(s, x, c10x);
            c10y = VectorMath.Fma(s, y, c10y);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a9, row2));
            c11x = VectorMath.Fma(s, x, c11x);
            c11y = VectorMath.Fma(s, y, c11y);
            a0 = ref Unsafe.AddByteOffset(ref a0, column);
            a3 = ref Unsafe.AddByteOffset(ref a3, column);
            a6 = ref Unsafe.AddByteOffset(ref a6, column);
            a9 = ref Unsafe.AddByteOffset(ref a9, column);
            b = ref Unsafe.Add(ref b, bRow);
        }

        c0x.StoreUnsafe(ref c);
        c0y.StoreUnsafe(ref c, second);
        c = ref Unsafe.Add(ref c, cRow);
        c1x.StoreUnsafe(ref c);
        c1y.StoreUnsafe(ref c, second);
        c = ref Unsafe.Add(ref c, cRow);
        c2x.StoreUnsafe(ref c);
        c2y.StoreUnsafe(ref c, second);
        c = ref Unsafe.Add(ref c, cRow);
        c3x.StoreUnsafe(ref c);
        c3y.StoreUnsafe(ref c, second);
        c = ref Unsafe.Add(ref c, cRow);
        c4x.StoreUnsafe(ref c);
        c4y.StoreUnsafe(ref c, second);
        c = ref Unsafe.Add(ref c, cRow);
        c5x.StoreUnsafe(ref c);
        c5y.StoreUnsafe(ref c, second);
        c = ref Unsafe.Add(ref c, cRow);
        c6x.StoreUnsafe(ref c);
        c6y.StoreUnsafe(ref c, second);
        c = ref Unsafe.Add(ref c, cRow);
        c7x.StoreUnsafe(ref c);
        c7y.StoreUnsafe(ref c, second);
        c = ref Unsafe.Add(ref c, cRow);
        c8x.StoreUnsafe(ref c);
        c8y.StoreUnsafe(ref c, second);
        c = ref Unsafe.Add(ref c, cRow);
        c9x.StoreUnsafe(ref c);
        c9y.StoreUnsafe(ref c, second);
        c = ref Unsafe.Add(ref c, cRow);
        c10x.StoreUnsafe(ref c);
        c10y.StoreUnsafe(ref c, second);
        c = ref Unsafe.Add(ref c, cRow);
        c11x.StoreUnsafe(ref c);
        c11y.StoreUnsafe(ref c, second);
    }

    /// <summary>12 rows by one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vectors1(
        ref T a,
        nint row,
        nint column,
        ref T b,
        nint bRow,
        int depth,
        ref T c,
        nint cRow,
        bool add
    )
    {
        nint row2 = 2 * row;
        ref T a0 = ref a;
        ref T a3 = ref Unsafe.AddByteOffset(ref a0, row2 + row);
        ref T a6 = ref Unsafe.AddByteOffset(ref a3, row2 + row);
        ref T a9 = ref Unsafe.AddByteOffset(ref a6, row2 + row);
        Vector512<T> c0x = Vector512<T>.Zero;
        Vector512<T> c1x = Vector512<T>.Zero;
        Vector512<T> c2x = Vector512<T>.Zero;
        Vector512<T> c3x = Vector512<T>.Zero;
        Vector512<T> c4x = Vector512<T>.Zero;
        Vector512<T> c5x = Vector512<T>.Zero;
        Vector512<T> c6x = Vector512<T>.Zero;
        Vector512<T> c7x = Vector512<T>.Zero;
        Vector512<T> c8x = Vector512<T>.Zero;
        Vector512<T> c9x = Vector512<T>.Zero;
        Vector512<T> c10x = Vector512<T>.Zero;
        Vector512<T> c11x = Vector512<T>.Zero;
        if (add)
        {
            ref T old = ref c;
            c0x = Vector512.LoadUnsafe(ref old);
            old = ref Unsafe.Add(ref old, cRow);
            c1x = Vector512.LoadUnsafe(ref old);
            old = ref Unsafe.Add(ref old, cRow);
            c2x = Vector512.LoadUnsafe(ref old);
            old = ref Unsafe.Add(ref old, cRow);
            c3x = Vector512.LoadUnsafe(ref old);
            old = ref Unsafe.Add(ref old, cRow);
            c4x = Vector512.LoadUnsafe(ref old);
            old = ref Unsafe.Add(ref old, cRow);
            c5x = Vector512.LoadUnsafe(ref old);
            old = ref Unsafe.Add(ref old, cRow);
            c6x = Vector512.LoadUnsafe(ref old);
            old = ref Unsafe.Add(ref old, cRow);
            c7x = Vector512.LoadUnsafe(ref old);
            old = ref Unsafe.Add(ref old, cRow);
            c8x = Vector512.LoadUnsafe(ref old);
            old = ref Unsafe.Add(ref old, cRow);
            c9x = Vector512.LoadUnsafe(ref old);
            old = ref Unsafe.Add(ref old, cRow);
            c10x = Vector512.LoadUnsafe(ref old);
            old = ref Unsafe.Add(ref old, cRow);
            c11x = Vector512.LoadUnsafe(ref old);
        }

        for (int p = 0; p < depth; p++)
        {
            Vector512<T> x = Vector512.LoadUnsafe(ref b);
            Vector512<T> s = Vector512.Create(a0);
            c0x = VectorMath.Fma(s, x, c0x);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a0, row));
            c1x = VectorMath.Fma(s, x, c1x);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a0, row2));
            c2x = VectorMath.Fma(s, x, c2x);
            s = Vector512.Create(a3);
            c3x = VectorMath.Fma(s, x, c3x);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a3, row));
            c4x = VectorMath.Fma(s, x, c4x);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a3, row2));
            c5x = VectorMath.Fma(s, x, c5x);
            s = Vector512.Create(a6);
            c6x = VectorMath.Fma(s, x, c6x);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a6, row));
            c7x = VectorMath.Fma(s, x, c7x);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a6, row2));
            c8x = VectorMath.Fma(s, x, c8x);
            s = Vector512.Create(a9);
            c9x = VectorMath.Fma(s, x, c9x);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a9, row));
            c10x = VectorMath.Fma(s, x, c10x);
            s = Vector512.Create(Unsafe.AddByteOffset(ref a9, row2));
            c11x = VectorMath.Fma(s, x, c11x);
            a0 = ref Unsafe.AddByteOffset(ref a0, column);
            a3 = ref Unsafe.AddByteOffset(ref a3, column);
            a6 = ref Unsafe.AddByteOffset(ref a6, column);
            a9 = ref Unsafe.AddByteOffset(ref a9, column);
            b = ref Unsafe.Add(ref b, bRow);
        }

        c0x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c1x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c2x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c3x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c4x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c5x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c6x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c7x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c8x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c9x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c10x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c11x.StoreUnsafe(ref c);
    }
}
