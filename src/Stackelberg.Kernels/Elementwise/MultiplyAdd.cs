using System.Reflection;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>a·b + c, rounded once: what a matrix product is made of.</summary>
    public static readonly ElementKernel MultiplyAdd = new MultiplyAddKernel();

    private sealed class MultiplyAddKernel : ElementKernel
    {
        public override string Name => "multiplyAdd";

        public override int Arity => 3;

        internal override MethodInfo One(Type type) =>
            type == typeof(double)
                ? ((Func<double, double, double, double>)Math.FusedMultiplyAdd).Method
                : ((Func<float, float, float, float>)MathF.FusedMultiplyAdd).Method;

        internal override MethodInfo Vectors(Type vector, Type number) =>
            Invoke(
                number == typeof(double)
                    ? typeof(MultiplyAddOperator<double>)
                    : typeof(MultiplyAddOperator<float>),
                vector
            );

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(ref double a, ref double b, ref double c, ref double result, int count) =>
            TernaryLoop<double, MultiplyAddOperator<double>>.Run(ref a, ref b, ref c, ref result, count);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(ref float a, ref float b, ref float c, ref float result, int count) =>
            TernaryLoop<float, MultiplyAddOperator<float>>.Run(ref a, ref b, ref c, ref result, count);
    }

    private readonly struct MultiplyAddOperator<T> : ITernary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a, V b, V c)
            where V : struct, ISimd<V, T> => V.Fma(a, b, c);
    }
}
