namespace Stackelberg.Kernels;

/// <summary>Exchanges two neighbouring blocks of a quasi-triangular matrix by an orthogonal similarity.</summary>
internal static class BlockSwap
{
    /// <summary>The blocks of <paramref name="upper"/> and <paramref name="lower"/> rows from row <paramref name="at"/> on,
    /// A₁₁ and A₂₂: with A₁₁ X − X A₂₂ = A₁₂ the columns of [−X; I] span the invariant space of A₂₂.</summary>
    /// <remarks>Pivots are kept above 1e-290 besides, so that blocks of zeros can be exchanged.</remarks>
    public static void Run(double[] t, double[] z, int n, int at, int upper, int lower)
    {
        int size = upper + lower;
        double[] x = Sylvester(t, n, at, upper, lower);
        for (int column = 0; column < lower; column++)
        {
            // [−X; I] column by column, already reflected by the ones before.
            double[] v = new double[size - column];
            for (int i = 0; i < v.Length; i++)
            {
                v[i] = x[(column + i) * lower + column];
            }

            double τ = Reflector.Make(v, 0, out _);
            for (int j = column + 1; j < lower; j++)
            {
                Reflect(τ, v, x, column * lower + j, lower);
            }

            for (int j = at; j < n; j++)
            {
                Reflect(τ, v, t, (at + column) * n + j, n);
            }

            for (int i = 0; i < at + size; i++)
            {
                Reflect(τ, v, t, i * n + at + column, 1);
            }

            for (int i = 0; i < n; i++)
            {
                Reflect(τ, v, z, i * n + at + column, 1);
            }
        }

        for (int i = lower; i < size; i++)
        {
            t.AsSpan((at + i) * n + at, lower).Clear();
        }

        if (upper == 2)
        {
            Standardise(t, z, n, at + lower);
        }

        if (lower == 2)
        {
            Standardise(t, z, n, at);
        }
    }

    private static void Standardise(double[] t, double[] z, int n, int k) =>
        TwoByTwo
            .Of(t[k * n + k], t[k * n + k + 1], t[(k + 1) * n + k], t[(k + 1) * n + k + 1])
            .Turn(t, z, n, k);

    /// <summary>(I − τ v vᵀ) on the entries that stand from <paramref name="from"/> on, <paramref name="stride"/> apart.</summary>
    private static void Reflect(double τ, double[] v, double[] entries, int from, int stride)
    {
        double sum = 0.0;
        for (int i = 0; i < v.Length; i++)
        {
            sum += v[i] * entries[from + i * stride];
        }

        for (int i = 0; i < v.Length; i++)
        {
            entries[from + i * stride] -= τ * sum * v[i];
        }
    }

    /// <summary>[−X; I], [upper + lower, lower], by elimination with complete pivoting of at most four equations. Pivots below the
    /// rounding of the blocks, of equal eigenvalues, are replaced by it.</summary>
    private static double[] Sylvester(double[] t, int n, int at, int upper, int lower)
    {
        int unknowns = upper * lower;
        double[,] system = new double[unknowns, unknowns + 1];
        double largest = 0.0;
        for (int i = 0; i < upper; i++)
        {
            for (int j = 0; j < lower; j++)
            {
                int row = i * lower + j;
                for (int k = 0; k < upper; k++)
                {
                    system[row, k * lower + j] += t[(at + i) * n + at + k];
                }

                for (int k = 0; k < lower; k++)
                {
                    system[row, i * lower + k] -= t[(at + upper + k) * n + at + upper + j];
                }

                system[row, unknowns] = t[(at + i) * n + at + upper + j];
            }
        }

        for (int i = 0; i < upper + lower; i++)
        {
            for (int j = 0; j < upper + lower; j++)
            {
                largest = Math.Max(largest, Math.Abs(t[(at + i) * n + at + j]));
            }
        }

        double least = Math.Max(largest * (Math.BitIncrement(1.0) - 1.0), 1e-290);
        double[] solution = Eliminate(system, unknowns, least);
        double[] x = new double[(upper + lower) * lower];
        for (int i = 0; i < unknowns; i++)
        {
            x[i] = -solution[i];
        }

        for (int j = 0; j < lower; j++)
        {
            x[(upper + j) * lower + j] = 1.0;
        }

        return x;
    }

    private static double[] Eliminate(double[,] system, int n, double least)
    {
        int[] columns = [.. Enumerable.Range(0, n)];
        for (int step = 0; step < n; step++)
        {
            (int pivotRow, int pivotColumn) = (step, step);
            for (int i = step; i < n; i++)
            {
                for (int j = step; j < n; j++)
                {
                    if (Math.Abs(system[i, j]) > Math.Abs(system[pivotRow, pivotColumn]))
                    {
                        (pivotRow, pivotColumn) = (i, j);
                    }
                }
            }

            for (int j = 0; j <= n; j++)
            {
                (system[step, j], system[pivotRow, j]) = (system[pivotRow, j], system[step, j]);
            }

            for (int i = 0; i < n; i++)
            {
                (system[i, step], system[i, pivotColumn]) = (system[i, pivotColumn], system[i, step]);
            }

            (columns[step], columns[pivotColumn]) = (columns[pivotColumn], columns[step]);
            if (Math.Abs(system[step, step]) < least)
            {
                system[step, step] = least;
            }

            for (int i = step + 1; i < n; i++)
            {
                double factor = system[i, step] / system[step, step];
                for (int j = step; j <= n; j++)
                {
                    system[i, j] -= factor * system[step, j];
                }
            }
        }

        double[] solution = new double[n];
        for (int i = n - 1; i >= 0; i--)
        {
            double sum = system[i, n];
            for (int j = i + 1; j < n; j++)
            {
                sum -= system[i, j] * solution[columns[j]];
            }

            solution[columns[i]] = sum / system[i, i];
        }

        return solution;
    }
}
