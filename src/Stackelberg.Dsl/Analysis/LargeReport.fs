namespace Stackelberg

open System
open System.Globalization

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
    /// Whether ω = 0.
    IsCriticalOmega: Verdict
    /// Whether ω_S = 0.
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
        let number (value: float) =
            value.ToString("G6", CultureInfo.InvariantCulture)

        let verdict (value: Verdict) = (string value).ToLowerInvariant()

        let spectrum (pairs: Eigenpair[]) =
            let shown =
                pairs
                |> Array.truncate 4
                |> Array.map (fun pair -> $"{number pair.Value.Real} ± {number pair.Residual}")

            String.Join(", ", shown)

        String.Join(
            "\n",
            [
                $"{report.Game} at a point of dimension {report.Point.Shape[0]}"
                $"  residual of omega            {number report.ResidualOmega} (critical: {verdict report.IsCriticalOmega})"
                $"  residual of omega_S          {number report.ResidualOmegaS} (critical: {verdict report.IsCriticalOmegaS})"
                $"  differential Nash            {verdict report.IsDifferentialNash}"
                $"  stable, simultaneous play    {verdict report.IsStableSimgrad}"
                $"  stable, Stackelberg play     {verdict report.IsStableStackelberg}"
                $"  least real parts, J          {spectrum report.EigenvaluesJ}"
                $"  least real parts, J_S        {spectrum report.EigenvaluesJS}"
                for name, pairs in Array.zip report.Players report.EigenvaluesPlayers do
                    $"  least own curvature          {name}: {spectrum pairs}"
                for doubt in report.Doubts do
                    $"  undecided                    {doubt}"
            ]
        )

module internal LargeReport =

    /// A field at a point, with products of its Jacobian on the entries that no bound holds.
    type private Local = {
        Residual: float
        Free: int[]
        Held: int[]
        LeastPressure: float
        Apply: Action<float[], float[]>
    }

    let private local tolerances (game: Game) (program: FieldProgram) (at: float[]) =
        let run, g = FieldRun program, Array.zeroCreate game.Dimension
        run.Evaluate(at, g)
        let pressures = Array.init game.Dimension (Linearisation.pressure game at g)

        let held =
            [| 0 .. game.Dimension - 1 |]
            |> Array.filter (fun entry -> pressures[entry] >= -tolerances.Critical)

        {
            Residual = game.Residual(at, g)
            Free =
                [| 0 .. game.Dimension - 1 |]
                |> Array.filter (fun entry -> not (pressures[entry] >= -tolerances.Critical))
            Held = held
            LeastPressure = held |> Array.fold (fun least entry -> min least pressures[entry]) infinity
            Apply = run.Differential at
        }

    /// The eigenvalues of the smallest real parts of the Jacobian's block on some entries.
    let private least (game: Game) (apply: Action<float[], float[]>) isSymmetric (entries: int[]) =
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

    /// Whether all eigenvalues lie in the open right half-plane, as far as the pairs found bear it out: each is in doubt
    /// by its residual as well.
    let private isStable tolerances what (found: Eigenpairs) =
        let band = tolerances.Axis * found.Scale
        let margin (pair: Eigenpair) = band + pair.Residual

        if found.Pairs |> Array.exists (fun pair -> pair.Value.Real < -margin pair) then
            Judgement.plain Verdict.No
        elif found.Pairs.Length = 0 then
            Judgement.doubtful what nan band
        else
            let lowest = found.Pairs |> Array.minBy (fun pair -> pair.Value.Real - margin pair)

            if found.Ending = EigenEnding.Converged && lowest.Value.Real > margin lowest then
                Judgement.plain Verdict.Yes
            elif found.Ending = EigenEnding.Converged then
                Judgement.doubtful what lowest.Value.Real (margin lowest)
            else
                Judgement.doubtful $"{what}, whose search did not converge" lowest.Value.Real (margin lowest)

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

        let size = at |> Array.fold (fun most value -> max most (abs value)) 1.0
        let criticalBelow = tolerances.Critical * max 1.0 ofJ.Scale * size

        let critical what (local: Local) =
            if Double.IsFinite local.Residual then
                Judgement.plain (Verdict.ofBool (local.Residual <= criticalBelow))
            else
                Judgement.doubtful what nan criticalBelow

        let strict (local: Local) judgement =
            if local.LeastPressure > criticalBelow then
                judgement
            else
                Judgement.all [
                    judgement
                    Judgement.doubtful "the pressure on a bound" local.LeastPressure criticalBelow
                ]

        let isCriticalOmega, isCriticalOmegaS =
            critical "omega" nash, critical "omega_S" leading

        let differentialNash =
            Judgement.all [
                isCriticalOmega

                for index, found in Array.indexed players do
                    isStable tolerances $"the own second derivative of {game.Players[index].Name}" found
                    |> strict nash
            ]

        let stableSimgrad =
            Judgement.all [
                isCriticalOmega
                isStable tolerances "the eigenvalues of J" ofJ |> strict nash
            ]

        let stableStackelberg =
            Judgement.all [
                isCriticalOmegaS
                isStable tolerances "the eigenvalues of J_S" ofJS |> strict leading
            ]

        {
            Game = game.Name
            Point = Tensor.ofArray at
            Players = game.Players |> Array.map _.Name
            Costs = (Game.costs game (Tensor.ofArray at)).ToArray()
            ResidualOmega = nash.Residual
            ResidualOmegaS = leading.Residual
            IsCriticalOmega = isCriticalOmega.Verdict
            IsCriticalOmegaS = isCriticalOmegaS.Verdict
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
