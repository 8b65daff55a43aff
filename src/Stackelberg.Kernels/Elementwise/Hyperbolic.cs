namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>sinh a.</summary>
    public static readonly ElementKernel Sinh = new ScalarUnaryKernel<SinhOperator>("sinh");

    /// <summary>cosh a.</summary>
    public static readonly ElementKernel Cosh = new ScalarUnaryKernel<CoshOperator>("cosh");

    /// <summary>tanh a.</summary>
    public static readonly ElementKernel Tanh = new ScalarUnaryKernel<TanhOperator>("tanh");

    private readonly struct SinhOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Sinh(a);

        public static float Invoke(float a) => MathF.Sinh(a);
    }

    private readonly struct CoshOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Cosh(a);

        public static float Invoke(float a) => MathF.Cosh(a);
    }

    private readonly struct TanhOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Tanh(a);

        public static float Invoke(float a) => MathF.Tanh(a);
    }
}
