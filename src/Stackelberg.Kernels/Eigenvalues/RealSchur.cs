using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>A = Z T Zᵀ with Z orthogonal and T upper triangular but for 2 × 2 blocks on its diagonal, one for each pair of
/// complex eigenvalues.</summary>
public static class RealSchur
{
    /// <summary>Above this a vector is scaled before its length is taken of it, so that nothing overflows.</summary>
    private const double Large = 1e100;

    /// <summary>Decomposes a small dense matrix.</summary>
    /// <param name="t">[n, n], row-major: A, then T. Finite.</param>
    /// <param name="z">[n, n]: Z.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="real">[n]: the eigenvalues' real parts in the order of T's diagonal.</param>
    /// <param name="imaginary">[n]: their imaginary parts, of a pair the positive one first.</param>
    /// <returns>Whether all eigenvalues were found.</returns>
    /// <exception cref="ArgumentException">A length does not fit n.</exception>
    /// <remarks>Householder reduction and double-shift QR, about 25 n³ operations.</remarks>
    public static bool Decompose(double[] t, double[] z, int n, double[] real, double[] imaginary)
    {
        DenseEigenvalues.CheckLength("Decompose", t, n);
        DenseEigenvalues.CheckLength("Decompose", z, n);
        Array.Clear(z);
        for (int i = 0; i < n; i++)
        {
            z[i * n + i] = 1.0;
        }

        Hessenberg.Reduce(t, z, n);
        return new Francis(t, z, n, real, imaginary).Run();
    }

    /// <summary>Moves eigenvalues to the top of T, in the order that they have.</summary>
    /// <param name="t">[n, n]: T, changed.</param>
    /// <param name="z">[n, n]: Z, changed, so that Z T Zᵀ stays.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="wanted">[n]: which ones, by their place on the diagonal; a pair moves if one of it is wanted.</param>
    /// <returns>How many were moved, pairs counted in full.</returns>
    /// <remarks>Z. Bai and J. W. Demmel (1993): neighbouring blocks change places by a reflection on the space that their
    /// Sylvester equation gives.</remarks>
    public static int Select(double[] t, double[] z, int n, bool[] wanted)
    {
        int moved = 0;
        for (int k = 0; k < n; )
        {
            int size = SizeAt(t, n, k);
            if (wanted[k] || (size == 2 && wanted[k + 1]))
            {
                int at = k;
                while (at > moved)
                {
                    // The block above may have two rows.
                    int above = at - 2 >= moved && t[(at - 1) * n + at - 2] != 0.0 ? 2 : 1;
                    BlockSwap.Run(t, z, n, at - above, above, size);
                    at -= above;
                }

                moved += size;
            }

            k += size;
        }

        return moved;
    }

    /// <summary>2 where a pair's block begins at row k, otherwise 1.</summary>
    /// <param name="t">[n, n]: T.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="k">The first row of a block.</param>
    public static int SizeAt(double[] t, int n, int k) => k + 1 < n && t[(k + 1) * n + k] != 0.0 ? 2 : 1;

    /// <summary>The eigenvalue of the block that begins at row k; of a pair the one with the positive imaginary part.</summary>
    /// <param name="t">[n, n]: T.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="k">The first row of a block.</param>
    public static Complex EigenvalueAt(double[] t, int n, int k) =>
        SizeAt(t, n, k) == 1
            ? t[k * n + k]
            : new Complex(
                t[k * n + k],
                Math.Sqrt(Math.Abs(t[k * n + k + 1])) * Math.Sqrt(Math.Abs(t[(k + 1) * n + k]))
            );

    /// <summary>The unit eigenvector y of T, T y = λ y, for the eigenvalue of the block that begins at row k.</summary>
    /// <param name="t">[n, n]: T.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="k">The first row of a block.</param>
    /// <returns>[n]; zero below the block.</returns>
    /// <remarks>Back substitution. A divisor below the rounding of T is replaced by that rounding, so that a defective
    /// eigenvalue has the same vector, to rounding, for each of its places.</remarks>
    public static Complex[] EigenvectorAt(double[] t, int n, int k) => EigenvectorAt(t, n, k, 0.0);

    /// <summary>The same, with eigenvalues nearer than <paramref name="separation"/> to this one taken for that far away.</summary>
    internal static Complex[] EigenvectorAt(double[] t, int n, int k, double separation)
    {
        Complex λ = EigenvalueAt(t, n, k);
        double least = Vectors.Norm(ref t[0], n * n) * (Math.BitIncrement(1.0) - 1.0);
        // A matrix of zeros has every vector.
        least = Math.Max(least == 0.0 ? 1.0 : least, separation);
        Complex[] y = new Complex[n];
        int size = SizeAt(t, n, k);
        if (size == 1)
        {
            y[k] = Complex.One;
        }
        else
        {
            y[k] = t[k * n + k + 1];
            y[k + 1] = λ - t[k * n + k];
        }

        for (int i = k - 1; i >= 0; i--)
        {
            bool isPair = i > 0 && t[i * n + i - 1] != 0.0;
            if (isPair)
            {
                SolvePair(t, n, i - 1, k + size, λ, least, y);
                i--;
            }
            else
            {
                Complex divisor = t[i * n + i] - λ;
                y[i] = -Known(t, n, i, i + 1, k + size, y) / (Complex.Abs(divisor) < least ? least : divisor);
            }

            if (!(Math.Abs(y[i].Real) + Math.Abs(y[i].Imaginary) < Large))
            {
                Normalise(y);
            }
        }

        Normalise(y);
        return y;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Complex Known(double[] t, int n, int row, int from, int to, Complex[] y)
    {
        double real = 0.0;
        double imaginary = 0.0;
        for (int j = from; j < to; j++)
        {
            double entry = t[row * n + j];
            real += entry * y[j].Real;
            imaginary += entry * y[j].Imaginary;
        }

        return new Complex(real, imaginary);
    }

    private static void SolvePair(double[] t, int n, int row, int to, Complex λ, double least, Complex[] y)
    {
        Complex right1 = -Known(t, n, row, row + 2, to, y);
        Complex right2 = -Known(t, n, row + 1, row + 2, to, y);
        Complex a = t[row * n + row] - λ;
        Complex d = t[(row + 1) * n + row + 1] - λ;
        double b = t[row * n + row + 1];
        double c = t[(row + 1) * n + row];
        Complex determinant = a * d - b * c;
        double size = Math.Max(Math.Abs(b), Math.Abs(c));
        if (Complex.Abs(determinant) < least * size)
        {
            determinant = least * size;
        }

        y[row] = (d * right1 - b * right2) / determinant;
        y[row + 1] = (a * right2 - c * right1) / determinant;
    }

    private static void Normalise(Complex[] y)
    {
        double largest = 0.0;
        foreach (Complex entry in y)
        {
            largest = Math.Max(largest, Math.Max(Math.Abs(entry.Real), Math.Abs(entry.Imaginary)));
        }

        double square = 0.0;
        foreach (Complex entry in y)
        {
            Complex scaled = entry / largest;
            square += scaled.Real * scaled.Real + scaled.Imaginary * scaled.Imaginary;
        }

        double length = largest * Math.Sqrt(square);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] /= length;
        }
    }
}
