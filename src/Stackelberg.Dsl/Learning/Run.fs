namespace Stackelberg

open Stackelberg.Kernels

/// <summary>How a run's inner linear solves went. Zero everywhere for rules and games without inner solves, and for
/// scalar followers, whose solve is a division.</summary>
[<Sealed>]
type SolveSummary internal () =

    /// <summary>Solves made.</summary>
    member val Count = 0L with get, private set

    /// <summary>Solves that did not converge: out of iterations, negative curvature or breakdown.</summary>
    member val FellShort = 0L with get, private set

    /// <summary>Solves that met a direction of negative curvature: there the followers' costs are not convex.</summary>
    member val NegativeCurvature = 0L with get, private set

    /// <summary>The greatest ‖b − A w‖ / ‖b‖ of all solves.</summary>
    member val WorstResidual = 0.0 with get, private set

    /// <summary>The most matrix-vector products that a solve used.</summary>
    member val MostIterations = 0 with get, private set

    member internal this.Add(reports: SolveReport[]) =
        for report in reports do
            this.Count <- this.Count + 1L
            this.WorstResidual <- max this.WorstResidual report.Residual
            this.MostIterations <- max this.MostIterations report.Iterations

            if report.Status <> SolveStatus.Converged then
                this.FellShort <- this.FellShort + 1L

            if report.Status = SolveStatus.NegativeCurvature then
                this.NegativeCurvature <- this.NegativeCurvature + 1L

    static member internal SavedLength = 5

    /// The numbers, for a saved run; counts are below 2⁵³.
    member internal this.Save() : float[] = [|
        float this.Count
        float this.FellShort
        float this.NegativeCurvature
        this.WorstResidual
        float this.MostIterations
    |]

    static member internal Restore(saved: float[]) =
        SolveSummary(
            Count = int64 saved[0],
            FellShort = int64 saved[1],
            NegativeCurvature = int64 saved[2],
            WorstResidual = saved[3],
            MostIterations = int saved[4]
        )

    /// <summary>One line.</summary>
    override this.ToString() =
        if this.Count = 0L then
            "no inner solves"
        elif this.FellShort = 0L then
            $"{this.Count} inner solves, all converged (worst residual {this.WorstResidual:G3})"
        else
            $"{this.FellShort} of {this.Count} inner solves fell short ({this.NegativeCurvature} met negative curvature; worst residual {this.WorstResidual:G3})"

/// <summary>What a run did.</summary>
[<Sealed>]
type Run
    internal
    (
        game: string,
        rule: string,
        seed: uint64,
        outcome: Outcome,
        steps: int,
        trajectory: float[][],
        recordedSteps: int[],
        costs: float[],
        solves: SolveSummary,
        warnings: RateWarning[]
    ) =

    /// <summary>The game's name.</summary>
    member _.Game = game

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

    /// <summary>One line: the game, the rule, the outcome and where, inner solves that fell short, and doubts about the
    /// rates.</summary>
    override run.ToString() =
        let shortfall = if solves.FellShort > 0L then $"; {solves}" else ""

        let doubts =
            System.String.Join("", warnings |> Array.map (fun warning -> $"; {warning}"))

        $"{game}, {rule}: {outcome} at {run.Final}{shortfall}{doubts}"
