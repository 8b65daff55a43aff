namespace Stackelberg

open System

/// <summary>What can be said of a joint strategy without any d × d matrix: residuals, and the ends of the spectra by
/// products with J, J_S and the players' second derivatives.</summary>
/// <remarks>Whether the point is a differential Stackelberg point is not among it: the Schur complement of J_S would need
/// one linear solve for each product.</remarks>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type LargeReport = {
    /// The game's name.
    Game: string
    /// The joint strategy, shape [d].
    Point: Tensor
    /// The players' names.
    Players: string[]
    /// Their costs there.
    Costs: float[]
    /// ‖ω‖₂; in a box ‖x − Π(x − ω)‖₂.
    ResidualOmega: float
    /// ‖ω_S‖₂; in a box ‖x − Π(x − ω_S)‖₂.
    ResidualOmegaS: float
    /// Newton's next step for ω, by products: how far the point is from a critical one.
    StepOmega: NewtonStep
    /// Newton's next step for ω_S.
    StepOmegaS: NewtonStep
    /// Whether ω = 0; no for a point that is not there yet, StepOmega tells.
    IsCriticalOmega: Verdict
    /// Whether ω_S = 0; no for a point that is not there yet, StepOmegaS tells.
    IsCriticalOmegaS: Verdict
    /// Critical for ω, and every D²_ii f_i positive definite.
    IsDifferentialNash: Verdict
    /// Critical for ω, and the spectrum of J in the open right half-plane.
    IsStableSimgrad: Verdict
    /// Critical for ω_S, and the spectrum of J_S in the open right half-plane.
    IsStableStackelberg: Verdict
    /// The eigenvalues of J of the smallest real parts, with their residuals.
    EigenvaluesJ: Eigenpair[]
    /// The eigenvalues of J_S of the smallest real parts, with their residuals.
    EigenvaluesJS: Eigenpair[]
    /// For every player the smallest eigenvalues of D²_ii f_i, with their residuals.
    EigenvaluesPlayers: Eigenpair[][]
    /// The entries of the joint strategy that a bound holds fast.
    HeldEntries: int[]
    /// Why verdicts are undecided.
    Doubts: Doubt[]
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>Residuals, verdicts and the ends of the spectra, one a line.</summary>
    override report.ToString() =
        let verdict (value: Verdict) = (string value).ToLowerInvariant()

        let critical (value: Verdict) (step: NewtonStep) =
            match step.Approach with
            | Approach.Arrived -> (invariant $"critical: {verdict value}")
            | _ -> (invariant $"critical: {verdict value}; {step}")

        let spectrum (pairs: Eigenpair[]) =
            let shown =
                pairs
                |> Array.truncate 4
                |> Array.map (fun pair -> (invariant $"{pair.Value.Real:G6} ± {pair.Residual:G6}"))

            String.Join(", ", shown)

        String.Join(
            "\n",
            [
                (invariant $"{report.Game} at a point of dimension {report.Point.Shape[0]}")
                (invariant
                    $"  residual of omega            {report.ResidualOmega:G6} ({critical report.IsCriticalOmega report.StepOmega})")
                (invariant
                    $"  residual of omega_S          {report.ResidualOmegaS:G6} ({critical report.IsCriticalOmegaS report.StepOmegaS})")
                (invariant $"  differential Nash            {verdict report.IsDifferentialNash}")
                (invariant $"  stable, simultaneous play    {verdict report.IsStableSimgrad}")
                (invariant $"  stable, Stackelberg play     {verdict report.IsStableStackelberg}")
                (invariant $"  least real parts, J          {spectrum report.EigenvaluesJ}")
                (invariant $"  least real parts, J_S        {spectrum report.EigenvaluesJS}")
                for name, pairs in Array.zip report.Players report.EigenvaluesPlayers do
                    (invariant $"  least own curvature          {name}: {spectrum pairs}")
                for doubt in report.Doubts do
                    (invariant $"  undecided                    {doubt}")
            ]
        )

module internal LargeReport =

    /// A field at a point, with products of its Jacobian on the entries that no bound holds.
    type private Local = {
        Residual: float
        Step: NewtonStep
        Free: int[]
        Held: int[]
        IsStrict: bool
        LeastPressure: float
        CriticalBelow: float
        /// Each player's factors of its rows and columns that bring the Jacobian's blocks near 1.
        Rows: float[]
        Columns: float[]
        Apply: Action<float[], float[]>
    }

    let private local tolerances (game: Game) (program: FieldProgram) (at: float[]) =
        let run = FieldRun program

        let fieldAt (x: float[]) =
            let g = Array.zeroCreate game.Dimension
            run.Evaluate(x, g)
            g

        let at = Linearisation.ontoBounds tolerances game fieldAt at
        let g = fieldAt at
        let apply = run.Differential at
        let all = [| 0 .. game.Dimension - 1 |]
        let blocks = KrylovStep.blocks game all apply
        let struct (rows, columns) = Scaling.equilibrate blocks
        let bands = Linearisation.pressureBands tolerances game at g blocks
        let band entry = bands[game.OwnerOf entry]
        let pressures = all |> Array.map (Linearisation.pressure game at g)
        let held = all |> Array.filter (fun entry -> pressures[entry] >= -(band entry))
        let isHeld = Array.zeroCreate<bool> game.Dimension
        held |> Array.iter (fun entry -> isHeld[entry] <- true)
        let free = all |> Array.filter (fun entry -> not isHeld[entry])

        let evaluate = fieldAt >> Linearisation.without held

        /// What the rounding of the point's coordinates makes of every entry: about the norm of its row times theirs.
        let rounding =
            let lengths = Scaling.lengths game at

            all
            |> Array.map (fun entry ->
                let own = game.OwnerOf entry
                let mutable most = 0.0

                for other in 0 .. lengths.Length - 1 do
                    most <- max most (blocks[own, other] * lengths[other])

                2.0 * Rounding.epsilon game * most)

        let product (v: float[]) =
            let slope = Array.zeroCreate game.Dimension
            apply.Invoke(v, slope)
            slope

        let step =
            KrylovStep.solve game free blocks apply
            |> NewtonSteps.judge
                tolerances
                game
                at
                (Linearisation.without held g)
                evaluate
                rounding
                (NewtonSteps.ownRounding game rounding rows columns)
            |> Kinks.judge tolerances game at free product evaluate

        let least =
            if held.Length = 0 then
                ValueNone
            else
                ValueSome(held |> Array.minBy (fun entry -> pressures[entry] - band entry))

        {
            Residual = game.Residual(at, g)
            Step = step
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
            Apply = apply
        }

    /// What is found where no entry is free.
    let private nothing: Eigenpairs = {
        Pairs = [||]
        Ending = EigenEnding.Converged
        Products = 0
        Restarts = 0
        Scale = 0.0
    }

    /// The eigenvalues of the smallest real parts of the Jacobian's block on some entries, which are at least one.
    let private leastOfSome (game: Game) (apply: Action<float[], float[]>) isSymmetric (entries: int[]) =
        let direction, slope =
            Array.zeroCreate<float> game.Dimension, Array.zeroCreate<float> game.Dimension

        Eigenvalues.ofMap
            Eigenvalues.settings
            isSymmetric
            entries.Length
            (Action<float[], float[]>(fun v into ->
                Array.Clear direction

                for k in 0 .. entries.Length - 1 do
                    direction[entries[k]] <- v[k]

                apply.Invoke(direction, slope)

                for k in 0 .. entries.Length - 1 do
                    into[k] <- slope[entries[k]]))

    let private least game apply isSymmetric (entries: int[]) =
        if entries.Length = 0 then
            nothing
        else
            leastOfSome game apply isSymmetric entries

    /// The residual of an eigenvalue, as a share of it, that leaves its sign beyond doubt even where the search for others
    /// like it goes on, as it does for an eigenvalue of many vectors.
    let private clear = 1e-2

    /// Whether all eigenvalues lie in the open right half-plane, as far as the pairs found bear it out: each is in doubt
    /// by its residual as well, times its condition.
    let private isStable tolerances rounding what (found: Eigenpairs) =
        let band = tolerances.Axis * found.Scale + rounding
        let doubt (pair: Eigenpair) = max pair.Residual pair.Error
        let margin pair = band + doubt pair

        if found.Pairs |> Array.exists (fun pair -> pair.Value.Real < -margin pair) then
            Judgement.plain Verdict.No
        elif Object.ReferenceEquals(found, nothing) then
            Judgement.plain Verdict.Yes
        elif found.Pairs.Length = 0 then
            Judgement.doubtful what nan band
        else
            let lowest = found.Pairs |> Array.minBy (fun pair -> pair.Value.Real - margin pair)
            let isPositive = lowest.Value.Real > margin lowest

            let isClear =
                found.Pairs |> Array.forall (fun pair -> doubt pair <= clear * pair.Value.Real)

            if isPositive && (found.Ending = EigenEnding.Converged || isClear) then
                Judgement.plain Verdict.Yes
            elif not isPositive then
                Judgement.doubtful what lowest.Value.Real (margin lowest)
            else
                Judgement.because (
                    invariant
                        $"{what}: the search did not converge; {lowest.Value.Real:G3} has the residual {lowest.Residual:G3}, and there may be others"
                )

    let at tolerances (game: Game) (at: float[]) : LargeReport =
        let field concept =
            local tolerances game (Linearisation.field game concept) at

        let nash, leading = field Concept.Nash, field Concept.Stackelberg
        let ofJ = least game nash.Apply false nash.Free
        let ofJS = least game leading.Apply false leading.Free

        let players =
            game.Players
            |> Array.mapi (fun index _ ->
                nash.Free
                |> Array.filter (fun entry ->
                    entry >= game.Offsets[index] && entry < game.Offsets[index + 1])
                |> least game nash.Apply true)

        let critical what (local: Local) =
            match NewtonSteps.verdict local.Step with
            | Verdict.Undecided -> Judgement.because (invariant $"{what}: {local.Step.Reason}")
            | verdict -> Judgement.plain verdict

        let strict (local: Local) judgement =
            if local.IsStrict then
                judgement
            else
                Judgement.all [
                    judgement
                    Judgement.doubtful "the pressure on a bound" local.LeastPressure local.CriticalBelow
                ]

        let costs = (Game.costs game (Tensor.ofArray at)).ToArray()
        let names = game.Players |> Array.map _.Name
        let undefined = UndefinedCost.reason names costs
        let settle = Judgement.all >> UndefinedCost.over undefined

        let isCriticalOmega, isCriticalOmegaS =
            critical "omega" nash, critical "omega_S" leading

        let differentialNash =
            settle [
                isCriticalOmega

                for index, found in Array.indexed players do
                    isStable
                        tolerances
                        (Rounding.share game / (nash.Rows[index] * nash.Columns[index]))
                        (invariant $"the own second derivative of {game.Players[index].Name}")
                        found
                    |> strict nash
            ]

        let stableSimgrad =
            settle [
                isCriticalOmega
                isStable tolerances 0.0 "the eigenvalues of J" ofJ |> strict nash
            ]

        let stableStackelberg =
            settle [
                isCriticalOmegaS
                isStable tolerances 0.0 "the eigenvalues of J_S" ofJS |> strict leading
            ]

        {
            Game = game.Name
            Point = Tensor.ofArray at
            Players = names
            Costs = costs
            ResidualOmega = nash.Residual
            ResidualOmegaS = leading.Residual
            StepOmega = nash.Step
            StepOmegaS = leading.Step
            IsCriticalOmega = UndefinedCost.verdict undefined isCriticalOmega.Verdict
            IsCriticalOmegaS = UndefinedCost.verdict undefined isCriticalOmegaS.Verdict
            IsDifferentialNash = differentialNash.Verdict
            IsStableSimgrad = stableSimgrad.Verdict
            IsStableStackelberg = stableStackelberg.Verdict
            EigenvaluesJ = ofJ.Pairs
            EigenvaluesJS = ofJS.Pairs
            EigenvaluesPlayers = players |> Array.map _.Pairs
            HeldEntries = nash.Held
            Doubts =
                Array.concat [
                    Judgement.doubts "differential Nash" differentialNash
                    Judgement.doubts "stable, simultaneous play" stableSimgrad
                    Judgement.doubts "stable, Stackelberg play" stableStackelberg
                ]
        }
