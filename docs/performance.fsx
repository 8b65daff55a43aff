(**
---
title: Performance guide
category: Practice
categoryindex: 5
index: 1
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# Performance guide

What a game is made of is traced once, compiled to fused vector programs that allocate nothing while they run, and kept for equal
expressions of the process. What that asks of a script:

## Let the library loop

`Learn.run` compiles the whole step: derivatives, solve, preconditioner, projection. A loop of one's own over `Game.omegaS` pays for
a call each time.
*)
open Stackelberg
open System.Diagnostics

let duopoly =
    Game.twoPlayer "duopoly" (fun q1 q2 -> -(100 - q1 - q2 - 5) * q1) (fun q1 q2 -> -(100 - q1 - q2 - 2) * q2)

let start = Tensor.ofList [ 10.0; 10.0 ]
let rule = Rule.stackelberg Conjecture.bestResponse

let settings steps = {
    Learn.settings with
        Steps = steps
        Rates = [ Rate.constant 0.1 ]
        RecordEvery = steps
}

/// The best of three, after the first call has compiled.
let timed (what: string) (work: unit -> 'a) =
    let result = work ()

    let best =
        Seq.init 3 (fun _ ->
            let clock = Stopwatch.StartNew()
            work () |> ignore
            clock.Elapsed.TotalMilliseconds)
        |> Seq.min

    printfn $"{what, -42} {best, 8:F2} ms"
    result

let byHand () =
    let mutable x = start

    for _ in 1..1000 do
        x <- x - 0.1 * Game.omegaS duopoly x

    x

let byLibrary () =
    (duopoly |> Learn.run rule (settings 1000) start).Final

let hand = timed "1,000 steps, a loop over Game.omegaS" byHand
let library = timed "1,000 steps, Learn.run" byLibrary
(*** include-output ***)
(*** hide ***)
check "the same end" (float (Tensor.norm (hand - library))) 0.0 1e-9
(**
## Many runs are one program

`Ensemble.run` makes a step of all runs at once and divides them among threads; the bits do not depend on their number.
*)
let runs = 500

/// The location game of arXiv 1906.01217, section 4.2.
let torus =
    let cost α (own: Tensor) (other: Tensor) =
        cos (own - other) - α * cos (own - System.Math.PI / 8.0)

    let a, b = Player.angle "a", Player.angle "b"

    game "torus" {
        leader a (fun q -> cost 1.0 q[a] q[b])
        follower b (fun q -> cost 1.3 q[b] q[a])
    }

let starts =
    Tensor.ofArray2D (Array2D.init runs 2 (fun i j -> -0.6 + float i / 10000.0 + 1.8 * float j))

let alone () = [
    for i in 0 .. runs - 1 -> (torus |> Learn.run rule (settings 300) starts[i]).Final
]

let together () =
    (torus |> Ensemble.run rule (settings 300) starts).Final

let first = timed $"{runs} runs one by one" alone
let second = timed $"{runs} runs in an ensemble" together
(*** include-output ***)
(*** hide ***)
check "the same ends" (float (Tensor.norm (second[runs - 1] - List.last first))) 0.0 1e-9
(**
## Loops inside of a cost

`Loop.scan` is one op with a body compiled once; a `for` loop over tensors is written out, and its program grows with the count
(`games/charged-particle.fsx`: 411 steps of Euler's method in both costs).

## Large followers

- The inverse of D₂²f₂ is applied by a solver: dense where it is small, by products where it is large. `Conjecture.withSolver`
  chooses: `Solver.cg |> Solver.withMaxIterations 5 |> Solver.warmStarted`. What the solves came to is `run.Solves`.
- `precision DType.Float32` in the block `game { }` halves the memory, and doubles the numbers in a vector.
- `Equilibrium.classifyLarge` needs no d × d matrix; `classify` does.
- `RecordEvery` says which points a run keeps: by default all.

## What it costs, measured

Medians, in turn with peers in one process, with the results compared; the table is the README's, written by `tests/Benchmarks`.
A ratio above 1 is in our favour.
*)
(*** hide ***)
let readme =
    System.IO.File.ReadAllLines(System.IO.Path.Combine(__SOURCE_DIRECTORY__, "..", "README.md"))

let lines =
    readme
    |> Array.skipWhile (fun line -> not (line.StartsWith "| work | peer |"))
    |> Array.takeWhile (fun line -> line.StartsWith '|')

let cells (line: string) =
    line.Trim('|').Split('|') |> Array.map _.Trim() |> List.ofArray

check "rows of the README's table are there" (if lines.Length > 20 then 1.0 else 0.0) 1.0 0.0

lines
|> Array.skip 2
|> Array.map cells
|> List.ofArray
|> table (cells lines[0])
(*** include-it-raw ***)
(**
`dotnet run -c Release --project tests/Benchmarks -- peers` makes it anew; `-- gate` fails where a ratio has fallen by a quarter.
Where the ratio is below 1 a peer is ahead: C by hand with vectors, and our own loop where rates fall by two powers a step.
*)
