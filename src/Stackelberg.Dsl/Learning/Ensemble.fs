namespace Stackelberg

[<RequireQualifiedAccess>]
module Ensemble =

    let private func = "Ensemble.run"

    /// Runs of one chunk at most: a value of all of them, 16 kB, stays in the first-level cache beside another.
    let private widest = 2048

    let private checkStarts (game: Game) (starts: Tensor) =
        let d = game.Dimension

        if starts.Shape.Length <> 2 || starts.Shape[1] <> d || starts.Shape[0] < 1 then
            Require.wrong
                func
                (nameof starts)
                (invariant
                    $"has shape {Shape.show starts.Shape}, but [runs; {d}] is needed, one row for each run ({game.Describe()}).")

        let points = starts.ToArray()

        for row in 0 .. starts.Shape[0] - 1 do
            LearnCheck.checkStart
                func
                (invariant $"{nameof starts}, row {row},")
                game
                points[row * d .. row * d + d - 1]

        points

    let private rows (settings: LearnSettings) = [|
        0

        if settings.RecordEvery > 0 then
            yield! seq { settings.RecordEvery .. settings.RecordEvery .. settings.Steps - 1 }

        if settings.Steps > 0 then
            settings.Steps
    |]

    let run (rule: Rule) (settings: LearnSettings) (starts: Tensor) (game: Game) : EnsembleRun =
        LearnCheck.checkRule func rule game
        LearnCheck.checkSettings func settings game

        if settings.Noise.IsGiven then
            Require.wrong
                func
                (nameof settings.Noise)
                "is given number by number, which is one run's; give Noise.gaussian, or play the run with Learn.run."

        let points = checkStarts game starts
        let count = starts.Shape[0]
        let width = Concurrently.width widest count
        let program = LearnProgram.ofRun rule settings game
        let struct (layout, batch) = program.Batch width
        let recordedSteps = rows settings

        let recorded =
            recordedSteps |> Array.map (fun _ -> Array.zeroCreate<float> points.Length)

        let outcomes = Array.zeroCreate<Outcome> count
        let indefinite = Array.zeroCreate<int> count
        let solves = Array.zeroCreate<SolveSummary>((count + width - 1) / width)

        let play () chunk first size =
            let runs =
                EnsembleChunk(program, layout, batch, width, settings, points, first, size)

            let mutable steps = 0

            for row in 0 .. recordedSteps.Length - 1 do
                while steps < recordedSteps[row] && runs.IsActive do
                    if settings.Cancellation.IsCancellationRequested then
                        runs.Cancel(steps, outcomes)
                    else
                        steps <- steps + 1
                        runs.Step(steps, outcomes)

                runs.CopyTo recorded[row]

            runs.Close outcomes
            runs.IndefiniteSteps.CopyTo(indefinite, first)
            solves[chunk] <- runs.Solves

        Concurrently.chunks width count ignore play

        EnsembleRun(
            game,
            rule.Name,
            Array.ofList settings.Rates,
            outcomes,
            recordedSteps,
            recorded,
            SolveSummary.Together solves,
            indefinite,
            RateWarnings.ofRun program.Fields settings game
        )

    /// So many numbers a grid may have.
    let private mostNumbers = 1e7

    let grid (lower: Tensor, upper: Tensor) (count: int) : Tensor =
        let func = "Ensemble.grid"
        Require.notNull func (nameof lower) lower
        Require.notNull func (nameof upper) upper
        let d = lower.Shape |> Array.fold (*) 1

        if lower.Shape.Length <> 1 || d = 0 then
            Require.wrong
                func
                (nameof lower)
                (invariant
                    $"has shape {Shape.show lower.Shape}, but [d] is needed, one number for each entry.")

        Require.shape func (nameof upper) upper.Shape lower.Shape "the lower corner's shape"

        if count < 2 then
            Require.wrong
                func
                (nameof count)
                (invariant $"is {count}, but at least 2 is needed, the two corners.")

        if float d * float count ** float d > mostNumbers then
            Require.wrong
                func
                (nameof count)
                (invariant
                    $"is {count}, which makes {float count ** float d:G4} starts of {d} entries; take fewer, or draw starts at random.")

        let lower, upper = lower.ToArray(), upper.ToArray()

        for k in 0 .. d - 1 do
            if not (System.Double.IsFinite(upper[k] - lower[k]) && lower[k] < upper[k]) then
                Require.wrong
                    func
                    (nameof upper)
                    (invariant
                        $"has {upper[k]} at entry {k}, but a finite number above the lower corner's {lower[k]} is needed.")

        let starts = pown count d

        let at start k =
            let index = start / pown count k % count
            lower[k] + (upper[k] - lower[k]) * float index / float (count - 1)

        Tensor.ofArray (Array.init (starts * d) (fun entry -> at (entry / d) (entry % d)))
        |> Tensor.reshape [ starts; d ]
