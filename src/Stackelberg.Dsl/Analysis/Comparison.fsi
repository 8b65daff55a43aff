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
    /// positive number; Steps is below 1; the game is too large.</exception>
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
