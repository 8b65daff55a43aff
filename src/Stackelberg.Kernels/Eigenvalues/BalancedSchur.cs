namespace Stackelberg.Kernels;

/// <summary>A = Z T Z⁻¹ with T quasi-triangular, as <see cref="RealSchur"/>, but with the freedom that eigenvalues have beyond
/// orthogonal Z: rows and columns change places until A is block triangular, and each block is balanced by a diagonal
/// scaling.</summary>
public static class BalancedSchur
{
    /// <summary>Decomposes a small dense matrix.</summary>
    /// <param name="a">[n, n], row-major; only read. Finite.</param>
    /// <param name="t">[n, n]: T.</param>
    /// <param name="z">[n, n]: Z = P D Q of a permutation, a diagonal of powers of 2 and an orthogonal matrix; empty where
    /// only T's diagonal blocks are wanted, and then the rest of T is 0.</param>
    /// <param name="n">Rows and columns.</param>
    /// <returns>Where the blocks that nothing but a permutation separates begin on T's diagonal, and n; null if the QR
    /// algorithm did not find all eigenvalues.</returns>
    /// <exception cref="ArgumentException">A length does not fit n.</exception>
    /// <remarks>The eigenvalues of a permuted triangular matrix are its diagonal, without rounding. See
    /// <see cref="EigenvalueCondition"/> for what the blocks' eigenvalues are worth.</remarks>
    public static int[]? Decompose(double[] a, double[] t, double[] z, int n)
    {
        DenseEigenvalues.CheckLength("Decompose", a, n);
        DenseEigenvalues.CheckLength("Decompose", t, n);
        bool wantsVectors = z.Length > 0 || n == 0;
        if (wantsVectors)
        {
            DenseEigenvalues.CheckLength("Decompose", z, n);
        }

        Components components = new(a, n);
        Array.Clear(t);
        Array.Clear(z);
        int[] order = components.Order;
        if (wantsVectors)
        {
            Permute(a, order, t, n);
        }

        for (int block = 0; block + 1 < components.Starts.Count; block++)
        {
            int from = components.Starts[block];
            int size = components.Starts[block + 1] - from;
            double[] inner = Extract(a, n, order, from, size);
            double[] scales = Balancing.Scale(inner, size);
            double[] q = Identity(size);
            Hessenberg.Reduce(inner, q, size);
            if (!new Francis(inner, q, size, new double[size], new double[size]).Run())
            {
                return null;
            }

            if (wantsVectors)
            {
                Turn(t, n, from, size, scales, q);
                Place(z, n, order, from, size, scales, q);
            }

            for (int i = 0; i < size; i++)
            {
                inner.AsSpan(i * size, size).CopyTo(t.AsSpan((from + i) * n + from));
            }
        }

        return [.. components.Starts];
    }

    /// <summary>The block of a matrix whose rows and columns stand at the places given of an order.</summary>
    internal static double[] Extract(double[] a, int n, int[] order, int from, int size)
    {
        double[] block = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                block[i * size + j] = a[order[from + i] * n + order[from + j]];
            }
        }

        return block;
    }

    private static double[] Identity(int n)
    {
        double[] identity = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            identity[i * n + i] = 1.0;
        }

        return identity;
    }

    private static void Permute(double[] a, int[] order, double[] into, int n)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                into[i * n + j] = a[order[i] * n + order[j]];
            }
        }
    }

    /// <summary>Qᵀ D⁻¹ on the block's rows right of it, D Q on its columns above it.</summary>
    private static void Turn(double[] t, int n, int from, int size, double[] scales, double[] q)
    {
        double[] old = new double[size];
        for (int j = from + size; j < n; j++)
        {
            for (int k = 0; k < size; k++)
            {
                old[k] = t[(from + k) * n + j] / scales[k];
            }

            for (int i = 0; i < size; i++)
            {
                double sum = 0.0;
                for (int k = 0; k < size; k++)
                {
                    sum += q[k * size + i] * old[k];
                }

                t[(from + i) * n + j] = sum;
            }
        }

        for (int i = 0; i < from; i++)
        {
            for (int k = 0; k < size; k++)
            {
                old[k] = t[i * n + from + k] * scales[k];
            }

            for (int j = 0; j < size; j++)
            {
                double sum = 0.0;
                for (int k = 0; k < size; k++)
                {
                    sum += old[k] * q[k * size + j];
                }

                t[i * n + from + j] = sum;
            }
        }
    }

    private static void Place(double[] z, int n, int[] order, int from, int size, double[] scales, double[] q)
    {
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                z[order[from + i] * n + from + j] = scales[i] * q[i * size + j];
            }
        }
    }
}
