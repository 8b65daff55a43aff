namespace Stackelberg

/// A rule in which every level is τ times as fast as the one above it: its rates are γ, τγ, τ²γ, …
[<Sealed>]
type internal TwoTimescaleRule(name: string, source: string, τ: float, rule: Rule) =
    inherit WrappedRule(rule)

    override _.Name = name
    override _.Source = source

    override _.Refuses game =
        let oneLevel =
            if game.Levels.Length > 1 then
                null
            else
                (invariant
                    $"{name} makes lower levels faster, but all players of {game.Name} are on one level; give Rates one schedule for each player instead.")

        Refusal.first [ oneLevel; rule.Refuses game ]

    override _.Step step =
        for player in 0 .. step.Game.Players.Length - 1 do
            let factor = τ ** float step.Game.Seats[player].Level
            step.SetRate(player, factor * step.RateOf player)

        rule.Step step
