// What the experiments on DCGANs share: a convolutional generator and discriminator learn handwritten digits.
#load "Digits.fsx"

open System.Collections.Generic
open Digits
open Gans
open Stackelberg
open Stackelberg.Data
open Stackelberg.Evaluation
open Stackelberg.Figures
open Stackelberg.Files
open Stackelberg.Gans
open Stackelberg.Networks

// The statistics of a batch of one image would divide by zero.
let leastBatch = 2

// 10 GB for the numbers between the layers, of which an image takes about 2000 a channel.
let mostImagesTimesChannels = 600_000

// Ends of spectra: single precision leaves no more of the greatest eigenvalue, and spectra that are dense at zero take
// many restarts; what is found by then is handed over with its residual.
let endsTolerance = 1e-4
let endsRestarts = 40

let samples, side = "samples", 28
let weightsFile play = $"weights-{play.Key}.safetensors"

/// The names of what it writes besides numbers and figures.
let written = [ classifierFile; samples; yield! both |> List.map weightsFile ]

let published =
    "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games (arXiv 1906.01217), section 4.3 "
    + "(Example 4) and appendix D.2, with the settings of its code"

/// What the experiments set differently.
type Preset = {
    Digits: string
    Rules: string
    Objective: string
    /// Channels next to the images.
    Channels: string
    Batch: string
    Steps: string
    /// γ.
    Rate: string
    /// η.
    Regularisation: string
    /// How many images are drawn where no folder is given.
    Images: string
    /// How often the classifier sees all images.
    ClassifierPasses: string
}

/// The paper's run on all digits.
let paper = {
    Digits = allDigits
    Rules = "stackelberg,simultaneous"
    Objective = "nsgan-unclamped"
    Channels = "64"
    Batch = "256"
    Steps = "2900"
    Rate = "2e-4"
    Regularisation = "5000"
    Images = "60000"
    ClassifierPasses = "50"
}

/// The settings of a DCGAN's experiment.
let settings preset = [
    yield! imageSettings preset.Digits preset.Images
    yield! ruleSettings preset.Rate preset.Regularisation "0.5" preset.Rules
    changes
        "objective"
        preset.Objective
        (SettingType.OneOf(GanObjective.All |> Seq.map _.Name))
        "both players' costs"
    changes
        "channels"
        preset.Channels
        (SettingType.Whole(1, 256))
        "channels next to the images; those farther in are multiples"
    changes "latent" "100" (SettingType.Whole(1, 1000)) "numbers of a latent point"
    changes "batch" preset.Batch (SettingType.Whole(leastBatch, 65_536)) "images in a batch"
    changes "steps" preset.Steps (SettingType.Whole(1, 10_000_000)) "training steps"
    neutral "metricsEvery" "50" (SettingType.Whole()) "steps between rows of metrics.csv"
    neutral
        "lookEvery"
        "250"
        (SettingType.Whole())
        "steps between inception scores, and between sheets of samples"
    neutral "sheet" "256" (SettingType.Whole(1, 10_000)) "samples on a sheet"
    changes "scoreBatches" "10" (SettingType.Whole(1, 1000)) "batches of samples that are scored"
    changes "scoreBatch" "500" (SettingType.Whole(leastBatch, 10_000)) "samples in each of them"
    yield! classifierSettings preset.ClassifierPasses
    Setting(
        "spectra",
        "0",
        SettingType.Whole(0, 100),
        "eigenvalues sought at each end of the second derivatives' spectra, on one draw; 0 for none",
        SettingKind.Selects
    )
]

/// Refuses what is not there, does not fit together, or does not fit into memory.
let fits (s: SettingValues) =
    fitsImages s
    let channels = s.Int "channels"

    for key in [ "batch"; "scoreBatch" ] do
        if int64 (s.Int key) * int64 channels > int64 mostImagesTimesChannels then
            refuse
                key
                (s.Int key)
                $"with channels={channels} at most {mostImagesTimesChannels / channels} images are possible at a time; give fewer"

    fitsClassifier s

let networks name (run: ExperimentRun) (images: ImageDataset) =
    let s = run.Settings

    let costs, channels, batch =
        GanObjective.ByName(s.Text "objective"), s.Int "channels", s.Int "batch"

    if batch > images.Count then
        refuse "batch" batch $"\"{images.Name}\" has {images.Count} images; take at most so many"

    let gan =
        Gan(
            name,
            Architectures.DcganGenerator(channels, s.Int "latent"),
            Architectures.DcganDiscriminator(channels, costs.TakesLogits),
            costs,
            images.Sampler(Gan.Real, batch)
        )

    for network in [ gan.Generator; gan.Discriminator ] do
        run.Context.Part network.Name
        run.Found($"{network.Name}/parameters", float network.ParameterCount)
        run.Context.Note(network.Summary())

    run.Context.Note(
        if images.IsSynthetic then
            $"The images are {images.Name}: a program drew them. Scores on them compare with nothing published."
        else
            $"The images are {images.Name}, {images.Count} of them."
    )

    gan

let foundReal (run: ExperimentRun) (images: ImageDataset) (evaluator: DigitEvaluator) =
    ImageSheet.Save(
        run.Context.PathOf $"{samples}/real.png",
        evaluator.Sheet images,
        images.Height,
        images.Width
    )

    run.Context.Part "real"

    for struct (name, value) in (evaluator.Evaluate images).Metrics do
        run.Found($"real/{name}", value)

/// Saves a sheet of samples, and the samples as numbers.
let saveSheet (run: ExperimentRun) play (step: int) (images: float[]) =
    let file = $"{samples}/{play.Key}-{step:D6}"
    ImageSheet.Save(run.Context.PathOf(file + ".png"), images, side, side)

    let array = NpyArray.Of(images, images.Length / (side * side), side, side)
    AtomicFile.Write(run.Context.PathOf(file + ".npy"), (fun stream -> Npy.Write(stream, array)))

/// The ends of the spectra of the second derivatives, by products on one draw, in the game's precision.
let foundEnds (run: ExperimentRun) (gan: Gan) play x count =
    let settings = {
        Count = count
        Which = Which.BothEnds
        Tolerance = endsTolerance
        MaxRestarts = endsRestarts
        Seed = 0UL
        WantsVectors = false
    }

    let ends =
        CurvatureEnds.At(
            settings,
            run.Settings.Double "regularisation",
            gan.Game,
            x,
            (fun name -> run.Context.Report($"{play.Key}, {name}", 0.0))
        )

    let found name (pairs: Eigenpairs) =
        if pairs.Pairs.Length = 0 then
            run.Context.Note $"{play.Key}: the spectrum of {name} is not finite."
        else
            let real = pairs.Pairs |> Array.map _.Value.Real |> Array.sort
            let worst = pairs.Pairs |> Array.map _.Residual |> Array.max
            let name' = $"{play.Key}/{name}"
            run.Found($"{name'}/min", Array.head real)
            run.Found($"{name'}/max", Array.last real)
            run.Found($"{name'}/residual", worst)
            run.Context.Series($"{name'}/eigenvalues", real)

            if not pairs.Ending.IsConverged then
                run.Context.Note
                    $"{play.Key}: the ends of {name} are not settled after {pairs.Products} products; the worst residual is {worst:G2}."

    found "D11f1" ends.LeaderHessian
    found "D22f2" ends.FollowerHessian
    found "J" ends.J
    found "schurJ_eta" ends.SchurJ
    found "totalHessian_eta" ends.TotalHessian

let scores title steps values =
    Figure(
        Panel(
            [| Line(steps, values, Colour = Palette.Blue) :> Series |],
            Title = title,
            X = Axis "step",
            Y = Axis "inception score"
        )
    )

let trainBy (run: ExperimentRun) (gan: Gan) (evaluator: DigitEvaluator) (images: ImageDataset) play =
    let s, key = run.Settings, play.Key
    let steps, lookEvery = s.Int "steps", s.Int "lookEvery"
    run.Context.Part key

    // What was seen on the way; checkpoints keep it.
    let seenAt, seen = List<float>(), List<float>()
    let last = ref ValueNone

    let look step (x: float[]) =
        saveSheet run play step (evaluator.Sheet x)
        let evaluation: DigitEvaluation = evaluator.Evaluate x

        // A run that ends just where it was resumed is looked at once more.
        if seenAt.Count = 0 || seenAt[seenAt.Count - 1] < float step then
            seenAt.Add(float step)
            seen.Add evaluation.Score

        last.Value <- ValueSome struct (step, evaluation)
        evaluation.Metrics

    let restore saved =
        let saved = Map.ofList saved
        seenAt.AddRange saved["looks/steps"]
        seen.AddRange saved["looks/scores"]

    let training = {
        MetricsEvery = s.Int "metricsEvery"
        Measure = measure gan run.Seed
        LookAt = [
            for look in 1 .. steps / lookEvery do
                look * lookEvery
            steps
        ]
        Look = look
        StepsAtOnce = 1
        Keep = fun () -> [ "looks/steps", seenAt.ToArray(); "looks/scores", seen.ToArray() ]
        Restore = restore
    }

    let start = gan.Start(Initializer.Dcgan, run.Seed)

    match run.Train(key, ruleOf s play, learning s play, training, start, gan.Game) with
    | None -> ()
    | Some trained ->
        let x = trained.Final.ToArray()

        // A training that ended early has not been looked at.
        let metrics =
            match last.Value with
            | ValueSome struct (step, evaluation) when step = trained.Steps -> evaluation.Metrics
            | _ -> look trained.Steps x

        for struct (name, value) in metrics do
            run.Found($"{key}/{name}", value)

        run.Context.Figure(
            $"{key}-inception-score",
            scores $"{play.Title}, {images.Name}" (seenAt.ToArray()) (seen.ToArray())
        )

        Safetensors.Write(
            run.Context.PathOf(weightsFile play),
            [
                yield! NetworkWeights.Arrays(gan.Generator, gan.GeneratorOf x, "generator/")
                yield! NetworkWeights.Arrays(gan.Discriminator, gan.DiscriminatorOf x, "discriminator/")
            ]
        )

        // The strategies are in the file of weights: they are too long for a summary.
        run.Ended(key, trained, [||])

        match s.Int "spectra" with
        | 0 -> ()
        | count -> foundEnds run gan play x count

/// Trains the networks by each rule.
let train name (run: ExperimentRun) =
    let s = run.Settings

    // A file that cannot be read is said before images are drawn.
    let given = givenClassifier s
    let all, test, wantedImages = images s
    let gan = networks name run wantedImages

    let classifier =
        match given with
        | Some classifier -> classifier
        | None -> trainClassifier run all test

    foundClassifier run classifier

    let evaluator =
        DigitEvaluator(
            gan,
            classifier,
            OnSheet = s.Int "sheet",
            Batches = s.Int "scoreBatches",
            BatchSize = s.Int "scoreBatch"
        )

    foundReal run wantedImages evaluator

    for play in wanted s do
        trainBy run gan evaluator wantedImages play
