namespace Stackelberg

open System
open System.Threading

/// <summary>When a run ends before its last step. Whether it has converged there is another question, which Run.Outcome
/// answers: a step may be short because the rates are.</summary>
[<RequireQualifiedAccess>]
type Stop =
    /// Never.
    | Never
    /// When ‖x⁺ − x‖₂ of one step, noise and rates included, is below the tolerance. A turn of an angle by 2π does not count.
    | UpdateBelow of tolerance: float
    /// When the norm of the rule's field, without noise, is below the tolerance; in a box ‖x − Π(x − g)‖₂. It is looked
    /// at where the rule evaluates the field, so the point before the step counts.
    | FieldBelow of tolerance: float

/// <summary>How far a run is, as it is reported now and then.</summary>
/// <param name="steps">Steps made.</param>
/// <param name="limit">Steps at most.</param>
/// <param name="update">‖x⁺ − x‖₂ of the last step.</param>
[<Sealed>]
type LearnProgress(steps: int, limit: int, update: float) =
    /// <summary>Steps made.</summary>
    member _.Steps = steps

    /// <summary>Steps at most.</summary>
    member _.Limit = limit

    /// <summary>‖x⁺ − x‖₂ of the last step.</summary>
    member _.Update = update

/// <summary>How a run is made. Learn.settings has the defaults.</summary>
type LearnSettings = {
    /// At most this many steps, at least 0. Default 1000.
    Steps: int
    /// One learning rate for all players, or one for each in the game's order. Default the constant 0.1.
    Rates: Rate list
    /// What is added to the field. Default nothing.
    Noise: Noise
    /// Where the random numbers of the noise begin; the same seed gives the same bits. Default 0.
    Seed: uint64
    /// The trajectory keeps every so many steps, besides the first and the last point; 0 keeps only these. Default 1.
    RecordEvery: int
    /// When to end early. Default never.
    Stop: Stop
    /// Is told about a hundred times how far the run is; may be null, which is the default.
    Progress: IProgress<LearnProgress>
    /// Ends the run between two steps.
    Cancellation: CancellationToken
}
