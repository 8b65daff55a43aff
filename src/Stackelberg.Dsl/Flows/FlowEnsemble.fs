namespace Stackelberg

open System

/// <summary>What the integration of a flow from many starts found.</summary>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type FlowEnsemble internal (game: Game, direction: string, runs: FlowRun[]) =

    let final = runs |> Array.collect (fun run -> run.Final.ToArray())

    /// <summary>The game.</summary>
    member _.Game = game

    /// <summary>The name of the direction that the flows descend.</summary>
    member _.Direction = direction

    /// <summary>How many flows there are.</summary>
    member _.Count = runs.Length

    /// <summary>Every flow, as Flow.run finds it, in the order of the starts.</summary>
    member _.Runs = runs

    /// <summary>How each integration ended.</summary>
    member val Outcomes = runs |> Array.map _.Outcome

    /// <summary>Where the flows ended, shape [flows; d].</summary>
    member _.Final = Tensor.ofArray final |> Tensor.reshape [ runs.Length; game.Dimension ]

    /// <summary>For each flow the number of the point that it ended nearest to, of those within a radius; −1 if none is.
    /// Angles are compared the short way round.</summary>
    /// <param name="points">Points of length d, for example the equilibria.</param>
    /// <param name="radius">Above 0.</param>
    /// <exception cref="T:System.ArgumentException">A point has another length.</exception>
    member _.Nearest(points: float[][], radius: float) : int[] =
        Distance.nearest "FlowEnsemble.Nearest" game points radius final runs.Length

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>One line: the game, the direction, and how many flows ended how.</summary>
    override _.ToString() =
        let kinds =
            runs
            |> Array.countBy (fun run ->
                match run.Outcome with
                | FlowOutcome.ReachedTime _ -> "reached their time"
                | FlowOutcome.Settled _ -> "settled"
                | FlowOutcome.Blocked _ -> "were blocked"
                | FlowOutcome.NotFinite _ -> "were not finite at the start"
                | FlowOutcome.SingularFollower _ -> "met a singular follower at the start"
                | FlowOutcome.OutOfSteps _ -> "made all their steps"
                | FlowOutcome.Cancelled _ -> "were cancelled")
            |> Array.map (fun (kind, count) -> (invariant $"{count} {kind}"))

        let ended = String.Join(", ", kinds)
        (invariant $"{game.Name}, {runs.Length} flows of {direction}: {ended}")
