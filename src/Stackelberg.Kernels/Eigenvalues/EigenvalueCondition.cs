using System.Numerics;

namespace Stackelberg.Kernels;

/// <summary>How far a change of a matrix moves its eigenvalues.</summary>
public static class EigenvalueCondition
{
    /// <summary>Halvings, on a logarithmic scale, of the interval in which a bound is sought: the last one is 20 % wide.</summary>
    private const int Halvings = 8;

    /// <summary>1 / |wᵀ x| for the unit eigenvectors T x = λ x and wᵀ T = λ wᵀ: to first order the greatest movement of λ by a
    /// change of T of unit norm.</summary>
    /// <param name="t">[n, n], row-major: quasi-triangular as <see cref="RealSchur"/> gives it.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="k">The first row of λ's block; a pair's two eigenvalues have the same condition.</param>
    /// <returns>At least 1; some 1e16, or infinite, for a defective eigenvalue.</returns>
    /// <remarks>J. H. Wilkinson (1965), chapter 2. Orthogonal similarities leave it as it is, so that it holds for Z T Zᵀ as
    /// well.</remarks>
    public static double At(double[] t, int n, int k) => At(t, Flipped(t, n), n, k, 0.0);

    /// <summary>How far a change of T by <paramref name="perturbation"/> (a norm) may move the eigenvalue.</summary>
    /// <param name="t">[n, n], row-major: quasi-triangular as <see cref="RealSchur"/> gives it.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="k">The first row of the eigenvalue's block.</param>
    /// <param name="perturbation">The norm of the change, at least 0.</param>
    /// <returns>The condition times the perturbation, for simple eigenvalues that stand further apart than that; otherwise
    /// the least δ that is its own bound when eigenvalues nearer than δ to each other count as δ apart: about ε^(1/m) for an
    /// m-fold defective one. An estimate to first order, no proof.</returns>
    public static double Movement(double[] t, int n, int k, double perturbation)
    {
        double[] flipped = Flipped(t, n);
        return Movement(t, flipped, n, k, perturbation, At(t, flipped, n, k, 0.0));
    }

    /// <summary>The conditions of all eigenvalues of T, and how far the perturbation may move each.</summary>
    internal static void All(
        double[] t,
        int n,
        double perturbation,
        Span<double> conditions,
        Span<double> movements
    )
    {
        double[] flipped = Flipped(t, n);
        for (int k = 0; k < n; k += RealSchur.SizeAt(t, n, k))
        {
            int size = RealSchur.SizeAt(t, n, k);
            double condition = At(t, flipped, n, k, 0.0);
            conditions.Slice(k, size).Fill(condition);
            movements.Slice(k, size).Fill(Movement(t, flipped, n, k, perturbation, condition));
        }
    }

    private static double Movement(
        double[] t,
        double[] flipped,
        int n,
        int k,
        double perturbation,
        double condition
    )
    {
        if (perturbation == 0.0)
        {
            return 0.0;
        }

        double greatest = condition * perturbation;
        double least = perturbation;
        if (greatest < NearestOther(t, n, k))
        {
            return greatest;
        }

        greatest = double.IsFinite(greatest) ? greatest : Vectors.Norm(ref t[0], n * n);
        for (int halving = 0; halving < Halvings; halving++)
        {
            double δ = Math.Sqrt(least) * Math.Sqrt(greatest);
            if (At(t, flipped, n, k, δ) * perturbation <= δ)
            {
                greatest = δ;
            }
            else
            {
                least = δ;
            }
        }

        return greatest;
    }

    /// <summary>The distance to the nearest eigenvalue of another block, and to the other one of a pair.</summary>
    private static double NearestOther(double[] t, int n, int k)
    {
        Complex λ = RealSchur.EigenvalueAt(t, n, k);
        double nearest = RealSchur.SizeAt(t, n, k) == 2 ? 2.0 * λ.Imaginary : double.PositiveInfinity;
        for (int other = 0; other < n; other += RealSchur.SizeAt(t, n, other))
        {
            if (other != k)
            {
                Complex apart = RealSchur.EigenvalueAt(t, n, other) - λ;
                nearest = Math.Min(nearest, Complex.Abs(apart));
            }
        }

        return nearest;
    }

    private static double At(double[] t, double[] flipped, int n, int k, double separation)
    {
        Complex[] x = RealSchur.EigenvectorAt(t, n, k, separation);
        Complex[] w = RealSchur.EigenvectorAt(flipped, n, n - k - RealSchur.SizeAt(t, n, k), separation);
        Complex product = Complex.Zero;
        for (int i = 0; i < n; i++)
        {
            product += x[i] * w[n - 1 - i];
        }

        // Rounding leaves a little more than 1 for normal matrices.
        return Math.Max(1.0, 1.0 / Complex.Abs(product));
    }

    /// <summary>T transposed about its other diagonal: quasi-triangular again, and its eigenvectors, read backwards, are the left
    /// ones of T.</summary>
    private static double[] Flipped(double[] t, int n)
    {
        DenseEigenvalues.CheckLength("EigenvalueCondition", t, n);
        double[] flipped = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                flipped[i * n + j] = t[(n - 1 - j) * n + n - 1 - i];
            }
        }

        return flipped;
    }
}
