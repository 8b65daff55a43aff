namespace Stackelberg

/// The Jacobian of ω at a point and its parts, as operators on joint vectors of shape [d].
module internal FieldJacobian =

    let private ofField (game: Game) (field: Tensor[] -> Tensor[]) (point: Tensor[]) : Operator =
        let everybody = game.Everybody
        let joint = everybody.Unflatten >> field >> everybody.Flatten
        let x = everybody.Flatten point

        Operator(
            x.Shape,
            x.Shape,
            false,
            false,
            (fun v -> Diff.jvp joint x v |> snd),
            (fun w -> (Diff.vjp joint x |> snd) w)
        )

    let private gradient (game: Game) index point =
        Derivative.D point (game.PlayerBlock index) (Objective.ofCost (game.Cost index))

    /// J, with blocks D_ij f_i.
    let full (game: Game) point : Operator =
        ofField game (Field.gradients Conjecture.none game) point

    /// The blocks of J on its diagonal, D_ii f_i: what players' own moves do to their gradients. Symmetric.
    let own (game: Game) (point: Tensor[]) : Operator =
        let everybody = game.Everybody

        let apply v =
            everybody.Unflatten v
            |> Array.mapi (fun index part ->
                let block = game.PlayerBlock index
                Derivative.D2 point block block (Objective.ofCost (game.Cost index)) * part)
            |> everybody.Flatten

        Operator([| game.Dimension |], [| game.Dimension |], false, true, apply, apply)

    /// The other blocks of J: what the others' moves do to a player's gradient.
    let cross (game: Game) (point: Tensor[]) : Operator =
        let othersMove (moving: Tensor[]) =
            moving
            |> Array.mapi (fun index _ -> gradient game index (Array.updateAt index point[index] moving))

        ofField game othersMove point

    /// What the players keep at zero, as far as their bounds let them move: their gradients, or those settled.
    let private settled (game: Game) (point: Tensor[]) =
        Field.gradients Conjecture.none game point
        |> Array.mapi (fun index gradient -> Bounded.settled game index point[index] gradient)

    /// The Jacobian of what the players settle: J itself where no bounds are.
    let fullSettled (game: Game) point : Operator = ofField game (settled game) point

    /// Its blocks on the diagonal; not symmetric where sets are.
    let ownSettled (game: Game) (point: Tensor[]) : Operator =
        if Seq.exists game.IsBounded (seq { 0 .. game.Players.Length - 1 }) then
            let alone (moving: Tensor[]) =
                moving
                |> Array.mapi (fun index part ->
                    let point = Array.updateAt index part point
                    Bounded.settled game index part (gradient game index point))

            ofField game alone point
        else
            own game point

    /// v ↦ c ∘ v for a joint vector c.
    let scale (c: Tensor) : Operator =
        Operator(c.Shape, c.Shape, false, true, (fun v -> c * v), (fun v -> c * v))
