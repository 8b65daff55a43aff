// What the experiments on games of two scalar players have in common: two rules, runs, numbers at given steps, figures.
#load "../games/Prelude.fsx"

open System
open System.Globalization
open System.IO
open Stackelberg
open Stackelberg.Figures
open Stackelberg.Files

/// One of the two rules that are compared.
[<ReferenceEquality>]
type Side = {
    /// Its name in expected.csv.
    Key: string
    /// Its name in figures.
    Title: string
    /// What its fixed points are critical for.
    Concept: Concept
    /// The rule.
    Rule: Rule
    /// The field that it descends.
    Field: Game -> Tensor -> Tensor
}

let simultaneous = {
    Key = "simgrad"
    Title = "Simultaneous play"
    Concept = Concept.Nash
    Rule = Rule.simultaneous
    Field = Game.omega
}

let leading = {
    Key = "stack"
    Title = "Stackelberg play"
    Concept = Concept.Stackelberg
    Rule = Rule.stackelberg Conjecture.bestResponse
    Field = Game.omegaS
}

let both = [ simultaneous; leading ]

/// A number as it stands in a table.
let parse (text: string) =
    Double.Parse(text, CultureInfo.InvariantCulture)

/// The rows of a table beside an experiment's script, as numbers.
let table folder (file: string) =
    (CsvTable.Read(Path.Combine(folder, file))).Rows
    |> Seq.map (Array.map parse)
    |> Seq.toArray

/// The published starts beside a script: a number, then the joint strategy, in each row.
let starts folder =
    table folder "starts.csv" |> Array.map (fun row -> int row[0], row[1..])

/// The setting "noise": the published noise, or a standard deviation.
let noise =
    Setting(
        "noise",
        "published",
        SettingType.WordOr("published", SettingType.AtLeast 0.0),
        "published, or the standard deviation of the noise on the gradients",
        SettingKind.Changes
    )

/// The noise that the setting asks for: the given draws, or Gaussian.
let noiseOf (settings: SettingValues) (published: unit -> float[][]) =
    if settings.Text "noise" = "published" then
        Noise.Given(published ())
    else
        Noise.gaussian (settings.Double "noise")

/// Refuses more steps than the published noise has.
let needNoise most (settings: SettingValues) =
    let steps = settings.Int "steps"

    if settings.Text "noise" = "published" && steps > most then
        UserInputException
            $"The setting steps is {steps}, but the published noise has {most} steps; give noise=0.1, or another standard deviation, as well."
        |> raise

/// Why the seed is of no use.
let whyNoiseIsGiven (settings: SettingValues) =
    if settings.Text "noise" = "published" then
        "with noise=published nothing is drawn at random; give noise=0.1, or another standard deviation"
    else
        null

/// Hands over the joint strategy after some steps: name/x10/1 is the leader's entry after 10 steps.
let foundAt (run: ExperimentRun) name (path: PlayedRun) steps =
    for step in steps do
        if step < path.Path.Length then
            Found.entries run.Context $"{name}/x{step}" path.Path[step]

/// Hands over two numbers: name/1 and name/2.
let foundPair (run: ExperimentRun) (name: string) (pair: float[]) = Found.entries run.Context name pair

/// The first index from which on all values lie below a threshold; ∞ if the last does not.
let settledAt (values: float[]) threshold =
    match values |> Array.tryFindIndexBack (fun value -> not (value < threshold)) with
    | None -> 0.0
    | Some index when index = values.Length - 1 -> infinity
    | Some index -> float (index + 1)

/// Hands over from when on a sequence stays below thresholds: name/forGood/1e-6.
let foundSettling (run: ExperimentRun) name values thresholds =
    for threshold in thresholds do
        run.Found($"{name}/forGood/{threshold}", settledAt values (parse threshold))

/// The critical point near the end of a run, if Newton's method finds one from there.
let limit game concept (path: PlayedRun) =
    match Equilibrium.find concept path.Final game with
    | Ok report -> Some(report.Point.ToArray())
    | Error _ -> None

/// The distances of a run's points from its limit; from its end, with a note, if it has none.
let distancesToLimit (run: ExperimentRun) name side difference (path: PlayedRun) =
    let goal =
        match limit run.Game side.Concept path with
        | Some point -> point
        | None ->
            run.Context.Note
                $"{name}: no critical point near the end; distances are taken from the end itself."

            Array.last path.Path

    path.Path
    |> Array.map (fun x ->
        let d1, d2 = difference x[0] goal[0], difference x[1] goal[1]
        sqrt (d1 * d1 + d2 * d2))

/// A function of two numbers on a square grid.
let sample least most points (f: float -> float -> float) =
    Grid.Sample(least, most, points, least, most, points, f)

/// Entries of a field as functions of two numbers.
let entry (field: Tensor -> Tensor) index a b =
    (field (Tensor.ofArray [| a; b |])).ToArray()[index]

/// A line over the steps.
let values (data: float[]) colour dash label : Series =
    Line(data, Colour = colour, Dash = dash, Label = label)

/// A level that runs end at.
let level at colour dash (label: string) : Series =
    HorizontalLine(at, Colour = colour, Dash = dash, Label = label)

/// Both players' values over the steps of one run of each rule, with the values where they end.
let history quantity steps (lines: Series list) =
    Figure(
        Panel(
            List.toArray lines,
            X = Axis("Iterations", Min = Nullable 0.0, Max = Nullable(float steps)),
            Y = Axis quantity,
            Legend = LegendPlace.Outside,
            Width = 460.0,
            Height = 320.0
        )
    )
