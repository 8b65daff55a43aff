namespace Stackelberg

/// <summary>How closely runs kept to what two time scales promise: the followers to their answer, the leaders to the
/// flow along it.</summary>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type TrackingRun
    internal
    (
        steps: int[],
        times: float[],
        followerGaps: float[,],
        leaderGaps: float[,],
        flows: float[][][],
        outcomes: FlowOutcome[]
    ) =

    let ofColumns (number: float[] -> float) (gaps: float[,]) =
        Array.init steps.Length (fun column -> number gaps[*, column])

    let quantiles func share gaps =
        Quantile.need func share
        ofColumns (Quantile.at share) gaps

    /// <summary>How many runs there are.</summary>
    member _.Count = outcomes.Length

    /// <summary>k, after how many steps each column was recorded.</summary>
    member _.Steps = steps

    /// <summary>t_k = γ₁,₁ + … + γ₁,k, the time of the leaders' flow at each column, counted from the first.</summary>
    member _.Times = times

    /// <summary>‖x₂,k − r(x₁,k)‖₂, shape [runs, columns]: all players below the top level against their answer, found by
    /// Newton from where they stand; NaN where it finds no stable answer.</summary>
    member _.FollowerGaps = followerGaps

    /// <summary>‖x₁,k − ξ(t_k)‖₂, shape [runs, columns]: the leaders against the flow from where they stood in the first
    /// column; NaN where that flow was not reached.</summary>
    member _.LeaderGaps = leaderGaps

    /// <summary>The mean of the followers' gaps over the runs, one for each column, of those that are known; NaN where none
    /// is.</summary>
    member _.MeanFollowerGaps = ofColumns Quantile.mean followerGaps

    /// <summary>The mean of the leaders' gaps over the runs, one for each column, of those that are known; NaN where none
    /// is.</summary>
    member _.MeanLeaderGaps = ofColumns Quantile.mean leaderGaps

    /// <summary>A quantile of the followers' gaps over the runs, one for each column, of those that are known; NaN where none
    /// is.</summary>
    /// <param name="share">p: 0.5 for the median, 0.9 for the gap that nine runs of ten keep below.</param>
    /// <exception cref="T:System.ArgumentException">share is not from 0 to 1.</exception>
    /// <remarks>Linear between the sorted gaps, the k-th of n at p = (k − 1)/(n − 1): type 7 of Hyndman and Fan (1996).</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let tracking = Tracking.ofEnsemble 100 runs
    /// tracking.FollowerGapQuantiles 0.5 // the median gap after 100, 101, … steps
    /// </code>
    /// </example>
    member _.FollowerGapQuantiles(share: float) : float[] =
        quantiles "TrackingRun.FollowerGapQuantiles" share followerGaps

    /// <summary>As FollowerGapQuantiles, of the leaders' gaps.</summary>
    /// <param name="share">p, from 0 to 1.</param>
    /// <exception cref="T:System.ArgumentException">share is not from 0 to 1.</exception>
    member _.LeaderGapQuantiles(share: float) : float[] =
        quantiles "TrackingRun.LeaderGapQuantiles" share leaderGaps

    /// <summary>ξ of the first run, one array for each column that it reached.</summary>
    member _.Flow = flows[0]

    /// <summary>How the integration of the first run's ξ ended.</summary>
    member _.FlowOutcome = outcomes[0]

    /// <summary>ξ of every run, one array for each column that it reached. Runs that stood at one point share it.</summary>
    member _.Flows = flows

    /// <summary>How the integration of every run's ξ ended.</summary>
    member _.FlowOutcomes = outcomes

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>One line: how many runs, the steps, and the median and greatest gaps at the last.</summary>
    override tracking.ToString() =
        let last = steps.Length - 1

        let gaps quantiles : string =
            (invariant
                $"median {Array.get (quantiles 0.5) last:G4}, greatest {Array.get (quantiles 1.0) last:G4}")

        let runs =
            if tracking.Count = 1 then
                "1 run"
            else
                (invariant $"{tracking.Count} runs")

        (invariant
            $"{runs}, steps {steps[0]} to {steps[last]}; at the last the followers' gap: {gaps tracking.FollowerGapQuantiles}, the leaders': {gaps tracking.LeaderGapQuantiles}")
