using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>sin a.</summary>
    public static readonly ElementKernel Sin = new UnaryKernel<SinOperator<double>, SinOperator<float>>(
        "sin",
        isLong: true,
        isWidened: true
    );

    /// <summary>cos a.</summary>
    public static readonly ElementKernel Cos = new UnaryKernel<CosOperator<double>, CosOperator<float>>(
        "cos",
        isLong: true,
        isWidened: true
    );

    /// <summary>tan a.</summary>
    public static readonly ElementKernel Tan = new ScalarUnaryKernel<TanOperator>("tan");

    /// <summary>arcsin a, NaN beyond ±1.</summary>
    public static readonly ElementKernel Asin = new ScalarUnaryKernel<AsinOperator>("asin");

    /// <summary>arccos a, NaN beyond ±1.</summary>
    public static readonly ElementKernel Acos = new ScalarUnaryKernel<AcosOperator>("acos");

    /// <summary>arctan a.</summary>
    public static readonly ElementKernel Atan = new ScalarUnaryKernel<AtanOperator>("atan");

    /// <summary>The angle of the point (b, a): arctan(a / b) in the quadrant of the signs.</summary>
    public static readonly ElementKernel Atan2 = new ScalarBinaryKernel<Atan2Operator>("atan2");

    private readonly struct SinOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => VectorSinCos.Sin<V, T>(a);
    }

    private readonly struct CosOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> => VectorSinCos.Cos<V, T>(a);
    }

    private readonly struct TanOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Tan(a);

        public static float Invoke(float a) => MathF.Tan(a);
    }

    private readonly struct AsinOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Asin(a);

        public static float Invoke(float a) => MathF.Asin(a);
    }

    private readonly struct AcosOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Acos(a);

        public static float Invoke(float a) => MathF.Acos(a);
    }

    private readonly struct AtanOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Atan(a);

        public static float Invoke(float a) => MathF.Atan(a);
    }

    private readonly struct Atan2Operator : IScalarBinary
    {
        public static double Invoke(double a, double b) => Math.Atan2(a, b);

        public static float Invoke(float a, float b) => MathF.Atan2(a, b);
    }
}
