namespace Stackelberg

open System
open System.Collections.Generic
open System.Diagnostics
open System.Threading
open Stackelberg.Files

/// <summary>An experiment while it runs: what its functions read the settings from and hand their results to.</summary>
/// <remarks>All that it is handed stands in the run folder. For one thread at a time.</remarks>
[<Sealed>]
type ExperimentRun internal (context: ExperimentContext, game: Game, cancellation: CancellationToken) =

    static let rowsOfMetrics = 100

    // A call into the driver is to take about so long: a Ctrl-C is then answered at once.
    static let slice = TimeSpan.FromMilliseconds 20.0

    static let stepsKey, pathKey = "steps", "path"

    let runs = List<PlayedRun>()
    let searches = Dictionary<Concept, Report[]>()

    let rows (array: float[]) width = Array.chunkBySize width array

    let stepsOf name = (invariant $"{name}/{stepsKey}")

    let costFunctions = Dictionary<Game, float[][] -> float[][]>(HashIdentity.Reference)

    /// All players' costs at many points.
    let costsAlong (game: Game) (path: float[][]) =
        if game.Sampler <> Sampler.none then
            path |> Array.map (fun x -> (Game.costs game (Tensor.ofArray x)).ToArray())
        else
            match costFunctions.TryGetValue game with
            | true, costs -> costs path
            | _ ->
                let costs = Pointwise.evaluate (Game.costs game)
                costFunctions.Add(game, costs)
                costs path

    let played name rule (game: Game) (steps: int[]) (path: float[][]) : PlayedRun = {
        Name = name
        Rule = rule
        Steps = steps
        Path = path
        Costs = costsAlong game path
    }

    /// A run that ended before the experiment was resumed.
    let restored (name: string) rule (game: Game) =
        let path = context.FindSeries name
        let points = rows path game.Dimension

        let steps =
            match context.FindSeries(stepsOf name) with
            | null -> Array.init points.Length id
            | steps -> steps |> Array.map int

        played name rule game steps points

    let metrics name (run: PlayedRun) index =
        let named prefix (values: float[]) =
            values
            |> Array.truncate 4
            |> Array.mapi (fun k value -> struct ((invariant $"{prefix}{k + 1}"), value))

        context.Metric(
            name,
            int64 run.Steps[index],
            Array.append (named "x" run.Path[index]) (named "f" run.Costs[index])
        )

    /// Names that have been played or trained: a second run of a name would pass for the first one resumed.
    let taken = HashSet<string>()

    /// Leads a learning run to its end: it begins, or goes on from its checkpoint, and is saved on the way and where the user
    /// cancels.
    let drive
        name
        rule
        (settings: LearnSettings)
        (start: float[])
        game
        (restore: Checkpoint -> unit)
        (begin': Learning -> unit)
        (added: unit -> (string * float[]) list)
        (advance: Learning -> unit)
        =
        let settings = {
            settings with
                RecordEvery = 0
                Seed = if settings.Seed = 0UL then context.Seed else settings.Seed
        }

        let learning =
            match context.Resumed with
            | checkpoint when not (isNull checkpoint) && checkpoint.Run = name ->
                restore checkpoint
                Learn.resume rule settings checkpoint.State game
            | _ ->
                let learning = Learn.start rule settings (Tensor.ofArray start) game
                begin' learning
                learning

        let report () =
            context.Report(name, float learning.Steps / float (max 1 settings.Steps))

        let save () =
            context.Checkpoint(
                name,
                learning.Save(),
                [ for key, values in added () -> KeyValuePair(key, SafetensorsArray.Of values) ]
            )

        report ()

        while not learning.IsFinished do
            if cancellation.IsCancellationRequested then
                save ()
                raise (OperationCanceledException cancellation)

            advance learning
            report ()

            if not learning.IsFinished && context.IsCheckpointDue then
                save ()

        learning

    /// Whether a run of a name is over since before the experiment was resumed.
    let isOver name =
        if not (taken.Add name) then
            invalidOp (
                invariant
                    $"The run \"{name}\" was played before in this experiment; give each run a name of its own."
            )

        context.IsOver name

    /// <summary>Takes what is neither a number of these nor a learning run: notes, figures, series, files.</summary>
    member _.Context = context

    /// <summary>The settings' values.</summary>
    member _.Settings = context.Settings

    /// <summary>The experiment's game.</summary>
    /// <exception cref="T:System.InvalidOperationException">The experiment gives none.</exception>
    member _.Game =
        if isNull (box game) then
            invalidOp "This experiment has no game; give it one by game, gameOf or known."
        else
            game

    /// <summary>Ends the experiment early; long computations of your own ask it.</summary>
    member _.Cancellation = cancellation

    /// <summary>The seed of all random numbers of the run.</summary>
    member _.Seed = context.Seed

    /// <summary>The learning runs so far.</summary>
    member _.Runs = runs.ToArray()

    /// <summary>The critical points that a search found; empty if it was not asked for.</summary>
    /// <param name="concept">Of which field.</param>
    member _.Points(concept: Concept) =
        match searches.TryGetValue concept with
        | true, reports -> reports
        | _ -> [||]

    /// <summary>A number that is found; if the experiment's checks name it, it is checked.</summary>
    /// <param name="name">Its name, for instance <c>stackelberg/gap</c>.</param>
    /// <param name="value">Its value.</param>
    member _.Found(name: string, value: float) = context.Found(name, value)

    /// <summary>Finds the critical points of the experiment's game in a box, and hands them over under
    /// <c>equilibria/omega/…</c> or <c>equilibria/omegaS/…</c>; Points gives them from then on.</summary>
    /// <param name="concept">Concept.Nash for ω, Concept.Stackelberg for ω_S.</param>
    /// <param name="lower">The box's lower corner, of length d, or of length 1 for all entries.</param>
    /// <param name="upper">Its upper corner.</param>
    member this.Find(concept: Concept, lower: float list, upper: float list) : SearchReport =
        let field = if concept = Concept.Nash then "omega" else "omegaS"

        let result =
            this.Find((invariant $"equilibria/{field}"), concept, lower, upper, this.Game)

        searches[concept] <- result.Points
        result

    /// <summary>Finds the critical points of a game in a box, and hands them over.</summary>
    /// <param name="name">The found numbers' first part.</param>
    /// <param name="concept">Concept.Nash for ω, Concept.Stackelberg for ω_S.</param>
    /// <param name="lower">The box's lower corner, of length d, or of length 1 for all entries.</param>
    /// <param name="upper">Its upper corner.</param>
    /// <param name="game">The game.</param>
    member _.Find
        (name: string, concept: Concept, lower: float list, upper: float list, game: Game)
        : SearchReport =
        let corner entries =
            match entries with
            | [ all ] -> Tensor.scalar all
            | _ -> Tensor.ofList entries

        let stage = (invariant $"critical points, {name}")
        context.Report(stage, 0.0)

        let settings = {
            Equilibrium.search with
                Cancellation = cancellation
                Progress = {
                    new IProgress<SearchProgress> with
                        member _.Report value = context.Report(stage, value.Share)
                }
        }

        let result =
            game |> Equilibrium.findAllWith settings concept (corner lower, corner upper)

        Found.points context name result.Points
        result

    /// <summary>Lets a rule play the experiment's game; see the other form.</summary>
    /// <param name="name">The run's name.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="settings">Steps, rates, noise, stopping.</param>
    /// <param name="start">The start, of length d.</param>
    member this.Play(name: string, rule: Rule, settings: LearnSettings, start: float[]) =
        this.Play(name, rule, settings, start, this.Game)

    /// <summary>Lets a rule play a game, with checkpoints on the way, and hands the run over: its path as a series, rows of
    /// metrics, its outcome, and the numbers <c>name/steps</c>, <c>name/final/1</c>, … of the end point and <c>name/cost/1</c>, … of
    /// the costs there.</summary>
    /// <param name="name">The run's name within the experiment.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="settings">Steps, rates, noise, recording, stopping. Where Seed is 0, the experiment's seed takes its
    /// place.</param>
    /// <param name="start">The start, of length d.</param>
    /// <param name="game">The game.</param>
    /// <returns>The run as it was recorded.</returns>
    /// <exception cref="T:System.OperationCanceledException">The user cancelled; the run was saved.</exception>
    member _.Play(name: string, rule: Rule, settings: LearnSettings, start: float[], game: Game) : PlayedRun =
        if isOver name then
            let run = restored name rule.Name game
            runs.Add run
            run
        else
            let every = settings.RecordEvery
            let steps, path = List<int>(), List<float[]>()

            let record (learning: Learning) =
                if steps.Count = 0 || learning.Steps > steps[steps.Count - 1] then
                    steps.Add learning.Steps
                    path.Add(Array.copy learning.X)

            let restore (checkpoint: Checkpoint) =
                steps.AddRange(checkpoint.Added[stepsKey].F64 |> Array.map int)
                path.AddRange(rows (checkpoint.Added[pathKey].F64) game.Dimension)

            let added () = [ stepsKey, steps.ToArray() |> Array.map float; pathKey, Array.concat path ]

            let clock = Stopwatch()
            let atOnce = ref 1

            let advance (learning: Learning) =
                let toRecord =
                    if every = 0 then
                        Int32.MaxValue
                    else
                        every - learning.Steps % every

                clock.Restart()
                learning.Advance(min atOnce.Value toRecord)

                if atOnce.Value <= toRecord && clock.Elapsed < slice then
                    atOnce.Value <- 2 * min atOnce.Value (Int32.MaxValue / 2)
                elif clock.Elapsed > 2.0 * slice then
                    atOnce.Value <- max 1 (atOnce.Value / 2)

                // A step that fails is not made, and nothing is recorded of it.
                if every > 0 && learning.Steps % every = 0 then
                    record learning

            let learning = drive name rule settings start game restore record added advance
            record learning
            let run = learning.Finish()
            let recorded = played name rule.Name game (steps.ToArray()) (path.ToArray())
            context.Series(name, Array.concat recorded.Path, game.Dimension)

            if recorded.Steps[recorded.Steps.Length - 1] >= recorded.Steps.Length then
                context.Series(stepsOf name, recorded.Steps |> Array.map float)

            let stride = max 1 (recorded.Steps.Length / rowsOfMetrics)

            for index in 0..stride .. recorded.Steps.Length - 1 do
                metrics name recorded index

            context.Found((invariant $"{name}/steps"), float run.Steps)
            Found.entries context (invariant $"{name}/final") (run.Final.ToArray())
            Found.entries context (invariant $"{name}/cost") run.Costs

            context.Outcome(name, run)

            context.NoteWarnings run

            runs.Add recorded
            recorded

    /// <summary>Trains the players of a game: rows of metrics, looks at given steps, checkpoints on the way, for games whose
    /// paths are too long to keep.</summary>
    /// <param name="name">The run's name within the experiment.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="settings">Steps and rates. Where Seed is 0, the experiment's seed takes its place; nothing is
    /// recorded.</param>
    /// <param name="training">What is done on the way.</param>
    /// <param name="start">The start, of length d.</param>
    /// <param name="game">The game.</param>
    /// <returns>How it ended; nothing where it was over before the experiment was resumed, so that all that was handed over of
    /// it is there again. Ended says when that is so.</returns>
    /// <exception cref="T:System.OperationCanceledException">The user cancelled; the training was saved.</exception>
    /// <example><code lang="fsharp">
    /// let training = { Training.settings with LookAt = [ 100; 1000 ]; Look = look }
    ///
    /// match run.Train("stackelberg", rule, settings, training, start, gan.Game) with
    /// | None -> ()
    /// | Some trained ->
    ///     run.Found("stackelberg/cost", trained.Costs[0])
    ///     run.Ended("stackelberg", trained)
    /// </code></example>
    member _.Train
        (
            name: string,
            rule: Rule,
            settings: LearnSettings,
            training: TrainingSettings,
            start: float[],
            game: Game
        ) : Run option =
        if isOver name then
            None
        else
            let observer = Training.Observer(context, name, training, game)

            let restore (checkpoint: Checkpoint) =
                training.Restore [ for pair in checkpoint.Added -> pair.Key, pair.Value.F64 ]

            let learning =
                drive name rule settings start game restore observer.Begin training.Keep (fun learning ->
                    observer.Advance(learning, settings.Steps))

            Some(learning.Finish())

    /// <summary>Hands over how a training ended, notes what is wrong with its rates and how its inner solves went.</summary>
    /// <param name="name">The run's name within the experiment.</param>
    /// <param name="trained">What Train gave.</param>
    member this.Ended(name: string, trained: Run) =
        this.Ended(name, trained, trained.Final.ToArray())

    /// <summary>As the other form, with what the summary is to hold of the joint strategy.</summary>
    /// <param name="name">The run's name within the experiment.</param>
    /// <param name="trained">What Train gave.</param>
    /// <param name="final">The joint strategy, or nothing where it is too long and stands in a file of its own.</param>
    member _.Ended(name: string, trained: Run, final: float[]) =
        context.NoteWarnings trained

        if trained.Solves.Count > 0L then
            context.Note(invariant $"{name}: {trained.Solves}")

        context.Outcome(name, trained, final)
