namespace Stackelberg

/// <summary>Why learning with noise need not converge: what the rates lack of the conditions Σγ = ∞, Σγ² &lt; ∞, and γ of a
/// leader = o(γ of its followers).</summary>
/// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), assumption A1b, and section 3.2 for γ₁ = o(γ₂).</remarks>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type RateWarning =
    /// The sum of a player's rates is finite, so that it may stop before it arrives.
    | SumFinite of player: string * rate: string
    /// The sum of a player's squared rates is infinite, so that the noise does not die out.
    | SquaresInfinite of player: string * rate: string
    /// A leader's rate does not become negligible against a follower's, so that the follower need not keep up.
    | NotSlower of leader: string * follower: string
    /// A player's rate is a function of which only values are known.
    | Unknown of player: string * rate: string

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The warning in a sentence, with what to try.</summary>
    override warning.ToString() =
        match warning with
        | SumFinite(player, rate) ->
            (invariant
                $"Σγ of {player} is finite (γ = {rate}), so it may stop on its way; take Rate.power c p with p ≤ 1")
        | SquaresInfinite(player, rate) ->
            (invariant
                $"Σγ² of {player} is infinite (γ = {rate}), so the noise does not die out; take Rate.power c p with p > 1/2")
        | NotSlower(leader, follower) ->
            (invariant
                $"the rate of {leader} is not o(that of {follower}), so {follower} need not keep up with its answer; let the leader's rate fall faster")
        | Unknown(player, rate) ->
            (invariant
                $"whether Σγ = ∞ and Σγ² < ∞ for {player} is unknown (γ = {rate}); Rate.power would tell")

/// Decides on the rates of a run.
module internal RateWarnings =

    /// Whether a over b tends to 0.
    let private isNegligible (a: RateOrder) (b: RateOrder) =
        match a, b with
        | RateOrder.Power(c, _), _ when c = 0.0 -> true
        | RateOrder.Geometric(c, _), _ when c = 0.0 -> true
        | RateOrder.Power(_, p), RateOrder.Power(_, q) -> p > q
        | RateOrder.Geometric(_, ν), RateOrder.Geometric(_, κ) -> abs ν < abs κ
        | RateOrder.Geometric(_, ν), RateOrder.Power _ -> abs ν < 1.0
        | RateOrder.Power _, RateOrder.Geometric(_, κ) -> abs κ > 1.0
        | RateOrder.Unknown, _
        | _, RateOrder.Unknown -> true

    let private ofPlayer (player: string) (rate: Rate) = [|
        match rate.Order with
        | RateOrder.Power(c, p) ->
            if not (c > 0.0 && p <= 1.0) then
                RateWarning.SumFinite(player, string rate)

            if c <> 0.0 && p <= 0.5 then
                RateWarning.SquaresInfinite(player, string rate)
        | RateOrder.Geometric(c, ν) ->
            if not (c > 0.0 && ν > 1.0) then
                RateWarning.SumFinite(player, string rate)

            if c <> 0.0 && abs ν >= 1.0 then
                RateWarning.SquaresInfinite(player, string rate)
        | RateOrder.Unknown -> RateWarning.Unknown(player, string rate)
    |]

    /// Of a game's rates; isLed says whether players anticipate those below, who must then be faster.
    let ofRates isLed (rates: Rate[]) (game: Game) : RateWarning[] =
        let rateOf index =
            rates[if rates.Length = 1 then 0 else index]

        let all = [| 0 .. game.Players.Length - 1 |]

        [|
            for index in all do
                yield! ofPlayer game.Players[index].Name (rateOf index)

            if isLed then
                for leader in all do
                    for follower in all do
                        if
                            game.Seats[follower].Level = game.Seats[leader].Level + 1
                            && not (isNegligible (rateOf leader).Order (rateOf follower).Order)
                        then
                            RateWarning.NotSlower(game.Players[leader].Name, game.Players[follower].Name)
        |]

    /// Of a run along directions: none without noise, where constant rates may converge.
    let ofRun (directions: Direction[]) (settings: LearnSettings) (game: Game) : RateWarning[] =
        let isNoisy =
            game.Batches.Length > 0
            || match settings.Noise with
               | Noise.Silent -> false
               | Noise.Gaussian deviations
               | Noise.Growing deviations -> deviations |> Array.exists (fun deviation -> deviation > 0.0)
               | Noise.Given _ -> true

        if isNoisy then
            ofRates (directions |> Array.exists _.HoldsBounds) (Array.ofList settings.Rates) game
        else
            [||]
