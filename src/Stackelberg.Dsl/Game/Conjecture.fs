namespace Stackelberg

/// <summary>What a player believes that the players below do when it moves: the derivative of their believed answer
/// is what a total gradient contains.</summary>
[<Sealed>]
type Conjecture
    internal
    (
        name: string,
        solver: Solver,
        total: (Solver -> Tensor[] -> Block -> Objective -> Block -> Objective -> Tensor) voption
    ) =

    /// <summary>The conjecture as a reader knows it, its parameter included.</summary>
    member _.Name = name

    /// <summary>How the linear system with the followers' second derivatives is solved.</summary>
    member _.Solver = solver

    /// The total gradient of a leader's cost; none where the followers are believed to stay.
    member internal _.Total = total

    /// The same conjecture with another solver.
    member internal _.With solver = Conjecture(name, solver, total)

    /// <inheritdoc/>
    override _.Equals other =
        match other with
        | :? Conjecture as other -> other.Name = name && other.Solver = solver
        | _ -> false

    /// <inheritdoc/>
    override _.GetHashCode() = hash (name, solver)

    /// <inheritdoc/>
    override _.ToString() = name

/// <summary>Conjectures by name.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Conjecture =

    let private anticipating name η =
        Conjecture(
            name,
            Solver.auto,
            ValueSome(fun solver point leader f1 follower f2 ->
                TotalDerivative.ofLeader solver η point leader f1 follower f2)
        )

    /// <summary>The players below stay where they are: every player descends its own partial gradient (Nash play).</summary>
    [<CompiledName("None")>]
    let none = Conjecture("none", Solver.auto, ValueNone)

    /// <summary>The players below answer as the implicit function theorem says: Dr = −(D₂²f₂)⁻¹ D₂₁f₂.</summary>
    /// <remarks>Fiez, Chasnov and Ratliff (2020): the Stackelberg field ω_S.</remarks>
    [<CompiledName("BestResponse")>]
    let bestResponse = anticipating "bestResponse" 0.0

    /// <summary>The answer of a follower whose curvature is raised by η: Dr = −(D₂²f₂ + η I)⁻¹ D₂₁f₂.</summary>
    /// <param name="η">At least 0; 0 is bestResponse.</param>
    /// <exception cref="T:System.ArgumentException">η is negative or not finite.</exception>
    /// <remarks>Fiez, Chasnov and Ratliff (2020), appendix C: keeps the update defined where D₂²f₂ is singular.</remarks>
    [<CompiledName("Regularized")>]
    let regularized (η: float) =
        if not (System.Double.IsFinite η && η >= 0.0) then
            Require.wrong
                "Conjecture.regularized"
                (nameof η)
                $"is {η}, but a finite number of at least 0 is needed."

        anticipating $"regularized {η}" η

    /// <summary>The same conjecture, its linear systems solved another way.</summary>
    /// <param name="solver">For example Solver.cg.</param>
    /// <param name="conjecture">The conjecture.</param>
    [<CompiledName("WithSolver")>]
    let withSolver (solver: Solver) (conjecture: Conjecture) = conjecture.With solver
