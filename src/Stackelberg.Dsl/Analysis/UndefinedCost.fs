namespace Stackelberg

/// Points at which a player's cost is no finite number. Its derivatives may be finite there, as those of log(−1 − x²) are;
/// but they are a cost's no more, and nothing follows from them.
module internal UndefinedCost =

    /// Whose cost it is and what it is there; none where every cost is finite.
    let reason (players: string[]) (costs: float[]) : string voption =
        match costs |> Array.tryFindIndex (System.Double.IsFinite >> not) with
        | Some index -> ValueSome(invariant $"the cost of {players[index]} is {costs[index]} there")
        | None -> ValueNone

    /// The same of a game at a point.
    let at (game: Game) (x: float[]) : string voption =
        (Game.costs game (Tensor.ofArray x)).ToArray()
        |> reason (game.Players |> Array.map _.Name)

    /// What a judgement comes to for such a reason: no verdict, were it yes or no.
    let over (reason: string voption) (judgement: Judgement) =
        match reason with
        | ValueSome why -> Judgement.because why
        | ValueNone -> judgement

    /// The same of a verdict alone.
    let verdict (reason: string voption) (value: Verdict) =
        if reason.IsSome then Verdict.Undecided else value
