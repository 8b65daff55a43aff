namespace Stackelberg.Kernels;

/// <summary>The diagonal similarity that makes a general matrix' eigenvalues less sensitive to rounding.</summary>
internal static class Balancing
{
    /// <summary>Scales rows and columns by powers of 2 until their norms are alike: no rounding.</summary>
    private const double Radix = 2.0;

    /// <summary>A scaling must take 5 % off the sum of a row's and a column's norm.</summary>
    private const double Worthwhile = 0.95;

    /// <summary>Puts D⁻¹ A D in the place of A, [n, n].</summary>
    /// <returns>[n]: the diagonal of D, powers of 2.</returns>
    /// <remarks>B. N. Parlett and C. Reinsch (1969), with the 2-norms of R. James, J. Langou and B. R. Lowery (2014).</remarks>
    public static double[] Scale(double[] a, int n)
    {
        double[] scales = new double[n];
        Array.Fill(scales, 1.0);
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int i = 0; i < n; i++)
            {
                double column = 0.0;
                for (int j = 0; j < n; j++)
                {
                    column += a[j * n + i] * a[j * n + i];
                }

                column = Math.Sqrt(column);
                double row = Vectors.Norm(ref a[i * n], n);
                if (!double.IsNormal(column) || !double.IsNormal(row))
                {
                    continue;
                }

                double factor = 1.0;
                double sum = column + row;
                while (column < row / Radix)
                {
                    factor *= Radix;
                    column *= Radix;
                    row /= Radix;
                }

                while (column >= row * Radix)
                {
                    factor /= Radix;
                    column /= Radix;
                    row *= Radix;
                }

                if (column + row < Worthwhile * sum && double.IsNormal(factor))
                {
                    changed = true;
                    scales[i] *= factor;
                    for (int j = 0; j < n; j++)
                    {
                        a[j * n + i] *= factor;
                    }

                    Vectors.Scale(ref a[i * n], 1.0 / factor, ref a[i * n], n);
                }
            }
        }

        return scales;
    }
}
