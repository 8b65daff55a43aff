/// Random games under constraints: what is called an equilibrium is one.
module Stackelberg.Dsl.Tests.ConstrainedLawTests

open Xunit
open Stackelberg

let private draw (seed: int) stream (shape: int list) =
    Tensor.randn (uint64 (1000 * seed + stream)) shape

/// A leader with a cost that need not be convex, in a box, and a follower with a convex quadratic cost in a polygon that moves
/// with the leader; the leader's cost, and the follower's answer by itself.
let private random seed =
    let n, m, rows = 1 + seed % 3, 1 + seed / 3 % 3, 1 + seed / 9 % 4
    let root = draw seed 1 [ m; m ]
    let Q = Tensor.matmul root (Tensor.transpose root) + 0.2 * Tensor.eye m
    let half = draw seed 2 [ n; n ]

    let P =
        half
        + Tensor.transpose half
        + (if seed % 2 = 0 then 3.0 else 0.0) * Tensor.eye n

    let C, D, A, B =
        draw seed 3 [ m; n ], draw seed 4 [ n; m ], draw seed 5 [ rows; m ], draw seed 6 [ rows; n ]

    let b, p, r, c =
        0.3 + abs (draw seed 7 [ rows ]), draw seed 8 [ n ], draw seed 9 [ m ], draw seed 10 [ m ]

    let leads (x: Tensor) (y: Tensor) =
        0.5 * Tensor.dot x (Tensor.matmul P x)
        + Tensor.dot x (Tensor.matmul D y)
        + Tensor.dot p x
        + Tensor.dot r y
        + 0.05 * Tensor.dot x x * Tensor.dot x x

    let follows (y: Tensor) (x: Tensor) =
        0.5 * Tensor.dot y (Tensor.matmul Q y)
        + Tensor.dot y (Tensor.matmul C x)
        + Tensor.dot c y

    let polygon (y: Tensor) (x: Tensor) =
        Tensor.matmul A y + Tensor.matmul B x - b

    let x, y =
        Player.vector "x" n
        |> Player.within (ConvexSet.Box(Array.create n -3.0, Array.create n 3.0)),
        Player.vector "y" m

    let played =
        game "random" {
            leader x (fun q -> leads q[x] q[y])
            follower y (fun q -> follows q[y] q[x])
            subjectTo y "polygon" (fun q -> polygon q[y] q[x])
        }

    played, n, leads, ConstrainedMinimum.create (Array.zeroCreate m) n follows (Some polygon) None

/// None where the follower has no strategy that meets its constraints: the leader cannot go there.
let private answered (answer: ConstrainedMinimum) (x: Tensor) =
    try
        Some(answer.Answer x)
    with :? System.ArgumentException as error when error.Message.Contains "leave no answer" ->
        None

[<Fact>]
let ``No leader gains beside a point that is called a differential Stackelberg equilibrium`` () =
    let mutable certain, kinks = 0, 0

    for seed in 1..48 do
        let played, n, leads, answer = random seed

        match
            played
            |> Equilibrium.find Concept.Stackelberg (Tensor.zeros [ played.Dimension ])
        with
        | Ok report when report.IsDifferentialStackelberg = Verdict.Yes ->
            certain <- certain + 1

            if report.Constraints |> Array.exists (fun found -> found.Weak.Length > 0) then
                kinks <- kinks + 1

            let x = Tensor.slice 0 0 n report.Point

            for k in 1..20 do
                for reach in [ 1e-2; 1e-3 ] do
                    let beside =
                        x + reach * draw seed (100 + k) [ n ]
                        |> Tensor.maximum (Tensor.scalar -3.0)
                        |> Tensor.minimum (Tensor.scalar 3.0)

                    match answered answer beside with
                    | None -> ()
                    | Some y ->
                        let gained = report.Costs[0] - float (leads beside y)

                        Assert.True(
                            gained <= 1e-8,
                            $"seed {seed}: the leader gains {gained} at {beside}\n{report}"
                        )
        | _ -> ()

    Assert.True(certain >= 46, $"{certain} of 48 games were decided")
    Assert.True(kinks >= 8, $"{kinks} of them rest on a kink")
