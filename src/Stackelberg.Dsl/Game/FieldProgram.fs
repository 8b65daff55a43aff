namespace Stackelberg

open Stackelberg.Kernels

/// A direction's programs for one game, compiled when first needed.
[<Sealed>]
type internal FieldProgram(game: Game, direction: Direction) =

    let count = game.Players.Length

    let shapes = game.Players |> Array.map _.Shape

    let inputs =
        Array.concat [
            shapes
            Array.concat (Array.replicate direction.Inputs shapes)
            game.Batches |> Array.map _.Shape
        ]

    let firstFurther = count
    let firstSample = firstFurther + direction.Inputs * count

    /// The game that knows the draw.
    let sceneOf (inputs: Tensor[]) =
        game.In(direction.HoldsBounds, inputs[firstSample .. firstSample + game.Batches.Length - 1])

    let mayHold index =
        direction.HoldsBounds
        && game.Seats[index].Level > 0
        && DomainOps.isBounded game.Players[index].Domain

    /// The direction's parts at a point.
    let field (inputs: Tensor[]) =
        let scene = sceneOf inputs

        let further =
            Array.init direction.Inputs (fun k -> Array.sub inputs (firstFurther + k * count) count)

        fun point -> direction.Parts scene point further

    let compile (early: int[][]) (late: int[][]) f =
        let typed shape = game.Precision, shape

        let isLate =
            Array.append (Array.map (fun _ -> false) early) (Array.map (fun _ -> true) late)

        Program.compile (Array.map typed (Array.append early late)) isLate f

    /// The least curvature of the followers, if it is the same everywhere; +∞ if nothing is known of it.
    let mutable everywhere = infinity

    /// The field's parts, and after these the least curvature of the followers where that is known and depends on the point.
    let results (inputs: Tensor[]) =
        let point = inputs[.. count - 1]
        let parts = field inputs point

        let least =
            if direction.RaisedBy.IsSome then
                FollowerCurvature.least (sceneOf inputs) point parts
            else
                ValueNone

        match least with
        | ValueSome least when least.IsSymbolic -> Array.append parts [| least |]
        | ValueSome least ->
            everywhere <- least.ToDouble()
            parts
        | ValueNone -> parts

    let value = lazy (compile inputs [||] results)

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
    member _.Direction = direction

    /// Whether bounds may hold a player's answer fast.
    member _.MayHold index = mayHold index

    member _.FirstFurther = firstFurther

    /// Whether the systems that are solved are the second derivatives of one follower, all entries of which may move, and
    /// nothing else tells of them.
    member _.SolvesTell =
        count - game.Levels[0] = 1
        && not (mayHold (count - 1))
        && game.Players[count - 1].Dimension > LinearSolve.writtenOut

    /// What is to be subtracted from the curvature that the solves report to have the followers' own: what the conjecture
    /// adds, where the solver reports the curvature of a symmetric map.
    member val RaisedBy =
        match direction.Key with
        | :? Conjecture as conjecture when
            conjecture.RaisedBy.IsSome
            && (isNull conjecture.Solver.Method
                || conjecture.Solver.Method = LinearMethod.ConjugateGradient
                || conjecture.Solver.Method = LinearMethod.Minres)
            ->
            conjecture.RaisedBy.Value
        | _ -> 0.0

    /// The least curvature of the followers where it does not depend on the point, else +∞. Known with Value.
    member _.LeastCurvatureEverywhere = everywhere
    member _.FirstSample = firstSample
    member _.FirstLate = inputs.Length

    /// Strategies, further inputs, the draw; gives the field's parts, and after these the least
    /// curvature of the followers where that is known and depends on the point.
    member _.Value: Program = value.Value

    /// As Value at so many points, with one more axis at the front of the strategies and the results; on one draw. For
    /// directions without further inputs.
    member _.Batch(width: int) : Program =
        let make () =
            let rows =
                inputs
                |> Array.mapi (fun i shape -> if i < count then Array.append [| width |] shape else shape)

            compile rows [||] (fun arguments ->
                let points = arguments[.. count - 1]

                let variables =
                    points
                    |> Array.map (fun points ->
                        Expression.variable points.Trace points.DType points.Shape[1..])

                results (Array.append variables arguments[count..])
                |> Batching.many variables points width)

        game.Once (struct (direction, "batch", width)) make

    /// As Value, with a late direction for each player at the end; gives the derivative along it.
    member _.Derivative: Program = derivative.Value

    static member Of (direction: Direction) (game: Game) : FieldProgram =
        game.Once direction (fun () -> FieldProgram(game, direction))

    static member OfConjecture (conjecture: Conjecture) (game: Game) : FieldProgram =
        FieldProgram.Of (Direction.ofConjecture conjecture) game

/// The memory of a field's evaluations, for one thread. Evaluating allocates nothing.
[<Sealed>]
type internal FieldRun(program: FieldProgram) =

    let game = program.Game
    let count = game.Players.Length
    let offsets = game.Offsets
    let run = program.Value.CreateRun()

    let ports first count isInput =
        Ports(run, game.Precision, first, count, isInput)

    let outputs = ports 0 count false
    let inputs = ports 0 count true
    let further = ports program.FirstFurther (program.Direction.Inputs * count) true
    let sample = SamplePorts(game, run, program.FirstSample)
    do sample.Draw 0L

    let curvature =
        ports count (if program.Value.OutputCount > count then 1 else 0) false

    /// Whether the followers' curvature has to be looked at after an evaluation, or what is true everywhere.
    let looksAtCurvature =
        program.Direction.RaisedBy.IsSome
        && (curvature.Count > 0 || (program.SolvesTell && run.Solves.Length > 0))

    let isIndefiniteEverywhere =
        program.Direction.RaisedBy.IsSome
        && not (program.LeastCurvatureEverywhere > 0.0)

    let isIndefinite () =
        let mutable isIndefinite =
            isIndefiniteEverywhere
            || (curvature.Count > 0 && not (curvature.Get(0, 0) > 0.0))

        if program.SolvesTell then
            for report in run.Solves do
                isIndefinite <- isIndefinite || FollowerCurvature.isNegative program.RaisedBy report

        isIndefinite

    let mutable jacobianSolves: SolveReport[] = [||]

    member _.Program = program

    /// The draws come from this seed on, until then from seed 0.
    member _.Seed
        with set (seed: uint64) = sample.Seed <- seed

    /// The costs read this draw from now on.
    member _.Draw(number: int64) = sample.Draw number

    /// What the direction takes besides the joint strategy: its k-th further input, of length d.
    member _.Further(k, values: float[]) =
        for i in 0 .. count - 1 do
            further.Write(k * count + i, values, offsets[i])

    /// The field at x, both of length d.
    member _.Evaluate(x: float[], g: float[]) =
        for i in 0 .. count - 1 do
            inputs.Write(i, x, offsets[i])

        run.Execute()

        for i in 0 .. count - 1 do
            outputs.Read(i, g, offsets[i])

    /// The op that made the last evaluation not finite; null if none did. The players' gradients are the results.
    member _.FirstNotFinite() : NotFinite = run.FirstNotFinite()

    /// How the linear solves of the last evaluation ended.
    member _.Solves: SolveReport[] = run.Solves

    /// Whether the followers' second derivatives were found not to be positive definite at the last evaluation, though the
    /// direction takes their answers to be best.
    member _.IsIndefinite: bool =
        if looksAtCurvature then
            isIndefinite ()
        else
            isIndefiniteEverywhere

    /// How the linear solves of the last Jacobian ended: for each the first column whose solve fell short, if one did.
    member _.JacobianSolves = jacobianSolves

    /// The solutions that warm solves of the next evaluation start from.
    member _.WarmStart
        with get (): float[] =
            let state = Array.zeroCreate run.StateLength
            run.ReadState state
            state
        and set (state: float[]) = run.WriteState state

    /// Whether a bound stopped the answer of an entry of the joint strategy in the last evaluation.
    member _.IsHeld entry =
        let index = game.OwnerOf entry
        let i = entry - offsets[index]

        match game.Players[index].Domain with
        | Domain.Box(lower, upper) when program.MayHold index ->
            let x, g = inputs.Get(index, i), outputs.Get(index, i)

            let inPrecision (bound: float) =
                if game.Precision = DType.Float32 then
                    float (float32 bound)
                else
                    bound

            (x <= inPrecision lower[i] && g > 0.0) || (x >= inPrecision upper[i] && g < 0.0)
        | _ -> false

    /// The derivative of the field at x: directions go in and out of the function given to the action, of length d, with
    /// the answers that bounds hold fast there held still, on the draw of the last evaluation.
    member this.Differential(x: float[]) : System.Action<float[], float[]> =
        let struct (_, apply) = this.DifferentialWithSolves x
        apply

    /// The same, and how the linear solves of the last application ended.
    member private _.DifferentialWithSolves
        (x: float[])
        : struct (SolveReport[] * System.Action<float[], float[]>) =
        let from, run = run, program.Derivative.CreateRun()

        let ports first count isInput =
            Ports(run, game.Precision, first, count, isInput)

        let strategies, late = ports 0 count true, ports program.FirstLate count true
        let slopes = ports 0 count false

        for i in 0 .. count - 1 do
            strategies.Write(i, x, offsets[i])

        // Further inputs and the draw.
        for i in count .. program.FirstLate - 1 do
            from.CopyInput(i, run)

        run.Prepare()

        struct (run.Solves,
                System.Action<float[], float[]>(fun direction slope ->
                    for i in 0 .. count - 1 do
                        late.Write(i, direction, offsets[i])

                    run.Apply()

                    for i in 0 .. count - 1 do
                        slopes.Read(i, slope, offsets[i])))

    /// The field's Jacobian at x, [d, d], with the answers that bounds hold fast there held still.
    member this.Jacobian(x: float[]) : float[,] =
        let d = game.Dimension
        let struct (solves, apply) = this.DifferentialWithSolves x
        let worst = Array.copy solves
        let jacobian = Array2D.zeroCreate d d
        let direction, slope = Array.zeroCreate d, Array.zeroCreate d

        for entry in 0 .. d - 1 do
            direction[entry] <- 1.0
            apply.Invoke(direction, slope)
            direction[entry] <- 0.0

            for i in 0 .. solves.Length - 1 do
                if entry = 0 || not (SolveOutcome.IsSilentFailure worst[i]) then
                    worst[i] <- solves[i]

            for row in 0 .. d - 1 do
                jacobian[row, entry] <- slope[row]

        jacobianSolves <- worst
        jacobian

/// The memory of a field's evaluations at many points at once, for one thread.
[<Sealed; AllowNullLiteral>]
type internal FieldBatch(program: FieldProgram, width: int) =

    let game = program.Game
    let count = game.Players.Length
    let offsets = game.Offsets
    let batch = program.Batch width
    let run = batch.CreateRun()
    let inputs = Ports(run, game.Precision, 0, count, true)
    let outputs = Ports(run, game.Precision, 0, count, false)
    do SamplePorts(game, run, count).Draw 0L

    let curvature =
        Ports(run, game.Precision, count, (if batch.OutputCount > count then 1 else 0), false)

    /// A solve's reports of all rows stand together; behind them those of systems that are the same everywhere.
    let own = run.Solves.Length / width
    let common = run.Solves.Length % width
    let reports: SolveReport[] = Array.zeroCreate (own + common)

    /// The field at the first so many of the points, all of length d.
    member _.Evaluate(points: float[][], g: float[][], rows: int) =
        for row in 0 .. rows - 1 do
            for i in 0 .. count - 1 do
                inputs.WriteRow(i, row, offsets[i + 1] - offsets[i], points[row], offsets[i])

        run.Execute()

        for row in 0 .. rows - 1 do
            for i in 0 .. count - 1 do
                outputs.ReadRow(i, row, offsets[i + 1] - offsets[i], g[row], offsets[i])

    /// How a row's linear solves of the last evaluation ended, until this is asked again.
    member _.SolvesOf row : SolveReport[] =
        for k in 0 .. own - 1 do
            reports[k] <- run.Solves[k * width + row]

        for k in 0 .. common - 1 do
            reports[own + k] <- run.Solves[own * width + k]

        reports

    /// As FieldRun.IsIndefinite.
    member this.IsIndefinite row : bool =
        program.Direction.RaisedBy.IsSome
        && (not (program.LeastCurvatureEverywhere > 0.0)
            || (curvature.Count > 0 && not (curvature.Get(0, row) > 0.0))
            || (program.SolvesTell
                && this.SolvesOf row
                   |> Array.exists (FollowerCurvature.isNegative program.RaisedBy)))

/// The memory of evaluations of a game's costs, for one thread.
[<Sealed>]
type internal CostRun(game: Game) =

    let count = game.Players.Length
    let run = game.CostProgram.CreateRun()
    let inputs = Ports(run, game.Precision, 0, count, true)
    let outputs = Ports(run, game.Precision, 0, count, false)
    let sample = SamplePorts(game, run, count)
    do sample.Draw 0L

    /// The players' costs at the last point.
    member val Costs: float[] = Array.zeroCreate count

    /// The draws come from this seed on, until then from seed 0.
    member _.Seed
        with set (seed: uint64) = sample.Seed <- seed

    /// The costs read this draw from now on.
    member _.Draw(number: int64) = sample.Draw number

    /// Costs at x, of length d.
    member this.Evaluate(x: float[]) =
        for i in 0 .. count - 1 do
            inputs.Write(i, x, game.Offsets[i])

        run.Execute()

        for i in 0 .. count - 1 do
            outputs.Read(i, this.Costs, i)
