module Stackelberg.Kernels.Tests.EigenvalueConditionTests

open System
open Xunit
open Stackelberg.Kernels

[<Fact>]
let ``conditions of triangles known in closed form`` () =
    // [1, s; 0, 1 + g]: 1 / |wᵀ x| = √(1 + (s / g)²), for both.
    for s, g in [ 0.0, 1.0; 3.0, 1.0; 1e6, 2.0; -5.0, 0.5 ] do
        let t = [| 1.0; s; 0.0; 1.0 + g |]
        let expected = sqrt (1.0 + (s / g) ** 2.0)

        for k in [ 0; 1 ] do
            Assert.Equal(1.0, EigenvalueCondition.At(t, 2, k) / expected, 1e-12)

    // A rotation is normal; [0, b; c, 0] with b c < 0 has the condition (|b| + |c|) / (2 √|b c|).
    Assert.Equal(1.0, EigenvalueCondition.At([| 0.0; -1.0; 1.0; 0.0 |], 2, 0), 1e-14)
    Assert.Equal(2.125 / sqrt 4.0 * 2.0, EigenvalueCondition.At([| 0.0; -4.0; 0.25; 0.0 |], 2, 0), 1e-12)

[<Fact>]
let ``a simple eigenvalue moves by its condition, an m-fold defective one by the root`` () =
    let simple = [| 1.0; 3.0; 0.0; 2.0 |]
    Assert.Equal(sqrt 10.0 * 1e-9, EigenvalueCondition.Movement(simple, 2, 0, 1e-9), 1e-14)
    Assert.Equal(0.0, EigenvalueCondition.Movement(simple, 2, 0, 0.0))

    for m in [ 2; 3; 4 ] do
        let jordan =
            Array.init (m * m) (fun at -> if at / m = at % m || at / m + 1 = at % m then 1.0 else 0.0)

        for ε in [ 1e-15; 1e-12 ] do
            for k in 0 .. m - 1 do
                let moved = EigenvalueCondition.Movement(jordan, m, k, ε)
                Assert.InRange(moved, 0.5 * ε ** (1.0 / float m), 4.0 * ε ** (1.0 / float m))

[<Fact>]
let ``a matrix is what its balanced Schur form says`` () =
    Memory.forSeeds 200 (fun seed ->
        let random = Random seed
        let n = 1 + random.Next 16
        // Mostly zeros: many irreducible blocks.
        let a =
            Array.init (n * n) (fun _ ->
                if random.Next 4 = 0 then
                    (random.NextDouble() - 0.5) * 10.0 ** float (random.Next 5)
                else
                    0.0)

        let t, z = Array.zeroCreate (n * n), Array.zeroCreate (n * n)
        let starts = BalancedSchur.Decompose(a, t, z, n)

        let entry (left: float[]) (right: float[]) i j =
            Seq.sum (seq { for k in 0 .. n - 1 -> left[i * n + k] * right[k * n + j] })

        // A Z = Z T, column by column compared to the column's size.
        let fits =
            Seq.forall
                (fun j ->
                    let size =
                        Seq.sum (
                            seq {
                                for i in 0 .. n - 1 do
                                    for k in 0 .. n - 1 do
                                        abs (a[i * n + k] * z[k * n + j])
                                        abs (z[i * n + k] * t[k * n + j])
                            }
                        )

                    Seq.forall
                        (fun i -> abs (entry a z i j - entry z t i j) <= 1e-12 * size)
                        (seq { 0 .. n - 1 }))
                (seq { 0 .. n - 1 })

        let isTriangular =
            Seq.forall
                (fun at ->
                    let i, j = at / n, at % n
                    i <= j || t[at] = 0.0 || i = j + 1)
                (seq { 0 .. n * n - 1 })

        fits && isTriangular && starts[0] = 0 && starts[starts.Length - 1] = n)

[<Fact>]
let ``wrong lengths are refused`` () =
    let refused (action: unit -> unit) =
        Assert.Throws<ArgumentException>(action).Message

    Assert.Contains(
        "a has length 3, but n² = 4 is needed",
        refused (fun () -> EigenvalueCondition.At(Array.zeroCreate 3, 2, 0) |> ignore)
    )

    Assert.Contains(
        "a has length 1, but n² = 4 is needed",
        refused (fun () ->
            BalancedSchur.Decompose(Array.zeroCreate 4, Array.zeroCreate 1, [||], 2)
            |> ignore)
    )
