// What the experiments on mixtures of Gaussians share: a generator and a discriminator of points in the plane.
#load "Gans.fsx"

open System
open Gans
open Stackelberg
open Stackelberg.Data
open Stackelberg.Evaluation
open Stackelberg.Figures
open Stackelberg.Gans
open Stackelberg.Kernels
open Stackelberg.Networks

// What is evaluated is drawn from a seed of its own, so that all runs are evaluated on the same latent points.
let evaluationSeed = 0UL
let latentStream, realStream = 0UL, 1UL

// A density in the plane needs three points that are not on a line; fewer than ten show nothing of it.
let leastSamples = 10

// 400 MB of weights in double precision, of which a step keeps several copies.
let mostWeights = 50_000_000L

// 4 GB for the numbers between the layers.
let mostNumbers = 500_000_000L

// The spectra decompose d × d matrices.
let mostWeightsForSpectra = 4000L

// As the published notebook draws the spectra.
let smallest, largest = 5, 15

let published =
    "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games (arXiv 1906.01217), section 4.3, "
    + "with the settings of the code of its version at ICML 2020"

/// What the published script of a mixture sets.
type Preset = {
    Mixture: GaussianMixture
    Objective: GanObjective
    Activation: Activation
    /// The learning rate.
    Rate: string
    /// Half the side of the square on which densities are compared.
    Extent: string
}

let private layers = SettingType.Whole(1, 1000)

/// The settings of a mixture's experiment.
let settings preset = [
    yield! ruleSettings preset.Rate "1" "0.9" "stackelberg,simultaneous"
    changes
        "mixture"
        preset.Mixture.Name
        (SettingType.OneOf(GaussianMixture.All |> Seq.map _.Name))
        "the real points"
    changes
        "objective"
        preset.Objective.Name
        (SettingType.OneOf(GanObjective.All |> Seq.map _.Name))
        "both players' costs"
    changes
        "activation"
        preset.Activation.Name
        (SettingType.OneOf(Activation.All |> Seq.map _.Name))
        "after each hidden layer"
    changes "generatorLayers" "2" layers "hidden layers of the generator"
    changes "discriminatorLayers" "1" layers "hidden layers of the discriminator"
    changes "width" "32" (SettingType.Whole(1, 65_536)) "numbers in a hidden layer"
    changes "latent" "16" (SettingType.Whole(1, 65_536)) "numbers of a latent point"
    changes "steps" "60000" (SettingType.Whole()) "training steps"
    changes "batch" "256" (SettingType.Whole(1, 1_000_000)) "points in a batch"
    changes
        "precision"
        "float32"
        (SettingType.OneOf [ "float32"; "float64" ])
        "number type of costs and derivatives"
    neutral "metricsEvery" "250" (SettingType.Whole()) "steps between rows of metrics.csv"
    neutral
        "looks"
        "1000,3000,5000,10000,20000,40000,60000"
        (SettingType.RisingWhole 0)
        "steps at which the divergence from the real points is measured"
    changes
        "extent"
        preset.Extent
        (SettingType.Above 0.0)
        "half the side of the square around 0 on which densities are compared"
    changes
        "samples"
        "4096"
        (SettingType.Whole(leastSamples, 1_000_000))
        "points for that, and for the spectra"
    Setting(
        "spectra",
        "true",
        SettingType.YesNo,
        "whether the second derivatives at the end are taken",
        SettingKind.Selects
    )
]

/// Refuses what does not fit together.
let fits (s: SettingValues) =
    let real, side = GaussianMixture.ByName(s.Text "mixture"), s.Double "extent"

    for struct (x, y) in real.Modes do
        if max (abs x) (abs y) >= side then
            refuse "extent" side $"{real.Name} has a mode at ({x}, {y}), outside; give a larger one"

    let long key = int64 (s.Int key)

    let width, latent, batch, samples =
        long "width", long "latent", long "batch", long "samples"

    let generator, discriminator = long "generatorLayers", long "discriminatorLayers"

    let weights =
        (latent + 3L) * width
        + 2L
        + (4L * width + 1L)
        + (generator + discriminator - 2L) * width * (width + 1L)

    if weights > mostWeights then
        refuse
            "width"
            width
            $"the networks then have {weights} weights, of which at most {mostWeights} are possible; give fewer layers or a smaller width"

    let examples = max batch samples
    let numbers = examples * max latent (width * (generator + 2L * discriminator))

    if numbers > mostNumbers then
        refuse
            (if batch >= samples then "batch" else "samples")
            examples
            $"the layers then hold {numbers} numbers, of which at most {mostNumbers} are possible; give fewer of them, fewer layers or a smaller width"

    if weights > mostWeightsForSpectra && s.Bool "spectra" then
        refuse
            "spectra"
            (s.Text "spectra")
            $"the networks have {weights} weights, and spectra of at most {mostWeightsForSpectra} are possible; give spectra=false"

    let steps = s.Int "steps"

    if Array.last (s.Ints "looks") > steps && s.IsChanged "looks" then
        refuse "looks" (s.Text "looks") $"the training has only {steps} steps; leave out what is later"

let networks name (s: SettingValues) (real: GaussianMixture) =
    let costs = GanObjective.ByName(s.Text "objective")
    let between = Activation.ByName(s.Text "activation")
    let width = s.Int "width"

    Gan(
        name,
        Architectures.MixtureGenerator(between, s.Int "generatorLayers", width, s.Int "latent"),
        Architectures.MixtureDiscriminator(between, s.Int "discriminatorLayers", width, costs.TakesLogits),
        costs,
        real.Sampler(Gan.Real, s.Int "batch"),
        if s.Text "precision" = "float64" then
            DType.Float64
        else
            DType.Float32
    )

let evaluator (s: SettingValues) (gan: Gan) (real: GaussianMixture) =
    let draw stream count (fill: Philox -> float[] -> unit) =
        let values = Array.zeroCreate count
        fill (Philox(evaluationSeed, stream)) values
        values

    let samples = s.Int "samples"

    let latent =
        draw latentStream (samples * gan.Generator.Input[0]) (fun random into ->
            random.FillNormal(into, 0, into.Length))

    let points =
        draw realStream (2 * samples) (fun random into -> real.Sample(random, into))

    MixtureEvaluator(gan, real, latent, points, s.Double "extent")

// Below this size the spectra's axes are linear, so that small negative numbers are seen beside great ones.
let linearWithin = 1e-3

/// The smallest and the largest numbers of a spectrum, in a panel for each.
let spectraFigure (play: Play) (regularisation: float) (spectra: GanSpectra) =
    let bars (values: float[]) =
        let ends =
            if values.Length <= smallest + largest then
                values
            else
                Array.append (Array.truncate smallest values) values[values.Length - largest ..]

        Bars(Array.init ends.Length (fun k -> float (k + 1)), ends) :> Series

    // Between the smallest and the largest some are left out: the ranks of the first, of the first after the gap, of the last.
    let ranks count =
        let left = max 0 (count - smallest - largest)

        [| 1; min (smallest + 1) count; count - left |]
        |> Array.map (fun bar -> struct (float bar, string (if bar > smallest then bar + left else bar)))

    let panels = [|
        for part in spectra.Parts do
            Panel(
                [| bars (Seq.toArray part.Real) |],
                Title = part.Formula,
                X = Axis("rank", Ticks = ranks part.Real.Count),
                Y = Axis("real part", LinearWithin = linearWithin),
                Width = 240.0,
                Height = 200.0
            )
    |]

    Figure(
        panels,
        Title = $"{play.Title}: the {smallest} smallest and {largest} largest real parts",
        PanelsPerRow = Nullable 4,
        Caption =
            FormattableString.Invariant
                $"The axes are linear up to about ±{linearWithin} and logarithmic beyond. η = {regularisation} is added to the follower's second derivatives before they are inverted."
    )

let foundSpectra (run: ExperimentRun) gan play (evaluator: MixtureEvaluator) x =
    let stage = $"{play.Key}, spectra"
    run.Context.Report(stage, 0.0)

    let spectra =
        GanSpectra.At(
            gan,
            x,
            run.Settings.Double "regularisation",
            evaluator.Latent,
            evaluator.Real,
            (fun share -> run.Context.Report(stage, share)),
            run.Cancellation
        )

    for part in spectra.Parts do
        let name, values = $"{play.Key}/{part.Name}", Seq.toArray part.Real
        run.Found($"{name}/min", Array.head values)
        run.Found($"{name}/max", Array.last values)

        run.Found(
            $"{name}/negative",
            values |> Array.filter (fun value -> value < 0.0) |> Array.length |> float
        )

        run.Context.Series($"{name}/eigenvalues", values)

    if spectra.Undefined.Count > 0 then
        let undefined = String.concat " and " spectra.Undefined

        run.Context.Note
            $"{play.Key}: {undefined} have no value, for D₂²f₂ is singular; look at those with η."

    run.Context.Figure(
        $"{play.Key}-spectra",
        spectraFigure play (run.Settings.Double "regularisation") spectra
    )

let trainBy (run: ExperimentRun) (gan: Gan) (evaluator: MixtureEvaluator) play =
    let s, key = run.Settings, play.Key
    let steps = s.Int "steps"
    run.Context.Part key

    let training = {
        Training.settings with
            MetricsEvery = s.Int "metricsEvery"
            Measure = measure gan run.Seed
            LookAt =
                steps
                :: (s.Ints "looks" |> Array.filter (fun step -> step <= steps) |> List.ofArray)
            Look = fun _ x -> (evaluator.Evaluate x).Metrics
    }

    let start = gan.Start(Initializer.TorchDefault, run.Seed)

    match run.Train(key, ruleOf s play, learning s play, training, start, gan.Game) with
    | None -> ()
    | Some trained ->
        let x, heading = trained.Final.ToArray(), $"{play.Title}, step {trained.Steps}"
        let seen = evaluator.Evaluate x
        run.Found($"{key}/kl", seen.Divergence)
        run.Found($"{key}/share", seen.Coverage.ShareNear)
        run.Found($"{key}/modes", float seen.Coverage.Captured)

        if not (isNull seen.Density) then
            run.Context.Figure(
                $"{key}-density",
                MixtureMaps.Density(seen.Density, evaluator.Mixture, heading)
            )

        run.Context.Figure(
            $"{key}-discriminator",
            MixtureMaps.Discriminator(evaluator.Discriminate x, evaluator.Mixture, heading)
        )

        if s.Bool "spectra" then
            foundSpectra run gan play evaluator x

        run.Ended(key, trained)

/// Trains the networks by each rule.
let train name (run: ExperimentRun) =
    let real = GaussianMixture.ByName(run.Settings.Text "mixture")
    let gan = networks name run.Settings real

    for network in [ gan.Generator; gan.Discriminator ] do
        run.Found($"{network.Name}/parameters", float network.ParameterCount)

    for network in [ gan.Generator; gan.Discriminator ] do
        run.Context.Note(network.Summary())

    let evaluator = evaluator run.Settings gan real

    for play in wanted run.Settings do
        trainBy run gan evaluator play
