using Microsoft.FSharp.Collections;

namespace Stackelberg;

/// <summary>What theory says of games and runs, from C#.</summary>
public static class TheoryExtensions
{
    extension(Game game)
    {
        /// <summary>The best constant step size of each rule near a critical point, and how fast the rule then converges.</summary>
        /// <param name="concept">Nash for simultaneous and alternating play, Stackelberg for Stackelberg play.</param>
        /// <param name="x">The point, length d.</param>
        /// <exception cref="ArgumentException">x has another length, or the Jacobian there is not finite.</exception>
        public StepSize[] StepSizes(Concept concept, params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return Stackelberg.StepSizes.ofGame(concept, TensorModule.ofArray(x), game);
        }

        /// <summary>How closely a run of this game kept to its followers' answer and to its leaders' flow.</summary>
        /// <param name="run">The run.</param>
        /// <param name="fromStep">The first step that counts; the flow begins there.</param>
        /// <param name="rates">The run's rates: one for all players, or one for each.</param>
        /// <exception cref="ArgumentException">The game has one level, bounds or a sampler, another game was played, or no
        /// step was recorded from <paramref name="fromStep"/> on.</exception>
        public TrackingRun Track(Run run, int fromStep, params Rate[] rates)
        {
            ArgumentNullException.ThrowIfNull(run);
            return Tracking.ofRun(fromStep, ListModule.OfArray(rates), run, game);
        }

        /// <summary>What rates lack of the conditions under which learning with noise converges; empty if nothing.</summary>
        /// <param name="rule">The rule.</param>
        /// <param name="rates">One for all players, or one for each.</param>
        /// <exception cref="ArgumentException">There are more or fewer rates than players.</exception>
        public RateWarning[] RateWarnings(Rule rule, params Rate[] rates)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(rule);
            ArgumentNullException.ThrowIfNull(rates);
            return Tracking.warnings(rule, ListModule.OfArray(rates), game);
        }
    }

    extension(EnsembleRun runs)
    {
        /// <summary>How closely each run kept to its followers' answer and to its leaders' flow.</summary>
        /// <param name="fromStep">The first step that counts; the flow begins there.</param>
        /// <exception cref="ArgumentException">The game has one level or bounds, or no step was recorded from
        /// <paramref name="fromStep"/> on.</exception>
        public TrackingRun Track(int fromStep)
        {
            ArgumentNullException.ThrowIfNull(runs);
            return Tracking.ofEnsemble(fromStep, runs);
        }
    }
}
