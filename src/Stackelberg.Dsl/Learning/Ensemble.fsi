namespace Stackelberg

/// <summary>Plays a game from many starts, or with many seeds, at once: one compiled program makes a step of all.</summary>
[<RequireQualifiedAccess>]
module Ensemble =

    /// <summary>Many runs of a rule, x⁺ = T(x), each from a start and with a seed of its own.</summary>
    /// <param name="rule">Any rule that the game allows, with its preconditioners.</param>
    /// <param name="settings">As for Learn.run. The k-th run, from 0, has the seed Seed + k; the noise may not be given
    /// number by number, and progress is not reported. A run that has ended waits for the others.</param>
    /// <param name="starts">One joint strategy for each run, shape [runs; d], finite and inside every player's box.</param>
    /// <param name="game">The game, in float64 or float32, with boxes, angles and samplers.</param>
    /// <returns>What happened to each run.</returns>
    /// <exception cref="T:System.ArgumentException">The rule refuses the game, the starts have another shape or are not finite, or a
    /// setting does not fit.</exception>
    /// <remarks>
    /// Run k does what Learn.run does with seed Seed + k, up to rounding: the batched program may round elementary
    /// functions another way. Runs are divided into chunks of fixed size, which threads share, so that the result does not
    /// depend on their number. Every run's linear systems and roots are solved for themselves, each to its own tolerance.
    /// </remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let starts = Tensor.ofArray2D (array2D [ [ 10.0; 10.0 ]; [ 50.0; 0.0 ] ])
    /// let runs = duopoly |> Ensemble.run (Rule.stackelberg Conjecture.bestResponse) Learn.settings starts
    /// runs.Final // [[46, 26], [46, 26]]
    /// </code>
    /// </example>
    val run: rule: Rule -> settings: LearnSettings -> starts: Tensor -> game: Game -> EnsembleRun

    /// <summary>Starts on an even grid of a box, corners included.</summary>
    /// <param name="lower">The box's lower corner, shape [d].</param>
    /// <param name="upper">Its upper corner.</param>
    /// <param name="count">Starts along each side, at least 2.</param>
    /// <returns>Shape [count^d; d], the first entry changing fastest.</returns>
    /// <exception cref="T:System.ArgumentException">The corners have different shapes or are not below one another, count is below 2,
    /// or there would be more than ten million numbers.</exception>
    /// <example>
    /// <code lang="fsharp">
    /// Ensemble.grid (Tensor.ofList [ 0.0; 0.0 ], Tensor.ofList [ 1.0; 2.0 ]) 2 // [[0, 0], [1, 0], [0, 2], [1, 2]]
    /// </code>
    /// </example>
    val grid: lower: Tensor * upper: Tensor -> count: int -> Tensor
