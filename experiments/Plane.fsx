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

/// A setting that selects parts, all of them if the user says nothing.
let selects key (all: string) description =
    Setting(key, all, SettingType.SomeOf(all.Split ','), description, SettingKind.Selects)

/// The steps of runs whose every point is kept.
let stepsType = SettingType.Whole(1, 1_000_000)

/// Why the seed of an experiment without noise is of no use.
let nothingDrawn (_: SettingValues) =
    "the experiment draws nothing at random"

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

/// Hands over both costs after some steps: name/1 and name/2.
let foundCosts (run: ExperimentRun) name (path: PlayedRun) step =
    if step < path.Path.Length then
        foundPair run name path.Costs[step]

/// The difference of two angles, the short way round.
let turned (a: float) (b: float) =
    Math.IEEERemainder(a - b, 2.0 * Math.PI)

/// Hands over from when on a sequence stays below thresholds: name/forGood/1e-6.
let foundSettling (run: ExperimentRun) name values thresholds =
    for threshold in thresholds do
        run.Found($"{name}/forGood/{threshold}", Found.settledAt values (parse threshold))

/// Hands over a game's critical points in a square around 0.
let foundIn (run: ExperimentRun) name concept (radius: float) game =
    run.Find(name, concept, [ -radius ], [ radius ], game).Points

/// The critical point near the end of a run, if Newton's method finds one from there.
let limit game concept (path: PlayedRun) =
    match Equilibrium.find concept path.Final game with
    | Ok report -> Some(report.Point.ToArray())
    | Error _ -> None

/// The distance of two points.
let apart difference (a: float[]) (b: float[]) =
    let d1, d2 = difference a[0] b[0], difference a[1] b[1]
    sqrt (d1 * d1 + d2 * d2)

/// The distances of a run's points from one.
let distances difference goal (path: PlayedRun) =
    path.Path |> Array.map (fun x -> apart difference x goal)

/// The distances of a run's points from its limit; from its end, with a note, if it has none.
let distancesToLimit (run: ExperimentRun) name side difference (path: PlayedRun) =
    match limit run.Game side.Concept path with
    | Some goal -> distances difference goal path
    | None ->
        run.Context.Note $"{name}: no critical point near the end; distances are taken from the end itself."

        distances difference (Array.last path.Path) path

/// One number of a function of points, on a square grid.
let sample (least: float) (most: float) =
    Pointwise.grid (least, most) (least, most)

/// The follower's second derivative D22f2.
let curvature game x =
    let jacobian = Game.J game x
    jacobian[1][1]

/// One coordinate of points.
let column k (points: float[][]) = points |> Array.map (Array.item k)

/// The line through points, with arrowheads that show the way.
let through points colour width label : Series =
    Line(column 0 points, column 1 points, Colour = colour, Width = width, Label = label, ArrowEvery = 90.0)

/// Marks at points, with black edges.
let marked points marker colour size label : Series =
    Points(
        column 0 points,
        column 1 points,
        Marker = marker,
        Colour = colour,
        Size = size,
        Label = label,
        Edge = Palette.Black
    )

/// A ring that lets the end of a path be seen.
let ring (points: float[][]) marker colour size label : Series =
    Points(
        column 0 points,
        column 1 points,
        Marker = marker,
        Colour = colour,
        Size = size,
        Label = label,
        Filled = false
    )

/// Both players' values over the steps of one run of each rule, with the values at the equilibria; a colour for each player.
let history axis player (nash: float[]) (stackelberg: float[]) (equal: float[][]) (first: float[][]) =
    let most = float first.Length

    let line rows k colour dash label : Series =
        Line(column k rows, Colour = colour, Dash = dash, Label = label)

    let level (at: float[]) k colour dash label : Series =
        HorizontalLine(at[k], Colour = colour, Dash = dash, Label = label, Width = 1.4)

    Figure(
        Panel(
            [|
                for k, colour, role in [ 0, Palette.Black, "leading"; 1, Palette.Vermilion, "following" ] do
                    let name = $"{player} {k + 1}"
                    level nash k colour Dash.Dotted $"{name}, Nash equilibrium"
                    level stackelberg k colour Dash.DashDot $"{name}, Stackelberg equilibrium"
                    line equal k colour Dash.Dashed $"{name}, simultaneous"
                    line first k colour Dash.Solid $"{name}, {role}"
            |],
            Title = "One run of each rule",
            X = Axis("Iterations", Min = Nullable(-0.02 * most), Max = Nullable most),
            Y = axis,
            Width = 460.0,
            Height = 320.0
        )
    )

/// What the experiments on the torus let the user set of the game.
let alpha =
    Setting(
        "alpha",
        "1,1.3",
        SettingType.Pair SettingType.Number,
        "how much each player wants to be near its own place",
        SettingKind.Changes
    )

let phi =
    Setting(
        "phi",
        "0.39269908169872414,0.39269908169872414",
        SettingType.Pair SettingType.Number,
        "each player's own place, an angle",
        SettingKind.Changes,
        Unit = "radians"
    )

/// Rates and end of the published runs on the torus.
let publishedOnTorus side =
    let root = Rate.publishedPower 0.5

    {
        Learn.settings with
            Rates = [ (if side = simultaneous then root else Rate.harmonicFromZero); root ]
            Stop = Stop.UpdateBelow 1e-5
    }
