using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

// What derivatives are made of where the obvious formula cancels or overflows.
public static partial class ElementKernels
{
    /// <summary>1 / cosh² a = 4 e / (1 + e)² with e = e⁻²|ᵃ|, the derivative of tanh, in which 1 − tanh² a would cancel: for
    /// float within 3.5 units of the last place wherever it is normal.</summary>
    public static readonly ElementKernel SechSquared = new UnaryKernel<
        SechSquaredOperator<double>,
        SechSquaredOperator<float>
    >("sechSquared");

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
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a)
        {
            Vector512<T> exponent = -(Vector512.Abs(a) + Vector512.Abs(a));
            Vector512<T> e =
                typeof(T) == typeof(double)
                    ? VectorExp512.Exp(exponent)
                    : VectorExp512.ExpOfNegative(exponent.AsSingle()).As<float, T>();
            Vector512<T> half = (Vector512<T>.One + e) / (Vector512<T>.One + Vector512<T>.One);
            return e / (half * half);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a)
        {
            Vector256<T> exponent = -(Vector256.Abs(a) + Vector256.Abs(a));
            Vector256<T> e =
                typeof(T) == typeof(double)
                    ? VectorExp256.Exp(exponent)
                    : VectorExp256.ExpOfNegative(exponent.AsSingle()).As<float, T>();
            Vector256<T> half = (Vector256<T>.One + e) / (Vector256<T>.One + Vector256<T>.One);
            return e / (half * half);
        }
    }

    private readonly struct OneMinusSquareOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => (Vector512<T>.One - a) * (Vector512<T>.One + a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) => (Vector256<T>.One - a) * (Vector256<T>.One + a);
    }

    private readonly struct InverseOnePlusSquareOperator<T> : IUnary<T>
        where T : INumberBase<T>
    {
        /// <summary>2³⁰, whose square is a number in either type, and beside which 1 is nothing.</summary>
        private const int Large = 1 << 30;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a)
        {
            // From the inverse where the square may be no number.
            Vector512<T> one = Vector512<T>.One;
            Vector512<T> large = Vector512.GreaterThan(
                Vector512.Abs(a),
                Vector512.Create(T.CreateTruncating(Large))
            );
            Vector512<T> r = Vector512.ConditionalSelect(large, one / a, a);
            Vector512<T> square = r * r;
            return Vector512.ConditionalSelect(large, square, one) / (one + square);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a)
        {
            // From the inverse where the square may be no number.
            Vector256<T> one = Vector256<T>.One;
            Vector256<T> large = Vector256.GreaterThan(
                Vector256.Abs(a),
                Vector256.Create(T.CreateTruncating(Large))
            );
            Vector256<T> r = Vector256.ConditionalSelect(large, one / a, a);
            Vector256<T> square = r * r;
            return Vector256.ConditionalSelect(large, square, one) / (one + square);
        }
    }

    private readonly struct ShareOperator<T> : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b)
        {
            Vector512<T> half = Vector512<T>.One / (Vector512<T>.One + Vector512<T>.One);
            // Of NaN no comparison holds, and a + b is NaN.
            Vector512<T> others = Vector512.ConditionalSelect(
                Vector512.LessThan(a, b),
                Vector512<T>.Zero,
                a + b
            );
            Vector512<T> rest = Vector512.ConditionalSelect(Vector512.Equals(a, b), half, others);
            return Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), Vector512<T>.One, rest);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b)
        {
            Vector256<T> half = Vector256<T>.One / (Vector256<T>.One + Vector256<T>.One);
            Vector256<T> others = Vector256.ConditionalSelect(
                Vector256.LessThan(a, b),
                Vector256<T>.Zero,
                a + b
            );
            Vector256<T> rest = Vector256.ConditionalSelect(Vector256.Equals(a, b), half, others);
            return Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), Vector256<T>.One, rest);
        }
    }

    private readonly struct ExceedsOperator<T> : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a, Vector512<T> b)
        {
            Vector512<T> rest = Vector512.ConditionalSelect(
                Vector512.LessThanOrEqual(a, b),
                Vector512<T>.Zero,
                a + b
            );
            return Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), Vector512<T>.One, rest);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a, Vector256<T> b)
        {
            Vector256<T> rest = Vector256.ConditionalSelect(
                Vector256.LessThanOrEqual(a, b),
                Vector256<T>.Zero,
                a + b
            );
            return Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), Vector256<T>.One, rest);
        }
    }
}
