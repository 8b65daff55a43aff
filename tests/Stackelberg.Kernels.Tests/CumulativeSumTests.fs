module Stackelberg.Kernels.Tests.CumulativeSumTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

[<Fact>]
let ``running sums are those that define them, also in place`` () =
    forSeeds 200 (fun seed ->
        let random = Random seed
        let outer, length, inner = random.Next 4, random.Next 9, random.Next 20
        let dtype = types.[random.Next 2]
        // Whole numbers, so that sums are exact in either type.
        let x = Array.init (outer * length * inner) (fun _ -> float (random.Next 100 - 50))
        let at o j i = (o * length + j) * inner + i

        [ false; true ]
        |> List.forall (fun fromEnd ->
            let expected = [|
                for o in 0 .. outer - 1 do
                    for j in 0 .. length - 1 do
                        for i in 0 .. inner - 1 do
                            let range = if fromEnd then [ j .. length - 1 ] else [ 0..j ]
                            range |> List.sumBy (fun p -> x.[at o p i])
            |]

            let step target =
                Steps.CumulativeSum(dtype, outer, length, inner, fromEnd, place 0, place target)

            let apart = run dtype (step 1) [ x; Array.create (x.Length + 1) 99.0 ]
            let inPlace = run dtype (step 0) [ x ]
            apart.[1] = Array.append expected [| 99.0 |] && inPlace.[0] = expected))

[<Fact>]
let ``a negative count is refused`` () =
    let failure =
        Assert.Throws<ArgumentException>(fun () ->
            Steps.CumulativeSum(DType.Float64, 1, -1, 1, false, place 0, place 1) |> ignore)

    Assert.Contains("length is -1", failure.Message)
