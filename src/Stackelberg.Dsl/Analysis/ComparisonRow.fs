namespace Stackelberg

open System
open System.Threading

/// How a rule's run in a comparison ended.
type RuleEnding =
    /// At a fixed point of the rule.
    | Converged = 0
    /// All steps were made and it still moves: it cycles, or it is slow.
    | Unsettled = 1
    /// It left for infinity.
    | Diverged = 2
    /// A step could not be made: an inner iteration failed, the followers' answer is undefined, or a number not finite.
    | Failed = 3
    /// The rule is not defined for this game.
    | Refused = 4
    /// Its steps became too short to move it where the rule's field is not zero.
    | Stopped = 5

/// <summary>One rule's run on a game: where it ended, and how fast, measured and predicted. Comparison.run makes
/// it.</summary>
[<StructuredFormatDisplay("{Shown}")>]
type ComparisonRow = {
    /// The rule's name.
    Rule: string
    /// How the run ended.
    Ending: RuleEnding
    /// The same in words, with numbers; for a rule that refuses, why.
    Words: string
    /// Steps made.
    Steps: int
    /// Where it ended: a joint strategy of length d. Empty for a rule that refuses.
    Final: float[]
    /// What kind of point that is; null unless the run converged.
    Report: Report
    /// The contraction factor of the run: by how much a step shrinks the next update, over its last updates. NaN where
    /// nothing can be measured. Of a run that did not settle, over its last half: 1 if it cycles.
    Measured: float
    /// How many updates that was measured on.
    MeasuredSteps: int
    /// The spectral radius of the derivative of the rule's step at the end point; NaN where there is none.
    Predicted: float
    /// Of a run that did not settle, the distance that its last half came over the length of its way: 1 on a straight line,
    /// near 0 on a cycle. NaN for others.
    Drift: float
    /// How the run's inner linear solves went, and at how many of its steps the followers' curvature was not positive
    /// definite.
    Solves: SolveSummary
    /// Why Measured and Predicted are not both there, or differ; empty where they agree within 1 %.
    Remark: string
} with

    /// <summary>Whether both factors are there and agree within 1 %.</summary>
    member row.Agrees = abs (row.Measured - row.Predicted) <= 0.01 * row.Predicted

    /// <summary>What the run came to, in a word or two: of a run that converged the class of its end point, "Nash and
    /// Stackelberg", "Nash", "Stackelberg" (differential equilibria), "critical" (of ω or ω_S, but certainly neither
    /// equilibrium), "undecided", or "own point" (a rest point of the rule alone); otherwise "slow" (its steps still shrink),
    /// "grows" (they grow), "drifts" (they do neither and lead away), "cycles" (or lead around), "diverges", "stopped" (its
    /// steps are too short for the costs), "fails" or "not defined".</summary>
    member row.Kind =
        /// Steps that change by less neither grow nor shrink: in 20,000 steps they do so by e.
        let still = 5e-5

        /// What a cycle covers of its way in thousands of steps is less.
        let straight = 0.1

        match row.Ending with
        | RuleEnding.Converged -> PointKind.name row.Report
        | RuleEnding.Unsettled ->
            if row.Measured > 1.0 + still then "grows"
            elif row.Measured < 1.0 - still then "slow"
            elif row.Drift > straight then "drifts"
            else "cycles"
        | RuleEnding.Diverged -> "diverges"
        | RuleEnding.Failed -> "fails"
        | RuleEnding.Stopped -> "stopped"
        | _ -> "not defined"

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>One line: the rule, what it came to, where, and the factors.</summary>
    override row.ToString() =
        let place =
            if row.Ending = RuleEnding.Refused then
                ""
            else
                (invariant $" after {row.Steps} steps at {Tensor.ofArray row.Final}")

        let speed =
            if Double.IsNaN row.Measured then
                ""
            else
                (invariant $"; factor {row.Measured:G6}")

        let theory =
            if Double.IsNaN row.Predicted then
                ""
            else
                (invariant $", predicted {row.Predicted:G6}")

        let remark =
            if row.Remark = "" then
                ""
            else
                (invariant $" ({row.Remark})")

        (invariant $"{row.Rule}: {row.Kind}{place}{speed}{theory}{remark}{row.Solves.Doubts row.Steps}")

/// <summary>How rules are compared. Comparison.settings has the defaults.</summary>
type ComparisonSettings = {
    /// The rules. Default Rule.all.
    Rules: Rule[]
    /// The constant learning rate of all players. Default 0.1.
    Rate: float
    /// At most this many steps for each rule. Default 20,000.
    Steps: int
    /// Of Comparison.ensemble: added to the field in every evaluation. Default Noise.none, and none is possible in
    /// Comparison.run.
    Noise: Noise
    /// Of Comparison.ensemble: run k, from 0, draws noise and samples with the seed Seed + k. Default 0.
    Seed: uint64
    /// Of Comparison.ensemble: a run has settled at a known point p within this distance, relative to the larger of 1 and ‖p‖₂.
    /// Default 1e-4.
    Near: float
    /// Ends the comparison between two steps.
    Cancellation: CancellationToken
}
