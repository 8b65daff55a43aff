using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>det A for each matrix of a batch, by LU with full pivoting, in double.</summary>
    /// <param name="type">The number type of a and to.</param>
    /// <param name="batch">How many matrices.</param>
    /// <param name="n">Rows and columns of each.</param>
    /// <param name="a">[batch, n, n], contiguous, not overwritten.</param>
    /// <param name="to">[batch].</param>
    /// <param name="work">3·n·n + 2·n elements of double.</param>
    /// <exception cref="ArgumentException">Something is negative.</exception>
    /// <remarks>1 for n = 0; NaN if an entry is not finite.</remarks>
    public static Step Determinant(DType type, int batch, int n, Place a, Place to, Place work)
    {
        CheckCofactors("Determinant", type, batch, n, a, to, work);
        return type == DType.Float64
            ? new CofactorStep<double>(false, batch, n, a, to, work)
            : new CofactorStep<float>(false, batch, n, a, to, work);
    }

    /// <summary>The cofactors Cᵢⱼ = (−1)ⁱ⁺ʲ det(A without row i and column j) for each matrix of a batch: the derivatives
    /// of its determinant, right for singular matrices too.</summary>
    /// <param name="type">The number type of a and to.</param>
    /// <param name="batch">How many matrices.</param>
    /// <param name="n">Rows and columns of each.</param>
    /// <param name="a">[batch, n, n], contiguous, not overwritten.</param>
    /// <param name="to">[batch, n, n], contiguous; it may not overlap the source.</param>
    /// <param name="work">3·n·n + 2·n elements of double.</param>
    /// <exception cref="ArgumentException">Something is negative.</exception>
    /// <remarks>From P A Q = L U with full pivoting, by which only the last pivot of a matrix of rank n − 1 is small; the
    /// formula never divides by that one. O(n³), in double. NaN if an entry is not finite.</remarks>
    public static Step Cofactors(DType type, int batch, int n, Place a, Place to, Place work)
    {
        CheckCofactors("Cofactors", type, batch, n, a, to, work);
        return type == DType.Float64
            ? new CofactorStep<double>(true, batch, n, a, to, work)
            : new CofactorStep<float>(true, batch, n, a, to, work);
    }

    private static void CheckCofactors(
        string function,
        DType type,
        int batch,
        int n,
        Place a,
        Place to,
        Place work
    )
    {
        Check.Type(function, type);
        Check.Count(function, batch);
        Check.Count(function, n);
        Check.At(function, a);
        Check.At(function, to);
        Check.At(function, work);
    }
}

internal sealed class CofactorStep<T>(bool cofactors, int batch, int n, Place a, Place to, Place work)
    : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [
            From(a, (long)batch * n * n),
            From(to, cofactors ? (long)batch * n * n : batch),
            new Region(DType.Float64, work, batch == 0 ? 0 : (3L * n + 2) * n),
        ];

    public override void Run(Workspace workspace)
    {
        if (n == 0)
        {
            Buffers.Span(ref workspace.At<T>(to), cofactors ? 0 : batch).Fill(T.One);
            return;
        }

        for (int i = 0; i < batch; i++)
        {
            Span<double> memory = Buffers.Span(ref workspace.At<double>(work), (3 * n + 2) * n);
            Span<double> lu = memory[..(n * n)];
            Span<double> rows = memory.Slice(3 * n * n, n);
            Span<double> columns = memory.Slice(3 * n * n + n, n);
            for (int k = 0; k < n * n; k++)
            {
                lu[k] = double.CreateTruncating(Unsafe.Add(ref workspace.At<T>(a), (nint)i * n * n + k));
            }

            double sign = Factor(lu, rows, columns);
            if (!cofactors)
            {
                Unsafe.Add(ref workspace.At<T>(to), i) = T.CreateTruncating(sign * Product(lu, n));
                continue;
            }

            Span<double> adjugate = memory.Slice(n * n, n * n);
            Adjugate(lu, sign, adjugate, memory.Slice(2 * n * n, n * n));
            for (int row = 0; row < n; row++)
            {
                for (int column = 0; column < n; column++)
                {
                    // adj A = Q adj(P A Q) P, and the cofactors are its transpose.
                    nint at = (nint)i * n * n + (nint)rows[row] * n + (nint)columns[column];
                    Unsafe.Add(ref workspace.At<T>(to), at) = T.CreateTruncating(adjugate[column * n + row]);
                }
            }
        }
    }

    /// <summary>L U in place; which row and column of A stand in each place; the sign of both permutations together, NaN if
    /// an entry is not finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Factor(Span<double> lu, Span<double> rows, Span<double> columns)
    {
        double sign = 1.0;
        for (int i = 0; i < n; i++)
        {
            rows[i] = i;
            columns[i] = i;
        }

        foreach (double entry in lu)
        {
            sign = double.IsFinite(entry) ? sign : double.NaN;
        }

        for (int k = 0; k < n; k++)
        {
            int bestRow = k;
            int bestColumn = k;
            for (int i = k; i < n; i++)
            {
                for (int j = k; j < n; j++)
                {
                    if (Math.Abs(lu[i * n + j]) > Math.Abs(lu[bestRow * n + bestColumn]))
                    {
                        bestRow = i;
                        bestColumn = j;
                    }
                }
            }

            if (bestRow != k)
            {
                sign = -sign;
                (rows[k], rows[bestRow]) = (rows[bestRow], rows[k]);
                for (int j = 0; j < n; j++)
                {
                    (lu[k * n + j], lu[bestRow * n + j]) = (lu[bestRow * n + j], lu[k * n + j]);
                }
            }

            if (bestColumn != k)
            {
                sign = -sign;
                (columns[k], columns[bestColumn]) = (columns[bestColumn], columns[k]);
                for (int i = 0; i < n; i++)
                {
                    (lu[i * n + k], lu[i * n + bestColumn]) = (lu[i * n + bestColumn], lu[i * n + k]);
                }
            }

            double pivot = lu[k * n + k];
            for (int i = k + 1; i < n && pivot != 0.0; i++)
            {
                double factor = lu[i * n + k] / pivot;
                lu[i * n + k] = factor;
                for (int j = k + 1; j < n; j++)
                {
                    lu[i * n + j] = Math.FusedMultiplyAdd(-factor, lu[k * n + j], lu[i * n + j]);
                }
            }
        }

        return sign;
    }

    /// <summary>The product of the first pivots: largest and smallest by turns, so that it overflows only if it must.</summary>
    private double Product(Span<double> lu, int count)
    {
        double product = 1.0;
        int first = 0;
        int last = count - 1;
        while (first <= last)
        {
            int k = Math.Abs(product) <= 1.0 ? first++ : last--;
            product *= lu[k * n + k];
        }

        return product;
    }

    /// <summary>sign · adj(L U) = sign · adj(U) L⁻¹. With U = [V c; 0 u] and d = det V: adj U = [u d V⁻¹, −d V⁻¹ c; 0, d].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Adjugate(Span<double> lu, double sign, Span<double> adjugate, Span<double> inverse)
    {
        adjugate.Clear();
        int m = n - 1;
        double determinant = sign * Product(lu, m);
        double last = lu[m * n + m];
        if (double.IsNaN(sign))
        {
            adjugate.Fill(double.NaN);
            return;
        }

        if (determinant == 0.0)
        {
            // Rank n − 2 or less, exactly or by underflow: every minor of n − 1 rows is 0.
            return;
        }

        // V⁻¹, column by column.
        for (int column = 0; column < m; column++)
        {
            for (int i = m - 1; i >= 0; i--)
            {
                double sum = i == column ? 1.0 : 0.0;
                for (int j = i + 1; j <= column; j++)
                {
                    sum -= lu[i * n + j] * inverse[j * n + column];
                }

                inverse[i * n + column] = i > column ? 0.0 : sum / lu[i * n + i];
            }
        }

        adjugate[m * n + m] = determinant;
        for (int i = 0; i < m; i++)
        {
            double along = 0.0;
            for (int j = i; j < m; j++)
            {
                along += inverse[i * n + j] * lu[j * n + m];
                adjugate[i * n + j] = determinant * last * inverse[i * n + j];
            }

            adjugate[i * n + m] = -determinant * along;
        }

        // X L = adj U, from the last column on.
        for (int j = m - 1; j >= 0; j--)
        {
            for (int k = j + 1; k < n; k++)
            {
                double factor = lu[k * n + j];
                for (int i = 0; i < n; i++)
                {
                    adjugate[i * n + j] -= adjugate[i * n + k] * factor;
                }
            }
        }
    }
}
