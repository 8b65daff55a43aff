using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>The eigenvalues and eigenvectors of each symmetric matrix of a batch.</summary>
    /// <param name="type">The number type of a and to; the step computes in double.</param>
    /// <param name="batch">How many matrices.</param>
    /// <param name="n">Rows and columns of each.</param>
    /// <param name="a">[batch, n, n], contiguous; the mean of both triangles counts.</param>
    /// <param name="to">[batch, n + 1, n], contiguous: the eigenvalues, ascending, and below each its eigenvector of length
    /// 1, whose largest entry (the first of equals) is positive.</param>
    /// <param name="work">2·n·n + n elements of double.</param>
    /// <exception cref="ArgumentException">Something is negative.</exception>
    /// <remarks>C. G. J. Jacobi's rotations, in cycles (about 8, each 6 n³ operations), on a matrix scaled by a power of
    /// two. An entry that is not finite makes everything of its matrix NaN.</remarks>
    public static Step SymmetricEigen(DType type, int batch, int n, Place a, Place to, Place work)
    {
        Check.Type("SymmetricEigen", type);
        Check.Count("SymmetricEigen", batch);
        Check.Count("SymmetricEigen", n);
        Check.At("SymmetricEigen", a);
        Check.At("SymmetricEigen", to);
        Check.At("SymmetricEigen", work);
        return type == DType.Float64
            ? new SymmetricEigenStep<double>(batch, n, a, to, work)
            : new SymmetricEigenStep<float>(batch, n, a, to, work);
    }
}

internal sealed class SymmetricEigenStep<T>(int batch, int n, Place a, Place to, Place work) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [
            From(a, (long)batch * n * n),
            From(to, (long)batch * (n + 1) * n),
            new Region(DType.Float64, work, batch == 0 ? 0 : (2L * n + 1) * n),
        ];

    public override void Run(Workspace workspace)
    {
        if (n == 0)
        {
            return;
        }

        for (int i = 0; i < batch; i++)
        {
            Span<T> matrix = Buffers.Span(ref Unsafe.Add(ref workspace.At<T>(a), (nint)i * n * n), n * n);
            Span<T> result = Buffers.Span(
                ref Unsafe.Add(ref workspace.At<T>(to), (nint)i * (n + 1) * n),
                (n + 1) * n
            );
            Span<double> memory = Buffers.Span(ref workspace.At<double>(work), (2 * n + 1) * n);
            Span<double> rotated = memory[..(n * n)];
            // Row j is the vector of diagonal entry j, so that a rotation combines two rows.
            Span<double> vectors = memory.Slice(n * n, n * n);
            int exponent = Load(matrix, rotated);
            if (exponent == int.MaxValue)
            {
                result.Fill(T.NaN);
                continue;
            }

            JacobiRotations.Diagonalise(rotated, vectors, n);
            Store(rotated, vectors, memory[(2 * n * n)..], exponent, result);
        }
    }

    /// <summary>The symmetric part, scaled to entries of about 1; the exponent of the scale, int.MaxValue if an entry is
    /// not finite.</summary>
    private int Load(Span<T> matrix, Span<double> into)
    {
        double largest = 0.0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                into[i * n + j] =
                    0.5 * double.CreateTruncating(matrix[i * n + j])
                    + 0.5 * double.CreateTruncating(matrix[j * n + i]);
                largest = Math.Max(largest, Math.Abs(into[i * n + j]));
            }
        }

        if (!double.IsFinite(largest))
        {
            return int.MaxValue;
        }

        int exponent = largest == 0.0 ? 0 : Math.Clamp(Math.ILogB(largest), -1022, 1022);
        double scale = Math.ScaleB(1.0, -exponent);
        foreach (ref double entry in into)
        {
            entry *= scale;
        }

        return exponent;
    }

    private void Store(
        Span<double> rotated,
        Span<double> vectors,
        Span<double> order,
        int exponent,
        Span<T> result
    )
    {
        for (int j = 0; j < n; j++)
        {
            int k = j;
            for (; k > 0 && rotated[(int)order[k - 1] * (n + 1)] > rotated[j * (n + 1)]; k--)
            {
                order[k] = order[k - 1];
            }

            order[k] = j;
        }

        for (int column = 0; column < n; column++)
        {
            int j = (int)order[column];
            Span<double> vector = vectors.Slice(j * n, n);
            int largest = 0;
            for (int i = 1; i < n; i++)
            {
                largest = Math.Abs(vector[i]) > Math.Abs(vector[largest]) ? i : largest;
            }

            double sign = vector[largest] < 0.0 ? -1.0 : 1.0;
            result[column] = T.CreateTruncating(Math.ScaleB(rotated[j * (n + 1)], exponent));
            for (int i = 0; i < n; i++)
            {
                result[(i + 1) * n + column] = T.CreateTruncating(sign * vector[i]);
            }
        }
    }
}

/// <summary>Rotations that make a symmetric matrix diagonal.</summary>
internal static class JacobiRotations
{
    /// <summary>Cycles that may be needed; 6 to 10 are usual.</summary>
    private const int MostCycles = 60;

    /// <summary>An entry below this multiple of the root of its two diagonal entries' product no longer moves them.</summary>
    private const double Relative = 1.0 / (1L << 55);

    /// <summary>What lies so far below a matrix with entries of about 1 is no part of it.</summary>
    private const double Absolute = 1E-30;

    /// <summary>A = Vᵀ D V.</summary>
    /// <param name="a">[n, n], symmetric, entries of about 1; D afterwards.</param>
    /// <param name="vectors">[n, n]: the rows of V afterwards.</param>
    /// <param name="n">Rows and columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Diagonalise(Span<double> a, Span<double> vectors, int n)
    {
        vectors.Clear();
        for (int i = 0; i < n; i++)
        {
            vectors[i * (n + 1)] = 1.0;
        }

        bool moved = true;
        for (int cycle = 0; cycle < MostCycles && moved; cycle++)
        {
            moved = false;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    double off = Math.Abs(a[p * n + q]);
                    if (
                        off > Absolute
                        && off > Relative * Math.Sqrt(Math.Abs(a[p * (n + 1)] * a[q * (n + 1)]))
                    )
                    {
                        Rotate(a, vectors, n, p, q);
                        moved = true;
                    }
                }
            }
        }
    }

    private static void Rotate(Span<double> a, Span<double> vectors, int n, int p, int q)
    {
        double off = a[p * n + q];
        double ratio = (a[q * (n + 1)] - a[p * (n + 1)]) / (2.0 * off);
        double tangent = (ratio >= 0.0 ? 1.0 : -1.0) / (Math.Abs(ratio) + double.Hypot(ratio, 1.0));
        double cosine = 1.0 / double.Hypot(tangent, 1.0);
        double sine = tangent * cosine;
        a[p * (n + 1)] -= tangent * off;
        a[q * (n + 1)] += tangent * off;
        a[p * n + q] = 0.0;
        a[q * n + p] = 0.0;
        for (int i = 0; i < n; i++)
        {
            (vectors[p * n + i], vectors[q * n + i]) = (
                cosine * vectors[p * n + i] - sine * vectors[q * n + i],
                sine * vectors[p * n + i] + cosine * vectors[q * n + i]
            );
            if (i != p && i != q)
            {
                double first = cosine * a[p * n + i] - sine * a[q * n + i];
                double second = sine * a[p * n + i] + cosine * a[q * n + i];
                a[p * n + i] = first;
                a[i * n + p] = first;
                a[q * n + i] = second;
                a[i * n + q] = second;
            }
        }
    }
}
