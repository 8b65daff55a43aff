namespace Stackelberg

/// <summary>What a player believes that the players below do when it moves: the derivative of their believed answer
/// is what a total gradient contains.</summary>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type Conjecture
    internal
    (
        name: string,
        solver: Solver,
        raisedBy: float voption,
        total: (Solver -> Tensor[] -> Block -> Objective -> Block -> Objective -> Tensor) voption
    ) =

    /// <summary>The conjecture as a reader knows it, its parameter included.</summary>
    member _.Name = name

    /// <summary>How the linear system with the followers' second derivatives is solved.</summary>
    member _.Solver = solver

    /// The total gradient of a leader's cost; none where the followers are believed to stay.
    member internal _.Total = total

    /// Where the followers are believed to answer best, what is added to their curvature; none elsewhere.
    member internal _.RaisedBy = raisedBy

    /// The same conjecture with another solver.
    member internal _.With solver =
        Conjecture(name, solver, raisedBy, total)

    /// <inheritdoc/>
    override _.Equals other =
        match other with
        | :? Conjecture as other -> other.Name = name && other.Solver = solver
        | _ -> false

    /// <inheritdoc/>
    override _.GetHashCode() = hash (name, solver)

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <inheritdoc/>
    override _.ToString() = name

/// <summary>Conjectures by name.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Conjecture =

    let private anticipating name η =
        Conjecture(
            name,
            Solver.auto,
            ValueSome η,
            ValueSome(fun solver point leader f1 follower f2 ->
                TotalDerivative.ofLeader solver η point leader f1 follower f2)
        )

    /// <summary>The players below stay where they are: every player descends its own partial gradient (Nash play).</summary>
    [<CompiledName("None")>]
    let none = Conjecture("none", Solver.auto, ValueNone, ValueNone)

    /// <summary>The players below answer as the implicit function theorem says: Dr = −(D₂²f₂)⁻¹ D₂₁f₂.</summary>
    /// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), equation (2): the Stackelberg field ω_S.</remarks>
    [<CompiledName("BestResponse")>]
    let bestResponse = anticipating "bestResponse" 0.0

    /// <summary>The answer of a follower whose curvature is raised by η: Dr = −(D₂²f₂ + η I)⁻¹ D₂₁f₂.</summary>
    /// <param name="η">At least 0; 0 is bestResponse.</param>
    /// <exception cref="T:System.ArgumentException">η is negative or not finite.</exception>
    /// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), appendix C: keeps the update defined where D₂²f₂ is singular.</remarks>
    [<CompiledName("Regularized")>]
    let regularized (η: float) =
        Require.notNegative "Conjecture.regularized" (nameof η) η

        anticipating (invariant $"regularized {η}") η

    /// <summary>The players below are believed to stay, r̂ = x₂, and to answer a move by one gradient step:
    /// Dr̂ = −γ D₂₁f₂. The leader descends D₁f₁ − γ (D₂₁f₂)ᵀ D₂f₁.</summary>
    /// <param name="γ">The believed rate, at least 0; 0 is none.</param>
    /// <exception cref="T:System.ArgumentException">γ is negative or not finite.</exception>
    /// <remarks>Foerster and others (2018), LOLA, in the form of Fiez, Chasnov and Ratliff (arXiv 1906.01217), section 2.2.2: the
    /// term that comes from evaluating f₁ at the moved point is left out.</remarks>
    [<CompiledName("GradientStep")>]
    let gradientStep (γ: float) =
        Require.notNegative "Conjecture.gradientStep" (nameof γ) γ

        Conjecture(
            (invariant $"gradientStep {γ}"),
            Solver.auto,
            ValueNone,
            ValueSome(fun _ point leader f1 follower f2 ->
                MovedAnswer.ofGradientStep γ point leader f1 follower f2)
        )

    let private unrolling name k γ =
        Conjecture(
            name,
            Solver.auto,
            ValueNone,
            ValueSome(fun _ point leader f1 follower f2 ->
                MovedAnswer.unrolled k γ point leader f1 follower f2)
        )

    /// <summary>The players below are believed to make one gradient step, r̂ = x₂ − γ D₂f₂(x): the leader descends
    /// the derivative of x₁ ↦ f₁(x₁, r̂(x₁, x₂)), taken at the moved point.</summary>
    /// <param name="γ">The believed rate, at least 0; 0 is none.</param>
    /// <exception cref="T:System.ArgumentException">γ is negative or not finite.</exception>
    /// <remarks>LOLA as in Grosse and Zhang's lecture; the same as unrolled 1 γ.</remarks>
    [<CompiledName("LookAhead")>]
    let lookAhead (γ: float) =
        Require.notNegative "Conjecture.lookAhead" (nameof γ) γ
        unrolling (invariant $"lookAhead {γ}") 1 γ

    /// <summary>The players below are believed to make k gradient steps, y⁺ = y − γ D₂f₂(x₁, y) from y = x₂: the leader
    /// descends the derivative of x₁ ↦ f₁(x₁, r̂(x₁, x₂)) through all of them.</summary>
    /// <param name="k">At least 1. Beyond 16 the steps are a loop, so that the leader's program does not grow with them.</param>
    /// <param name="γ">The believed rate, at least 0; 0 is none.</param>
    /// <exception cref="T:System.ArgumentException">k is below 1; γ is negative or not finite.</exception>
    /// <remarks>Metz, Poole, Pfau and Sohl-Dickstein (2017), eq. 7 to 9.</remarks>
    [<CompiledName("Unrolled")>]
    let unrolled (k: int) (γ: float) =
        Require.atLeastOne "Conjecture.unrolled" (nameof k) k
        Require.notNegative "Conjecture.unrolled" (nameof γ) γ
        unrolling (invariant $"unrolled {k} {γ}") k γ

    /// <summary>The same conjecture, its linear systems solved another way.</summary>
    /// <param name="solver">For example Solver.cg.</param>
    /// <param name="conjecture">The conjecture.</param>
    [<CompiledName("WithSolver")>]
    let withSolver (solver: Solver) (conjecture: Conjecture) = conjecture.With solver
