namespace Stackelberg.Tests;

/// <summary>Linear systems by textbook methods.</summary>
internal static class HandSolve
{
    /// <summary>Gaussian elimination with row pivoting.</summary>
    public static double[] Eliminate(double[,] matrix, double[] b)
    {
        var n = b.Length;
        var (a, w) = ((double[,])matrix.Clone(), (double[])b.Clone());
        for (var k = 0; k < n; k++)
        {
            var pivot = Enumerable.Range(k, n - k).MaxBy(row => Math.Abs(a[row, k]));
            (w[k], w[pivot]) = (w[pivot], w[k]);
            for (var j = k; j < n; j++)
            {
                (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            }

            for (var i = k + 1; i < n; i++)
            {
                var factor = a[i, k] / a[k, k];
                w[i] -= factor * w[k];
                for (var j = k; j < n; j++)
                {
                    a[i, j] -= factor * a[k, j];
                }
            }
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++)
            {
                w[i] -= a[i, j] * w[j];
            }

            w[i] /= a[i, i];
        }

        return w;
    }

    /// <summary>Hestenes and Stiefel (1952) from 0, ended as scipy.sparse.linalg.cg ends it: after so many products, or when
    /// the residual is at most tolerance · ‖b‖. Unlike there, a direction of negative curvature ends it too, with the
    /// iterate before.</summary>
    public static double[] ConjugateGradients(
        Func<double[], double[]> apply,
        double[] b,
        int products,
        double tolerance
    )
    {
        var (w, residual, direction) = (new double[b.Length], (double[])b.Clone(), (double[])b.Clone());
        var square = Dot(residual, residual);
        var target = tolerance * Math.Sqrt(square);
        for (var k = 0; k < products && Math.Sqrt(square) > target; k++)
        {
            var image = apply(direction);
            var curvature = Dot(direction, image);
            if (curvature <= 0)
            {
                break;
            }

            var length = square / curvature;
            for (var i = 0; i < w.Length; i++)
            {
                w[i] += length * direction[i];
                residual[i] -= length * image[i];
            }

            var next = Dot(residual, residual);
            for (var i = 0; i < w.Length; i++)
            {
                direction[i] = residual[i] + next / square * direction[i];
            }

            square = next;
        }

        return w;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
