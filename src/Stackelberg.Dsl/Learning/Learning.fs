namespace Stackelberg

open System

/// <summary>A run that its caller steps: for metrics, checkpoints and pictures on the way. Learn.start and Learn.resume
/// make one; Learn.run makes one and runs it to its end.</summary>
/// <remarks>For one thread at a time.</remarks>
[<Sealed>]
type Learning internal (driver: Driver, settings: LearnSettings) =

    /// <summary>Steps made.</summary>
    member _.Steps = driver.Steps

    /// <summary>Whether there is nothing more to do: all steps are made, or the run has ended before.</summary>
    member _.IsFinished = driver.Ended.IsSome || driver.Steps >= settings.Steps

    /// <summary>The joint strategy, of length d. A view: the next step changes it, and the caller may not.</summary>
    member _.X: float[] = driver.X

    /// <summary>The value of the first field that the last step asked for, noise included, of length d. A view, as X.</summary>
    member _.Direction: float[] = driver.Gradient

    /// <summary>‖x⁺ − x‖₂ of the last step.</summary>
    member _.Update = driver.Update

    /// <summary>How the inner linear solves have gone so far.</summary>
    member _.Solves: SolveSummary = driver.Solves

    /// <summary>The number of the draw that the next evaluation of a direction reads.</summary>
    member _.NextDraw: int64 = driver.Evaluations

    /// <summary>Makes steps until so many are made or the run ends. A cancellation ends it between two steps.</summary>
    /// <param name="steps">At most so many more steps.</param>
    member this.Advance(steps: int) =
        let last = int (min (int64 settings.Steps) (int64 driver.Steps + int64 steps))

        driver.AdvanceTo last

    /// <summary>All that the run needs to go on where it is.</summary>
    member _.Save() : LearnState = driver.Save()

    /// <summary>What the run did. A run that was resumed knows its trajectory from there on.</summary>
    member _.Finish() : Run = driver.Finish()
