namespace Stackelberg

/// Rules that take from the step before what another evaluation would tell.
module internal Past =

    /// Extragradient whose first step goes along the field that the step before ended with:
    /// z = Π(x − γ ω(z⁻)), x⁺ = Π(x − γ ω(z)). One evaluation a step.
    let extrapolation =
        RuleDefinition.known
            "extrapolation from the past"
            "Popov 1980; Gidel, Berard, Vignoud, Vincent and Lacoste-Julien 2019, section 3.3"
            []
            (fun _ x -> x)
        |> RuleDefinition.remembering
            (fun game _ -> [| "last field", Tensor.zeros [ game.Dimension ] |])
            (fun s memory x ->
                let g = s.Omega(s.Descend(x, memory[0]))
                s.Descend(x, g), [| g |])

    /// Optimism in what the preconditioner makes of the field, x⁺ = Π(x − γ (2 P(ω(x)) − P⁻)): P⁻ is the direction before; the
    /// first step is plain.
    let optimism =
        RuleDefinition.known
            "optimistic directions"
            "Daskalakis, Ilyas, Syrgkanis and Zeng 2018, algorithm 1"
            []
            (fun _ x -> x)
        |> RuleDefinition.remembering
            (fun game _ -> [| "last direction", Tensor.zeros [ game.Dimension ] |])
            (fun s memory x ->
                let direction = s.Precondition(x, s.Omega x)
                let last = Tensor.where s.IsFirst direction memory[0]
                s.Project(x - s.Rate * (2.0 * direction - last)), [| direction |])

    /// Looks ahead along the last move before it evaluates the field: y = Π(x + β (x − x⁻)), x⁺ = Π(y − γ ω(y)).
    let nesterov (β: float) =
        RuleDefinition.known
            (invariant $"Nesterov's momentum {β}")
            "Nesterov 1983; Sutskever, Martens, Dahl and Hinton 2013, section 2; of all players at once"
            []
            (fun _ x -> x)
        |> RuleDefinition.remembering
            (fun game _ -> [| "velocity", Tensor.zeros [ game.Dimension ] |])
            (fun s memory x ->
                let ahead = s.Project(x + β * memory[0])
                let next = s.Descend(ahead, s.Omega ahead)
                next, [| next - x |])
