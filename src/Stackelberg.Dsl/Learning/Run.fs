namespace Stackelberg

open Stackelberg.Kernels

/// <summary>How a run's inner linear solves went. Zero everywhere for rules and games without inner solves, and for
/// scalar followers, whose solve is a division.</summary>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type SolveSummary internal (shortfall: float) =

    /// The greatest residual of those that did not converge; −1 for none.
    let mutable worstShortfall = shortfall

    internal new() = SolveSummary(-1.0)

    /// <summary>Solves made.</summary>
    member val Count = 0L with get, private set

    /// <summary>Solves that did not converge: out of iterations, negative curvature or breakdown.</summary>
    member val FellShort = 0L with get, private set

    /// <summary>Solves that met a direction of negative curvature, those included that another method then solved: there
    /// the followers' costs are not convex.</summary>
    member val NegativeCurvature = 0L with get, private set

    /// <summary>The run's steps at which the followers' second derivatives were found not to be positive definite, though the
    /// rule takes the followers to answer best: ω_S is not the leaders' gradient there.</summary>
    /// <remarks>Told whatever solves the system, also where that is a division, of followers with up to eight entries and of
    /// those whose entries do not interact, in the entries that no bound holds. Of a single larger follower without bounds the
    /// solver tells: the directions that conjugate gradients or MINRES meet, which Solver.auto takes, or the elimination of
    /// Solver.dense; the other solvers say nothing, and so nothing is known of several larger followers.</remarks>
    member val IndefiniteSteps = 0L with get, private set

    /// <summary>The greatest ‖b − A w‖ / ‖b‖ of all solves.</summary>
    member val WorstResidual = 0.0 with get, private set

    /// <summary>The most matrix-vector products that a solve used.</summary>
    member val MostIterations = 0 with get, private set

    /// <summary>What the worst solve that fell short did to the update: ‖g − g*‖ / ‖g*‖, where g is the direction's value
    /// for the players above the lowest level, with that solve's answer, and g* the same at the same point with the
    /// systems solved better. 0 if none fell short; NaN if it is not known.</summary>
    /// <remarks>A measurement at one point, the one where a solve that fell short left the greatest residual: the
    /// residual alone says how well the equations hold and not what that does to the leaders. It is made when the
    /// run is finished, once, by dense elimination for up to 64 unknowns and otherwise by GMRES, to a hundredth of that
    /// residual, with at most twenty times the products that the run's solves took. It is NaN before, for directions
    /// that are not a conjecture's, and where GMRES does not get there.</remarks>
    member val UpdateError = 0.0 with get, internal set

    /// The greatest residual of those that did not converge; −1 for none.
    member internal _.WorstShortfall = worstShortfall

    /// Whether one of the solves fell short by more than all before.
    member internal this.Add(reports: SolveReport[]) =
        let before = worstShortfall

        for report in reports do
            // A search for a root says itself how it ended.
            if not report.IsRoot then
                this.Count <- this.Count + 1L
                this.WorstResidual <- max this.WorstResidual report.Residual
                this.MostIterations <- max this.MostIterations report.Iterations

            if not (report.IsSuccess || report.IsRoot) then
                this.FellShort <- this.FellShort + 1L
                this.UpdateError <- nan

                // A residual that is not a number is worse than all.
                let residual =
                    if System.Double.IsNaN report.Residual then
                        infinity
                    else
                        report.Residual

                worstShortfall <- max worstShortfall residual

            if report.Status = SolveStatus.NegativeCurvature || report.Curvature < 0.0 then
                this.NegativeCurvature <- this.NegativeCurvature + 1L

        worstShortfall > before

    member internal this.AddIndefiniteStep() =
        this.IndefiniteSteps <- this.IndefiniteSteps + 1L

    /// The solves of several runs as one.
    static member internal Together(summaries: SolveSummary[]) : SolveSummary =
        let total =
            SolveSummary(summaries |> Array.fold (fun worst one -> max worst one.WorstShortfall) -1.0)

        for one in summaries do
            total.Count <- total.Count + one.Count
            total.FellShort <- total.FellShort + one.FellShort
            total.NegativeCurvature <- total.NegativeCurvature + one.NegativeCurvature
            total.IndefiniteSteps <- total.IndefiniteSteps + one.IndefiniteSteps
            total.WorstResidual <- max total.WorstResidual one.WorstResidual
            total.MostIterations <- max total.MostIterations one.MostIterations

        if total.FellShort > 0L then
            total.UpdateError <- nan

        total

    static member internal SavedLength = 6

    /// The numbers, for a saved run; counts are below 2⁵³.
    member internal this.Save() : float[] = [|
        float this.Count
        float this.FellShort
        float this.NegativeCurvature
        this.WorstResidual
        float this.MostIterations
        worstShortfall
    |]

    static member internal Restore(saved: float[], indefiniteSteps: float) =
        SolveSummary(
            saved[5],
            Count = int64 saved[0],
            FellShort = int64 saved[1],
            NegativeCurvature = int64 saved[2],
            WorstResidual = saved[3],
            MostIterations = int saved[4],
            IndefiniteSteps = int64 indefiniteSteps,
            UpdateError = (if saved[1] > 0.0 then nan else 0.0)
        )

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>One line.</summary>
    override this.ToString() =
        if this.Count = 0L then
            "no inner solves"
        elif this.FellShort = 0L then
            (invariant $"{this.Count} inner solves, all converged (worst residual {this.WorstResidual:G3})")
        else
            let effect =
                if System.Double.IsNaN this.UpdateError then
                    ""
                else
                    (invariant $", which left the leaders' update off by {100.0 * this.UpdateError:G3} %%")

            let remedy =
                if this.NegativeCurvature > 0L then
                    ": the followers' costs are not convex there, which conjugate gradients need; take Solver.auto, Solver.minres or Solver.gmres, or a greater η of Conjecture.regularized"
                else
                    ""

            (invariant
                $"{this.FellShort} of {this.Count} inner solves fell short ({this.NegativeCurvature} met negative curvature; worst residual {this.WorstResidual:G3}{effect}){remedy}")

    /// What a reader of one line must know of the solves and of the followers' curvature, in so many steps.
    member internal this.Doubts(steps: int) : string =
        let shortfall = if this.FellShort > 0L then (invariant $"; {this}") else ""

        if this.IndefiniteSteps > 0L then
            (invariant
                $"{shortfall}; in {this.IndefiniteSteps} of {steps} steps the followers' second derivatives were not positive definite: ω_S is not the leader's gradient there")
        else
            shortfall

/// <summary>What a run did.</summary>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type Run
    internal
    (
        game: Game,
        rule: string,
        seed: uint64,
        outcome: Outcome,
        steps: int,
        trajectory: float[][],
        recordedSteps: int[],
        costs: float[],
        solves: SolveSummary,
        warnings: RateWarning[],
        report: System.Lazy<Report>
    ) =

    /// <summary>The game's name.</summary>
    member _.Game = game.Name

    /// The game itself.
    member internal _.Played = game

    /// <summary>The rule's name.</summary>
    member _.Rule = rule

    /// <summary>Where the random numbers began.</summary>
    member _.Seed = seed

    /// <summary>How the run ended.</summary>
    member _.Outcome = outcome

    /// <summary>The last joint strategy, shape [d]; always finite.</summary>
    member val Final = Tensor.ofArray (Array.last trajectory)

    /// <summary>Steps made.</summary>
    member _.Steps = steps

    /// <summary>The joint strategies kept, the start first and the end last, each of length d.</summary>
    member _.Trajectory = trajectory

    /// <summary>After how many steps each row of Trajectory was reached, 0 for the start.</summary>
    member _.RecordedSteps = recordedSteps

    /// <summary>The players' costs at the end.</summary>
    member _.Costs = costs

    /// <summary>How the inner linear solves went.</summary>
    member _.Solves = solves

    /// <summary>What is wrong with the rates where the field is noisy; empty without noise.</summary>
    member _.Warnings = warnings

    /// <summary>What kind of point the run ended at, as Equilibrium.classify says, where the length of the start measures
    /// distances from the origin; found when first asked for. Null for a run
    /// that failed, for games with a sampler and above 50 dimensions.</summary>
    member _.Report: Report =
        if isNull report then
            Unchecked.defaultof<Report>
        else
            report.Value

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>One line: the game, the rule, the outcome, where and at what kind of point, inner solves that fell short,
    /// steps at which the followers' curvature was not positive definite, and doubts about the rates.</summary>
    override run.ToString() =
        let kind =
            if isNull report then
                ""
            else
                (invariant $", {PointKind.words outcome.IsConverged report.Value}")

        let doubts =
            System.String.Join("", warnings |> Array.map (fun warning -> (invariant $"; {warning}")))

        /// Of a run with a report its kind says so, of one that failed its outcome.
        let undefined =
            match UndefinedCost.reason (game.Players |> Array.map _.Name) costs with
            | ValueSome why when isNull report && not outcome.HasFailed -> (invariant $"; {why}")
            | _ -> ""

        (invariant
            $"{game.Name}, {rule}: {outcome} at {run.Final}{kind}{undefined}{solves.Doubts steps}{doubts}")
