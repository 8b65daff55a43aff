using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

// What derivatives are made of where the obvious formula cancels or overflows.
public static partial class ElementKernels
{
    /// <summary>1 / cosh² a = 4 e / (1 + e)² with e = e⁻²|ᵃ|, the derivative of tanh, in which 1 − tanh² a would cancel: for
    /// float within 3.5 units of the last place wherever it is normal.</summary>
    public static readonly ElementKernel SechSquared = new UnaryKernel<
        SechSquaredOperator<double>,
        SechSquaredOperator<float>
    >("sechSquared", isLong: true);

    /// <summary>1 − a² = (1 − a) (1 + a), within two units of the last place also near ±1.</summary>
    public static readonly ElementKernel OneMinusSquare = new UnaryKernel<
        OneMinusSquareOperator<double>,
        OneMinusSquareOperator<float>
    >("oneMinusSquare");

    /// <summary>1 / (1 + a²), the derivative of the arc tangent.</summary>
    public static readonly ElementKernel InverseOnePlusSquare = new UnaryKernel<
        InverseOnePlusSquareOperator<double>,
        InverseOnePlusSquareOperator<float>
    >("inverseOnePlusSquare");

    /// <summary>a's share of the maximum of a and b: 1 where a &gt; b, 0 where a &lt; b, ½ where they are equal, NaN where
    /// either is NaN.</summary>
    public static readonly ElementKernel Share = new BinaryKernel<
        ShareOperator<double>,
        ShareOperator<float>
    >("share");

    /// <summary>1 where a &gt; b, 0 where a ≤ b, NaN where either is NaN.</summary>
    public static readonly ElementKernel Exceeds = new BinaryKernel<
        ExceedsOperator<double>,
        ExceedsOperator<float>
    >("exceeds");

    private readonly struct SechSquaredOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T>
        {
            V exponent = -(V.Abs(a) + V.Abs(a));
            V e = VectorExp.ExpOfNegative<V, T>(exponent);
            V half = (V.One + e) / (V.One + V.One);
            return e / (half * half);
        }
    }

    private readonly struct OneMinusSquareOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => (V.One - a) * (V.One + a);
    }

    private readonly struct InverseOnePlusSquareOperator<T> : IUnary<T>
        where T : unmanaged
    {
        /// <summary>2³⁰, whose square is a number in either type, and beside which 1 is nothing.</summary>
        private const double Large = 1 << 30;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T>
        {
            // From the inverse where the square may be no number.
            V one = V.One;
            V large = V.Less(V.Constant(Large), V.Abs(a));
            V r = V.Select(large, one / a, a);
            V square = r * r;
            return V.Select(large, square, one) / (one + square);
        }
    }

    private readonly struct ShareOperator<T> : IBinary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T>
        {
            V half = V.One / (V.One + V.One);
            // Of NaN no comparison holds, and a + b is NaN.
            V others = ~V.Less(a, b) & (a + b);
            V rest = V.IfEqual(a, b, half, others);
            return V.IfLess(b, a, V.One, rest);
        }
    }

    private readonly struct ExceedsOperator<T> : IBinary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b)
            where V : struct, ISimd<V, T>
        {
            V rest = ~V.LessOrEqual(a, b) & (a + b);
            return V.IfLess(b, a, V.One, rest);
        }
    }
}
