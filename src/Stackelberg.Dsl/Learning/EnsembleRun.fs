namespace Stackelberg

open System

/// <summary>What many runs of one rule did.</summary>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type EnsembleRun
    internal
    (
        game: Game,
        rule: string,
        rates: Rate[],
        outcomes: Outcome[],
        recordedSteps: int[],
        recorded: float[][],
        solves: SolveSummary,
        indefiniteSteps: int[],
        warnings: RateWarning[]
    ) =

    let d = game.Dimension

    /// The square of the distance of a run's recorded point from another.
    let squareTo (row: int) run (point: float[]) =
        Distance.square game 0 (game.Players.Length - 1) recorded[row] (run * d) point 0

    let last = recorded.Length - 1

    /// <summary>The game that was played.</summary>
    member _.Game = game

    /// <summary>The rule's name.</summary>
    member _.Rule = rule

    /// <summary>How many runs there were.</summary>
    member _.Count = outcomes.Length

    /// <summary>How each run ended.</summary>
    member _.Outcomes = outcomes

    /// <summary>After how many steps the rows of points were recorded, 0 for the starts; a run that had ended stays where
    /// it was.</summary>
    member _.RecordedSteps = recordedSteps

    /// <summary>Where all runs were after RecordedSteps[row] steps, shape [runs; d] row-major. The caller may not change the
    /// array.</summary>
    /// <param name="row">Below RecordedSteps.Length.</param>
    member _.Points(row: int) = recorded[row]

    /// <summary>Where the runs ended, shape [runs; d].</summary>
    member _.Final = Tensor.ofArray recorded[last] |> Tensor.reshape [ outcomes.Length; d ]

    /// <summary>How the inner linear solves of all runs went. Runs that have ended stay in the batch, and so do their
    /// solves.</summary>
    member _.Solves = solves

    /// <summary>For each run at how many of its steps the followers' second derivatives were found not to be positive
    /// definite, as SolveSummary.IndefiniteSteps tells; of followers with more than eight entries that interact
    /// Solves.NegativeCurvature tells, for all runs together.</summary>
    member _.IndefiniteSteps = indefiniteSteps

    /// <summary>What is wrong with the rates where the field is noisy; empty without noise.</summary>
    member _.Warnings = warnings

    member internal _.Rates = rates

    /// <summary>For each run the number of the point that it ended nearest to, of those within a radius; −1 if none is.
    /// Angles are compared the short way round.</summary>
    /// <param name="points">Points of length d, for example the equilibria.</param>
    /// <param name="radius">Above 0.</param>
    /// <exception cref="T:System.ArgumentException">A point has another length.</exception>
    member _.Nearest(points: float[][], radius: float) : int[] =
        Distance.nearest "EnsembleRun.Nearest" game points radius recorded[last] outcomes.Length

    /// <summary>The share of runs that are within a radius of a point at every recorded step from one on: those locked
    /// there.</summary>
    /// <param name="point">Of length d.</param>
    /// <param name="radius">ε.</param>
    /// <param name="fromStep">At most the last step.</param>
    /// <exception cref="T:System.ArgumentException">The point has another length, or no step was recorded from there on.</exception>
    /// <remarks>Both players' part, of all runs. Fiez, Chasnov and Ratliff (arXiv 1906.01217) bound the probability of each part for
    /// itself, given that the run is in a ball around the equilibrium at a step n₀: Theorem 1 the follower's distance to its
    /// answer, Theorem 2 the leader's to x₁*.</remarks>
    member _.ShareLocked(point: float[], radius: float, fromStep: int) : float =
        Distance.needPoint "EnsembleRun.ShareLocked" game point
        let rows = [| 0..last |] |> Array.filter (fun row -> recordedSteps[row] >= fromStep)

        if rows.Length = 0 then
            Require.wrong
                "EnsembleRun.ShareLocked"
                (nameof fromStep)
                (invariant
                    $"is {fromStep}, but the last recorded step is {recordedSteps[last]}; give that or an earlier one.")

        let isLocked run =
            rows |> Array.forall (fun row -> squareTo row run point <= radius * radius)

        let locked = Seq.init outcomes.Length isLocked |> Seq.filter id |> Seq.length
        float locked / float outcomes.Length

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>One line: the game, the rule, how many runs ended how, and doubts about the rates.</summary>
    override _.ToString() =
        let kinds =
            outcomes
            |> Array.countBy (function
                | Outcome.Converged _ -> "converged"
                | Outcome.Stopped _ -> "stopped without convergence"
                | Outcome.Diverged _ -> "diverged"
                | Outcome.OutOfSteps _ -> "made all their steps"
                | Outcome.NotFinite _ -> "were not finite"
                | Outcome.SingularFollower _ -> "met a singular follower"
                | Outcome.InnerFailed _ -> "failed in an inner iteration"
                | Outcome.Cancelled _ -> "were cancelled"
                | Outcome.Told _ -> "ended otherwise")
            |> Array.map (fun (kind, count) -> (invariant $"{count} {kind}"))

        let ended = String.Join(", ", kinds)

        let doubts =
            String.Join("", warnings |> Array.map (fun warning -> (invariant $"; {warning}")))

        (invariant $"{game.Name}, {outcomes.Length} runs of {rule}: {ended}{doubts}")
