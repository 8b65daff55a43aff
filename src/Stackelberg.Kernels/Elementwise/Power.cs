namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>a to the power b, as Math.Pow defines it.</summary>
    public static readonly ElementKernel Pow = new ScalarBinaryKernel<PowOperator>("pow");

    private readonly struct PowOperator : IScalarBinary
    {
        public static double Invoke(double a, double b) => Math.Pow(a, b);

        public static float Invoke(float a, float b) => MathF.Pow(a, b);
    }
}
