namespace Stackelberg

open System.Collections.Generic

/// The bilevel problem min f₁(x, y) over x and y ∈ argmin f₂(x, ·), by its value function v(x) = min f₂(x, ·): leader and follower
/// together descend f₁ + λ (f₂ − v), where v's derivative is that of f₂ at z, the end of some gradient steps on f₂(x, ·)
/// that begin where those of the step before ended.
[<Sealed>]
type internal PenaltyRule(λ: float, innerSteps: int, innerRate: float) =
    inherit Rule()

    let cost (game: Game) index = Objective.ofCost (game.Cost index)

    /// The further input is z.
    let penalised =
        Direction.ofParts "penalty" λ 1 (fun game point further ->
            let x, y = game.PlayerBlock 0, game.PlayerBlock 1
            let f1, f2 = cost game 0, cost game 1
            let D = Derivative.D point
            let atAnswer = Derivative.D(y.Set point further[0].[1])

            [| D x f1 + λ * (D x f2 - atAnswer x f2); D y f1 + λ * D y f2 |])

    static let follower =
        Direction.ofParts "follower's gradient" null 0 (fun game point _ ->
            let gradients = Field.gradients Conjecture.none game point
            [| 0.0 * gradients[0]; gradients[1] |])

    override _.Name = (invariant $"penalty {λ} ({innerSteps} inner steps of {innerRate})")
    override _.Source = "Shen and Chen 2023 (V-PBGD); Ye, Liu, Wright, Stone and Liu 2022"
    override _.Directions _ = [| penalised; follower |]

    override this.Refuses game =
        Refusal.first [
            Refusal.unlessTwoPlayers this.Name game
            Refusal.unlessTwoLevels this.Name game
        ]

    override _.EvaluationsPerStep _ = innerSteps + 1
    override _.Memory dimension = [| KeyValuePair("answer", Array.zeroCreate dimension) |]
    override _.WorkArrays = 1

    override _.Step step =
        let x, answer, g = step.X, step.Memory[0], step.Work[0]
        let first = step.Game.Offsets[1]

        if step.Number = 1 then
            x.CopyTo(answer, 0)

        System.Array.Copy(x, answer, first)

        for _ in 1..innerSteps do
            step.Evaluate(1, answer, g)

            for i in first .. x.Length - 1 do
                answer[i] <- answer[i] - innerRate * g[i]

            step.Game.Project answer

        step.Further(0, 0, answer)
        step.Evaluate(0, x, step.Gradient)
        step.Move(x, step.Gradient, step.Next)
