namespace Stackelberg

/// <summary>What is done on the way of a training; see ExperimentRun.Train.</summary>
type TrainingSettings = {
    /// A row of metrics.csv every so many steps; 0 for none.
    MetricsEvery: int
    /// Takes the learning before a step whose metrics are wanted, and gives what measures the step when it is made.
    Measure: Learning -> unit -> struct (string * float)[]
    /// The steps after which Look is called; 0 is the start.
    LookAt: int list
    /// Takes the number of steps made and the joint strategy then, of length d; its numbers join the step's metrics.
    Look: int -> float[] -> struct (string * float)[]
    /// At most so many steps between two questions whether to stop and whether a checkpoint is due.
    StepsAtOnce: int
    /// What checkpoints hold besides the learning's own state: names with numbers.
    Keep: unit -> (string * float[]) list
    /// Takes back what a checkpoint held, where the training goes on from one.
    Restore: (string * float[]) list -> unit
}

/// <summary>Trainings of games with many parameters, such as GANs.</summary>
[<RequireQualifiedAccess>]
module Training =

    /// <summary>No metrics, no looks, checkpoints of the learning alone.</summary>
    let settings = {
        MetricsEvery = 0
        Measure = fun _ () -> [||]
        LookAt = []
        Look = fun _ _ -> [||]
        StepsAtOnce = 50
        Keep = fun () -> []
        Restore = ignore
    }

    // Steps of such games take seconds, a collection milliseconds.
    let private largeDimension = 1_000_000

    /// What a large game was measured with is a gigabyte, which the collector would leave until memory is short.
    let private letGo (game: Game) =
        if game.Dimension >= largeDimension then
            System.GC.Collect()

    /// The rows of metrics and the looks of one training.
    [<Sealed>]
    type internal Observer(context: ExperimentContext, name: string, training: TrainingSettings, game: Game) =

        let looks = training.LookAt |> List.distinct |> List.sort |> List.toArray

        let isLook step =
            System.Array.BinarySearch(looks, step) >= 0

        let look (learning: Learning) =
            training.Look learning.Steps (Array.copy learning.X)

        /// Before the first step.
        member _.Begin(learning: Learning) =
            if isLook 0 then
                context.Metric(name, 0L, look learning)

        /// Makes some steps, of which at most the last is observed.
        member _.Advance(learning: Learning, limit: int) =
            let next = learning.Steps + 1
            let every = training.MetricsEvery

            // A step whose metrics are wanted is made alone.
            if (every > 0 && next % every = 0) || isLook next then
                let measured = training.Measure learning
                letGo game
                let before = learning.Steps
                learning.Advance 1

                if learning.Steps > before then
                    let norms = measured ()
                    let seen = if isLook learning.Steps then look learning else [||]
                    letGo game
                    context.Metric(name, int64 learning.Steps, Array.append seen norms)
            else
                let row =
                    if every > 0 then
                        int64 (next / every + 1) * int64 every
                    else
                        int64 limit

                let look =
                    looks |> Array.tryFind (fun step -> step >= next) |> Option.defaultValue limit

                let stop = min row (int64 (min look limit)) |> int
                learning.Advance(min training.StepsAtOnce (max 1 (stop - next)))
