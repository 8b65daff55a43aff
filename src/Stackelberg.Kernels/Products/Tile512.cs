using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The tiles of 4 rows and of 1, with 512-bit vectors.</summary>
/// <remarks>c (+)= A · B with A [rows, depth] at byte strides row and column, B [depth, vectors] at element stride
/// bRow, C at element stride cRow; every entry is summed in the order of depth. All sums stay in registers.</remarks>
internal static class Tile512<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>4 rows by two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4Vectors2(
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
        Vector512<T> c0x = Vector512<T>.Zero;
        Vector512<T> c0y = Vector512<T>.Zero;
        Vector512<T> c1x = Vector512<T>.Zero;
        Vector512<T> c1y = Vector512<T>.Zero;
        Vector512<T> c2x = Vector512<T>.Zero;
        Vector512<T> c2y = Vector512<T>.Zero;
        Vector512<T> c3x = Vector512<T>.Zero;
        Vector512<T> c3y = Vector512<T>.Zero;
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
            a0 = ref Unsafe.AddByteOffset(ref a0, column);
            a3 = ref Unsafe.AddByteOffset(ref a3, column);
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
    }

    /// <summary>4 rows by one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4Vectors1(
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
        Vector512<T> c0x = Vector512<T>.Zero;
        Vector512<T> c1x = Vector512<T>.Zero;
        Vector512<T> c2x = Vector512<T>.Zero;
        Vector512<T> c3x = Vector512<T>.Zero;
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
            a0 = ref Unsafe.AddByteOffset(ref a0, column);
            a3 = ref Unsafe.AddByteOffset(ref a3, column);
            b = ref Unsafe.Add(ref b, bRow);
        }

        c0x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c1x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c2x.StoreUnsafe(ref c);
        c = ref Unsafe.Add(ref c, cRow);
        c3x.StoreUnsafe(ref c);
    }

    /// <summary>1 row by two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1Vectors2(
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
        ref T a0 = ref a;
        Vector512<T> c0x = Vector512<T>.Zero;
        Vector512<T> c0y = Vector512<T>.Zero;
        if (add)
        {
            ref T old = ref c;
            c0x = Vector512.LoadUnsafe(ref old);
            c0y = Vector512.LoadUnsafe(ref old, second);
        }

        for (int p = 0; p < depth; p++)
        {
            Vector512<T> x = Vector512.LoadUnsafe(ref b);
            Vector512<T> y = Vector512.LoadUnsafe(ref b, second);
            Vector512<T> s = Vector512.Create(a0);
            c0x = VectorMath.Fma(s, x, c0x);
            c0y = VectorMath.Fma(s, y, c0y);
            a0 = ref Unsafe.AddByteOffset(ref a0, column);
            b = ref Unsafe.Add(ref b, bRow);
        }

        c0x.StoreUnsafe(ref c);
        c0y.StoreUnsafe(ref c, second);
    }

    /// <summary>1 row by one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1Vectors1(
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
        ref T a0 = ref a;
        Vector512<T> c0x = Vector512<T>.Zero;
        if (add)
        {
            ref T old = ref c;
            c0x = Vector512.LoadUnsafe(ref old);
        }

        for (int p = 0; p < depth; p++)
        {
            Vector512<T> x = Vector512.LoadUnsafe(ref b);
            Vector512<T> s = Vector512.Create(a0);
            c0x = VectorMath.Fma(s, x, c0x);
            a0 = ref Unsafe.AddByteOffset(ref a0, column);
            b = ref Unsafe.Add(ref b, bRow);
        }

        c0x.StoreUnsafe(ref c);
    }
}
