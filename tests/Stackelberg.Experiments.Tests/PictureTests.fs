module Stackelberg.Experiments.Tests.PictureTests

open System.IO
open Stackelberg
open Stackelberg.Experiments.Tests
open Stackelberg.Figures
open Xunit

let private drawn (subject: Game) point pictures (folder: RunFolder) =
    let block =
        experiment "drawn" {
            game subject
            rules [ Rule.simultaneous; Rule.stackelberg Conjecture.bestResponse ]
            start point
            learn (fun _ -> { Learn.settings with Steps = 50 })
            find Concept.Nash ([ -3.0 ], [ 3.0 ])
            find Concept.Stackelberg ([ -3.0 ], [ 3.0 ])
            draw pictures
        }

    folder.Run(block, [], "run")

let private data (folder: RunFolder) name =
    File.ReadAllLines(folder.Of $"run/figures/{name}.csv")

[<Fact>]
let ``the pictures of a plane game show runs, points and where players are at rest`` () =
    use folder = new RunFolder()

    let summary =
        drawn
            (Games.bowls 1.0)
            [ 3.0; -1.0 ]
            [
                Picture.strategies
                Picture.costs
                Picture.distances
                Picture.spectrum
                Picture.phasePlane
            ]
            folder

    Assert.Equal(5, summary.Figures.Count)

    let has name (words: string) =
        data folder name |> Array.exists _.Contains(words)

    Assert.True(has "phase-plane" "x1 at rest, leading")
    Assert.True(has "phase-plane" "critical for ω_S")
    Assert.True(has "distances" "stackelberg")
    Assert.True(has "spectrum" "eigenvalues of J_S")
    // A line has a row for each point that can be told apart, the first and the last among them.
    let rows = data folder "costs" |> Array.filter _.StartsWith("simultaneous,x1,0,")
    Assert.Single rows |> ignore

[<Fact>]
let ``a function has the same bits at many points at once as at each`` () =
    let f (x: Tensor) =
        Tensor.stack 0 [ sin x[0] * exp x[1]; x[0] / (1.0 + x[1] * x[1]); Tensor.sum (x * x) ]

    let points = Array.init 3000 (fun k -> [| 0.01 * float k - 7.0; cos (float k) |])
    let together = Pointwise.evaluate f points
    let alone = points |> Array.map (fun x -> (f (Tensor.ofArray x)).ToArray())
    Assert.Equal<float[]>(alone, together)
    Assert.Empty(Pointwise.evaluate f [||])
    Assert.Equal<float[]>(Array.truncate 3 alone, Pointwise.evaluate f (Array.truncate 3 points))
    // Row by row from below, the first number along a row.
    let grid = Pointwise.grid (0.0, 2.0) (10.0, 20.0) 3 id (fun x -> x[0] + x[1])
    Assert.Equal<float>([ 10.0; 11.0; 12.0; 15.0; 16.0; 17.0; 20.0; 21.0; 22.0 ], Seq.cast<float> grid.Values)

[<Fact>]
let ``angles are drawn on the whole circle and cut at π`` () =
    use folder = new RunFolder()
    let a, b = Player.angle "a", Player.angle "b"

    let circle =
        game "circle" {
            leader a (fun q -> cos (q[a] - 0.3) + 0.2 * cos (q[a] - q[b]))
            follower b (fun q -> -(cos (q[b] - q[a])))
        }

    drawn circle [ 3.0; 3.1 ] [ Picture.phasePlane ] folder |> ignore
    let svg = File.ReadAllText(folder.Of "run/figures/phase-plane.svg")
    Assert.Contains("−π", svg)

[<Fact>]
let ``a phase plane of a larger game is left out with a note`` () =
    use folder = new RunFolder()

    let pair, single = Player.vector "a" 2, Player.scalar "b"

    let large =
        Game.create "large" [
            [ pair, (fun (q: Strategies) -> Tensor.sum (q[pair] ** 2)) ]
            [ single, (fun (q: Strategies) -> q[single] ** 2) ]
        ]

    let summary = drawn large [ 1.0; 1.0; 1.0 ] [ Picture.phasePlane ] folder
    Assert.Empty summary.Figures

    Assert.Contains(
        "The phase plane is drawn of two players with one entry each; large has 2 players and 3 entries.",
        summary.Notes
    )

[<Fact>]
let ``a picture of one's own is drawn from the runs`` () =
    use folder = new RunFolder()

    let own =
        Picture.create "own" (fun run ->
            Figure(Panel(run.Runs |> Array.map (fun one -> Line(one.Cost 0) :> Series))))

    Assert.Equal(
        "figures/own.svg",
        Assert.Single((drawn (Games.bowls 1.0) [ 0.0; 0.0 ] [ own ] folder).Figures)
    )
