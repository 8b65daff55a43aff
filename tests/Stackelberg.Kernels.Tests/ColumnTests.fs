/// Steps that work on columns of [outer, length, inner]: norms, orders, and entries by a column's own indices.
module Stackelberg.Kernels.Tests.ColumnTests

open System
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory
open Xunit

let private column (x: float[]) (length, inner) o i =
    Array.init length (fun j -> x[(o * length + j) * inner + i])

let private random seed =
    let random = Random(seed: int)
    random, random.Next 4, random.Next 40, random.Next 5, types[random.Next 2]

[<Fact>]
let ``a norm is the root of the sum of squares`` () =
    forSeeds 200 (fun seed ->
        let random, outer, length, inner, dtype = random seed
        let x = noise random (outer * length * inner) |> rounded dtype
        let step = Steps.Norm(dtype, outer, length, inner, place 0, place 1)
        let found = (run dtype step [ x; Array.zeroCreate (outer * inner) ])[1]

        found
        |> Array.mapi (fun k norm ->
            let expected =
                column x (length, inner) (k / inner) (k % inner)
                |> Seq.sumBy (fun v -> v * v)
                |> sqrt

            abs (norm - expected) <= 4.0 * epsilon dtype * expected)
        |> Array.forall id)

[<Fact>]
let ``a norm neither overflows nor vanishes on the way, and is exact of one number`` () =
    let norm (x: float list) =
        let step = Steps.Norm(DType.Float64, 1, x.Length, 1, place 0, place 1)
        (run DType.Float64 step [ Array.ofList x; [| 0.0 |] ]).[1].[0]

    Assert.Equal(5e300, norm [ 3e300; -4e300 ], 1e285)
    Assert.Equal(5e-300, norm [ 3e-300; -4e-300 ], 1e-315)
    Assert.Equal(5.0 * 5e-324, norm [ 3.0 * 5e-324; 4.0 * 5e-324 ])
    Assert.Equal(1e-200, norm [ 1e-200; 0.0 ], 1e-215)
    Assert.Equal(Double.MaxValue, norm [ Double.MaxValue ], 1e293)
    Assert.Equal(0.0, norm [])
    Assert.Equal(0.0, norm [ 0.0; -0.0 ])
    Assert.Equal(infinity, norm [ 1.0; -infinity ])
    Assert.True(Double.IsNaN(norm [ 1.0; nan ]))
    Assert.True(Double.IsNaN(norm [ nan; infinity ]))

[<Fact>]
let ``an order is stable, and puts NaN last`` () =
    forSeeds 200 (fun seed ->
        let random, outer, length, inner, dtype = random seed

        let x =
            Array.init (outer * length * inner) (fun _ ->
                if random.Next 9 = 0 then nan else float (random.Next 6))

        let step = Steps.ArgSort(dtype, outer, length, inner, place 0, place 1, place 2)

        let found =
            (run dtype step [ x; Array.zeroCreate x.Length; Array.zeroCreate (2 * length) ])[1]

        Seq.forall
            (fun (o, i) ->
                let keys =
                    column x (length, inner) o i
                    |> Array.map (fun v -> if Double.IsNaN v then infinity else v)

                let expected = Array.init length float |> Array.sortBy (fun j -> keys[int j], j)
                column found (length, inner) o i = expected)
            (Seq.allPairs (seq { 0 .. outer - 1 }) (seq { 0 .. inner - 1 })))

[<Fact>]
let ``entries are taken and put by a column's own indices, each the other's transpose`` () =
    forSeeds 200 (fun seed ->
        let random, outer, length, inner, dtype = random seed
        let length = length + 1
        let count = random.Next 6
        // Whole numbers, so that sums are exact in either type.
        let numbers n =
            Array.init n (fun _ -> float (random.Next 20 - 10))

        let x, w = numbers (outer * length * inner), numbers (outer * count * inner)
        let indices = Array.init w.Length (fun _ -> float (random.Next length))

        let take =
            Steps.TakeAlong(dtype, outer, length, count, inner, place 0, place 1, place 2)

        let put =
            Steps.PutAlong(dtype, outer, length, count, inner, place 0, place 1, place 2)

        let taken = (run dtype take [ x; indices; Array.zeroCreate w.Length ])[2]
        let back = (run dtype put [ w; indices; Array.zeroCreate x.Length ])[2]

        let isTaken =
            Seq.forall
                (fun k ->
                    let o, i = k / (count * inner), k % inner
                    taken[k] = (column x (length, inner) o i)[int indices[k]])
                (seq { 0 .. taken.Length - 1 })

        isTaken
        && Array.sum (Array.map2 (*) w taken) = Array.sum (Array.map2 (*) back x))

[<Fact>]
let ``an index that is none gives NaN and leads nowhere`` () =
    for dtype in types do
        let indices = [| -1.0; 3.0; nan; infinity; 1e30; 2.0 |]
        let take = Steps.TakeAlong(dtype, 1, 3, 6, 1, place 0, place 1, place 2)
        let taken = (run dtype take [ [| 5.0; 6.0; 7.0 |]; indices; Array.zeroCreate 6 ])[2]
        Assert.All(taken[..4], fun value -> Assert.True(Double.IsNaN value))
        Assert.Equal(7.0, taken[5])
        let put = Steps.PutAlong(dtype, 1, 3, 6, 1, place 0, place 1, place 2)

        Assert.Equal<float>(
            [| 0.0; 0.0; 1.0 |],
            (run dtype put [ Array.create 6 1.0; indices; Array.create 3 9.0 ])[2]
        )

[<Fact>]
let ``they allocate nothing`` () =
    let x = noise (Random 1) 60
    let indices = Array.init 60 (fun k -> float (k % 5))

    for step, buffers in
        [
            Steps.Norm(DType.Float64, 3, 5, 4, place 0, place 1), [ x; Array.zeroCreate 12 ]
            Steps.ArgSort(DType.Float64, 3, 5, 4, place 0, place 1, place 2),
            [ x; Array.zeroCreate 60; Array.zeroCreate 10 ]
            Steps.TakeAlong(DType.Float64, 3, 5, 5, 4, place 0, place 1, place 2),
            [ x; indices; Array.zeroCreate 60 ]
            Steps.PutAlong(DType.Float64, 3, 5, 5, 4, place 0, place 1, place 2),
            [ x; indices; Array.zeroCreate 60 ]
        ] do
        Assert.Equal(0L, allocated DType.Float64 step buffers)
