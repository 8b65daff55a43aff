namespace Stackelberg

/// <summary>Runs many rules on one game: which converge, to what kind of point, and how fast against theory.</summary>
[<RequireQualifiedAccess>]
module Comparison =

    /// <summary>Every rule of Rule.all at rate 0.1, for at most 20,000 steps.</summary>
    val settings: ComparisonSettings

    /// <summary>Every rule's run from one start, without noise.</summary>
    /// <param name="settings">The rules, their rate, and how many steps they have.</param>
    /// <param name="x">The start, shape [d], inside every player's box.</param>
    /// <param name="game">The game, of at most 4000 dimensions.</param>
    /// <returns>One row for each rule, in their order.</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape, is not finite or outside a box; the rate is not a
    /// positive number; Steps is below 1; there is noise; the game is too large.</exception>
    /// <exception cref="T:System.OperationCanceledException">The settings' token was cancelled.</exception>
    /// <remarks>
    /// With s the largest of 1 and ‖x‖₂ of the start, a run has converged when a step moves it by less than 1e-13 s, and
    /// diverged when it is farther than 1e6 s from its start.
    ///
    /// Measured: the moves v = x⁺ − x shrink by the same factor as the distances, and need no known limit. Of the last ones
    /// between 1e-5 s and 1e-10 s, v_{k+2} = a v_{k+1} + b v_k by least squares; the factor is the greater modulus of the two roots
    /// of w² = a w + b, so that runs may turn. Moves on one line have one root, by least squares of their lengths' logarithms.
    /// There is none where fewer than six lie between, as for rules that converge faster than linearly or in finitely
    /// many steps.
    ///
    /// Predicted: the spectral radius of the derivative of the rule's step, memory included, at the end point; of a point
    /// on a set of fixed points, without the eigenvalues 1 along it. By the step's own derivative: up to 200 dimensions, and not for
    /// rules with preconditioners such as Adam, whose step has no derivative where the gradient is zero. The two agree
    /// where the derivative is diagonalisable and the run has a part along the slowest direction; the remark says which
    /// does not hold. Whether it is diagonalisable is judged by its resolvent (Kreiss's matrix theorem).
    ///
    /// A step takes about as long as in Learn.run.
    /// </remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let rows = duopoly |> Comparison.run Comparison.settings (Tensor.ofList [ 10.0; 10.0 ])
    /// // simultaneous: Nash after 246 steps at [30.666667, 33.666667]; factor 0.9, predicted 0.9
    /// </code>
    /// </example>
    val run: settings: ComparisonSettings -> x: Tensor -> game: Game -> ComparisonRow[]

    /// <summary>Every rule's runs from many starts, or with many seeds: which share converges, to which known point, in how many
    /// steps.</summary>
    /// <param name="settings">The rules, their rate, how many steps they have, noise and seed.</param>
    /// <param name="points">Known points of length d, for example those of Known.game or of Equilibrium.findAll.</param>
    /// <param name="starts">One joint strategy for each run, shape [runs; d], finite and inside every player's box; run k draws
    /// with the seed Seed + k.</param>
    /// <param name="game">The game.</param>
    /// <returns>One entry for each rule, in their order.</returns>
    /// <exception cref="T:System.ArgumentException">The starts or a point have another shape, a start is not finite or outside a box;
    /// the rate or Near is not a positive number; Steps is below 1; the noise does not fit the game or is given number by
    /// number.</exception>
    /// <exception cref="T:System.OperationCanceledException">The settings' token was cancelled.</exception>
    /// <remarks>Each rule is one Ensemble.run. A run has converged and diverged as in run, with s of the start that is farthest out
    /// for the first. With noise or samples runs go on moving: those that are at a known point after all steps count as settled
    /// there, though not as converged.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let starts = Tensor.ofArray2D (array2D [ [ 10.0; 10.0 ]; [ 50.0; 0.0 ] ])
    /// let nash = [| 92.0 / 3.0; 101.0 / 3.0 |]
    /// let shares = duopoly |> Comparison.ensemble Comparison.settings [| nash; [| 46.0; 26.0 |] |] starts
    /// // simultaneous: 100 % of 2 runs converge, 100 % to point 0, 0 % to point 1; median of 247.5 steps
    /// </code>
    /// </example>
    val ensemble:
        settings: ComparisonSettings -> points: float[][] -> starts: Tensor -> game: Game -> ComparisonShare[]
