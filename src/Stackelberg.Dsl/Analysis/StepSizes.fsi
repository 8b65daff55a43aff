namespace Stackelberg

open System.Numerics

/// <summary>Step sizes from theory: the best constant rate near a critical point, and how fast each rule then converges.</summary>
/// <remarks>Local: of the linear part there, J for simultaneous play, J_S for Stackelberg play. κ = max |λ| / min Re λ
/// decides: for a spectrum in that range the steps grow as κ² for simultaneous play, as κ^1.5 with negative momentum
/// (Zhang and Wang 2021), and as κ for extragradient and optimistic steps (Azizian, Mitliagkas, Lacoste-Julien and Gidel
/// 2020) and for alternating play (Zhang, Wang, Lessard and Grosse 2022).</remarks>
[<RequireQualifiedAccess>]
module StepSizes =

    /// <summary>The contraction factor of a rule at a given rate: the greatest modulus that its law gives for an
    /// eigenvalue.</summary>
    /// <param name="law">The rule.</param>
    /// <param name="rate">η, at least 0.</param>
    /// <param name="momentum">β of negative momentum; other laws do not read it.</param>
    /// <param name="spectrum">The eigenvalues λ of the field's Jacobian, at least one, finite.</param>
    /// <exception cref="T:System.ArgumentException">A number is out of range or the spectrum is empty.</exception>
    /// <example>
    /// <code lang="fsharp">
    /// // λ = 1 ± 10 i, Grosse and Zhang's quadratic
    /// StepSizes.contraction StepLaw.Extragradient 0.05 0.0 [| Complex(1.0, 10.0) |] // 0.834269890
    /// </code>
    /// </example>
    val contraction: law: StepLaw -> rate: float -> momentum: float -> spectrum: Complex[] -> float

    /// <summary>The constant rate (and momentum) of least contraction factor.</summary>
    /// <param name="law">The rule.</param>
    /// <param name="spectrum">The eigenvalues of the field's Jacobian, at least one, finite.</param>
    /// <exception cref="T:System.ArgumentException">The spectrum is empty or not finite.</exception>
    /// <remarks>
    /// Simultaneous: max |1 − ηλ|² is convex in η; its minimum by bisection, to rounding. For one pair λ = μ ± i b it is
    /// η = μ/L², ρ = √(1 − 1/κ²), with L = |λ| and κ = L/μ (Grosse and Zhang's lecture, which prints the rate 1 − 1/κ²: ρ²,
    /// that of squared distances).
    /// Proximal: the contraction falls to 0 as η → ∞, which is what is returned, even at points that no other rule
    /// approaches. Others: the law's radius on a grid of rates, then by golden sections in every valley of the grid, to about
    /// 1e-8 of the rate. A rate that contracts is found however slowly it does: Contraction is then just below 1.
    /// </remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let size = StepSizes.best StepLaw.Simultaneous [| Complex(1.0, 10.0); Complex(1.0, -10.0) |]
    /// size.Rate // 1/101
    /// size.Contraction // √(1 − 1/101) = 0.99503719
    /// </code>
    /// </example>
    val best: law: StepLaw -> spectrum: Complex[] -> StepSize

    /// <summary>The contraction factor of alternating play at a given rate: the spectral radius of the product of
    /// I − η P_i J over the players, the first one's on the right, with P_i the projection onto player i's entries.</summary>
    /// <param name="rate">η, at least 0.</param>
    /// <param name="dimensions">How many entries each player has, in the order in which they move.</param>
    /// <param name="jacobian">J, shape [d, d].</param>
    /// <exception cref="T:System.ArgumentException">The dimensions do not add up to d, or a number is out of range.</exception>
    /// <remarks>
    /// It is no function of J's spectrum. On blocks [[μ, b], [−b, μ]], where both players have the same curvature, it is
    /// 1 − ημ up to η = 2/(L + μ), L² = μ² + b², and there, at its least, (κ − 1)/(κ + 1): Grosse and Zhang's
    /// lecture says O(κ) steps and roughly 1/L; the closed form is derived here. At that rate the derivative has one double eigenvalue and is not diagonalisable, so that runs approach
    /// the law only as k^(1/k). On blocks [[0, b], [−b, 2μ]] of the same trace it is √(1 − 2ημ) instead.
    /// </remarks>
    val alternatingContraction: rate: float -> dimensions: int[] -> jacobian: float[,] -> float

    /// <summary>The constant rate of least contraction factor for alternating play.</summary>
    /// <param name="dimensions">How many entries each player has, in the order in which they move.</param>
    /// <param name="jacobian">J, shape [d, d].</param>
    /// <exception cref="T:System.ArgumentException">The dimensions do not add up to d, or J is not finite.</exception>
    /// <remarks>On a grid of η up to twice the inverse of the least eigenvalue, other than zero, of a player's own block, beyond
    /// which the step map's determinant is above 1; then by golden sections in every valley. Each value takes the eigenvalues
    /// of a d × d matrix.</remarks>
    val bestAlternating: dimensions: int[] -> jacobian: float[,] -> StepSize

    /// <summary>The best step sizes of all rules at a critical point of a game.</summary>
    /// <param name="concept">Nash for the spectrum of J, and alternating play too; Stackelberg for that of J_S.</param>
    /// <param name="x">The point, shape [d].</param>
    /// <param name="game">The game.</param>
    /// <exception cref="T:System.ArgumentException">x has another shape, is no critical point of the concept's field, or the
    /// Jacobian there is not finite; bounds hold every entry.</exception>
    /// <remarks>In a box, of the entries that no bound holds.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// duopoly |> StepSizes.ofGame Concept.Nash (Tensor.ofList [ 92.0 / 3.0; 101.0 / 3.0 ])
    /// // simultaneous: contraction 0.5 at rate 0.5; … : the eigenvalues of J are 1 and 3
    /// </code>
    /// </example>
    val ofGame: concept: Concept -> x: Tensor -> game: Game -> StepSize[]
