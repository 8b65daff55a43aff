namespace Stackelberg.Kernels;

/// <summary>All eigenvalues of a dense matrix, without its eigenvectors.</summary>
public static class DenseEigenvalues
{
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
    /// <remarks>Balancing, Householder reduction to Hessenberg form and double-shift QR, about 10 n³ operations. An
    /// eigenvalue's error is its condition times n roundings of the balanced matrix' norm; a k-fold defective one has
    /// the k-th root of that.</remarks>
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
        (int from, int to) = Balancing.Run(a, n);
        for (int i = 0; i < n; i++)
        {
            real[i] = a[i * n + i];
            imaginary[i] = 0.0;
        }

        int inner = to - from;
        double[] block = new double[inner * inner];
        for (int i = 0; i < inner; i++)
        {
            a.AsSpan((from + i) * n + from, inner).CopyTo(block.AsSpan(i * inner));
        }

        Hessenberg.Reduce(block, [], inner);
        double[] innerReal = new double[inner];
        double[] innerImaginary = new double[inner];
        bool found = new Francis(block, [], inner, innerReal, innerImaginary).Run();
        innerReal.CopyTo(real, from);
        innerImaginary.CopyTo(imaginary, from);
        for (int i = 0; i < n; i++)
        {
            real[i] *= unit;
            imaginary[i] *= unit;
        }

        return found;
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
