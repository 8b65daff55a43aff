namespace Stackelberg

/// <summary>What the integration of a flow found.</summary>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type FlowRun
    internal
    (
        game: string,
        direction: string,
        outcome: FlowOutcome,
        times: float[],
        points: float[][],
        final: float[],
        time: float,
        steps: int,
        rejected: int,
        evaluations: int,
        solves: SolveSummary
    ) =

    /// <summary>The game's name.</summary>
    member _.Game = game

    /// <summary>The name of the direction that the flow descends.</summary>
    member _.Direction = direction

    /// <summary>How the integration ended.</summary>
    member _.Outcome = outcome

    /// <summary>The times of Points: those wanted as far as they were reached, or the ends of all steps.</summary>
    member _.Times = times

    /// <summary>The joint strategies at Times, each of length d, angles in [−π, π).</summary>
    member _.Points = points

    /// <summary>The last joint strategy, shape [d]; always finite.</summary>
    member val Final = Tensor.ofArray final

    /// <summary>The time of Final.</summary>
    member _.Time = time

    /// <summary>Steps made.</summary>
    member _.Steps = steps

    /// <summary>Steps tried and made again shorter.</summary>
    member _.Rejected = rejected

    /// <summary>How often the field was evaluated.</summary>
    member _.Evaluations = evaluations

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>How the inner linear solves of all evaluations went, and at the ends of how many of the steps the followers'
    /// second derivatives were not positive definite.</summary>
    member _.Solves = solves

    /// <summary>One line: the game, the direction, the outcome and where, inner solves that fell short, and steps at which
    /// the followers' curvature was not positive definite.</summary>
    override run.ToString() =
        (invariant $"{game}, flow of {direction}: {outcome} at {run.Final}{solves.Doubts steps}")
