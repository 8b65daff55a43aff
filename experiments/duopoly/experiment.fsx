// Stackelberg duopoly: production and profit of two firms, one of which leads.
#load "../Plane.fsx"
#load "../../games/duopoly.fsx"

open System
open Plane
open Stackelberg
open Stackelberg.Figures

// The published noise is so long.
let publishedSteps = 100

// The runs stop at so short an update; the published code gives up after so many.
let stop = Stop.UpdateBelow 1e-6
let patience = 50_000

let start = starts __SOURCE_DIRECTORY__ |> Array.head |> snd

// The published code ascends the profits, so that its noise has the other sign here.
let publishedNoise () =
    table __SOURCE_DIRECTORY__ "noise.csv"
    |> Array.map (fun row -> [| -row[row.Length - 2]; -row[row.Length - 1] |])

let published side = {
    Learn.settings with
        Rates = [
            Rate.harmonicFromZero
            if side = simultaneous then
                Rate.harmonicFromZero
            else
                Rate.publishedPower (2.0 / 3.0)
        ]
        Stop = stop
}

let profits (path: PlayedRun) =
    path.Costs |> Array.map (Array.map (fun cost -> -cost))

/// The equilibria in closed form.
let closedForms a c1 c2 = [
    "nash", [| (a + c2 - 2.0 * c1) / 3.0; (a + c1 - 2.0 * c2) / 3.0 |]
    "stackelberg", [| (a + c2 - 2.0 * c1) / 2.0; (a + 2.0 * c1 - 3.0 * c2) / 4.0 |]
]

// The least of the quantities at both equilibria: a firm that produces nothing plays no game.
let needProduction (s: SettingValues) =
    needNoise publishedSteps s
    let a, c1, c2 = s.Double "demand", s.Double "cost1", s.Double "cost2"

    for key, cost, standard, quantity in
        [
            "cost1", c1, 5, a + c2 - 2.0 * c1
            "cost2", c2, 2, min (a + c1 - 2.0 * c2) (a + 2.0 * c1 - 3.0 * c2)
        ] do
        if not (quantity > 1e-6 * a && Double.IsFinite quantity) then
            FormattableString.Invariant
                $"The setting {key} is {cost}, but with demand={a} the firm would produce nothing; a cost well below the demand is needed, for instance {key}={standard}."
            |> UserInputException
            |> raise

let play (run: ExperimentRun) =
    let s = run.Settings

    for side in both do
        let name = $"run/{side.Key}/noisy"

        let path =
            run.Play(
                $"{side.Key}/noisy",
                side.Rule,
                {
                    published side with
                        Steps = s.Int "steps"
                        Noise = noiseOf s publishedNoise
                },
                start
            )

        foundAt run name path [ 1; 2; 3; 4; 5; 10; 50; 99 ]

        if path.Path.Length > 99 then
            foundPair run $"{name}/profit99" (profits path).[99]
            foundPair run $"paper/{side.Key}/profit99" (profits path).[99]

    for side in both do
        let name = $"run/{side.Key}/noiseless"

        let path =
            run.Play($"{side.Key}/noiseless", side.Rule, { published side with Steps = patience }, start)

        foundAt run name path [ 1; 2; 3; 4; 5; 10; 50; 99; 100; 1000 ]
        run.Found($"{name}/updates", float (path.Path.Length - 1))
        foundPair run $"{name}/last" (Array.last path.Path)
        foundPair run $"{name}/profitLast" (Array.last (profits path))

        if path.Path.Length > 99 then
            foundPair run $"{name}/profit99" (profits path).[99]

        let distances = distancesToLimit run name side (-) path
        run.Found($"{name}/distanceLast", Array.last distances)
        foundSettling run name distances [ "1"; "0.1"; "0.01" ]

        let name = $"run/{side.Key}/constant"

        let settings = {
            Learn.settings with
                Rates = [ Rate.constant 0.1 ]
                Steps = 600
        }

        let path = run.Play($"{side.Key}/constant", side.Rule, settings, start)
        foundAt run name path [ 10; 100 ]
        foundSettling run name (distancesToLimit run name side (-) path) [ "1e-6"; "1e-9" ]

let closed (run: ExperimentRun) =
    let s = run.Settings
    let a = s.Double "demand"

    for name, q in closedForms a (s.Double "cost1") (s.Double "cost2") do
        let costs = (Game.costs run.Game (Tensor.ofArray q)).ToArray()
        run.Found($"closed/{name}/q1", q[0])
        run.Found($"closed/{name}/q2", q[1])
        run.Found($"closed/{name}/price", a - q[0] - q[1])
        run.Found($"closed/{name}/profit1", -costs[0])
        run.Found($"closed/{name}/profit2", -costs[1])

/// The only critical point of a field in the box.
let only (run: ExperimentRun) concept =
    match run.Points concept with
    | [| report |] -> report
    | reports ->
        UserInputException
            $"With these settings the duopoly has {reports.Length} critical points with quantities from 0 to the demand, but 1 is needed; choose costs well below the demand."
        |> raise

let noisy (run: ExperimentRun) side =
    run.Runs |> Array.find (fun path -> path.Name = $"{side.Key}/noisy")

/// Quantities or profits over the steps of the noisy runs, with the equilibria.
let over quantity (of': PlayedRun -> float[][]) (at: Report -> float[]) =
    fun (run: ExperimentRun) ->
        let axis = Axis(quantity, Min = Nullable 0.0)
        let equilibrium concept = at (only run concept)

        history
            axis
            "firm"
            (equilibrium Concept.Nash)
            (equilibrium Concept.Stackelberg)
            (of' (noisy run simultaneous))
            (of' (noisy run leading))

/// The plane of the two quantities: best responses, runs, equilibria.
let plane (run: ExperimentRun) =
    let most = 0.6 * run.Settings.Double "demand"

    let curve field index label colour dash : Series =
        let grid = sample 0.0 most 61 (field run.Game) (Array.item index)
        Contour(grid, Label = label, Colour = colour, Dash = dash, Width = 1.0)

    let path side colour label =
        through (noisy run side).Path colour 1.6 label

    let point concept colour marker label =
        ring [| (only run concept).Point.ToArray() |] marker colour 13.0 label

    Figure(
        Panel(
            [|
                curve Game.omega 0 "/{D_{1}f_{1}} = 0: firm 1 at rest" Palette.Grey Dash.Solid
                curve Game.omegaS 0 "/{Df_{1}} = 0: firm 1 at rest, leading" Palette.Grey Dash.Dashed
                curve Game.omega 1 "/{D_{2}f_{2}} = 0: firm 2 at rest" Palette.Black Dash.Solid
                path simultaneous Palette.Vermilion "simultaneous play"
                path leading Palette.Blue "Stackelberg play"
                Points(
                    start[0],
                    start[1],
                    Label = "start",
                    Colour = Palette.Black,
                    Marker = Marker.Cross,
                    Size = 9.0
                )
                point Concept.Nash Palette.Vermilion Marker.Circle "Nash equilibrium"
                point Concept.Stackelberg Palette.Blue Marker.Triangle "Stackelberg equilibrium"
            |],
            X = Axis("Firm 1's production", Min = Nullable 0.0, Max = Nullable most),
            Y = Axis("Firm 2's production", Min = Nullable 0.0, Max = Nullable most),
            EqualAspect = true
        )
    )

let duopoly =
    experiment "duopoly" {

        source
            "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games, the duopoly example"

        version 1
        setting "demand" 100.0 (SettingType.Above 0.0) "the price at which nothing is sold"
        setting "cost1" 5.0 (SettingType.AtLeast 0.0) "what a unit costs firm 1"
        setting "cost2" 2.0 (SettingType.AtLeast 0.0) "what a unit costs firm 2"
        setting "steps" 99 stepsType "updates of the noisy runs"
        setting noise
        seedIs SettingKind.Neutral
        seedUnused whyNoiseIsGiven
        validate needProduction
        headlines [ "noisy/profit99/1"; "noisy/profit99/2" ]
        gameOf (fun s -> Duopoly.create (s.Double "demand") (s.Double "cost1") (s.Double "cost2"))
        findIn Concept.Nash (fun s -> [ 0.0 ], [ s.Double "demand" ])
        findIn Concept.Stackelberg (fun s -> [ 0.0 ], [ s.Double "demand" ])
        compute closed
        compute play

        draw [
            Picture.create "production" (over "Production" _.Path _.Point.ToArray())
            Picture.create
                "profit"
                (over "Profit" profits (fun report -> report.Costs |> Array.map (fun cost -> -cost)))
            Picture.create "plane" plane
        ]
    }
