namespace Stackelberg

/// <summary>A learning run of an experiment, as it was recorded.</summary>
[<RequireQualifiedAccess>]
type PlayedRun = {
    /// Its name within the experiment.
    Name: string
    /// The learning rule's name.
    Rule: string
    /// After how many steps each point was recorded, ascending; the first is 0.
    Steps: int[]
    /// The points, each of length d: the start first, the end last.
    Path: float[][]
    /// Every player's cost at each point, each of length n.
    Costs: float[][]
} with

    /// <summary>The end point, shape [d].</summary>
    member run.Final = Tensor.ofArray (Array.last run.Path)

    /// <summary>One entry of the joint strategy along the run.</summary>
    /// <param name="index">Which, from 0.</param>
    member run.Entry(index: int) =
        run.Path |> Array.map (Array.item index)

    /// <summary>One player's cost along the run.</summary>
    /// <param name="player">Which, from 0.</param>
    member run.Cost(player: int) =
        run.Costs |> Array.map (Array.item player)
