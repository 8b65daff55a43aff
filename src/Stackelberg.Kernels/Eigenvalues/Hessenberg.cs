namespace Stackelberg.Kernels;

/// <summary>A = Q H Qᵀ with H zero below its first subdiagonal.</summary>
internal static class Hessenberg
{
    /// <summary>Puts H in the place of A, [n, n], and multiplies z, [n, n] or empty, by Q from the right.</summary>
    /// <remarks>A. S. Householder's reduction, 10 n³ / 3 operations. Each step's update A − v wᵀ − y vᵀ is made in the pass through
    /// A that the next step's products A v and Aᵀ v take, so that A is read and written once a step.</remarks>
    public static void Reduce(double[] a, double[] z, int n)
    {
        double[] v = new double[n];
        double[] w = new double[n];
        double[] y = new double[n];
        double[] nextV = new double[n];
        double[] nextY = new double[n];
        double[] products = new double[n];
        for (int k = 0; k < n - 2; k++)
        {
            for (int i = 0; i < n; i++)
            {
                double entry = a[i * n + k] - v[i] * w[k] - y[i] * v[k];
                a[i * n + k] = entry;
                nextV[i] = i > k ? entry : 0.0;
            }

            double τ = Reflector.Make(nextV.AsSpan(k + 1), 0, out double β);
            for (int i = k + 1; i < n; i++)
            {
                a[i * n + k] = i == k + 1 ? β : 0.0;
            }

            int from = k + 1;
            Array.Clear(products);
            for (int i = 0; i < n; i++)
            {
                nextY[i] =
                    τ
                    * RankTwoUpdate.Run(
                        ref a[i * n + from],
                        v[i],
                        ref w[from],
                        y[i],
                        ref v[from],
                        ref nextV[from],
                        nextV[i],
                        ref products[from],
                        n - from
                    );
            }

            double twice = τ * Vectors.Dot(ref nextV[0], ref nextY[0], n);
            for (int j = 0; j < n; j++)
            {
                w[j] = j < from ? 0.0 : τ * products[j] - twice * nextV[j];
            }

            (v, nextV) = (nextV, v);
            (y, nextY) = (nextY, y);
            if (z.Length > 0)
            {
                for (int i = 0; i < n; i++)
                {
                    double along = Vectors.Dot(ref z[i * n + from], ref v[from], n - from);
                    Vectors.AddScaled(ref z[i * n + from], -τ * along, ref v[from], n - from);
                }
            }
        }

        for (int k = Math.Max(n - 2, 0); k < n; k++)
        {
            for (int i = 0; i < n; i++)
            {
                a[i * n + k] -= v[i] * w[k] + y[i] * v[k];
            }
        }
    }
}
