// Longer than other files: a sweep, its deflation tests and its shifts read and write the same few numbers of one matrix.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The double-shift QR algorithm on an upper Hessenberg matrix.</summary>
/// <remarks>J. G. F. Francis (1961); the deflation test of M. Ahues and F. Tisseur (1997), the choice of shifts as in
/// LAPACK's dlahqr. A sweep's reflections meet few rows while the bulge passes; the rows above get them all afterwards, eight rows
/// side by side in a vector, so that both directions run along memory.</remarks>
/// <param name="h">[n, n], zero below the subdiagonal; overwritten.</param>
/// <param name="z">[n, n], multiplied by the transformations from the right; empty for eigenvalues alone.</param>
/// <param name="n">Rows and columns.</param>
/// <param name="real">[n]: the eigenvalues' real parts.</param>
/// <param name="imaginary">[n]: their imaginary parts; pairs stand side by side, the positive one first.</param>
internal sealed class Francis(double[] h, double[] z, int n, double[] real, double[] imaginary)
{
    private const int Lanes = 8;

    /// <summary>Sweeps after which other shifts are tried.</summary>
    private const int Exceptional = 10;

    /// <summary>Sweeps after which an entry that is rounding for the whole matrix counts as zero, and not only one that is so for its
    /// neighbours: a block of zeros is a block of rounding after the reduction, which can go on for long.</summary>
    private const int Patience = 15;

    /// <summary>The most sweeps that one eigenvalue may take.</summary>
    private const int MostSweeps = 300;

    private static readonly double rounding = Math.BitIncrement(1.0) - 1.0;
    private static readonly double tiny = 2.2250738585072014e-308 / rounding;

    private readonly double norm = Vectors.Norm(ref MemoryMarshal.GetArrayDataReference(h), n * n);
    private readonly bool wantsSchur = z.Length > 0;
    private readonly double[] τ = new double[n];
    private readonly double[] second = new double[n];
    private readonly double[] third = new double[n];
    private readonly double[] panel = new double[Lanes * (n + 2)];

    /// <summary>Finds the eigenvalues from the last to the first; where a block takes too many sweeps, those not found are NaN.</summary>
    public bool Run()
    {
        int last = n - 1;
        while (last >= 0)
        {
            int first = Isolate(last);
            if (first < 0)
            {
                real.AsSpan(0, last + 1).Fill(double.NaN);
                imaginary.AsSpan(0, last + 1).Fill(double.NaN);
                return false;
            }

            if (first == last)
            {
                real[last] = h[last * n + last];
                imaginary[last] = 0.0;
            }
            else
            {
                Standardise(first);
            }

            last = first - 1;
        }

        return true;
    }

    /// <summary>Sweeps until the block that ends at <paramref name="last"/> has one or two rows; gives its first row, −1 if it does
    /// not come to that.</summary>
    private int Isolate(int last)
    {
        for (int sweep = 0; sweep <= MostSweeps; sweep++)
        {
            if (sweep > 0 && sweep % Patience == 0)
            {
                ClearRounding(last);
            }

            int first = Deflate(last);
            if (first >= last - 1)
            {
                return first;
            }

            Sweep(first, last, sweep);
        }

        return -1;
    }

    private void ClearRounding(int last)
    {
        for (int k = last; k > 0 && h[k * n + k - 1] != 0.0; k--)
        {
            if (Math.Abs(h[k * n + k - 1]) <= rounding * norm)
            {
                h[k * n + k - 1] = 0.0;
            }
        }
    }

    /// <summary>The first row of the block that ends at <paramref name="last"/>, above which a subdiagonal entry is zero or
    /// taken for it.</summary>
    private int Deflate(int last)
    {
        int k = last;
        for (; k > 0; k--)
        {
            double below = Math.Abs(h[k * n + k - 1]);
            if (below <= tiny)
            {
                break;
            }

            double here = h[k * n + k];
            double before = h[(k - 1) * n + k - 1];
            double size = Math.Abs(here) + Math.Abs(before);
            if (size == 0.0)
            {
                size += k >= 2 ? Math.Abs(h[(k - 1) * n + k - 2]) : 0.0;
                size += k + 1 <= last ? Math.Abs(h[(k + 1) * n + k]) : 0.0;
            }

            if (below <= rounding * size)
            {
                double above = Math.Abs(h[(k - 1) * n + k]);
                double apart = Math.Abs(before - here);
                double large = Math.Max(Math.Abs(here), apart);
                double small = Math.Min(Math.Abs(here), apart);
                double most = Math.Max(below, above);
                double scale = large + most;
                if (
                    Math.Min(below, above) * (most / scale)
                    <= Math.Max(tiny, rounding * (small * (large / scale)))
                )
                {
                    break;
                }
            }
        }

        if (k > 0)
        {
            h[k * n + k - 1] = 0.0;
        }

        return k;
    }

    /// <summary>One double-shift sweep on rows first to last.</summary>
    private void Sweep(int first, int last, int sweep)
    {
        Shifts shifts = Choose(first, last, sweep);
        Span<double> x = stackalloc double[3];
        int start = Start(first, last, shifts, x);
        int lastColumn = wantsSchur ? n - 1 : last;
        int firstRow = wantsSchur ? 0 : first;
        for (int k = start; k < last; k++)
        {
            int size = Math.Min(3, last - k + 1);
            Span<double> v = x[..size];
            if (k > start)
            {
                for (int i = 0; i < size; i++)
                {
                    v[i] = h[(k + i) * n + k - 1];
                }
            }

            double factor = Reflector.Make(v, 0, out double β);
            if (k > start)
            {
                h[k * n + k - 1] = β;
                for (int i = 1; i < size; i++)
                {
                    h[(k + i) * n + k - 1] = 0.0;
                }
            }
            else if (k > first)
            {
                // The sweep starts where two subdiagonal entries are small together; what it neglects is rounding.
                h[k * n + k - 1] *= 1.0 - factor;
            }

            τ[k] = factor;
            second[k] = v[1];
            third[k] = size == 3 ? v[2] : 0.0;
            FromLeft(k, size, lastColumn);
            int earliest = Math.Max(firstRow, k / Lanes * Lanes);
            for (int row = earliest; row <= Math.Min(k + 3, last); row++)
            {
                FromRight(ref h[row * n + k], k, size);
            }
        }

        for (int rows = firstRow / Lanes * Lanes; rows + Lanes < last; rows += Lanes)
        {
            FromRight(h, rows, Math.Max(start, rows + Lanes), last);
        }

        if (wantsSchur)
        {
            int rows = 0;
            for (; rows + Lanes <= n; rows += Lanes)
            {
                FromRight(z, rows, start, last);
            }

            for (; rows < n; rows++)
            {
                for (int k = start; k < last; k++)
                {
                    FromRight(ref z[rows * n + k], k, Math.Min(3, last - k + 1));
                }
            }
        }
    }

    private readonly record struct Shifts(double Real1, double Imaginary1, double Real2, double Imaginary2);

    /// <summary>The eigenvalues of the last two rows, and now and then something else.</summary>
    private Shifts Choose(int first, int last, int sweep)
    {
        double h11 = h[(last - 1) * n + last - 1];
        double h12 = h[(last - 1) * n + last];
        double h21 = h[last * n + last - 1];
        double h22 = h[last * n + last];
        if (sweep > 0 && sweep % Exceptional == 0)
        {
            bool above = sweep / Exceptional % 2 == 1;
            double step = above
                ? Math.Abs(h[(first + 1) * n + first]) + Math.Abs(h[(first + 2) * n + first + 1])
                : Math.Abs(h21) + Math.Abs(h[(last - 1) * n + last - 2]);
            h11 = 0.75 * step + (above ? h[first * n + first] : h22);
            h12 = -0.4375 * step;
            h21 = step;
            h22 = h11;
        }

        double size = Math.Abs(h11) + Math.Abs(h12) + Math.Abs(h21) + Math.Abs(h22);
        if (size == 0.0)
        {
            return default;
        }

        h11 /= size;
        h12 /= size;
        h21 /= size;
        h22 /= size;
        double mean = 0.5 * (h11 + h22);
        double determinant = (h11 - mean) * (h22 - mean) - h12 * h21;
        double root = Math.Sqrt(Math.Abs(determinant));
        if (determinant >= 0.0)
        {
            return new Shifts(mean * size, root * size, mean * size, -root * size);
        }

        double nearer =
            Math.Abs(mean + root - h22) <= Math.Abs(mean - root - h22) ? mean + root : mean - root;
        return new Shifts(nearer * size, 0.0, nearer * size, 0.0);
    }

    /// <summary>Sets x to the first column of (H − s₁)(H − s₂) from the row on that is returned, the last one from which a sweep
    /// may start.</summary>
    private int Start(int first, int last, Shifts shifts, Span<double> x)
    {
        for (int m = last - 2; ; m--)
        {
            double here = h[m * n + m];
            double next = h[(m + 1) * n + m + 1];
            double below = h[(m + 1) * n + m];
            double size = Math.Abs(here - shifts.Real2) + Math.Abs(shifts.Imaginary2) + Math.Abs(below);
            double scaled = below / size;
            x[0] =
                scaled * h[m * n + m + 1]
                + (here - shifts.Real1) * ((here - shifts.Real2) / size)
                - shifts.Imaginary1 * (shifts.Imaginary2 / size);
            x[1] = scaled * (here + next - shifts.Real1 - shifts.Real2);
            x[2] = scaled * h[(m + 2) * n + m + 1];
            double sum = Math.Abs(x[0]) + Math.Abs(x[1]) + Math.Abs(x[2]);
            x[0] /= sum;
            x[1] /= sum;
            x[2] /= sum;
            if (m == first)
            {
                return m;
            }

            double neighbours = Math.Abs(h[(m - 1) * n + m - 1]) + Math.Abs(here) + Math.Abs(next);
            if (
                Math.Abs(h[m * n + m - 1]) * (Math.Abs(x[1]) + Math.Abs(x[2]))
                <= rounding * Math.Abs(x[0]) * neighbours
            )
            {
                return m;
            }
        }
    }

    /// <summary>Reflection k from the left, on columns k to lastColumn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FromLeft(int k, int size, int lastColumn)
    {
        double factor = τ[k];
        double v2 = second[k];
        double v3 = third[k];
        int count = lastColumn - k + 1;
        ref double row1 = ref h[k * n + k];
        ref double row2 = ref h[(k + 1) * n + k];
        // A reflection of two rows has v3 = 0; the second row stands in for the third.
        ref double row3 = ref h[(k + Math.Min(size, 3) - 1) * n + k];
        int j = 0;
        if (size == 3)
        {
            Vector512<double> minus = Vector512.Create(-factor);
            Vector512<double> twos = Vector512.Create(v2);
            Vector512<double> threes = Vector512.Create(v3);
            int width = Vector512<double>.Count;
            for (; j <= count - width; j += width)
            {
                nuint at = (nuint)j;
                Vector512<double> a = Vector512.LoadUnsafe(ref row1, at);
                Vector512<double> b = Vector512.LoadUnsafe(ref row2, at);
                Vector512<double> c = Vector512.LoadUnsafe(ref row3, at);
                Vector512<double> sum =
                    minus * Vector512.FusedMultiplyAdd(threes, c, Vector512.FusedMultiplyAdd(twos, b, a));
                (a + sum).StoreUnsafe(ref row1, at);
                Vector512.FusedMultiplyAdd(sum, twos, b).StoreUnsafe(ref row2, at);
                Vector512.FusedMultiplyAdd(sum, threes, c).StoreUnsafe(ref row3, at);
            }
        }

        for (; j < count; j++)
        {
            ref double a = ref Unsafe.Add(ref row1, j);
            ref double b = ref Unsafe.Add(ref row2, j);
            double c = size == 3 ? Unsafe.Add(ref row3, j) : 0.0;
            double sum = factor * (a + v2 * b + v3 * c);
            a -= sum;
            b -= sum * v2;
            if (size == 3)
            {
                Unsafe.Add(ref row3, j) = c - sum * v3;
            }
        }
    }

    /// <summary>Reflection k from the right, on one row's entries from column k on.</summary>
    private void FromRight(ref double entries, int k, int size)
    {
        double c = size == 3 ? Unsafe.Add(ref entries, 2) : 0.0;
        double sum = τ[k] * (entries + second[k] * Unsafe.Add(ref entries, 1) + third[k] * c);
        entries -= sum;
        Unsafe.Add(ref entries, 1) -= sum * second[k];
        if (size == 3)
        {
            Unsafe.Add(ref entries, 2) = c - sum * third[k];
        }
    }

    /// <summary>Reflections start to last − 1 from the right, on eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FromRight(double[] matrix, int row, int start, int last)
    {
        int columns = last - start + 1;
        ref double corner = ref matrix[row * n + start];
        ref double entries = ref panel[0];
        Transposing<double>.Copy(Lanes, columns, ref corner, n, ref entries, Lanes);
        // The last reflection has two entries; its third is 0 and reads what stands behind the panel.
        Vector512<double> a = Vector512.LoadUnsafe(ref entries);
        Vector512<double> b = Vector512.LoadUnsafe(ref entries, Lanes);
        Buffers.Span(ref Unsafe.Add(ref entries, columns * Lanes), Lanes).Clear();
        nuint at = 0;
        for (int k = start; k < last; k++)
        {
            Vector512<double> c = Vector512.LoadUnsafe(ref entries, at + 2 * Lanes);
            Vector512<double> twos = Vector512.Create(second[k]);
            Vector512<double> threes = Vector512.Create(third[k]);
            Vector512<double> sum =
                Vector512.Create(-τ[k])
                * Vector512.FusedMultiplyAdd(threes, c, Vector512.FusedMultiplyAdd(twos, b, a));
            (a + sum).StoreUnsafe(ref entries, at);
            a = Vector512.FusedMultiplyAdd(sum, twos, b);
            b = Vector512.FusedMultiplyAdd(sum, threes, c);
            at += Lanes;
        }

        a.StoreUnsafe(ref entries, at);
        Transposing<double>.Copy(columns, Lanes, ref entries, Lanes, ref corner, n);
    }

    /// <summary>The eigenvalues of rows k and k + 1; with Schur vectors, turned so that a pair has equal diagonal entries and two real
    /// eigenvalues stand on the diagonal.</summary>
    private void Standardise(int k)
    {
        TwoByTwo block = TwoByTwo.Of(
            h[k * n + k],
            h[k * n + k + 1],
            h[(k + 1) * n + k],
            h[(k + 1) * n + k + 1]
        );
        real[k] = block.A;
        real[k + 1] = block.D;
        imaginary[k] = block.Imaginary;
        imaginary[k + 1] = -block.Imaginary;
        if (wantsSchur)
        {
            block.Turn(h, z, n, k);
        }
    }
}
