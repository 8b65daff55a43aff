namespace Stackelberg

/// The followers answer best, and the leaders descend their total derivative along the answer:
/// x₁⁺ = x₁ − γ Df₁(x₁, r(x₁)), x₂⁺ = r(x₁⁺).
module internal BestResponse =

    /// The joint strategy with the followers' best response, found from their present one: D_ℓ G_ℓ = 0,
    /// or y − Π(y − D_ℓ G_ℓ) = 0 of those with bounds.
    let private answered (settings: RootSettings) (s: Step) (x: Tensor) =
        let game = s.Game
        let below = game.BlockBelow 0
        let point = s.Split x
        let gradients = Field.gradients Conjecture.bestResponse game

        // A single follower's answer is a minimum, several followers' any critical point of their own game.
        let settings = {
            settings with
                IsMinimised = below.Count = 1 && not (game.IsBounded below.First)
        }

        let settled (point: Tensor[]) =
            gradients point
            |> Array.mapi (fun index gradient ->
                if index < below.First then
                    gradient
                else
                    Bounded.residual game index point[index] gradient)

        let answer =
            Root.find
                "Rule.bestResponse"
                settings
                (fun y -> below.Get(settled (below.Set point y)))
                (below.Get point)

        s.Join(below.Set point answer)

    let usualTolerance, usualLimit = 1e-10, 50

    let rule (tolerance: float) (limit: int) =
        let settings = {
            Root.settings with
                Tolerance = tolerance
                MaxSteps = limit
        }

        let name =
            if tolerance = usualTolerance && limit = usualLimit then
                "best response"
            else
                (invariant $"best response ({tolerance}, {limit})")

        RuleDefinition.known
            name
            "Fiez, Chasnov and Ratliff, arXiv 1906.01217, equation (7)"
            [ Requirement.Followers ]
            (fun s x ->
                // Later steps begin on the curve of answers.
                let z = Tensor.where s.IsFirst (answered settings s x) x
                let g = s.OmegaS z

                Seq.fold
                    (fun next leader -> s.DescendPlayer(leader, z, g, next))
                    z
                    (seq { 0 .. s.Game.Levels[0] - 1 })
                |> answered settings s)
        |> RuleDefinition.solving "the followers' best response"
