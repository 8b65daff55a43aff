namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>log(exp a + exp b), without overflow and accurate where the smaller one hardly counts.</summary>
    public static readonly ElementKernel LogAddExp = new ScalarBinaryKernel<LogAddExpOperator>("logaddexp");

    private readonly struct LogAddExpOperator : IScalarBinary
    {
        public static double Invoke(double a, double b)
        {
            if (a == b)
            {
                return a + LogOfTwo;
            }

            double larger = Math.Max(a, b);
            return double.IsNaN(larger) ? larger : larger + SmallLogarithm(Math.Exp(-Math.Abs(a - b)));
        }

        public static float Invoke(float a, float b) => (float)Invoke((double)a, b);

        private const double LogOfTwo = 0.69314718055994530942;

        /// <summary>log(1 + t) for t from 0 to 1: what rounding took from 1 + t is put back (W. Kahan).</summary>
        private static double SmallLogarithm(double t)
        {
            double sum = 1.0 + t;
            return sum == 1.0 ? t : Math.Log(sum) * (t / (sum - 1.0));
        }
    }
}
