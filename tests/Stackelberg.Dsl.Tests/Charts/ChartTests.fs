module Stackelberg.Dsl.Tests.ChartTests

open System
open System.IO
open System.Globalization
open Stackelberg
open Stackelberg.Figures
open Stackelberg.Files
open Xunit

let private duopoly = TestGames.duopoly.Game
let private start = Tensor.ofList [ 10.0; 10.0 ]

let private settings = {
    Learn.settings with
        Steps = 50
        Rates = [ Rate.constant 0.1 ]
}

let private leading =
    duopoly |> Learn.run (Rule.stackelberg Conjecture.bestResponse) settings start

let private equal = duopoly |> Learn.run Rule.simultaneous settings start

let private three =
    let a, b, c = Player.scalar "a", Player.scalar "b", Player.scalar "c"

    game "three" {
        leader a (fun q -> q[a] ** 2)
        follower b (fun q -> q[b] ** 2)
        follower c (fun q -> q[c] ** 2)
    }

/// A figure's data, as the file beside it has them: panel, series, x, y and what else a series has.
let private data (figure: Figure) =
    let folder = Directory.CreateTempSubdirectory "stackelberg-chart-"

    try
        figure.Save(folder.FullName, "chart") |> ignore
        CsvTable.Read(Path.Combine(folder.FullName, "chart.csv")).Rows |> Seq.toArray
    finally
        folder.Delete true

let private number (text: string) =
    Double.Parse(text, CultureInfo.InvariantCulture)

/// The points of one series.
let private points series (figure: Figure) =
    data figure
    |> Array.filter (fun row -> row[1] = series)
    |> Array.map (fun row -> number row[2], number row[3])

let private labels (figure: Figure) = [
    for panel in figure.Panels do
        for series in panel.Series do
            if not (isNull series.Label) then
                series.Label
]

[<Fact>]
let ``a trajectory has a line for each entry, from the start to the end`` () =
    let figure = Chart.trajectory leading
    Assert.Equal("duopoly, stackelberg (bestResponse)", (Assert.Single figure.Panels).Title)
    Assert.Equal<string list>([ "/{x}_{1}"; "/{x}_{2}" ], labels figure)
    let line = points "x1" figure
    Assert.Equal((0.0, 10.0), line[0])
    Assert.Equal((50.0, float leading.Final[0]), Array.last line)

[<Fact>]
let ``several trajectories have panels with names of their own`` () =
    let again =
        duopoly |> Learn.run Rule.simultaneous { settings with Seed = 7UL } start

    let titles (runs: Run list) =
        (Chart.trajectories runs).Panels |> Seq.map _.Title |> Seq.toList

    Assert.Equal<string list>([ "stackelberg (bestResponse)"; "simultaneous" ], titles [ leading; equal ])
    Assert.Equal<string list>([ "simultaneous, seed 0"; "simultaneous, seed 7" ], titles [ equal; again ])
    Assert.Equal<string list>([ "simultaneous, run 1"; "simultaneous, run 2" ], titles [ equal; equal ])

[<Fact>]
let ``of a large game the first eight entries are drawn, and the caption says so`` () =
    let many = Player.vector "many" 20
    let single = Player.scalar "single"

    let large =
        game "large" {
            leader many (fun q -> Tensor.sum (q[many] * q[many]))
            follower single (fun q -> q[single] * q[single])
        }

    let figure =
        large
        |> Learn.run Rule.simultaneous { settings with Steps = 2 } (Tensor.ones [ 21 ])
        |> Chart.trajectory

    Assert.Equal(8, (Assert.Single figure.Panels).Series.Count)
    Assert.Equal("The first 8 of 21.", figure.Caption)

[<Fact>]
let ``costs are those of the game at the run's points`` () =
    let figure = Chart.costs leading
    let last = Array.last (points "x1" figure)
    Assert.Equal(50.0, fst last)
    let costs = Game.costs duopoly leading.Final
    Check.closeNumber 1e-12 (float costs[0]) (snd last)
    Check.closeNumber 1e-12 leading.Costs[0] (snd last)

[<Fact>]
let ``the phase plane has the field, where each entry is at rest, the runs and their ends`` () =
    let figure = duopoly |> Chart.phasePlane Game.omegaS [ leading; equal ]

    Assert.Equal<string list>(
        [
            "/{x}_{1} at rest"
            "/{x}_{2} at rest"
            "stackelberg (bestResponse)"
            "simultaneous"
            "end"
        ],
        labels figure
    )

    // The arrows show the way of play, against the field.
    let arrow = data figure |> Array.find (fun row -> row[1] = "arrows")
    let slope = Game.omegaS duopoly (Tensor.ofList [ number arrow[2]; number arrow[3] ])
    Check.closeNumber 1e-12 (-(float slope[0])) (number arrow[4])
    Check.closeNumber 1e-12 (-(float slope[1])) (number arrow[5])

    // The follower rests where 2 q2 = 98 − q1.
    for q1, q2 in points "x2 at rest" figure |> Array.filter (fst >> Double.IsFinite) do
        Check.closeNumber 1e-9 (98.0 - q1) (2.0 * q2)

    Assert.Equal((float leading.Final[0], float leading.Final[1]), (points "end" figure)[0])

[<Fact>]
let ``a rectangle takes the place of runs`` () =
    let corners = Tensor.ofList [ 0.0; 10.0 ], Tensor.ofList [ 60.0; 50.0 ]
    let panel = (duopoly |> Chart.phasePlaneIn corners Game.omega []).Panels[0]
    Assert.Equal(Nullable 0.0, panel.X.Min)
    Assert.Equal(Nullable 50.0, panel.Y.Max)

[<Fact>]
let ``a spectrum has the report's eigenvalues`` () =
    let figure = Chart.spectrum leading.Report
    let real, imaginary = Array.unzip (points "eigenvalues of J" figure)
    Check.close 1e-12 [| 1.0; 3.0 |] real
    Check.close 1e-12 [| 0.0; 0.0 |] imaginary
    Assert.Equal(2, (points "eigenvalues of J_S" figure).Length)

/// Two wells for the leader, at ±1; the follower agrees.
let private wells =
    Game.twoPlayer "wells" (fun x _ -> (x * x - 1.0) ** 2) (fun x y -> (y - x) ** 2)

[<Fact>]
let ``basins from a grid are filled in the order of their shares`` () =
    let starts =
        Ensemble.grid (Tensor.ofList [ -2.0; -1.0 ], Tensor.ofList [ 1.0; 1.0 ]) 8

    let figure =
        wells
        |> Ensemble.run
            Rule.simultaneous
            {
                settings with
                    Steps = 2000
                    Rates = [ Rate.constant 0.02 ]
            }
            starts
        |> Chart.basins

    // Of eight columns from −2 to 1 five are below 0.
    Assert.Equal<string list>(
        [ "leads to point"; "point 1, [-1, -1]: 62.5 %"; "point 2, [1, 1]: 37.5 %" ],
        labels figure
    )

    let cells = data figure |> Array.filter (fun row -> row[1] = "leads to point")
    Assert.Equal(64, cells.Length)

    for cell in cells do
        Assert.Equal((if number cell[2] < 0.0 then "1" else "2"), cell[4])

[<Fact>]
let ``starts of a grid that lead nowhere are grey, and told`` () =
    let starts =
        Ensemble.grid (Tensor.ofList [ -30.0; -1.0 ], Tensor.ofList [ 1.0; 1.0 ]) 2

    let figure =
        wells
        |> Ensemble.run
            Rule.simultaneous
            {
                settings with
                    Steps = 2000
                    Rates = [ Rate.constant 0.02 ]
            }
            starts
        |> Chart.basins

    Assert.Equal<string list>(
        [ "leads to point"; "does not converge: 50 %"; "point 1, [1, 1]: 50 %" ],
        labels figure
    )

    let cells = data figure |> Array.filter (fun row -> row[1] = "leads to point")
    Assert.Equal<string[]>([| "0"; "1"; "0"; "1" |], cells |> Array.map (fun cell -> cell[4]))

[<Fact>]
let ``a curve of rest points has its largest part told, and the rest as elsewhere`` () =
    // Every point with y = x² is at rest.
    let curve =
        Game.twoPlayer "curve" (fun _ y -> 0.0 * y) (fun x y -> (y - x * x) ** 2)

    let starts =
        Ensemble.grid (Tensor.ofList [ 0.0; 0.0 ], Tensor.ofList [ 1.0; 1.0 ]) 40

    let longer = { settings with Steps = 1000 }
    let figure = curve |> Ensemble.run Rule.simultaneous longer starts |> Chart.basins
    Assert.Equal(1 + 1 + 8, (labels figure).Length)
    Assert.Contains(labels figure, fun label -> label.StartsWith "leads elsewhere or nowhere: ")

[<Fact>]
let ``basins from other starts are points, and those without an end are told`` () =
    let starts =
        Tensor.ofArray2D (array2D [ [ -1.5; 0.0 ]; [ 0.5; 0.2 ]; [ 0.7; -0.4 ]; [ 40.0; 0.0 ] ])

    let figure =
        wells
        |> Ensemble.run
            Rule.simultaneous
            {
                settings with
                    Steps = 2000
                    Rates = [ Rate.constant 0.02 ]
            }
            starts
        |> Chart.basins

    Assert.Equal<string list>(
        [
            "does not converge: 25 %"
            "point 1, [1, 1]: 50 %"
            "point 2, [-1, -1]: 25 %"
        ],
        labels figure
    )

[<Fact>]
let ``convergence has the mean distance and the band of eight runs in ten`` () =
    let noisy = {
        settings with
            Noise = Noise.gaussian 0.5
    }

    let runs =
        duopoly
        |> Ensemble.run Rule.simultaneous noisy (Tensor.stack 0 (Array.create 20 start))

    let goal = [| 92.0 / 3.0; 101.0 / 3.0 |]
    let figure = runs |> Chart.convergence (Tensor.ofArray goal)

    let apart =
        Array.init 20 (fun run ->
            let final = runs.Final[run].ToArray()
            sqrt ((final[0] - goal[0]) ** 2 + (final[1] - goal[1]) ** 2))
        |> Array.sort

    let step, mean = Array.last (points "mean of 20 runs" figure)
    Assert.Equal(50.0, step)
    Check.closeNumber 1e-12 (Array.average apart) mean
    // Of twenty sorted numbers the tenth part lies nine tenths of the way from the second to the third.
    let band =
        points "eight runs in ten" figure
        |> Array.filter (fst >> (=) 50.0)
        |> Array.map snd

    Check.close
        1e-12
        [|
            apart[1] + 0.9 * (apart[2] - apart[1])
            apart[17] + 0.1 * (apart[18] - apart[17])
        |]
        band

    Assert.True figure.Panels[0].Y.Log

[<Fact>]
let ``a comparison has a row for each rule, by the kind of its end`` () =
    let chosen = {
        Comparison.settings with
            Rules = [|
                Rule.simultaneous
                Rule.stackelberg Conjecture.bestResponse
                Rule.twoTimescale 100.0 Rule.simultaneous
            |]
    }

    let rows = duopoly |> Comparison.run chosen start
    let figure = Chart.compare rows

    Assert.Equal<string seq>(
        rows |> Seq.map _.Rule,
        figure.Panels[0].Y.Ticks |> Seq.map (fun struct (_, name) -> name)
    )

    Assert.Equal<string list>([ "Nash"; "Stackelberg"; "predicted" ], labels figure)
    Assert.Equal<(float * float)[]>([| rows[0].Measured, 2.0 |], points "Nash" figure)
    let words = data figure |> Array.find (fun row -> row[1] = "text")
    Assert.Equal("diverges", Array.last words)

[<Fact>]
let ``a density is greatest where the points are`` () =
    let cross =
        array2D [ [ 0.0; 0.0 ]; [ 0.1; 0.0 ]; [ -0.1; 0.1 ]; [ 0.0; -0.1 ]; [ 3.0; 2.0 ] ]

    let cells = cross |> Tensor.ofArray2D |> Chart.density |> data
    let highest = cells |> Array.maxBy (fun row -> number row[4])
    Assert.InRange(number highest[2], -0.2, 0.2)
    Assert.InRange(number highest[3], -0.2, 0.2)

let private message (draw: unit -> Figure) =
    Check.argumentMessage (fun () -> draw () |> ignore)

[<Fact>]
let ``what cannot be drawn is refused with what is needed`` () =
    let plane =
        "game is \"three\" with 3 players and 3 entries, but a plane has two players with one entry each; Chart.trajectory draws every game."

    let ofThree =
        three |> Ensemble.run Rule.simultaneous settings (Tensor.ones [ 2; 3 ])

    Assert.Equal(
        "Chart.phasePlane: " + plane,
        message (fun () -> three |> Chart.phasePlane Game.omega [ leading ])
    )

    Assert.Equal("Chart.basins: " + plane, message (fun () -> Chart.basins ofThree))

    Assert.Equal(
        "Chart.phasePlane: runs has no run to say what to show; give one, or a rectangle to Chart.phasePlaneIn.",
        message (fun () -> duopoly |> Chart.phasePlane Game.omega [])
    )

    let ofOther = three |> Learn.run Rule.simultaneous settings (Tensor.ones [ 3 ])

    Assert.Equal(
        "Chart.phasePlane: runs holds a run of \"three\", but runs of \"duopoly\" are needed.",
        message (fun () -> duopoly |> Chart.phasePlane Game.omega [ ofOther ])
    )

    Assert.Equal(
        "Chart.trajectories: runs are of different games, \"duopoly\" and \"three\"; draw each game's for itself.",
        message (fun () -> Chart.trajectories [ leading; ofOther ])
    )

    Assert.Equal(
        "Chart.trajectories: runs has no run, but at least one is needed.",
        message (fun () -> Chart.trajectories [])
    )

    Assert.Equal(
        "Chart.phasePlaneIn: upper has 1 at entry 1, but a finite number above the lower corner's 2 is needed.",
        message (fun () ->
            let corners = Tensor.ofList [ 0.0; 2.0 ], Tensor.ofList [ 1.0; 1.0 ]
            duopoly |> Chart.phasePlaneIn corners Game.omega [])
    )

    Assert.Equal(
        "Chart.convergence: point has shape [1], but [3] is needed (the joint strategy of three: a [], b [], c []).",
        message (fun () -> ofThree |> Chart.convergence (Tensor.ofList [ 1.0 ]))
    )

    Assert.Equal(
        "Chart.density: points has shape [3], but [n; 2] is needed, points of the plane.",
        message (fun () -> Chart.density (Tensor.ones [ 3 ]))
    )

    Assert.Equal(
        "Chart.density: points have no density: all points lie on a line, so that they have no density in the plane.",
        message (fun () -> Chart.density (Tensor.ones [ 5; 2 ]))
    )

    Assert.Equal(
        "Chart.compare: rows is empty, but at least one rule is needed.",
        message (fun () -> Chart.compare [||])
    )

    Assert.Equal(
        "Chart.spectrum: report is null, as that of a run that failed, of a game with a sampler, or above 50 dimensions; Equilibrium.classify gives one of a point.",
        message (fun () -> Chart.spectrum Unchecked.defaultof<Report>)
    )

[<Fact>]
let ``a chart is saved by its file's ending, as a page too`` () =
    let folder = Directory.CreateTempSubdirectory "stackelberg-chart-"

    try
        let path name = Path.Combine(folder.FullName, name)
        let figure = Chart.trajectory leading
        figure |> Chart.save (path "run.svg")
        figure |> Chart.save (path "run.HTML")
        Assert.Equal(figure.ToSvg(), File.ReadAllText(path "run.svg"))
        Assert.Equal(figure.ToHtml(), File.ReadAllText(path "run.HTML"))

        Assert.Equal(
            "run.gif: a figure is saved by its file's ending, which is \".gif\"; there are .html, .svg.",
            Check.argumentMessage (fun () -> figure |> Chart.save (path "run.gif"))
        )

        Assert.Equal(
            "run.pdf: .pdf needs the package Stackelberg.Figures.Skia. In a script: #r \"nuget: Stackelberg.Figures.Skia\", then Stackelberg.Figures.Skia.Rendering.Register(); or save as .svg or .html.",
            Check.argumentMessage (fun () -> figure |> Chart.save (path "run.pdf"))
        )
    finally
        folder.Delete true
