namespace Stackelberg

open System

/// Games in which multipliers play for constraints.
module internal MultiplierGame =

    /// What the owner adds to its cost for an inequality g with the multiplier λ: (max(0, λ + ρ g)² − λ²) / 2ρ (Rockafellar
    /// 1973), with λ ≥ 0 and ρ = 0 the plain λᵀ g.
    let private term (ρ: float) isEquality (λ: Tensor) (g: Tensor) =
        if ρ = 0.0 then
            Tensor.dot λ g
        elif isEquality then
            Tensor.dot λ g + 0.5 * ρ * Tensor.dot g g
        else
            let raised = Tensor.relu (λ + ρ * g)
            (Tensor.dot raised raised - Tensor.dot λ λ) / (2.0 * ρ)

    let of' (ρ: float) (game: Game) : Game =
        if game.Constraints.Length = 0 then
            game
        else
            let multipliers =
                game.Restrictions
                |> Array.map (fun (struct (found, count)) ->
                    let name = (invariant $"multipliers of {found.Name} of {found.Player.Name}")
                    let player = Player.vector name count

                    if ρ = 0.0 && not found.IsEquality then
                        Player.bounded 0.0 infinity player
                    else
                        player)

            let added (q: Strategies) k =
                let struct (found, _) = game.Restrictions[k]
                term ρ found.IsEquality q[multipliers[k]] (found.Rows q)

            let levelOf (player: Player) =
                (game.Seats |> Array.find (fun seat -> seat.Player = player)).Level

            let places = [| 0 .. multipliers.Length - 1 |]

            let seats = [|
                for seat in game.Seats do
                    let own = places |> Array.filter (fun k -> game.Constraints[k].Player = seat.Player)

                    Seat(
                        seat.Player,
                        seat.Level,
                        Func<_, _>(fun (q: Strategies) ->
                            own |> Array.fold (fun sum k -> sum + added q k) (seat.Cost.Invoke q))
                    )
                for k in places do
                    Seat(
                        multipliers[k],
                        levelOf game.Constraints[k].Player,
                        Func<_, _>(fun (q: Strategies) -> -(added q k)),
                        IsMultiplier = true
                    )
            |]

            GameCheck.createOrRaise game.Name seats game.Sampler game.Precision
