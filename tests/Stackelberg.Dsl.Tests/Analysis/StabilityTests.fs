module Stackelberg.Dsl.Tests.StabilityTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

/// One scalar player a row, whose ω is A x, so that J = A: ½ a_ii x_i² + x_i Σ_j a_ij x_j.
let private linear (a: float[,]) =
    let n = a.GetLength 0
    let players = Array.init n (fun i -> Player.scalar $"p{i}")

    let cost i (q: Strategies) =
        seq { 0 .. n - 1 }
        |> Seq.filter (fun j -> j <> i && a[i, j] <> 0.0)
        |> Seq.fold
            (fun (sum: Tensor) j -> sum + a[i, j] * q[players[j]] * q[players[i]])
            (0.5 * a[i, i] * q[players[i]] ** 2.0)

    Game.simultaneous "linear" [ for i in 0 .. n - 1 -> players[i], cost i ]

let private atOrigin (game: Game) =
    Equilibrium.classify game (Tensor.zeros [ game.Dimension ])

/// U B U⁻¹ with a unimodular U of integers, so that the product has no rounding and B's eigenvalues.
let private turned (random: Random) steps (b: float[,]) =
    let n = b.GetLength 0
    let a = Array2D.copy b

    for _ in 1..steps do
        let i, j = random.Next n, random.Next n

        if i <> j then
            let factor = float (random.Next(-1, 2))

            for k in 0 .. n - 1 do
                a[i, k] <- a[i, k] + factor * a[j, k]

            for k in 0 .. n - 1 do
                a[k, j] <- a[k, j] - factor * a[k, i]

    a

[<Fact>]
let ``of strongly non-normal J no sign is told that rounding makes`` () =
    let mutable decided = 0
    let mutable worst = 0.0

    for seed in 1..400 do
        let random = Random seed
        let n = 3 + random.Next 14
        let isStable = random.Next 2 = 0

        // Eigenvalues 1, 2, … and the least of them on one side of zero.
        let diagonal =
            Array.init n (fun i ->
                if i > 0 then float i
                elif isStable then 1.0
                else -1.0)

        let coupling = [| 1; 9; 99 |][random.Next 3]

        let a =
            turned
                random
                (4 * n)
                (Array2D.init n n (fun i j ->
                    if i = j then diagonal[i]
                    elif j > i then float (random.Next(-coupling, coupling + 1))
                    else 0.0))

        let report = atOrigin (linear a)
        worst <- max worst (Array.max report.ConditionsJ)

        match report.IsStableSimgrad with
        | Verdict.Undecided ->
            Assert.Contains(report.Doubts, fun doubt -> doubt.Of.Contains "the eigenvalues of J")
        | verdict ->
            decided <- decided + 1
            Assert.Equal((if isStable then Verdict.Yes else Verdict.No), verdict)

    Assert.True(worst > 1e12, $"{worst}")
    Assert.InRange(decided, 40, 360)

[<Fact>]
let ``an eigenvalue whose sign rounding decides is told with its condition`` () =
    // An 11-fold eigenvalue 10⁻² behind a full similarity: found are values around a circle of radius ε^(1/11), about 0.04.
    let a =
        turned
            (Random 5)
            60
            (Array2D.init 11 11 (fun i j ->
                if i = j then 0.0078125
                elif j = i + 1 then 1.0
                else 0.0))

    let report = atOrigin (linear a)
    Assert.Equal(Verdict.Undecided, report.IsStableSimgrad)
    Assert.True(Array.max report.ConditionsJ > 1e6)
    Assert.Contains("one of condition", string report)
    Assert.Contains("condition of eigenvalues", string report)

[<Fact>]
let ``the conditions of normal J are 1`` () =
    // A rotation with a shift, and a symmetric matrix.
    for a in
        [
            array2D [ [ 1.0; 3.0 ]; [ -3.0; 1.0 ] ]
            array2D [ [ 2.0; 1.0 ]; [ 1.0; 4.0 ] ]
        ] do
        let report = atOrigin (linear a)
        Assert.All(report.ConditionsJ, fun condition -> Assert.Equal(1.0, condition, 1e-12))
        Assert.Equal(Verdict.Yes, report.IsStableSimgrad)

[<Fact>]
let ``a positive symmetric part is stable in all units, and one of mixed signs of a potential game is not``
    ()
    =
    for s in [ 1e-12; 1e-8; 1e-4; 1.0; 1e4; 1e8; 1e12 ] do
        // Coordinates in units of s: J is D [2, 1; −3, 4] D, D = diag(1, 1/s).
        let convex =
            Game.twoPlayer "convex" (fun x y -> x * x + x * y / s) (fun x y ->
                -3.0 * x * y / s + 2.0 * (y / s) * (y / s))

        Assert.Equal(Verdict.Yes, (atOrigin convex).IsStableSimgrad)

        // The potential x² + 3 x y / s + (y / s)², a saddle.
        let saddle =
            Game.twoPlayer "saddle" (fun x y -> x * x + 3.0 * x * y / s) (fun x y ->
                3.0 * x * y / s + (y / s) * (y / s))

        Assert.Equal(Verdict.No, (atOrigin saddle).IsStableSimgrad)

[<Fact>]
let ``a stable J whose symmetric part has both signs is never called unstable in other units`` () =
    // [1, 8; −1, 0.5] has trace and determinant above zero, D [..] D as well, for every D.
    for s in [ 1e-12; 1e-8; 1e-4; 1.0; 1e4; 1e8; 1e12 ] do
        let game =
            Game.twoPlayer "turning" (fun x y -> 0.5 * x * x + 8.0 * x * y / s) (fun x y ->
                -1.0 * x * y / s + 0.25 * (y / s) * (y / s))

        Assert.NotEqual(Verdict.No, (atOrigin game).IsStableSimgrad)

        if s > 1e-3 && s < 1e3 then
            Assert.Equal(Verdict.Yes, (atOrigin game).IsStableSimgrad)
