module Stackelberg.Kernels.Tests.CholeskyTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

/// A = L Lᵀ for a random L with a diagonal between 1 and 2.
let private factored (random: Random) n =
    let l =
        Array.init (n * n) (fun at ->
            let i, j = at / n, at % n

            if i = j then 1.5 + (random.NextDouble() - 0.5)
            elif i > j then (random.NextDouble() - 0.5) / sqrt (float n)
            else 0.0)

    let a =
        Array.init (n * n) (fun at ->
            Seq.sum (seq { for p in 0 .. n - 1 -> l.[at / n * n + p] * l.[at % n * n + p] }))

    l, a

[<Fact>]
let ``the factor is found, from the lower triangle alone, also in place`` () =
    forSeeds 100 (fun seed ->
        let random = Random seed
        let n, batch = random.Next 20, random.Next 3
        let dtype = types.[random.Next 2]
        let systems = Array.init batch (fun _ -> factored random n)
        let l = systems |> Array.collect fst
        // What stands above the diagonal is not read.
        let a =
            systems
            |> Array.collect (fun (_, a) -> a |> Array.mapi (fun at v -> if at % n > at / n then nan else v))

        let after, reports =
            runReporting dtype (Steps.Cholesky(dtype, batch, n, place 0, place 1, 1)) [
                a
                Array.create a.Length 99.0
            ]

        let inPlace =
            run dtype (Steps.Cholesky(dtype, batch, n, place 0, place 0, -1)) [ a ]

        let near a b = abs (a - b) <= 50.0 * epsilon dtype

        reports.[1].Status = SolveStatus.Converged
        && Array.forall2 near after.[1] l
        && Array.forall2 sameBits after.[1] inPlace.[0])

[<Fact>]
let ``a matrix that is not positive definite is reported, and its factor NaN`` () =
    for matrix in [ [| 1.0; 2.0; 2.0; 1.0 |]; [| 0.0; 0.0; 0.0; 1.0 |]; [| nan; 0.0; 0.0; 1.0 |] ] do
        let good = [| 4.0; 0.0; 0.0; 1.0 |]

        let after, reports =
            runReporting DType.Float64 (Steps.Cholesky(DType.Float64, 2, 2, place 0, place 1, 0)) [
                Array.append good matrix
                Array.zeroCreate 8
            ]

        Assert.Equal(SolveStatus.Breakdown, reports.[0].Status)
        Assert.Equal<float[]>([| 2.0; 0.0; 0.0; 1.0 |], after.[1].[..3])
        Assert.All(after.[1].[4..], fun value -> Assert.True(Double.IsNaN value))

[<Fact>]
let ``triangular systems are solved, also transposed and in place`` () =
    forSeeds 150 (fun seed ->
        let random = Random seed
        let n, k = random.Next 20, 1 + random.Next 5
        let dtype = types.[random.Next 2]
        let transposed = random.Next 2 = 0
        let l = fst (factored random n)
        let x = noise random (n * k)

        let b =
            Array.init (n * k) (fun at ->
                let i, c = at / k, at % k

                Seq.sum (
                    seq {
                        for j in 0 .. n - 1 ->
                            (if transposed then l.[j * n + i] else l.[i * n + j]) * x.[j * k + c]
                    }
                ))

        let above =
            l |> Array.mapi (fun at v -> if n > 0 && at % n > at / n then nan else v)

        let step target =
            Steps.LowerSolve(dtype, 1, n, k, transposed, place 0, place 1, place target)

        let apart = (run dtype (step 2) [ above; b; Array.create (n * k) 99.0 ]).[2]
        let inPlace = (run dtype (step 1) [ above; b ]).[1]
        let near a b = abs (a - b) <= 200.0 * epsilon dtype
        Array.forall2 near apart x && Array.forall2 sameBits apart inPlace)

[<Fact>]
let ``the first largest entry is found along any axis`` () =
    forSeeds 100 (fun seed ->
        let random = Random seed
        let outer, length, inner = random.Next 4, 1 + random.Next 9, random.Next 5
        let dtype = types.[random.Next 2]
        let x = Array.init (outer * length * inner) (fun _ -> float (random.Next 4))

        let expected = [|
            for o in 0 .. outer - 1 do
                for i in 0 .. inner - 1 do
                    [ 0 .. length - 1 ]
                    |> List.maxBy (fun j -> x.[(o * length + j) * inner + i])
                    |> float
        |]

        let step = Steps.ArgMax(dtype, outer, length, inner, place 0, place 1)
        (run dtype step [ x; Array.zeroCreate (outer * inner) ]).[1] = expected)

[<Fact>]
let ``wrong counts are refused`` () =
    let refused (action: unit -> Step) =
        Assert.Throws<ArgumentException>(fun () -> action () |> ignore).Message

    Assert.Contains("n is -1", refused (fun () -> Steps.Cholesky(DType.Float64, 1, -1, place 0, place 1, -1)))
    Assert.Contains("length is 0", refused (fun () -> Steps.ArgMax(DType.Float64, 1, 0, 1, place 0, place 1)))

    Assert.Contains(
        "k is -1",
        refused (fun () -> Steps.LowerSolve(DType.Float64, 1, 1, -1, false, place 0, place 1, place 2))
    )
