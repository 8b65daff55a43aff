namespace Stackelberg

open System.Numerics

/// The report card of a constrained game's point.
module internal ConstrainedReport =

    let private norm (parts: float seq) =
        parts |> Seq.sumBy (fun part -> part * part) |> sqrt

    /// Newton's step as reports tell it, from the steps of players' own problems.
    let private step
        (critical: Judgement)
        (violated: string)
        (isWhole: bool)
        (steps: float[][])
        (scales: float[])
        : NewtonStep =
        let distances = steps |> Array.map norm

        let relative = Array.map2 (/) distances scales |> Array.fold max 0.0

        {
            Approach =
                match critical.Verdict with
                | Verdict.Yes -> Approach.Arrived
                | Verdict.Undecided -> Approach.Unresolved
                | _ when isNull violated && isWhole && relative > 0.0 && relative < 0.1 -> Approach.Near
                | _ -> Approach.Far
            Distances = distances
            Relative = relative
            Contraction = nan
            Reason =
                match critical with
                | { Doubts = [||] } when not (isNull violated) -> "not feasible"
                | { Doubts = [||] } when not isWhole ->
                    "no critical point near: a cost is linear along its slope, which no Newton step ends"
                | { Doubts = [||] } -> ""
                | { Doubts = doubts } -> doubts[0].Of
        }

    let at tolerances (game: Game) (x: float[]) : Report =
        let point = ConstrainedPoints.at tolerances game x
        let costs = (Game.costs game (Tensor.ofArray x)).ToArray()
        let names = game.Players |> Array.map _.Name
        let undefined = UndefinedCost.reason names costs
        let settle = UndefinedCost.over undefined
        let scales = OwnProblems.scales tolerances game x
        let own = point.Own |> Array.map _.Local
        let nash, stackelberg = settle point.IsNash, settle point.IsStackelberg
        let stable = settle point.IsStable

        let unlooked =
            Judgement.because "the flow of Stackelberg play under constraints is not looked at"

        let isOwnWhole = own |> Array.forall _.IsStepWhole

        let struct (pieceSteps, isPieceWhole) =
            match point.Pieces with
            | [||] -> struct (own |> Array.map _.Step, isOwnWhole)
            | pieces ->
                let along = pieces |> Array.maxBy _.Residual

                struct (game.Players
                        |> Array.mapi (fun index player ->
                            Array.sub along.Step game.Offsets[index] player.Dimension),
                        along.IsStepWhole)

        let spurious stable equilibrium =
            Verdict.all [ stable; Verdict.opposite equilibrium ]

        let isNot = point.IsCriticalStackelberg.Verdict = Verdict.No

        {
            Game = game.Name
            Point = Tensor.ofArray x
            Costs = costs
            ResidualOmega = own |> Seq.map _.Residual |> norm
            ResidualOmegaS =
                match point.Pieces with
                | [||] -> own |> Seq.map _.Residual |> norm
                | pieces -> pieces |> Seq.map _.Residual |> Seq.max
            StepOmega = step point.IsCriticalNash point.Violated isOwnWhole (own |> Array.map _.Step) scales
            StepOmegaS = step point.IsCriticalStackelberg point.Violated isPieceWhole pieceSteps scales
            IsCriticalOmega = UndefinedCost.verdict undefined point.IsCriticalNash.Verdict
            IsCriticalOmegaS = UndefinedCost.verdict undefined point.IsCriticalStackelberg.Verdict
            IsDifferentialNash = nash.Verdict
            IsDifferentialStackelberg = stackelberg.Verdict
            IsStableSimgrad = stable.Verdict
            IsStableStackelberg = if isNot then Verdict.No else Verdict.Undecided
            IsSpuriousSimgrad = spurious stable.Verdict nash.Verdict
            IsSpuriousStackelberg =
                if isNot then
                    Verdict.No
                else
                    spurious Verdict.Undecided stackelberg.Verdict
            EigenvaluesJ = point.Spectrum
            EigenvaluesJS = [||]
            ConditionsJ = Array.create point.Spectrum.Length nan
            ConditionsJS = [||]
            EigenvaluesSchurJ = [||]
            EigenvaluesTotalHessian =
                match point.Pieces with
                | [||] -> [||]
                | pieces ->
                    (pieces |> Array.minBy (fun piece -> Array.fold min infinity piece.Curvatures)).Curvatures
                    |> Array.map (fun value -> Complex(value, 0.0))
            SchurJ = Array2D.zeroCreate 0 0
            TotalHessian = Array2D.zeroCreate 0 0
            PlayerHessians = own |> Array.map (fun _ -> Array2D.zeroCreate 0 0)
            EigenvaluesPlayers = own |> Array.map _.Curvatures
            MarginalPlayers = [||]
            Asymmetry = nan
            ZeroModesJ = 0
            ZeroModesJS = 0
            HeldEntries = [||]
            IsStrictlyComplementary = own |> Array.forall (fun found -> found.Weak.Length = 0)
            Constraints = ConstraintStates.of' game point
            Violated = point.Violated
            Doubts =
                Array.concat [
                    Judgement.doubts "differential Nash" nash
                    Judgement.doubts "differential Stackelberg" stackelberg
                    Judgement.doubts "stable, simultaneous play" stable
                    if not isNot then
                        Judgement.doubts "stable, Stackelberg play" unlooked
                ]
            Players = names
        }
