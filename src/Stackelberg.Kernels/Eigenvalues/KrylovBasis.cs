namespace Stackelberg.Kernels;

/// <summary>Orthonormal vectors v₀, v₁, … of a search for eigenvalues, and what is done with all of them at once.</summary>
/// <param name="n">Their length.</param>
/// <param name="capacity">How many there is room for.</param>
public sealed class KrylovBasis(int n, int capacity)
{
    /// <summary>Rows that are combined at a time; with those of a hundred vectors they fit a second cache.</summary>
    private const int Block = 512;

    private readonly double[][] vectors = [.. Enumerable.Range(0, capacity).Select(_ => new double[n])];
    private readonly double[] rows = new double[capacity * Block];

    /// <summary>The vector v_j itself, not a copy.</summary>
    /// <param name="j">Below the capacity.</param>
    public double[] this[int j] => vectors[j];

    /// <summary>w −= Σ cⱼ vⱼ with cⱼ = vⱼᵀ w, for the first <paramref name="count"/> vectors, twice, so that w is orthogonal to
    /// rounding.</summary>
    /// <param name="w">[n].</param>
    /// <param name="count">How many vectors.</param>
    /// <param name="coefficients">[≥ count]: c.</param>
    /// <returns>‖w‖ afterwards.</returns>
    /// <remarks>Modified Gram–Schmidt; L. Giraud, J. Langou, M. Rozložník and J. van den Eshof (2005) show that twice is
    /// enough.</remarks>
    public double Orthogonalise(double[] w, int count, double[] coefficients)
    {
        coefficients.AsSpan(0, count).Clear();
        for (int pass = 0; pass < 2; pass++)
        {
            for (int j = 0; j < count; j++)
            {
                double along = Vectors.Dot(ref vectors[j][0], ref w[0], n);
                Vectors.AddScaled(ref w[0], -along, ref vectors[j][0], n);
                coefficients[j] += along;
            }
        }

        return Vectors.Norm(ref w[0], n);
    }

    /// <summary>v_j = scale · w.</summary>
    /// <param name="j">Below the capacity.</param>
    /// <param name="w">[n].</param>
    /// <param name="scale">1 / ‖w‖.</param>
    public void Set(int j, double[] w, double scale) => Vectors.Scale(ref vectors[j][0], scale, ref w[0], n);

    /// <summary>The first <paramref name="kept"/> vectors become Σᵢ vᵢ q[i, j].</summary>
    /// <param name="q">[count, count], row-major, with orthonormal columns.</param>
    /// <param name="count">How many vectors are combined.</param>
    /// <param name="kept">How many are made, at most count.</param>
    public void Rotate(double[] q, int count, int kept)
    {
        for (int first = 0; first < n; first += Block)
        {
            int length = Math.Min(Block, n - first);
            Array.Clear(rows);
            for (int j = 0; j < kept; j++)
            {
                for (int i = 0; i < count; i++)
                {
                    Vectors.AddScaled(ref rows[j * Block], q[i * count + j], ref vectors[i][first], length);
                }
            }

            for (int j = 0; j < kept; j++)
            {
                rows.AsSpan(j * Block, length).CopyTo(vectors[j].AsSpan(first));
            }
        }
    }

    /// <summary>to = Σ y[j] vⱼ.</summary>
    /// <param name="y">The weights of the first vectors.</param>
    /// <param name="to">[n].</param>
    public void Combine(ReadOnlySpan<double> y, double[] to)
    {
        Array.Clear(to);
        for (int j = 0; j < y.Length; j++)
        {
            Vectors.AddScaled(ref to[0], y[j], ref vectors[j][0], n);
        }
    }
}
