namespace Stackelberg

open System

/// <summary>One rule's runs on a game from many starts: how many converge, to what, and how fast. Comparison.ensemble makes
/// it.</summary>
[<StructuredFormatDisplay("{Shown}")>]
type ComparisonShare = {
    /// The rule's name.
    Rule: string
    /// How each run ended.
    Endings: RuleEnding[]
    /// Why the rule refuses the game; empty if it does not.
    Words: string
    /// Steps made by each run.
    Steps: int[]
    /// Where each run ended: joint strategies of length d. Empty for a rule that refuses.
    Final: float[][]
    /// The number of the known point that each run settled at; −1 if it settled elsewhere or not at all.
    Reached: int[]
    /// The share of the runs that converged, from 0 to 1.
    Converged: float
    /// For each known point the share of the runs that settled there.
    Shares: float[]
    /// The share of the runs that converged to a point that is none of those.
    Elsewhere: float
    /// The median number of steps of the runs that converged; NaN if none did.
    MedianSteps: float
    /// How the inner linear solves of all runs went.
    Solves: SolveSummary
} with

    /// What F# Interactive prints.
    member internal share.Shown = share.ToString()

    /// <summary>One line: the rule, the share that converged, to what, and in how many steps.</summary>
    override share.ToString() =
        let percent (value: float) = (invariant $"{100.0 * value:G4} %%")

        if share.Words <> "" then
            (invariant $"{share.Rule}: not defined ({share.Words})")
        else
            let points =
                share.Shares
                |> Array.mapi (fun k part -> (invariant $", {percent part} to point {k}"))
                |> String.concat ""

            let elsewhere =
                if share.Elsewhere > 0.0 then
                    (invariant $", {percent share.Elsewhere} elsewhere")
                else
                    ""

            let speed =
                if Double.IsNaN share.MedianSteps then
                    ""
                else
                    (invariant $"; median of {share.MedianSteps} steps")

            (invariant
                $"{share.Rule}: {percent share.Converged} of {share.Endings.Length} runs converge{points}{elsewhere}{speed}{share.Solves.Doubts(Array.sum share.Steps)}")
