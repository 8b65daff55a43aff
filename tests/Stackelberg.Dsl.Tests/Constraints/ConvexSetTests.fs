module Stackelberg.Dsl.Tests.ConvexSetTests

open System
open FsCheck
open FsCheck.FSharp
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Dsl.Tests.Check

let private sets: (ConvexSet * int) list = [
    ConvexSet.Box([| -1.0; 0.0; -infinity |], [| 1.0; infinity; 2.0 |]), 3
    ConvexSet.Simplex 1.0, 1
    ConvexSet.Simplex 2.5, 4
    ConvexSet.Ball([| 1.0; -1.0; 0.5 |], 1.5), 3
    ConvexSet.HalfSpace([| 1.0; -2.0; 0.5 |], 0.3), 3
    ConvexSet.Affine([| [| 1.0; 1.0; 1.0; 0.0 |]; [| 0.0; 1.0; -1.0; 2.0 |] |], [| 1.0; -0.5 |]), 4
    ConvexSet.SecondOrderCone, 4
    ConvexSet.Product [|
        ConvexSet.Simplex 1.0, 3
        ConvexSet.Ball([| 0.0; 0.0 |], 2.0), 2
        ConvexSet.Everything, 1
    |],
    6
]

let private player (set, dimension) =
    Player.vector "x" dimension |> Player.within set

/// One simultaneous step of rate 1 with the cost ½‖x − target‖² leads onto the projection of the target.
let private project (set, dimension) (target: float[]) =
    let x = player (set, dimension)

    let nearest =
        game "nearest" {
            player x (fun q -> 0.5 * Tensor.dot (q[x] - Tensor.ofArray target) (q[x] - Tensor.ofArray target))
        }

    let inside = ConvexSets.project set (Tensor.zeros [ dimension ])

    (nearest
     |> Learn.run
         Rule.simultaneous
         {
             Learn.settings with
                 Steps = 1
                 Rates = [ Rate.constant 1.0 ]
         }
         inside)
        .Final.ToArray()

let private random (seed: int) stream scale count =
    let numbers: float[] = Array.zeroCreate count
    Philox(uint64 seed, stream).FillNormal(numbers, 0, count)
    numbers |> Array.map (fun value -> scale * value)

let private law name (property: int -> unit) =
    Check.One(
        Config.QuickThrowOnFailure.WithName name,
        Prop.forAll (ArbMap.defaults |> ArbMap.arbitrary<NonNegativeInt>) (fun seed -> property seed.Get)
    )

[<Fact>]
let ``Points of the literature are projected where they belong`` () =
    // Duchi et al. 2008: (0.5, 0.8, −0.2) less its threshold 0.15.
    close 1e-15 [| 0.35; 0.65; 0.0 |] (project (ConvexSet.Simplex 1.0, 3) [| 0.5; 0.8; -0.2 |])
    close 1e-15 [| 0.6; 0.8 |] (project (ConvexSet.Ball([| 0.0; 0.0 |], 1.0), 2) [| 3.0; 4.0 |])
    close 1e-15 [| 1.0; 1.0 |] (project (ConvexSet.HalfSpace([| 1.0; 1.0 |], 2.0), 2) [| 2.0; 2.0 |])
    close 1e-15 [| 1.5; 1.5 |] (project (ConvexSet.Affine([| [| 1.0; 1.0 |] |], [| 3.0 |]), 2) [| 0.0; 0.0 |])
    // (t, u) with |u| > |t|: ½ (t + |u|) (1, u/|u|).
    close 1e-15 [| 2.0; 2.0; 0.0 |] (project (ConvexSet.SecondOrderCone, 3) [| 1.0; 3.0; 0.0 |])
    close 1e-15 [| 0.0; 0.0; 0.0 |] (project (ConvexSet.SecondOrderCone, 3) [| -4.0; 3.0; 0.0 |])

[<Fact>]
let ``A projection leaves its own points, and the way to it makes no acute angle with the set`` () =
    law "projections" (fun seed ->
        for set, n in sets do
            let from, other = random seed 1UL 2.0 n, random seed 2UL 2.0 n
            let at = ConvexSets.project set (Tensor.ofArray from)
            let another = ConvexSets.project set (Tensor.ofArray other)
            closeTensor 1e-12 at (ConvexSets.project set at)
            let product = float (Tensor.dot (Tensor.ofArray from - at) (another - at))
            Assert.True(product <= 1e-12 * (1.0 + float (Tensor.dot at at)), $"{set}: {product}"))

[<Fact>]
let ``A set's functions hold where its projection leaves a point alone, and only there`` () =
    law "functions" (fun seed ->
        for set, n in sets do
            let from = random seed 3UL 2.0 n |> Tensor.ofArray
            let at = ConvexSets.project set from

            let worst (x: Tensor) =
                ConvexSets.rows set n
                |> List.map (fun rows ->
                    let values = (rows.Value x).ToArray()
                    Assert.Equal(rows.Count, values.Length)

                    values
                    |> Array.map (fun value -> if rows.IsEquality then abs value else value)
                    |> Array.max)
                |> List.fold max -infinity

            Assert.True(worst at <= 1e-10, $"{set}: {worst at} at its own point")

            if float (Tensor.max (abs (at - from))) > 1e-6 then
                Assert.True(worst from > 0.0, $"{set}: {worst from} outside"))

[<Fact>]
let ``Derivatives of projections agree with central differences`` () =
    law "derivatives" (fun seed ->
        for set, n in sets do
            let from, along =
                random seed 4UL 2.0 n |> Tensor.ofArray, random seed 5UL 1.0 n |> Tensor.ofArray

            let h = 1e-6
            let _, slope = Diff.jvp (ConvexSets.project set) from along

            let ahead, back =
                ConvexSets.project set (from + h * along), ConvexSets.project set (from - h * along)

            let _, there = Diff.jvp (ConvexSets.project set) (from + h * along) along
            let _, before = Diff.jvp (ConvexSets.project set) (from - h * along) along

            // Not across a kink.
            if float (Tensor.max (abs (there - before))) < 1e-4 then
                closeTensor 1e-6 ((ahead - back) / (2.0 * h)) slope)

[<Fact>]
let ``Every rule that heeds bounds heeds sets, or says why not`` () =
    for set, n in sets do
        let x = player (set, n)
        let y = Player.vector "y" 2
        let target = Tensor.ofArray (random 7 6UL 1.0 n)

        let played =
            game "sets" {
                leader y (fun q -> 0.5 * Tensor.dot q[y] q[y] + 0.1 * Tensor.sum q[y] * Tensor.sum q[x])

                follower x (fun q ->
                    0.5 * Tensor.dot (q[x] - target) (q[x] - target)
                    + 0.1 * Tensor.sum q[x] * Tensor.sum q[y])
            }

        let start =
            Tensor.concat 0 [ Tensor.ofList [ 0.3; -0.2 ]; ConvexSets.project set (Tensor.ones [ n ]) ]

        for rule in Rule.all do
            match rule.Refuses played with
            | null ->
                let run =
                    played
                    |> Learn.run
                        rule
                        {
                            Learn.settings with
                                Steps = 20
                                Rates = [ Rate.constant 0.02 ]
                        }
                        start

                let at = Tensor.slice 0 2 n run.Final
                closeTensor 1e-9 (ConvexSets.project set at) at
            | reason -> Assert.Contains("bound", reason)

[<Fact>]
let ``Wrong sets are refused with what is wrong and what is needed`` () =
    let message set n =
        argumentMessage (fun () -> player (set, n) |> ignore)

    let expected = [
        ConvexSet.Simplex 0.0, 3, "a simplex of total 0, but a finite number above 0 is needed."
        ConvexSet.Ball([| 0.0 |], 1.0), 2, "a ball whose centre has 1 numbers, but 2 finite ones are needed."
        ConvexSet.Ball([| 0.0; 0.0 |], -1.0), 2, "a ball of radius -1, but a finite number above 0 is needed."
        ConvexSet.HalfSpace([| 0.0; 0.0 |], 1.0),
        2,
        "a half-space whose normal has 2 numbers, but 2 finite ones, not all 0, are needed."
        ConvexSet.Affine([| [| 1.0; 1.0 |]; [| 2.0; 2.0 |] |], [| 1.0; 2.0 |]),
        2,
        "an affine subspace whose rows depend on each other; leave out those that follow from others."
        ConvexSet.SecondOrderCone, 1, "a second-order cone of dimension 1, but at least 2 are needed."
        ConvexSet.Product [| ConvexSet.Simplex 1.0, 3 |], 4, "a product for 3 entries, but 4 are needed."
    ]

    for set, n, words in expected do
        Assert.Equal($"Player.within: set for x [{n}] is {words}", message set n)

[<Fact>]
let ``A start outside of a set is refused with a point inside`` () =
    let x = Player.vector "x" 2 |> Player.simplex
    let plain = game "plain" { player x (fun q -> Tensor.dot q[x] q[x]) }

    Assert.Equal(
        "Learn.run: x is 0.5 outside the simplex of total 1 of x; start inside, at (0.5, 0.5) for example.",
        argumentMessage (fun () ->
            plain
            |> Learn.run Rule.simultaneous Learn.settings (Tensor.ofList [ 1.0; 1.0 ])
            |> ignore)
    )
