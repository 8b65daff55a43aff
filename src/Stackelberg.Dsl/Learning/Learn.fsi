namespace Stackelberg

/// <summary>Runs a learning rule on a game.</summary>
[<RequireQualifiedAccess>]
module Learn =

    /// <summary>The defaults: 1000 steps of rate 0.1, no noise, seed 0, every step recorded, no stopping test.</summary>
    /// <example>
    /// <code lang="fsharp">
    /// { Learn.settings with
    ///     Steps = 5000
    ///     Rates = [ Rate.power 1.0 1.0; Rate.power 1.0 (2.0 / 3.0) ]
    ///     Noise = Noise.gaussian (sqrt 10.0)
    ///     Seed = 1UL }
    /// </code>
    /// </example>
    val settings: LearnSettings

    /// <summary>Follows a rule from a start: x⁺ = x − γ (g(x) + noise) for the rules that descend a field g, then the
    /// projection of bounded players onto their boxes, then angles turned back into [−π, π).</summary>
    /// <param name="rule">The rule, for example Rule.stackelberg Conjecture.bestResponse.</param>
    /// <param name="settings">Steps, rates, noise, recording, stopping.</param>
    /// <param name="x">The start, a joint strategy of shape [d], finite and inside every player's box.</param>
    /// <param name="game">The game.</param>
    /// <returns>What happened; how it ended is a value, not an exception.</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape, is not finite or lies outside a box; a setting
    /// is negative; Rates or Noise do not fit the game or the number of steps; the rule cannot play the game, as one for two
    /// players cannot with three.</exception>
    /// <remarks>
    /// The field is compiled once for each game and rule. A step allocates nothing, except for the points that the
    /// trajectory keeps and for reports of progress. The same settings give the same bits. The end point is always
    /// finite: a step that would not be is not made.
    /// </remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let run =
    ///     duopoly
    ///     |> Learn.run
    ///         (Rule.stackelberg Conjecture.bestResponse)
    ///         { Learn.settings with Stop = Stop.UpdateBelow 1e-12 }
    ///         (Tensor.ofList [ 10.0; 10.0 ])
    ///
    /// run.Final // [46, 26]
    /// </code>
    /// </example>
    val run: rule: Rule -> settings: LearnSettings -> x: Tensor -> game: Game -> Run

    /// <summary>A run that the caller steps: for metrics, checkpoints and pictures on the way. Stepped to its end it does
    /// what run does.</summary>
    /// <param name="rule">As for run.</param>
    /// <param name="settings">As for run; Steps is the limit.</param>
    /// <param name="x">As for run.</param>
    /// <param name="game">As for run.</param>
    /// <exception cref="T:System.ArgumentException">As for run.</exception>
    /// <example>
    /// <code lang="fsharp">
    /// let learning = Learn.start Rule.simultaneous Learn.settings x duopoly
    /// learning.Advance 10
    /// learning.Steps // 10
    /// </code>
    /// </example>
    val start: rule: Rule -> settings: LearnSettings -> x: Tensor -> game: Game -> Learning

    /// <summary>A run that goes on, bit for bit, where a state was saved.</summary>
    /// <param name="rule">The rule that the state was saved by.</param>
    /// <param name="settings">The settings of the run that was saved; Steps may be greater.</param>
    /// <param name="state">What Learning.Save gave.</param>
    /// <param name="game">The game that was played.</param>
    /// <exception cref="T:System.ArgumentException">The state is another rule's, game's or seed's, or as for run.</exception>
    val resume: rule: Rule -> settings: LearnSettings -> state: LearnState -> game: Game -> Learning
