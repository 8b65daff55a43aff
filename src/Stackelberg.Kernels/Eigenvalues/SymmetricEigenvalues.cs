namespace Stackelberg.Kernels;

/// <summary>All eigenvalues of a symmetric matrix.</summary>
internal static class SymmetricEigenvalues
{
    /// <summary>QL steps that one eigenvalue may take; two are usual.</summary>
    private const int MostSteps = 60;

    /// <summary>So many steps without an end, and what is small beside the whole matrix counts as zero: the rounding of a null
    /// space, as hidden units of a network leave that never answer, has no eigenvalues of its own to converge to.</summary>
    private const int PatientSteps = 12;

    /// <summary>The eigenvalues in no order; those that were not found are NaN.</summary>
    /// <param name="a">[n, n], of which the lower triangle is read; destroyed.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="values">[n].</param>
    public static void Find(double[] a, int n, double[] values)
    {
        double[] off = new double[n];
        Tridiagonalise(a, n, values, off);
        Iterate(values, off, n);
    }

    /// <summary>A. S. Householder's reduction, 4 n³ / 3 operations, from the last row up: a reflection of the first k entries
    /// takes all but one of row k away. As in <see cref="Hessenberg"/>, a step's update A − v wᵀ − w vᵀ is made in the
    /// pass of the next step's product A v.</summary>
    private static void Tridiagonalise(double[] a, int n, double[] diagonal, double[] off)
    {
        double[] v = new double[n];
        double[] w = new double[n];
        double[] nextV = new double[n];
        double[] y = new double[n];
        for (int k = n - 1; k >= 0; k--)
        {
            Span<double> row = a.AsSpan(k * n, k + 1);
            for (int j = 0; j <= k; j++)
            {
                row[j] -= v[k] * w[j] + w[k] * v[j];
            }

            diagonal[k] = row[k];
            if (k == 0)
            {
                break;
            }

            Array.Clear(nextV);
            row[..k].CopyTo(nextV);
            double τ = Reflector.Make(nextV.AsSpan(0, k), k - 1, out double β);
            off[k - 1] = β;
            Array.Clear(y);
            for (int i = 0; i < k; i++)
            {
                // The diagonal's entry must count once: it is in the row's product, and so not in the column's.
                double diagonalBefore = y[i];
                double along = RankTwoUpdate.Run(
                    ref a[i * n],
                    v[i],
                    ref w[0],
                    w[i],
                    ref v[0],
                    ref nextV[0],
                    nextV[i],
                    ref y[0],
                    i + 1
                );
                y[i] = diagonalBefore + along;
            }

            double half = 0.0;
            for (int i = 0; i < k; i++)
            {
                y[i] *= τ;
                half += 0.5 * τ * y[i] * nextV[i];
            }

            for (int i = 0; i < n; i++)
            {
                w[i] = i < k ? y[i] - half * nextV[i] : 0.0;
            }

            (v, nextV) = (nextV, v);
        }
    }

    /// <summary>QL with implicit shifts: H. Bowdler, R. S. Martin, C. Reinsch and J. H. Wilkinson (1968).</summary>
    private static void Iterate(double[] diagonal, double[] off, int n)
    {
        double rounding = Math.BitIncrement(1.0) - 1.0;
        double norm = 0.0;
        for (int i = 0; i < n; i++)
        {
            norm = Math.Max(norm, Math.Abs(diagonal[i]) + Math.Abs(off[i]));
        }

        for (int first = 0; first < n; first++)
        {
            for (int step = 0; ; step++)
            {
                int last = first;
                double floor = step < PatientSteps ? 0.0 : norm;
                while (
                    last < n - 1
                    && Math.Abs(off[last])
                        > rounding * Math.Max(floor, Math.Abs(diagonal[last]) + Math.Abs(diagonal[last + 1]))
                )
                {
                    last++;
                }

                if (last == first)
                {
                    break;
                }

                if (step == MostSteps)
                {
                    diagonal.AsSpan(first, last - first + 1).Fill(double.NaN);
                    off.AsSpan(first, last - first).Clear();
                    break;
                }

                Chase(diagonal, off, first, last);
            }
        }
    }

    /// <summary>One QL step on the block from first to last: rotations carry a bulge from its end to its beginning.</summary>
    private static void Chase(double[] diagonal, double[] off, int first, int last)
    {
        double ratio = (diagonal[first + 1] - diagonal[first]) / (2.0 * off[first]);
        double root = double.Hypot(ratio, 1.0);
        double shift = diagonal[first] - off[first] / (ratio + (ratio >= 0.0 ? root : -root));
        double along = diagonal[last] - shift;
        double sine = 1.0;
        double cosine = 1.0;
        double moved = 0.0;
        for (int i = last - 1; i >= first; i--)
        {
            double bulge = sine * off[i];
            double rest = cosine * off[i];
            double length = double.Hypot(bulge, along);
            off[i + 1] = length;
            if (length == 0.0)
            {
                // The block falls apart here.
                diagonal[i + 1] -= moved;
                off[last] = 0.0;
                return;
            }

            sine = bulge / length;
            cosine = along / length;
            double above = diagonal[i + 1] - moved;
            double turned = (diagonal[i] - above) * sine + 2.0 * cosine * rest;
            moved = sine * turned;
            diagonal[i + 1] = above + moved;
            along = cosine * turned - rest;
        }

        diagonal[first] -= moved;
        off[first] = along;
        off[last] = 0.0;
    }
}
