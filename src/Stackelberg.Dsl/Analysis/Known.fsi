namespace Stackelberg

open System.Numerics

/// <summary>Known points of games as data: written beside a game, and compared with what the analysis finds.</summary>
/// <example>
/// <code lang="fsharp">
/// let known =
///     duopoly
///     |> Known.game "Fiez, Chasnov and Ratliff (arXiv 1906.01217)" [ 10.0; 10.0 ] 0.1 [
///         Known.point [ 46.0; 26.0 ] [ Trait.DifferentialStackelberg; Trait.StableStackelberg ]
///         |> Known.withCosts [ -1058.0; -676.0 ]
///     ]
///
/// Known.faults known // [||]
/// </code>
/// </example>
[<RequireQualifiedAccess>]
module Known =

    /// <summary>A point of which exactly the traits given hold, and those that they imply.</summary>
    /// <param name="at">The joint strategy, of length d, to rounding error.</param>
    /// <param name="holds">What holds there. DifferentialNash and StableSimgrad imply CriticalOmega;
    /// DifferentialStackelberg and StableStackelberg imply CriticalOmegaS.</param>
    val point: at: float list -> holds: Trait list -> KnownPoint

    /// <summary>The same point, of which some more traits are undecided.</summary>
    /// <param name="traits">What hangs on an eigenvalue that is zero, or on a field that is undefined there.</param>
    /// <param name="known">The point.</param>
    /// <exception cref="T:System.ArgumentException">A trait is one of those that hold.</exception>
    val undecided: traits: Trait list -> known: KnownPoint -> KnownPoint

    /// <summary>The same point, where the followers' second derivatives are singular: their answer is undefined, and
    /// every trait of Stackelberg play undecided.</summary>
    /// <param name="known">The point.</param>
    val singularFollower: known: KnownPoint -> KnownPoint

    /// <summary>The same point with the players' costs.</summary>
    /// <param name="costs">One for each player, in the game's order.</param>
    /// <param name="known">The point.</param>
    val withCosts: costs: float list -> known: KnownPoint -> KnownPoint

    /// <summary>The same point with a spectrum of J that is real.</summary>
    /// <param name="eigenvalues">All d, in any order.</param>
    /// <param name="known">The point.</param>
    val withJ: eigenvalues: float list -> known: KnownPoint -> KnownPoint

    /// <summary>The same point with the spectrum of J.</summary>
    /// <param name="eigenvalues">Those with an imaginary part of 0 or above, in any order: of each conjugate pair
    /// one.</param>
    /// <param name="known">The point.</param>
    val withComplexJ: eigenvalues: Complex list -> known: KnownPoint -> KnownPoint

    /// <summary>The same point with a spectrum of J_S that is real.</summary>
    /// <param name="eigenvalues">All d, in any order.</param>
    /// <param name="known">The point.</param>
    val withJS: eigenvalues: float list -> known: KnownPoint -> KnownPoint

    /// <summary>The same point with the spectrum of J_S.</summary>
    /// <param name="eigenvalues">Those with an imaginary part of 0 or above, in any order: of each conjugate pair
    /// one.</param>
    /// <param name="known">The point.</param>
    val withComplexJS: eigenvalues: Complex list -> known: KnownPoint -> KnownPoint

    /// <summary>The same point with a source of its own.</summary>
    /// <param name="source">Author and year, or how it was derived.</param>
    /// <param name="known">The point.</param>
    val from: source: string -> known: KnownPoint -> KnownPoint

    /// <summary>A game with its known points.</summary>
    /// <param name="source">Author and year, and what was derived anew.</param>
    /// <param name="start">Where a learning rule may begin: a joint strategy of length d.</param>
    /// <param name="rate">A constant learning rate at which it may do so.</param>
    /// <param name="points">The points; none where it is known that there are none.</param>
    /// <param name="game">The game.</param>
    /// <exception cref="T:System.ArgumentException">A point, its costs or a spectrum, or the start has a length that
    /// does not fit the game; or the rate is not a positive number.</exception>
    val game:
        source: string ->
        start: float list ->
        rate: float ->
        points: KnownPoint list ->
        game: Game ->
            KnownGame

    /// <summary>The same game, of which the source has something wrong.</summary>
    /// <param name="erratum">What, and what is right.</param>
    /// <param name="known">The game.</param>
    val withErratum: erratum: string -> known: KnownGame -> KnownGame

    /// <summary>The verdict of a report on a trait.</summary>
    /// <param name="it">The trait.</param>
    /// <param name="report">The report.</param>
    /// <example><code lang="fsharp">Known.verdict Trait.DifferentialNash report // report.IsDifferentialNash</code></example>
    val verdict: it: Trait -> report: Report -> Verdict

    /// <summary>Which of a game's known points a joint strategy is: its index in Points, or −1 for none of them.</summary>
    /// <param name="x">A joint strategy of length d, for example the end of a run.</param>
    /// <param name="known">The game with its points.</param>
    /// <exception cref="T:System.ArgumentException">x has another length.</exception>
    /// <remarks>To 1e-6 of the point's size, angles modulo 2π: a run that has converged is nearer to its limit, and
    /// points of one game are farther from each other.</remarks>
    val indexOf: x: float[] -> known: KnownGame -> int

    /// <summary>What Equilibrium.classify says otherwise than what is known, one sentence each; empty if nothing.</summary>
    /// <param name="known">The game with its points.</param>
    /// <remarks>Costs are compared to 1e-9, relative, and eigenvalues to 1e-6 of the largest: rounding errors make
    /// an error of their root in a double eigenvalue with one eigenvector.</remarks>
    val faults: known: KnownGame -> string[]
