namespace Stackelberg.Experiments;

/// <summary>The covariance game of one size, with the published Σ and start.</summary>
internal sealed class CovarianceGame
{
    private readonly double[] sigma;

    private CovarianceGame(int d, double lambda, double[,] u, double[] start)
    {
        (D, Lambda, Start) = (d, lambda, start);
        sigma = new double[d * d];
        var product = Tensor.MatMul(Tensor.Of(u), Tensor.Of(u).T);
        product.ToArray().CopyTo(sigma, 0);
        Equilibrium = new double[2 * d * d];
        Buffer.BlockCopy(u, 0, Equilibrium, 0, d * d * sizeof(double));
        Game = Create(d, lambda, product);
    }

    /// <summary>d: V, W and Σ have the shape [d, d].</summary>
    public int D { get; }

    /// <summary>λ.</summary>
    public double Lambda { get; }

    /// <summary>The game; its joint strategy holds V, then W, row by row.</summary>
    public Game Game { get; }

    /// <summary>The published start.</summary>
    public double[] Start { get; }

    /// <summary>The equilibrium V = U, W = 0.</summary>
    public double[] Equilibrium { get; }

    /// <summary>The game with the published numbers.</summary>
    /// <param name="d">The size.</param>
    /// <param name="lambda">λ.</param>
    public static CovarianceGame Published(int d, double lambda)
    {
        var u = new double[d, d];
        var start = new double[2 * d * d];
        foreach (
            var row in PublishedData.Read("covariance", "starts.csv").Rows.Where(row => Whole(row[0]) == d)
        )
        {
            var (i, j) = (Whole(row[2]), Whole(row[3]));
            var value = double.Parse(row[4], System.Globalization.CultureInfo.InvariantCulture);
            switch (row[1])
            {
                case "U":
                    u[i, j] = value;
                    break;
                case "V0":
                    start[i * d + j] = value;
                    break;
                default:
                    start[d * d + i * d + j] = value;
                    break;
            }
        }

        return new(d, lambda, u, start);
    }

    /// <summary>V of a joint strategy, or of a field's value there.</summary>
    /// <param name="x">The joint strategy.</param>
    public ReadOnlySpan<double> V(double[] x) => x.AsSpan(0, D * D);

    /// <summary>W of a joint strategy, or of a field's value there.</summary>
    /// <param name="x">The joint strategy.</param>
    public ReadOnlySpan<double> W(double[] x) => x.AsSpan(D * D);

    /// <summary>‖V Vᵀ − Σ‖, Frobenius.</summary>
    /// <param name="x">The joint strategy.</param>
    public double Error(double[] x)
    {
        var v = V(x);
        var sum = 0.0;
        for (var i = 0; i < D; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var difference = -sigma[i * D + j];
                for (var k = 0; k < D; k++)
                {
                    difference += v[i * D + k] * v[j * D + k];
                }

                sum += (i == j ? 1 : 2) * difference * difference;
            }
        }

        return Math.Sqrt(sum);
    }

    /// <summary>‖(W + Wᵀ)/2‖, Frobenius.</summary>
    /// <param name="x">The joint strategy.</param>
    public double SymmetricW(double[] x)
    {
        var w = W(x);
        var sum = 0.0;
        for (var i = 0; i < D; i++)
        {
            for (var j = 0; j < D; j++)
            {
                var entry = (w[i * D + j] + w[j * D + i]) / 2;
                sum += entry * entry;
            }
        }

        return Math.Sqrt(sum);
    }

    private static Game Create(int d, double lambda, Tensor sigma)
    {
        Player generator = PlayerModule.OfShape("V", Microsoft.FSharp.Collections.ListModule.OfSeq([d, d])),
            discriminator = PlayerModule.OfShape("W", Microsoft.FSharp.Collections.ListModule.OfSeq([d, d]));
        return Stackelberg.Game.Of(
            "covariance",
            new Seat(generator, 0, q => Gap(q[generator], q[discriminator])),
            new Seat(
                discriminator,
                1,
                q =>
                    lambda / 2 * Tensor.Sum(q[discriminator] * q[discriminator])
                    - Gap(q[generator], q[discriminator])
            )
        );

        // tr Wᵀ(Σ − V Vᵀ)
        Tensor Gap(Tensor v, Tensor w) => Tensor.Sum(w * (sigma - Tensor.MatMul(v, v.T)));
    }

    private static int Whole(string cell) =>
        int.Parse(cell, System.Globalization.CultureInfo.InvariantCulture);
}
