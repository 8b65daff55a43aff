module Stackelberg.Kernels.Tests.SolveTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

let multiply n k (a: float[]) (x: float[]) =
    Array.init (n * k) (fun at ->
        Seq.sum (seq { for p in 0 .. n - 1 -> a.[at / k * n + p] * x.[p * k + at % k] }))

let norm (x: float[]) =
    sqrt (Array.sumBy (fun value -> value * value) x)

/// Noise with 2 √n on the diagonal: well conditioned, and not symmetric.
let matrix (random: Random) n =
    let a = noise random (n * n)

    for i in 0 .. n - 1 do
        a.[i * n + i] <- a.[i * n + i] + 2.0 * sqrt (float n)

    a

let private solvesDense (seed: int) =
    let random = Random seed
    let dtype = if random.Next 2 = 0 then DType.Float64 else DType.Float32

    let batch, n, k =
        random.Next 4, [| 0; 1; 2; 3; 5; 17; 40 |].[random.Next 7], [| 0; 1; 1; 2; 3; 20 |].[random.Next 6]
    // Rows in another order need pivoting.
    let matrices =
        List.init batch (fun _ ->
            matrix random n
            |> Array.chunkBySize (max n 1)
            |> Array.rev
            |> Array.concat
            |> rounded dtype)

    let rights = List.init batch (fun _ -> noise random (n * k) |> rounded dtype)
    let step = Steps.Solve(dtype, batch, n, k, place 0, place 1, place 2, place 3, 1)

    let after, solves =
        runReporting dtype step [
            Array.concat matrices
            Array.concat rights
            Array.zeroCreate (batch * n * k)
            Array.zeroCreate (n * n + n)
        ]

    let right =
        List.zip matrices rights
        |> List.indexed
        |> List.forall (fun (i, (a, b)) ->
            let x = Array.sub after.[2] (i * n * k) (n * k)
            let residual = Array.map2 (-) (multiply n k a x) b
            norm residual <= 50.0 * epsilon dtype * float (n + 1) * (1.0 + norm b))

    right
    && after.[0] = Array.concat matrices
    && solves.[1].Status = SolveStatus.Converged
    && solves.[1].Curvature > 0.0
    && solves.[1].Curvature <= 1.0

[<Fact>]
let ``a dense solve leaves no residual`` () = forSeeds 300 solvesDense

[<Fact>]
let ``a singular system of a batch is reported and answered by NaN`` () =
    for dtype in types do
        let a = [| 2.0; 0.0; 0.0; 1.0; 1.0; 2.0; 2.0; 4.0; 1.0; 0.0; 0.0; 1.0 |]
        let b = [| 2.0; 3.0; 1.0; 1.0; 5.0; 6.0 |]
        let step = Steps.Solve(dtype, 3, 2, 1, place 0, place 1, place 2, place 3, 0)

        let after, solves =
            runReporting dtype step [ a; b; Array.zeroCreate 6; Array.zeroCreate 6 ]

        Assert.Equal(SolveStatus.Breakdown, solves.[0].Status)
        Assert.True(Double.IsNaN solves.[0].Residual)
        Assert.Equal<float[]>([| 1.0; 3.0; nan; nan; 5.0; 6.0 |], after.[2])

[<Fact>]
let ``a matrix with a NaN or an infinity breaks down`` () =
    for bad in [ nan; infinity ] do
        for at in 0..8 do
            let a = Array.copy [| 4.0; 1.0; 0.0; 1.0; 3.0; 1.0; 0.0; 1.0; 2.0 |]
            a.[at] <- bad

            let step =
                Steps.Solve(DType.Float64, 1, 3, 1, place 0, place 1, place 2, place 3, 0)

            let after, solves =
                runReporting DType.Float64 step [
                    a
                    [| 1.0; 1.0; 1.0 |]
                    Array.zeroCreate 3
                    Array.zeroCreate 12
                ]

            Assert.Equal(SolveStatus.Breakdown, solves.[0].Status)
            Assert.All(after.[2], fun value -> Assert.True(Double.IsNaN value))

[<Fact>]
let ``the pivots' ratio is reported`` () =
    let step =
        Steps.Solve(DType.Float64, 1, 2, 1, place 0, place 1, place 2, place 3, 0)

    let _, solves =
        runReporting DType.Float64 step [
            [| 8.0; 0.0; 0.0; 2.0 |]
            [| 1.0; 1.0 |]
            [| 0.0; 0.0 |]
            Array.zeroCreate 6
        ]

    Assert.Equal(SolveReport(SolveStatus.Converged, 0, 0.0, 0.25), solves.[0])
