namespace Stackelberg

open Stackelberg.Kernels

/// The players' total gradients under a conjecture, as expressions.
module internal Field =

    /// <summary>Every player's total gradient, one tensor for each player.</summary>
    /// <param name="conjecture">What players believe of the levels below.</param>
    /// <param name="game">The game.</param>
    /// <param name="masks">For each player null, or a tensor of the player's shape: 1 where the strategy answers, 0
    /// where a bound holds it fast.</param>
    /// <param name="point">One tensor for each player.</param>
    let gradients (conjecture: Conjecture) (game: Game) (masks: Tensor[]) (point: Tensor[]) : Tensor[] =
        let lowest = game.Levels.Length - 1

        let rec total level index (point: Tensor[]) =
            let player, cost = game.PlayerBlock index, Objective.ofCost (game.Cost index)

            match conjecture.Total with
            | ValueSome total when level < lowest ->
                total conjecture.Solver point player cost (game.BlockBelow level) (below level)
            | _ -> Derivative.D point player cost

        and below level : Objective =
            let block = game.BlockBelow level
            let inside = [| block.First .. block.First + block.Count - 1 |]

            if block.Count = 1 && isNull masks[block.First] then
                Objective.ofCost (game.Cost block.First)
            else
                Objective.ofLevel (fun point ->
                    inside
                    |> Array.map (fun index ->
                        let gradient = total game.Seats[index].Level index point

                        // Held entries obey x = constant, not gradient = 0: their answer is zero.
                        match masks[index] with
                        | null -> gradient
                        | mask -> mask * gradient + (1.0 - mask) * point[index])
                    |> block.Join)

        game.Seats |> Array.mapi (fun index seat -> total seat.Level index point)

    /// The field as a function of the joint strategy, shape [d], free of bounds.
    let joint conjecture (game: Game) (x: Tensor) =
        let masks = Array.create game.Players.Length null

        x
        |> game.Everybody.Unflatten
        |> gradients conjecture game masks
        |> game.Everybody.Flatten

/// A field's programs, compiled when first needed.
[<Sealed>]
type internal FieldProgram(game: Game, conjecture: Conjecture) =

    let count = game.Players.Length

    /// The players whose answers a bound can stop.
    let held =
        if conjecture.Total.IsNone then
            [||]
        else
            [|
                for index in 0 .. count - 1 do
                    if game.Players[index].Domain.IsBox && game.Seats[index].Level > 0 then
                        index
            |]

    let shapes = game.Players |> Array.map _.Shape
    let inputs = Array.append shapes (held |> Array.map (fun index -> shapes[index]))

    let field (inputs: Tensor[]) =
        let masks = Array.create count null
        held |> Array.iteri (fun k index -> masks[index] <- inputs[count + k])
        fun point -> Field.gradients conjecture game masks point

    let compile (early: int[][]) (late: int[][]) f =
        let float64 shape = DType.Float64, shape

        let isLate =
            Array.append (Array.map (fun _ -> false) early) (Array.map (fun _ -> true) late)

        Program.compile (Array.map float64 (Array.append early late)) isLate f

    let value =
        lazy (compile inputs [||] (fun inputs -> field inputs inputs[.. count - 1]))

    let derivative =
        lazy
            (compile inputs shapes (fun arguments ->
                let everybody = game.Everybody
                let field = everybody.Unflatten >> field arguments >> everybody.Flatten
                let direction = everybody.Flatten arguments[inputs.Length ..]

                Diff.jvp field (everybody.Flatten arguments[.. count - 1]) direction
                |> snd
                |> everybody.Unflatten))

    member _.Game = game
    member _.Held = held

    /// Strategies, then masks of the held players; gives the field's parts.
    member _.Value: Program = value.Value

    /// As Value, with a late direction for each player after the masks; gives the derivative along it.
    member _.Derivative: Program = derivative.Value

    static member Of (conjecture: Conjecture) (game: Game) : FieldProgram =
        game.Once conjecture (fun () -> FieldProgram(game, conjecture))

/// The memory of a field's evaluations, for one thread. Evaluating allocates nothing.
[<Sealed>]
type internal FieldRun(program: FieldProgram) =

    let game = program.Game
    let count = game.Players.Length
    let offsets = game.Offsets
    let run = program.Value.CreateRun()
    let outputs = Array.init count run.Output
    let inputs = Array.init count run.Input
    let masks = Array.init program.Held.Length (fun k -> run.Input(count + k))

    let copy (source: float[]) from (target: float[]) into length =
        if length < 8 then
            for i in 0 .. length - 1 do
                target[into + i] <- source[from + i]
        else
            System.Array.Copy(source, from, target, into, length)

    /// Marks the entries of a held player that its bounds stop; says whether a mark changed.
    let hold k =
        let index = program.Held[k]
        let mask, x, g = masks[k], inputs[index], outputs[index]
        let mutable changed = false

        match game.Players[index].Domain with
        | Domain.Box(lower, upper) ->
            for i in 0 .. mask.Length - 1 do
                let isHeld = (x[i] <= lower[i] && g[i] > 0.0) || (x[i] >= upper[i] && g[i] < 0.0)

                if isHeld && mask[i] <> 0.0 then
                    mask[i] <- 0.0
                    changed <- true
        | Domain.Free
        | Domain.Circle -> ()

        changed

    /// The gradients of a level do not depend on its own masks, so one pass from the lowest level up finds them all.
    let findHeld () =
        for level in game.Levels.Length - 1 .. -1 .. 1 do
            let mutable changed = false

            for k in 0 .. masks.Length - 1 do
                if game.Seats[program.Held[k]].Level = level then
                    changed <- hold k || changed

            if changed then
                run.Execute()

    /// The field at x, both of length d.
    member _.Evaluate(x: float[], g: float[]) =
        for i in 0 .. count - 1 do
            copy x offsets[i] inputs[i] 0 inputs[i].Length

        if masks.Length > 0 then
            for mask in masks do
                System.Array.Fill(mask, 1.0)

            run.Execute()
            findHeld ()
        else
            run.Execute()

        for i in 0 .. count - 1 do
            copy outputs[i] 0 g offsets[i] outputs[i].Length

    /// The op that made the last evaluation not finite; null if none did. The players' gradients are the results.
    member _.FirstNotFinite() : NotFinite = run.FirstNotFinite()

    /// How the linear solves of the last evaluation ended.
    member _.Solves: SolveReport[] = run.Solves

    /// Whether a bound stopped the answer of an entry of the joint strategy in the last evaluation.
    member _.IsHeld entry =
        let index = game.OwnerOf entry
        let k = System.Array.IndexOf(program.Held, index)
        k >= 0 && masks[k][entry - offsets[index]] = 0.0

    /// The field's Jacobian at x, [d, d], with the answers that the last evaluation held fast held still.
    member _.Jacobian(x: float[]) : float[,] =
        let run = program.Derivative.CreateRun()

        for i in 0 .. count - 1 do
            System.Array.Copy(x, offsets[i], run.Input i, 0, inputs[i].Length)

        for k in 0 .. masks.Length - 1 do
            masks[k].CopyTo(run.Input(count + k), 0)

        run.Prepare()
        let jacobian = Array2D.zeroCreate game.Dimension game.Dimension

        for moving in 0 .. count - 1 do
            let direction: float[] = run.Input(count + masks.Length + moving)

            for entry in 0 .. direction.Length - 1 do
                direction[entry] <- 1.0
                run.Apply()

                for i in 0 .. count - 1 do
                    let column: float[] = run.Output i

                    for row in 0 .. column.Length - 1 do
                        jacobian[offsets[i] + row, offsets[moving] + entry] <- column[row]

                direction[entry] <- 0.0

        jacobian

/// Why a field is not finite at a finite point.
[<RequireQualifiedAccess>]
type internal Breakdown =
    /// The followers' second derivatives are singular to working precision.
    | Singular of reciprocalCondition: float
    /// Something else: whose gradient.
    | NotFinite of quantity: string

module internal Breakdown =

    /// A reciprocal condition that leaves a solve no correct digit.
    let private singularBelow = 1e-14

    let explain (game: Game) (field: FieldRun) (at: float[]) =
        let partial = FieldRun(FieldProgram.Of Conjecture.none game)
        let g = Array.zeroCreate game.Dimension

        let firstBad () =
            g |> Array.tryFindIndex (System.Double.IsFinite >> not)

        let blame gradient entry (run: FieldRun) =
            let whose = $"the {gradient} of {game.Players[game.OwnerOf entry].Name}"

            match run.FirstNotFinite() with
            | null -> Breakdown.NotFinite whose
            | fault -> Breakdown.NotFinite $"{whose} ({fault})"

        partial.Evaluate(at, g)

        match firstBad () with
        | Some entry -> blame "gradient" entry partial
        | None ->
            field.Evaluate(at, g)
            let top = game.Offsets[game.Levels[0]]

            let answering =
                [| top .. game.Dimension - 1 |] |> Array.filter (field.IsHeld >> not)

            let condition =
                partial.Jacobian at
                |> Dense.select answering answering
                |> Dense.reciprocalCondition

            match firstBad () with
            | Some entry when not (condition < singularBelow) -> blame "total gradient" entry field
            | _ -> Breakdown.Singular condition
