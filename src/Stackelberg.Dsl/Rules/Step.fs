namespace Stackelberg

open System
open System.Collections.Generic

/// One value of a field that a step asked for.
[<NoEquality; NoComparison>]
type internal FieldValue = {
    Field: Direction
    /// The game on the draw that the field read.
    Scene: Game
    /// Where, shape [d].
    At: Tensor
    /// The same, one tensor for each player in the game's number type.
    Point: Tensor[]
    /// The value as one vector, float64, shape [d], and with noise.
    Exact: Tensor
    Value: Tensor
    /// Whether it is one of an inner iteration.
    IsInner: bool
}

/// What a step is given from outside.
[<NoEquality; NoComparison>]
type internal StepInputs = {
    Game: Game
    /// k, from 1, a scalar.
    Number: Tensor
    /// One for all players, or one for each: scalars.
    Rates: Tensor[]
    /// The draw that the n-th evaluation reads, from 0: the sampler's tensors.
    Sample: int -> Tensor[]
    /// What is added to the n-th evaluation, shape [d]; null for nothing.
    Noise: int -> Tensor
    /// Whether that is times 1 + ‖x‖₂.
    IsNoiseGrowing: bool
    Preconditioners: Preconditioner[]
    /// What each player's preconditioner remembers, and how often it has been used.
    Memory: Tensor[][]
    Uses: Tensor[]
}

/// <summary>What a rule's step is made of: the game's fields, this step's rates, the players' domains. All values are
/// expressions; joint strategies are float64 of shape [d].</summary>
/// <remarks>Every evaluation of a field draws anew: fresh noise, and a fresh draw of the game's sampler.</remarks>
[<Sealed>]
type Step internal (inputs: StepInputs) =

    let game = inputs.Game
    let everybody = game.Everybody
    let count = game.Players.Length
    let evaluations = List<FieldValue>()
    let uses = Array.copy inputs.Uses
    let memory = Array.copy inputs.Memory
    let timesUsed = Array.zeroCreate<int> count
    let mutable draws = 0

    let need func (x: Tensor) =
        Require.shape func "x" x.Shape [| game.Dimension |] (game.Describe())

    let pointOf x =
        x |> Tensor.cast game.Precision |> everybody.Unflatten

    let joined (parts: Tensor[]) =
        everybody.Flatten parts |> Tensor.cast DType.Float64

    let evaluate func isInner (field: Direction) x draw (noise: Tensor) =
        need func x

        if field.Inputs > 0 then
            Require.wrong
                func
                (nameof field)
                (invariant
                    $"is {field}, which takes {field.Inputs} further vectors besides the joint strategy; write the step's own tensors into the function instead.")

        let scene = game.In(field.HoldsBounds, inputs.Sample draw)
        let point = pointOf x
        let exact = field.Parts scene point [||] |> joined

        let value =
            if isNull noise then
                exact
            elif inputs.IsNoiseGrowing then
                exact + (1.0 + sqrt (Tensor.sum (x * x))) * noise
            else
                exact + noise

        evaluations.Add {
            Field = field
            Scene = scene
            At = x
            Point = point
            Exact = exact
            Value = value
            IsInner = isInner
        }

        value

    let fresh isInner field x =
        let number = draws
        draws <- draws + 1
        evaluate "Step.Evaluate" isInner field x number (inputs.Noise number)

    let rateOf index =
        inputs.Rates[if inputs.Rates.Length = 1 then 0 else index]

    let slice index (x: Tensor) =
        Tensor.slice 0 game.Offsets[index] game.Players[index].Dimension x

    let perPlayer (f: int -> Tensor) = Array.init count f |> Tensor.concat 0

    let bound (values: float[]) = Tensor.ofArray values

    let projectPart index (part: Tensor) =
        match game.Players[index].Domain with
        | Domain.Box(lower, upper) -> Tensor.minimum (bound upper) (Tensor.maximum (bound lower) part)
        | Domain.Set set -> ConvexSets.project set part
        | Domain.Free
        | Domain.Circle -> part

    let isBounded =
        game.Players |> Array.exists (fun player -> DomainOps.isBounded player.Domain)

    let project x =
        if isBounded then
            perPlayer (fun index -> projectPart index (slice index x))
        else
            x

    let isPlain = inputs.Preconditioners.Length = 0

    /// ‖g‖², once for all players.
    let squareOf (g: Tensor) = lazy (Tensor.dot g g)

    /// P(g) of one player's entries, from its strategy, or null where that is not known.
    let precondition index (from: Tensor) (g: Tensor) squareOfAll =
        if isPlain then
            g
        else
            let preconditioner =
                inputs.Preconditioners[if inputs.Preconditioners.Length = 1 then 0 else index]

            uses[index] <- uses[index] + 1.0
            timesUsed[index] <- timesUsed[index] + 1

            let move = {
                Uses = uses[index]
                From = from
                Rate = rateOf index
                SquareOfAll = squareOfAll
            }

            let struct (direction, after) = preconditioner.Apply(move, memory[index], g)
            memory[index] <- after
            direction

    /// Π(x − γ P(g)) of one player's entries.
    let descendPart index (x: Tensor) (g: Tensor) squareOfAll =
        let from = slice index x

        from - rateOf index * precondition index from (slice index g) squareOfAll
        |> projectPart index

    /// <summary>The game that is played, on the draw of the last evaluation.</summary>
    member _.Game: Game = game.In(false, inputs.Sample(max 0 (draws - 1)))

    /// <summary>k, from 1: a scalar.</summary>
    member _.Number: Tensor = inputs.Number

    /// <summary>Whether this is the first step, as a scalar condition for Tensor.where.</summary>
    member _.IsFirst: Tensor = Tensor.lessEqual inputs.Number (Tensor.scalar 1.0)

    /// <summary>This step's learning rate: a scalar where all players have one, else shape [d], each entry's own.</summary>
    member _.Rate: Tensor =
        if inputs.Rates.Length = 1 then
            inputs.Rates[0]
        else
            perPlayer (fun index -> Tensor.broadcastTo [ game.Players[index].Dimension ] (rateOf index))

    /// <summary>One player's rate, a scalar.</summary>
    /// <param name="player">The player's number in the game's order, from 0.</param>
    member _.RateOf(player: int) : Tensor = rateOf player

    /// <summary>A field with fresh noise, on a fresh draw.</summary>
    /// <param name="field">The field.</param>
    /// <param name="x">Where, shape [d].</param>
    /// <returns>Shape [d].</returns>
    member _.Evaluate(field: Direction, x: Tensor) : Tensor = fresh false field x

    /// <summary>A field that is written with the maps of module Game, with Diff and with this step's own tensors, with fresh
    /// noise and on a fresh draw.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="field">From the game, on that draw, and a joint strategy of shape [d] to shape [d].</param>
    /// <param name="x">Where, shape [d].</param>
    /// <returns>Shape [d].</returns>
    /// <example><code lang="fsharp">
    /// s.Evaluate("ω + λ Jᵀω", (fun game x ->
    ///     let ω, pullback = Diff.vjp (Game.omega game) x
    ///     ω + λ * pullback ω), x)
    /// </code></example>
    member _.Evaluate(name: string, field: Func<Game, Tensor, Tensor>, x: Tensor) : Tensor =
        let parts (game: Game) (point: Tensor[]) =
            let everybody = game.Everybody
            field.Invoke(game, everybody.Flatten point) |> everybody.Unflatten

        fresh false (Direction.ofStep name parts) x

    /// As Evaluate, of an inner iteration: a run is not judged by it.
    member internal _.Inner(field: Direction, x: Tensor) : Tensor = fresh true field x

    /// <summary>A field without noise on the draw of the last evaluation (the step's first before it).</summary>
    /// <param name="field">The field.</param>
    /// <param name="x">Where, shape [d].</param>
    /// <returns>Shape [d].</returns>
    member _.Exact(field: Direction, x: Tensor) : Tensor =
        evaluate "Step.Exact" false field x (max 0 (draws - 1)) null

    /// <summary>Every player's total gradient under a conjecture of the players below, with fresh noise and on a fresh
    /// draw.</summary>
    /// <param name="conjecture">Conjecture.none for ω, Conjecture.bestResponse for ω_S.</param>
    /// <param name="x">Where, shape [d].</param>
    /// <returns>Shape [d].</returns>
    member step.Field(conjecture: Conjecture, x: Tensor) : Tensor =
        step.Evaluate(Direction.ofConjecture conjecture, x)

    /// <summary>ω(x): every player's own gradient Dᵢfᵢ.</summary>
    /// <param name="x">Where, shape [d].</param>
    member step.Omega(x: Tensor) : Tensor = step.Field(Conjecture.none, x)

    /// <summary>ω_S(x): every player's total gradient where the players below answer best.</summary>
    /// <param name="x">Where, shape [d].</param>
    member step.OmegaS(x: Tensor) : Tensor = step.Field(Conjecture.bestResponse, x)

    /// <summary>Π(x): the players' bounds. Angles are turned back by the run.</summary>
    /// <param name="x">Shape [d].</param>
    member _.Project(x: Tensor) : Tensor =
        need "Step.Project" x
        project x

    /// <summary>Π(x − γ P(g)): one step along a direction at this step's rates, preconditioned, within the bounds.</summary>
    /// <param name="x">From where, shape [d].</param>
    /// <param name="g">The direction, shape [d].</param>
    member step.Descend(x: Tensor, g: Tensor) : Tensor =
        need "Step.Descend" x
        need "Step.Descend" g

        if isPlain && inputs.Rates.Length = 1 then
            project (x - inputs.Rates[0] * g)
        else
            let square = squareOf g
            perPlayer (fun index -> descendPart index x g square)

    /// <summary>P(g): what the players' preconditioners make of a direction; g where there are none.</summary>
    /// <param name="g">The direction, shape [d].</param>
    /// <exception cref="T:System.InvalidOperationException">A preconditioner lets strategies decay; give x as well.</exception>
    member _.Precondition(g: Tensor) : Tensor =
        need "Step.Precondition" g

        if isPlain then
            g
        else
            let square = squareOf g
            perPlayer (fun index -> precondition index null (slice index g) square)

    /// <summary>P(g) at a joint strategy, which decay adds to: what the players' preconditioners make of a direction; g where
    /// there are none.</summary>
    /// <param name="x">From where the step goes, shape [d].</param>
    /// <param name="g">The direction, shape [d].</param>
    member _.Precondition(x: Tensor, g: Tensor) : Tensor =
        need "Step.Precondition" x
        need "Step.Precondition" g

        if isPlain then
            g
        else
            let square = squareOf g
            perPlayer (fun index -> precondition index (slice index x) (slice index g) square)

    /// <summary>As Descend, of one player's entries alone.</summary>
    /// <param name="player">The player's number in the game's order, from 0.</param>
    /// <param name="x">From where, shape [d].</param>
    /// <param name="g">The direction, shape [d].</param>
    /// <param name="others">What the other entries of the result are, shape [d].</param>
    member _.DescendPlayer(player: int, x: Tensor, g: Tensor, others: Tensor) : Tensor =
        perPlayer (fun index ->
            if index = player then
                descendPart index x g (squareOf (slice index g))
            else
                slice index others)

    /// Has the run judged at another point than where the step evaluated its first field: that field there, without noise and
    /// on the same draw, becomes the step's first.
    member internal _.JudgeAt(x: Tensor) =
        match evaluations |> Seq.tryFind (fun evaluation -> not evaluation.IsInner) with
        | Some first ->
            evaluate "Step.JudgeAt" false first.Field x 0 null |> ignore
            let judged = evaluations[evaluations.Count - 1]
            evaluations.RemoveAt(evaluations.Count - 1)
            evaluations.Insert(0, judged)
        | None -> ()

    /// One tensor for each player, in the game's number type, and back.
    member internal _.Split(x: Tensor) : Tensor[] = pointOf x

    member internal _.Join(parts: Tensor[]) : Tensor = joined parts

    /// The values that were asked for, in order.
    member internal _.Evaluations = evaluations

    /// How many draws these read.
    member internal _.Draws = draws

    member internal _.Memory = memory
    member internal _.Uses = uses

    /// How often each player's preconditioner is used in a step.
    member internal _.TimesUsed = timesUsed

    /// The end of a step: the joint strategy with its angles in [−π, π).
    member internal _.Wrap(x: Tensor) : Tensor =
        if game.Players |> Array.exists _.Domain.IsCircle then
            perPlayer (fun index ->
                let part = slice index x

                if game.Players[index].Domain.IsCircle then
                    let turn = 2.0 * Math.PI
                    let shifted = part + Math.PI
                    let turned = shifted - turn * floor (shifted / turn) - Math.PI

                    // Exact for an angle that needs no turn.
                    Tensor.where
                        (Tensor.greaterEqual part (Tensor.scalar -Math.PI)
                         * Tensor.less part (Tensor.scalar Math.PI))
                        part
                        turned
                else
                    part)
        else
            x

    /// ‖x − Π(x − g)‖².
    member internal _.SquareOfResidual(x: Tensor, g: Tensor) : Tensor =
        let part = if isBounded then x - project (x - g) else g
        Tensor.sum (part * part)
