namespace Stackelberg

/// The followers' problem, D_ℓ G_ℓ = 0 in the entries below the top level.
[<Sealed>]
type private FollowersProblem(tolerance, limit) =
    inherit InnerNewton("the followers' best response", tolerance, limit)

    override _.IsMinimised game =
        game.Players.Length - game.Levels[0] = 1

    override _.Residual(step, z, into) = step.Exact(1, z, into)

    override _.Correction(step, z, residual, into) =
        step.Further(2, 0, residual)
        step.Exact(2, z, into)

/// The followers answer best, and the leaders descend their total derivative along the answer:
/// x₁⁺ = x₁ − γ Df₁(x₁, r(x₁)), x₂⁺ = r(x₁⁺).
[<Sealed>]
type internal BestResponseRule(tolerance: float, limit: int) =
    inherit Rule()

    static let still (game: Game) (point: Tensor[]) =
        point
        |> Array.map (fun part -> Tensor.zeros part.Shape |> Tensor.cast game.Precision)

    static let followers =
        Direction.ofParts "followers' gradients" null 0 (fun game point _ ->
            let below = game.BlockBelow 0
            let gradients = Field.gradients Conjecture.bestResponse game point
            below.Set (still game point) (below.Get gradients))

    static let newton =
        Direction.ofParts "followers' Newton" null 1 (fun game point further ->
            let below = game.BlockBelow 0

            let curvature = Derivative.D2 point below below (Field.followers game)

            Operator.inverse Solver.auto curvature * below.Get further[0]
            |> below.Set(still game point))

    let problem = FollowersProblem(tolerance, limit)

    override _.Name = "best response"
    override _.Source = "Fiez, Chasnov and Ratliff 2020, eq. 7"
    override _.Directions _ = [| Direction.ofConjecture Conjecture.bestResponse; followers; newton |]

    override this.Refuses game =
        let noFollowers =
            if game.Levels.Length > 1 then
                null
            else
                (invariant
                    $"{this.Name} needs followers, but all players of {game.Name} are on one level; take Rule.simultaneous, or put followers on a lower level.")

        Refusal.first [ noFollowers; Refusal.ifBounded this.Name game ]

    override _.WorkArrays = 4

    override _.Step step =
        let next, z = step.Next, step.Work[0]
        step.X.CopyTo(z, 0)

        // Later steps begin on the curve of answers.
        if step.Number = 1 then
            problem.Solve(step, z, 1)

        step.Evaluate(z, step.Gradient)
        z.CopyTo(next, 0)

        for leader in 0 .. step.Game.Levels[0] - 1 do
            step.MovePlayer(leader, z, step.Gradient, next)

        problem.Solve(step, next, 1)
