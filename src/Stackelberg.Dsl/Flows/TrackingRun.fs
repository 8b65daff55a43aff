namespace Stackelberg

/// <summary>How closely runs kept to what two time scales promise: the followers to their answer, the leaders to the
/// flow along it.</summary>
[<Sealed>]
type TrackingRun
    internal
    (
        steps: int[],
        times: float[],
        followerGaps: float[,],
        leaderGaps: float[,],
        flow: float[][],
        outcome: FlowOutcome
    ) =

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

    /// <summary>ξ of the first run, one array for each column that it reached.</summary>
    member _.Flow = flow

    /// <summary>How the integration of the first run's ξ ended.</summary>
    member _.FlowOutcome = outcome
