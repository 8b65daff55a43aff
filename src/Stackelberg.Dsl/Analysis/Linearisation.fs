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
    /// Whether that counts as zero.
    IsCritical: Verdict
    /// The entries that no bound holds.
    Free: int[]
    /// The entries that a bound holds.
    Held: int[]
    /// Whether every held entry is pressed against its bound.
    IsStrict: bool
    /// How hard the least pressed of the held entries is pressed; infinite if none is held.
    LeastPressure: float
    /// Up to where the field's norm, or a pressure, counts as zero.
    CriticalBelow: float
    /// What an eigenvalue of the Jacobian's parts must exceed to count as positive.
    Band: float
}

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

    let at tolerances (field: FieldProgram) (x: float[]) : Linearisation =
        let game, run = field.Game, FieldRun field
        let g = Array.zeroCreate game.Dimension
        run.Evaluate(x, g)
        let jacobian = run.Jacobian x
        let norm = Dense.norm jacobian
        let residual = game.Residual(x, g)
        let size = x |> Array.fold (fun most value -> max most (abs value)) 1.0

        // J and not J_S: near a fold of the reaction curve J_S grows without bound, and anything would count as zero.
        let simultaneous = FieldProgram.OfConjecture Conjecture.none game

        let slope =
            if obj.ReferenceEquals(simultaneous, field) then
                norm
            else
                let partial = FieldRun simultaneous
                partial.Evaluate(x, Array.zeroCreate game.Dimension)
                Dense.norm (partial.Jacobian x)

        let criticalBelow = tolerances.Critical * max 1.0 slope * size
        let pressures = Array.init game.Dimension (pressure game x g)

        let held =
            [| 0 .. game.Dimension - 1 |]
            |> Array.filter (fun entry -> pressures[entry] >= -criticalBelow)

        {
            Value = g
            Jacobian = jacobian
            Residual = residual
            IsCritical =
                if not (Double.IsFinite residual && Double.IsFinite norm) then
                    Verdict.Undecided
                else
                    Verdict.ofBool (residual <= criticalBelow)
            Free = [| 0 .. game.Dimension - 1 |] |> Array.except held
            Held = held
            IsStrict = held |> Array.forall (fun entry -> pressures[entry] > criticalBelow)
            LeastPressure = held |> Array.fold (fun least entry -> min least pressures[entry]) infinity
            CriticalBelow = criticalBelow
            Band = tolerances.Axis * norm
        }
