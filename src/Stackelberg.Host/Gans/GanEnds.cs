using System.Globalization;

namespace Stackelberg.Gans;

/// <summary>The ends of the spectra of a large GAN's second derivatives, by products on one draw, in the game's
/// precision.</summary>
internal static class GanEnds
{
    // Single precision leaves no more of the greatest eigenvalue.
    private const double tolerance = 1e-4;

    // Spectra that are dense at zero take many; what is found by then is handed over with its residual.
    private const int restarts = 40;

    /// <summary>Seeks them and hands them to an experiment: the least and greatest real parts, and the worst residual.</summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="gan">The game.</param>
    /// <param name="rule">Whose end point this is.</param>
    /// <param name="x">The joint strategy.</param>
    /// <param name="count">How many at each end.</param>
    public static void HandOver(ExperimentContext context, Gan gan, GanRule rule, double[] x, int count)
    {
        var settings = new EigenSettings(
            count,
            Which.BothEnds,
            tolerance,
            restarts,
            seed: 0,
            wantsVectors: false
        );
        var ends = CurvatureEnds.At(
            settings,
            context.GetDouble("regularisation"),
            gan.Game,
            x,
            name => context.Report($"{rule.Key}, {name}", 0)
        );
        Add("D11f1", ends.LeaderHessian);
        Add("D22f2", ends.FollowerHessian);
        Add("J", ends.J);
        Add("schurJ_eta", ends.SchurJ);
        Add("totalHessian_eta", ends.TotalHessian);

        void Add(string name, Eigenpairs found)
        {
            if (found.Pairs.Length == 0)
            {
                context.Note($"{rule.Key}: the spectrum of {name} is not finite.");
                return;
            }

            var real = found.Pairs.Select(pair => pair.Value.Real).Order().ToArray();
            var worst = found.Pairs.Max(pair => pair.Residual);
            context.Found($"{rule.Key}/{name}/min", real[0]);
            context.Found($"{rule.Key}/{name}/max", real[^1]);
            context.Found($"{rule.Key}/{name}/residual", worst);
            context.Series($"{rule.Key}/{name}/eigenvalues", real);
            if (!found.Ending.IsConverged)
            {
                context.Note(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{rule.Key}: the ends of {name} are not settled after {found.Products} products; the worst residual is {worst:G2}."
                    )
                );
            }
        }
    }
}
