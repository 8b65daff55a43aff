namespace Stackelberg.Kernels;

/// <summary>A vector of numbers of one width, with the operations that kernels are made of: a kernel takes it as a type
/// parameter and is compiled anew for each width.</summary>
/// <remarks>Operations with Bits in their name take the lanes for whole numbers of the same size. A mask has all bits
/// of a lane set, or none. The same operation gives a lane the same bits at every width.</remarks>
/// <typeparam name="TSelf">The vector.</typeparam>
/// <typeparam name="T">double or float.</typeparam>
internal interface ISimd<TSelf, T>
    where TSelf : struct, ISimd<TSelf, T>
    where T : unmanaged
{
    /// <summary>Lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Registers of the machine that hold such vectors.</summary>
    static abstract int Registers { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf One { get; }

    T this[int lane] { get; }

    /// <summary>The same number in all lanes.</summary>
    static abstract TSelf Create(T value);

    /// <summary>A constant, rounded to T; a literal of a float stays what it is.</summary>
    static abstract TSelf Constant(double value);

    /// <summary>The same whole number in all lanes.</summary>
    static abstract TSelf Bits(long value);

    static abstract TSelf Load(ref T from);

    static abstract TSelf Load(ref T from, nuint offset);

    /// <summary>from[0 … count − 1] in the first lanes, <paramref name="rest"/> in the others. Nothing beyond is read.</summary>
    static abstract TSelf LoadFirst(ref T from, int count, T rest = default);

    /// <summary>The lanes of a mask made by <see cref="First"/>, zeros in the others.</summary>
    static abstract TSelf LoadMasked(ref T from, TSelf mask);

    /// <summary>The mask of the first lanes.</summary>
    static abstract TSelf First(int count);

    void Store(ref T to);

    void Store(ref T to, nuint offset);

    /// <summary>to[0 … count − 1] = the first lanes. Nothing beyond is written.</summary>
    void StoreFirst(ref T to, int count);

    /// <summary>Stores the lanes of a mask made by <see cref="First"/>.</summary>
    void StoreMasked(ref T to, TSelf mask);

    /// <summary>This vector with another number in one lane.</summary>
    TSelf With(int lane, T value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a);

    static abstract TSelf operator ~(TSelf a);

    static abstract TSelf operator &(TSelf a, TSelf b);

    static abstract TSelf operator ^(TSelf a, TSelf b);

    static abstract TSelf AddBits(TSelf a, TSelf b);

    static abstract TSelf SubtractBits(TSelf a, TSelf b);

    static abstract TSelf ShiftBitsLeft(TSelf a, int count);

    /// <summary>With copies of the sign from the left.</summary>
    static abstract TSelf ShiftBitsRight(TSelf a, int count);

    static abstract TSelf EqualBits(TSelf a, TSelf b);

    /// <summary>The whole numbers as numbers.</summary>
    static abstract TSelf FromBits(TSelf a);

    /// <summary>The numbers as whole numbers.</summary>
    static abstract TSelf ToBits(TSelf a);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    /// <summary>NaN where either is NaN; +0 counts as larger than −0.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>As the machine does it: where either is NaN, the second operand on x86.</summary>
    static abstract TSelf MaxNative(TSelf a, TSelf b);

    static abstract TSelf MinNative(TSelf a, TSelf b);

    static abstract TSelf Abs(TSelf a);

    static abstract TSelf CopySign(TSelf size, TSelf sign);

    static abstract TSelf Sqrt(TSelf a);

    static abstract TSelf Floor(TSelf a);

    static abstract TSelf Ceiling(TSelf a);

    static abstract TSelf Round(TSelf a);

    static abstract TSelf Less(TSelf a, TSelf b);

    static abstract TSelf LessOrEqual(TSelf a, TSelf b);

    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>a where the mask is set, b elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>then where a &lt; b, otherwise the other: faster than <see cref="Select"/>, because the compiler sees what
    /// the mask is.</summary>
    static abstract TSelf IfLess(TSelf a, TSelf b, TSelf then, TSelf otherwise);

    static abstract TSelf IfLessOrEqual(TSelf a, TSelf b, TSelf then, TSelf otherwise);

    static abstract TSelf IfEqual(TSelf a, TSelf b, TSelf then, TSelf otherwise);

    /// <summary>Whether a mask is set in all lanes.</summary>
    static abstract bool All(TSelf mask);

    /// <summary>value · 2ᵏ, rounded once, for whole numbers k between −160 and 160; for float.</summary>
    static abstract TSelf Scale(TSelf value, TSelf k);

    /// <summary>The lanes combined, from the first to the last; of 512 bits the two halves first.</summary>
    static abstract T Fold<TReducer>(TSelf a)
        where TReducer : struct, IReducer<T>;

    /// <summary>A function of doubles; floats are widened to doubles for it, and its values rounded.</summary>
    static abstract TSelf InDouble<TFunction>(TSelf a)
        where TFunction : struct, IUnary<double>;

    /// <summary>The same for a function of two values.</summary>
    static abstract TSelf InDouble<TFunction>(TSelf a, out TSelf second)
        where TFunction : struct, IUnaryOfTwo<double>;
}
