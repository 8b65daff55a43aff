using System.Numerics;
using Stackelberg.Figures;
using Stackelberg.Kernels;

namespace Stackelberg.Gans;

/// <summary>The spectra of a GAN's second derivatives at a point, on given latent and real examples, in float64. Dense: for
/// networks of a few thousand parameters.</summary>
/// <param name="Parts">Each matrix's name, what it is in a formula, and its eigenvalues' real parts, ascending.</param>
/// <param name="Undefined">The formulas of those that have no value because D₂²f₂ is singular, as with hidden units that
/// never answer.</param>
internal sealed record GanSpectra(
    IReadOnlyList<(string Name, string Formula, double[] Real)> Parts,
    IReadOnlyList<string> Undefined
)
{
    // As the published notebook draws them.
    private const int smallest = 5;
    private const int largest = 15;

    // What of the time goes into the matrices, by counting operations for some thousand weights and examples.
    private const double partForMatrices = 0.8;
    private const int matrices = 8;

    /// <summary>Takes them.</summary>
    /// <param name="gan">The game.</param>
    /// <param name="x">The joint strategy.</param>
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
        var parts = new List<(string, string, double[])>();
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
            parts.Add((name, formula, values));
        }
    }

    /// <summary>Hands the extreme eigenvalues, all of them as series, and a figure to an experiment.</summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="rule">Whose end point this is.</param>
    public void HandOver(ExperimentContext context, GanRule rule)
    {
        foreach (var (name, _, values) in Parts)
        {
            context.Found($"{rule.Key}/{name}/min", values[0]);
            context.Found($"{rule.Key}/{name}/max", values[^1]);
            context.Found($"{rule.Key}/{name}/negative", values.Count(value => value < 0));
            context.Series($"{rule.Key}/{name}/eigenvalues", values);
        }

        if (Undefined.Count > 0)
        {
            context.Note(
                $"{rule.Key}: {string.Join(" and ", Undefined)} have no value, for D₂²f₂ is singular; look at those with η."
            );
        }

        context.Figure($"{rule.Key}-spectra", Draw(rule.Title));
    }

    private Figure Draw(string title) =>
        new([
            .. Parts.Select(part => new Panel(Ends(part.Real))
            {
                Title = part.Formula,
                Width = 300,
                Height = 200,
            }),
        ])
        {
            Title = $"{title}: the {smallest} smallest and {largest} largest real parts",
            PanelsPerRow = 4,
        };

    private static Bars Ends(double[] values)
    {
        double[] ends =
            values.Length <= smallest + largest ? values : [.. values[..smallest], .. values[^largest..]];
        return new([.. Enumerable.Range(1, ends.Length).Select(place => (double)place)], ends);
    }
}
