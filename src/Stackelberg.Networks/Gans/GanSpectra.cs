namespace Stackelberg.Gans;

/// <summary>A spectrum.</summary>
/// <param name="Name">The matrix's name in files, for example <c>D11f1</c>.</param>
/// <param name="Formula">What it is in a formula.</param>
/// <param name="Real">The eigenvalues' real parts, ascending.</param>
public sealed record Spectrum(string Name, string Formula, IReadOnlyList<double> Real);

/// <summary>The spectra of a GAN's second derivatives at a point, on given latent and real examples, in float64. Dense: for
/// networks of a few thousand parameters; of larger ones <see cref="CurvatureEnds"/> finds the ends.</summary>
/// <param name="Parts">Those of D₁²f₁, D₂²f₂, J, Schur(J), the ICML code's second-order matrix and D²f₁, of the last three with
/// η too.</param>
/// <param name="Undefined">The formulas of those that have no value because D₂²f₂ is singular, as with hidden units that
/// never answer.</param>
public sealed record GanSpectra(IReadOnlyList<Spectrum> Parts, IReadOnlyList<string> Undefined)
{
    // What of the time goes into the matrices, by counting operations for some thousand weights and examples.
    private const double partForMatrices = 0.8;
    private const int matrices = 8;

    /// <summary>Takes them.</summary>
    /// <param name="gan">The game.</param>
    /// <param name="x">The joint strategy, [d].</param>
    /// <param name="regularisation">η of the matrices that have one.</param>
    /// <param name="latent">Latent points.</param>
    /// <param name="real">Real examples, as many.</param>
    /// <param name="progress">Hears which share of the work is done, between two matrices.</param>
    /// <param name="cancellation">Asked between two matrices.</param>
    public static GanSpectra At(
        Gan gan,
        double[] x,
        double regularisation,
        Tensor latent,
        Tensor real,
        Action<double> progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(gan);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(latent);
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(progress);
        var game = gan
            .Game.WithSampler(
                Sampler.All(
                    SamplerModule.Constant(Gan.Latent, latent),
                    SamplerModule.Constant(Gan.Real, real)
                )
            )
            .WithPrecision(DType.Float64);
        var at = Curvature.At(
            [0, regularisation],
            game,
            x,
            share => progress(partForMatrices * share),
            cancellation
        );
        var (exact, raised) = (at[0], at[1]);
        var parts = new List<Spectrum>();
        var undefined = new List<string>();
        var decomposed = 0;
        Symmetric("D11f1", "D₁²f₁", exact.LeaderHessian);
        Symmetric("D22f2", "D₂²f₂", exact.FollowerHessian);
        Add("J", "J", [.. Curvature.Eigenvalues(exact.J).Select(value => value.Real)]);
        Symmetric("schurJ", "Schur(J)", exact.SchurJ);
        Symmetric("schurJ_eta", "Schur(J), η", raised.SchurJ);
        Symmetric("published_eta", "second-order matrix of the ICML code, η", raised.PublishedSecondOrder);
        Symmetric("totalHessian", "D²f₁", exact.TotalHessian);
        Symmetric("totalHessian_eta", "D²f₁, η", raised.TotalHessian);
        return new(parts, undefined);

        void Symmetric(string name, string formula, double[,] matrix) =>
            Add(name, formula, Curvature.SymmetricEigenvalues(matrix));

        void Add(string name, string formula, double[] values)
        {
            cancellation.ThrowIfCancellationRequested();
            decomposed++;
            progress(partForMatrices + (1 - partForMatrices) * decomposed / matrices);
            if (!Array.TrueForAll(values, double.IsFinite))
            {
                undefined.Add(formula);
                return;
            }

            Array.Sort(values);
            parts.Add(new(name, formula, values));
        }
    }
}
