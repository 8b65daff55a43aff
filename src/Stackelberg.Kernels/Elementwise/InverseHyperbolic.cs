namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>arsinh a.</summary>
    public static readonly ElementKernel Asinh = new ScalarUnaryKernel<AsinhOperator>("asinh");

    /// <summary>arcosh a, NaN below 1.</summary>
    public static readonly ElementKernel Acosh = new ScalarUnaryKernel<AcoshOperator>("acosh");

    /// <summary>artanh a, ±∞ at ±1 and NaN beyond.</summary>
    public static readonly ElementKernel Atanh = new ScalarUnaryKernel<AtanhOperator>("atanh");

    private readonly struct AsinhOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Asinh(a);

        public static float Invoke(float a) => MathF.Asinh(a);
    }

    private readonly struct AcoshOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Acosh(a);

        public static float Invoke(float a) => MathF.Acosh(a);
    }

    private readonly struct AtanhOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Atanh(a);

        public static float Invoke(float a) => MathF.Atanh(a);
    }
}
