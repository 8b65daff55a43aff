namespace Stackelberg

/// The flow of a field in the players' domains, as a system for the pair.
[<Sealed>]
type internal FlowField(game: Game, direction: Direction, scales: float[]) =

    let field = FieldRun(FieldProgram.Of direction game)

    let at, g: float[] * float[] =
        Array.zeroCreate game.Dimension, Array.zeroCreate game.Dimension

    let scaleOf =
        Array.init game.Dimension (fun entry ->
            if scales.Length = 0 then
                1.0
            else
                scales[game.OwnerOf entry])

    /// Whether a bound stops an entry's descent.
    let isStopped (x: float) (g: float) domain entry =
        match domain with
        | Domain.Box(lower, upper) -> (x <= lower[entry] && g > 0.0) || (x >= upper[entry] && g < 0.0)
        | Domain.Free
        | Domain.Circle -> false

    /// How the inner solves of all evaluations went.
    member val Solves = SolveSummary()

    /// Whether the followers' curvature was found not to be positive definite at the last evaluation.
    member _.IsIndefinite = field.IsIndefinite

    /// How often the field was evaluated.
    member val Evaluations = 0 with get, set

    /// The norm of the field where the slope was last asked for; in a box of x − Π(x − g).
    member _.Residual = game.Residual(at, g)

    /// Why the field is not finite at a point.
    member _.Explain(x: float[]) = Breakdown.explain game field x

    /// The velocity. A stage beyond a bound counts as at it.
    member this.Slope(x: float[], into: float[]) =
        Array.blit x 0 at 0 x.Length
        game.Project at
        field.Evaluate(at, g)
        this.Evaluations <- this.Evaluations + 1

        if field.Solves.Length > 0 then
            this.Solves.Add field.Solves |> ignore

        for index in 0 .. game.Players.Length - 1 do
            let domain, offset = game.Players[index].Domain, game.Offsets[index]

            for i in offset .. game.Offsets[index + 1] - 1 do
                into[i] <-
                    if isStopped x[i] g[i] domain (i - offset) then
                        0.0
                    else
                        -scaleOf[i] * g[i]
