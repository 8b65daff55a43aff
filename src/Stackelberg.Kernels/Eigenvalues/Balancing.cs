namespace Stackelberg.Kernels;

/// <summary>Similarity transformations that make a general matrix' eigenvalues easier to find.</summary>
internal static class Balancing
{
    /// <summary>Scales rows and columns by powers of 2 until theirs norms are alike: no rounding.</summary>
    private const double Radix = 2.0;

    /// <summary>A scaling must take 5 % off the sum of a row's and a column's norm.</summary>
    private const double Worthwhile = 0.95;

    /// <summary>Moves rows and columns until A is block triangular with as much as possible in 1 × 1 blocks, and scales the
    /// block that is left.</summary>
    /// <returns>The block that is left, from the first index to below the second; outside of it the diagonal holds
    /// eigenvalues.</returns>
    /// <remarks>B. N. Parlett and C. Reinsch (1969), with the 2-norms of R. James, J. Langou and B. R. Lowery (2014).</remarks>
    public static (int From, int To) Run(double[] a, int n)
    {
        int to = n;
        for (int row = to - 1; row >= 0; row--)
        {
            if (IsIsolated(a, n, row, 0, to, 1, n))
            {
                Swap(a, n, row, to - 1);
                to--;
                row = to;
            }
        }

        int from = 0;
        for (int column = from; column < to; column++)
        {
            if (IsIsolated(a, n, column, from, to, n, 1))
            {
                Swap(a, n, column, from);
                from++;
                column = from - 1;
            }
        }

        Scale(a, n, from, to);
        return (from, to);
    }

    /// <summary>Whether entries other than the diagonal's are zero in a row (or, strides exchanged, in a column).</summary>
    private static bool IsIsolated(double[] a, int n, int index, int from, int to, int along, int across)
    {
        for (int j = from; j < to; j++)
        {
            if (j != index && a[index * across + j * along] != 0.0)
            {
                return false;
            }
        }

        return true;
    }

    private static void Swap(double[] a, int n, int i, int j)
    {
        if (i == j)
        {
            return;
        }

        for (int k = 0; k < n; k++)
        {
            (a[i * n + k], a[j * n + k]) = (a[j * n + k], a[i * n + k]);
        }

        for (int k = 0; k < n; k++)
        {
            (a[k * n + i], a[k * n + j]) = (a[k * n + j], a[k * n + i]);
        }
    }

    private static void Scale(double[] a, int n, int from, int to)
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int i = from; i < to; i++)
            {
                double column = 0.0;
                for (int j = from; j < to; j++)
                {
                    column += a[j * n + i] * a[j * n + i];
                }

                column = Math.Sqrt(column);
                double row = Vectors.Norm(ref a[i * n + from], to - from);
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
                    for (int j = 0; j < n; j++)
                    {
                        a[j * n + i] *= factor;
                    }

                    Vectors.Scale(ref a[i * n], 1.0 / factor, ref a[i * n], n);
                }
            }
        }
    }
}
