namespace Stackelberg

/// <summary>Plays a game from many starts, or with many seeds, at once: one compiled program makes a step of all.</summary>
[<RequireQualifiedAccess>]
module Ensemble =

    /// <summary>Many runs of a rule that descends a field, x⁺ = Π(x − γ (g(x) + noise)).</summary>
    /// <param name="rule">A rule that does nothing but descend, Rule.Descends: Rule.simultaneous, Rule.stackelberg,
    /// Rule.consensus; without preconditioners.</param>
    /// <param name="settings">As for Learn.run. The k-th run, from 0, has the seed Seed + k; the noise may not be given
    /// number by number, and progress is not reported. A run that has ended waits for the others.</param>
    /// <param name="starts">One joint strategy for each run, shape [runs; d], finite and inside every player's box.</param>
    /// <param name="game">The game; without sampler, in Float64, and without bounded players below others if the rule
    /// anticipates them.</param>
    /// <returns>What happened to each run.</returns>
    /// <exception cref="T:System.ArgumentException">The rule does more than descend, the starts have another shape or are not finite, or a setting does not
    /// fit, or the game is of a kind that is excluded above.</exception>
    /// <remarks>
    /// Run k does what Learn.run does with seed Seed + k, up to rounding: the batched program may round elementary
    /// functions another way. Runs are divided into chunks of fixed size, which threads share, so that the result does not
    /// depend on their number. Linear systems are solved for a whole chunk together: with an iterative solver its tolerance
    /// is relative to all of them, so take Solver.dense where single runs matter and the followers are few.
    /// </remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let starts = Tensor.ofArray2D (array2D [ [ 10.0; 10.0 ]; [ 50.0; 0.0 ] ])
    /// let runs = duopoly |> Ensemble.run (Rule.stackelberg Conjecture.bestResponse) Learn.settings starts
    /// runs.Final // [[46, 26], [46, 26]]
    /// </code>
    /// </example>
    val run: rule: Rule -> settings: LearnSettings -> starts: Tensor -> game: Game -> EnsembleRun
