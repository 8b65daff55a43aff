namespace Stackelberg

open System

/// A field and its Jacobian at one point, with what the bounds do there.
type internal Linearisation = {
    /// The field, length d.
    Value: float[]
    /// [d, d].
    Jacobian: float[,]
    /// The norm of x − Π(x − g).
    Residual: float
    /// What Newton's method would still do.
    Step: Lazy<NewtonStep>
    /// The entries that no bound holds.
    Free: int[]
    /// The entries that a bound holds.
    Held: int[]
    /// Whether every held entry is pressed against its bound.
    IsStrict: bool
    /// How hard the least pressed of the held entries is pressed; infinite if none is held.
    LeastPressure: float
    /// Up to where that pressure counts as zero.
    CriticalBelow: float
    /// Each player's factors of its rows and columns that bring the greatest entries of the Jacobian's blocks near 1.
    Rows: float[]
    Columns: float[]
    /// What an eigenvalue of the Jacobian's parts must exceed to count as positive.
    Band: float
} with

    /// Whether the field counts as zero.
    member local.IsCritical = NewtonSteps.verdict local.Step.Value

module internal Linearisation =

    /// Up to this many entries below the leaders the analysis eliminates; above, it iterates.
    let private denseBelow = 64

    /// A conjecture with inner solves that hold where the followers' costs are not convex, too.
    let exactly (game: Game) conjecture =
        let below = game.Dimension - game.Offsets[game.Levels[0]]

        let solver =
            if below <= denseBelow then
                Solver.dense
            else
                Solver.gmres
                |> Solver.withTolerance 1e-14
                |> Solver.withMaxIterations (4 * below)

        Conjecture.withSolver solver conjecture

    /// The field whose zeros are the concept's critical points.
    let field (game: Game) concept =
        match concept with
        | Concept.Nash -> FieldProgram.OfConjecture Conjecture.none game
        | _ -> FieldProgram.OfConjecture (exactly game Conjecture.bestResponse) game

    /// How hard a bound is pressed by an entry's descent: NaN away from bounds.
    let pressure (game: Game) (x: float[]) (g: float[]) entry =
        let index = game.OwnerOf entry
        let i = entry - game.Offsets[index]

        match game.Players[index].Domain with
        | Domain.Box(lower, _) when x[entry] <= lower[i] -> g[entry]
        | Domain.Box(_, upper) when x[entry] >= upper[i] -> -g[entry]
        | _ -> nan

    /// Up to where each player's pressures count as zero: what moving every player by the tolerated share of its scale
    /// changes, or rounding.
    let pressureBands tolerances (game: Game) (x: float[]) (g: float[]) (blocks: float[,]) =
        let scales = NewtonSteps.scales tolerances game x

        Array.init game.Players.Length (fun index ->
            let moved =
                Seq.fold
                    (fun most other -> max most (blocks[index, other] * scales[other]))
                    0.0
                    (seq { 0 .. game.Players.Length - 1 })

            let size =
                Seq.fold
                    (fun most entry -> max most (abs g[entry]))
                    0.0
                    (seq { game.Offsets[index] .. game.Offsets[index + 1] - 1 })

            tolerances.Critical * moved + Rounding.share game * size)

    /// <summary>The point, with entries put on a bound that lies within the tolerated share of the player's scale, or of the
    /// box's width, and that the field presses against there: beside it they would count as free to answer.</summary>
    /// <param name="tolerances">The share.</param>
    /// <param name="game">The game.</param>
    /// <param name="evaluate">The field at a point.</param>
    /// <param name="x">The point; itself the result where no entry is so near.</param>
    let ontoBounds tolerances (game: Game) (evaluate: float[] -> float[]) (x: float[]) : float[] =
        let scales = lazy (NewtonSteps.scales tolerances game x)

        let near index (lower: float) (upper: float) value =
            let gap = min (value - lower) (upper - value)

            gap > 0.0
            && gap
               <= tolerances.Critical
                  * (if Double.IsFinite(upper - lower) then
                         max scales.Value[index] (upper - lower)
                     else
                         scales.Value[index])

        let placed = Array.copy x

        game.Players
        |> Array.iteri (fun index player ->
            match player.Domain with
            | Domain.Box(lower, upper) ->
                for i in 0 .. lower.Length - 1 do
                    let entry = game.Offsets[index] + i

                    if near index lower[i] upper[i] x[entry] then
                        placed[entry] <-
                            if x[entry] - lower[i] < upper[i] - x[entry] then
                                lower[i]
                            else
                                upper[i]
            | Domain.Free
            | Domain.Set _
            | Domain.Circle -> ())

        if Array.forall2 (=) placed x then
            x
        else
            let g = evaluate placed

            placed
            |> Array.mapi (fun entry value ->
                if pressure game placed g entry > 0.0 then
                    value
                else
                    x[entry])

    /// What of a field counts: 0 in the entries named.
    let without (held: int[]) (g: float[]) =
        let left = Array.copy g

        for entry in held do
            left[entry] <- 0.0

        left

    let at tolerances (field: FieldProgram) (x: float[]) : Linearisation =
        let game, run = field.Game, FieldRun field

        let fieldAt (x: float[]) =
            let g = Array.zeroCreate game.Dimension
            run.Evaluate(x, g)
            g

        let x = ontoBounds tolerances game fieldAt x
        let g = fieldAt x
        let jacobian = run.Jacobian x
        let all = [| 0 .. game.Dimension - 1 |]
        let blocks = Scaling.blocks game all jacobian
        let struct (rows, columns) = Scaling.equilibrate blocks
        let bands = pressureBands tolerances game x g blocks
        let band entry = bands[game.OwnerOf entry]
        let pressures = all |> Array.map (pressure game x g)
        let held = all |> Array.filter (fun entry -> pressures[entry] >= -(band entry))
        let free = all |> Array.except held

        let least =
            if held.Length = 0 then
                ValueNone
            else
                ValueSome(held |> Array.minBy (fun entry -> pressures[entry] - band entry))

        let step () =
            let value = without held g

            let evaluate = fieldAt >> without held

            /// Whether the field's entry changes as its row of the Jacobian says, a little way off.
            let isResolved entry =
                let scales = NewtonSteps.scales tolerances game x

                [ 1e-6; 1e-4 ]
                |> List.exists (fun share ->
                    let move =
                        Array.init x.Length (fun e ->
                            let sign = if e &&& 1 = 0 then 1.0 else -1.0
                            sign * share * scales[game.OwnerOf e])

                    let expected = free |> Array.sumBy (fun e -> jacobian[entry, e] * move[e])

                    let changed = (evaluate (Array.map2 (+) x move))[entry] - value[entry]
                    abs (changed - expected) <= 0.1 * abs expected)

            let product (v: float[]) =
                Array.init game.Dimension (fun row ->
                    let mutable sum = 0.0

                    for column in free do
                        sum <- sum + jacobian[row, column] * v[column]

                    sum)

            /// What the rounding of the point's coordinates makes of every entry.
            let rounding =
                Array.init game.Dimension (fun row ->
                    let mutable sum = 0.0

                    for column in free do
                        sum <- sum + abs (jacobian[row, column] * x[column])

                    2.0 * Rounding.epsilon game * sum)

            NewtonSystem.dense game free jacobian isResolved
            |> NewtonSteps.judge
                tolerances
                game
                x
                value
                evaluate
                rounding
                (NewtonSteps.ownRounding game rounding rows columns)
            |> Kinks.judge tolerances game x free product evaluate

        {
            Value = g
            Jacobian = jacobian
            Residual = game.Residual(x, g)
            Step = Lazy<NewtonStep>(step)
            Free = free
            Held = held
            IsStrict = held |> Array.forall (fun entry -> pressures[entry] > band entry)
            LeastPressure =
                match least with
                | ValueSome entry -> pressures[entry]
                | ValueNone -> infinity
            CriticalBelow =
                match least with
                | ValueSome entry -> band entry
                | ValueNone -> 0.0
            Rows = rows
            Columns = columns
            Band = tolerances.Axis * Dense.norm jacobian
        }
