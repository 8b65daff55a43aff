using System.Numerics;

namespace Stackelberg.Kernels;

/// <summary>All eigenvalues of a dense matrix, without its eigenvectors.</summary>
public static class DenseEigenvalues
{
    /// <summary>The decomposition is that of a matrix within so many roundings of the one given, in the Frobenius norm; a few
    /// for most.</summary>
    private const double Roundings = 8.0;

    private static readonly double rounding = Math.BitIncrement(1.0) - 1.0;

    /// <summary>The eigenvalues of a symmetric matrix.</summary>
    /// <param name="a">[n, n], row-major; only the lower triangle is read, and it is destroyed. Finite.</param>
    /// <param name="n">Rows and columns.</param>
    /// <returns>[n], ascending.</returns>
    /// <exception cref="ArgumentException">a has another length than n².</exception>
    /// <remarks>Householder tridiagonalisation and implicit QL, 4 n³ / 3 operations; errors of about n roundings of the
    /// greatest eigenvalue.</remarks>
    public static double[] Symmetric(double[] a, int n)
    {
        CheckLength("Symmetric", a, n);
        double[] values = new double[n];
        double unit = ToOrdinary(a);
        SymmetricEigenvalues.Find(a, n, values);
        for (int i = 0; i < n; i++)
        {
            values[i] *= unit;
        }

        Array.Sort(values);
        return values;
    }

    /// <summary>The eigenvalues of a general matrix.</summary>
    /// <param name="a">[n, n], row-major; destroyed. Finite.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="real">[n]: the real parts, in no order, but pairs side by side.</param>
    /// <param name="imaginary">[n]: the imaginary parts.</param>
    /// <returns>Whether all were found; those that were not are NaN.</returns>
    /// <exception cref="ArgumentException">A length does not fit n.</exception>
    /// <remarks>The matrix' irreducible blocks, each balanced and decomposed by Householder reduction to Hessenberg form and
    /// double-shift QR, about 10 n³ operations. An eigenvalue's error is its condition times a few roundings of the balanced
    /// block's norm; a k-fold defective one has the k-th root of that.</remarks>
    public static bool General(double[] a, int n, double[] real, double[] imaginary)
    {
        CheckLength("General", a, n);
        if (real.Length != n || imaginary.Length != n)
        {
            Check.Fail(
                $"General: real and imaginary have lengths {real.Length} and {imaginary.Length}, but both must be {n}.",
                nameof(real)
            );
        }

        double unit = ToOrdinary(a);
        Components components = new(a, n);
        bool isFound = true;
        for (int block = 0; block + 1 < components.Starts.Count; block++)
        {
            int from = components.Starts[block];
            int size = components.Starts[block + 1] - from;
            double[] inner = BalancedSchur.Extract(a, n, components.Order, from, size);
            Balancing.Scale(inner, size);
            Hessenberg.Reduce(inner, [], size);
            double[] innerReal = new double[size];
            double[] innerImaginary = new double[size];
            isFound &= new Francis(inner, [], size, innerReal, innerImaginary).Run();
            innerReal.CopyTo(real, from);
            innerImaginary.CopyTo(imaginary, from);
        }

        for (int i = 0; i < n; i++)
        {
            real[i] *= unit;
            imaginary[i] *= unit;
        }

        return isFound;
    }

    /// <summary>The eigenvalues of a general matrix, and what rounding may have done to each.</summary>
    /// <param name="a">[n, n], row-major; destroyed. Finite.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="real">[n]: the real parts, in no order, but pairs side by side.</param>
    /// <param name="imaginary">[n]: the imaginary parts.</param>
    /// <param name="condition">[n]: each eigenvalue's condition 1 / |wᵀ x| (see <see cref="EigenvalueCondition"/>) in the balanced
    /// block that it belongs to; infinite where it was not found.</param>
    /// <param name="error">[n]: how far the rounding of the decomposition may have moved it, an estimate; infinite where it was
    /// not found. One rounding of the eigenvalue itself for a block of one row.</param>
    /// <returns>Whether all were found; those that were not are NaN.</returns>
    /// <exception cref="ArgumentException">A length does not fit n.</exception>
    /// <remarks>As <see cref="General(double[], int, double[], double[])"/>, with the whole triangle, about 25 n³
    /// operations.</remarks>
    public static bool General(
        double[] a,
        int n,
        double[] real,
        double[] imaginary,
        double[] condition,
        double[] error
    )
    {
        CheckLength("General", a, n);
        if (real.Length != n || imaginary.Length != n || condition.Length != n || error.Length != n)
        {
            Check.Fail($"General: one of the results has another length than n = {n}.", nameof(real));
        }

        double unit = ToOrdinary(a);
        double[] t = new double[n * n];
        int[]? starts = BalancedSchur.Decompose(a, t, [], n);
        if (starts is null)
        {
            Array.Fill(real, double.NaN);
            Array.Fill(imaginary, double.NaN);
            Array.Fill(condition, double.PositiveInfinity);
            Array.Fill(error, double.PositiveInfinity);
            return false;
        }

        int[] identity = [.. Enumerable.Range(0, n)];
        for (int block = 0; block + 1 < starts.Length; block++)
        {
            int from = starts[block];
            int size = starts[block + 1] - from;
            double[] inner = BalancedSchur.Extract(t, n, identity, from, size);
            double perturbation = Roundings * rounding * Vectors.Norm(ref inner[0], inner.Length);
            EigenvalueCondition.All(
                inner,
                size,
                size == 1 ? rounding * Math.Abs(inner[0]) : perturbation,
                condition.AsSpan(from, size),
                error.AsSpan(from, size)
            );
        }

        for (int k = 0; k < n; k++)
        {
            // The second row of a pair's block.
            bool isSecond = k > 0 && imaginary[k - 1] > 0.0;
            Complex value = isSecond
                ? new Complex(real[k - 1], -imaginary[k - 1])
                : unit * RealSchur.EigenvalueAt(t, n, k);
            real[k] = value.Real;
            imaginary[k] = value.Imaginary;
            error[k] *= unit;
        }

        return true;
    }

    /// <summary>Divides a matrix whose entries' squares would overflow or lose digits by a power of two, which rounds
    /// nothing of weight; gives that power, 1 for other matrices.</summary>
    private static double ToOrdinary(double[] a)
    {
        const int farthest = 300;
        double greatest = 0.0;
        foreach (double entry in a)
        {
            greatest = Math.Max(greatest, Math.Abs(entry));
        }

        int exponent = greatest == 0.0 ? 0 : Math.ILogB(greatest);
        if (Math.Abs(exponent) < farthest)
        {
            return 1.0;
        }

        for (int i = 0; i < a.Length; i++)
        {
            a[i] = Math.ScaleB(a[i], -exponent);
        }

        return Math.ScaleB(1.0, exponent);
    }

    internal static void CheckLength(string caller, double[] a, int n)
    {
        ArgumentNullException.ThrowIfNull(a);
        Check.Count(caller, n);
        if (a.Length != n * n)
        {
            Check.Fail($"{caller}: a has length {a.Length}, but n² = {n * n} is needed.", nameof(a));
        }
    }
}
