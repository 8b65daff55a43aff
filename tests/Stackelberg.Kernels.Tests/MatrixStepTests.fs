/// Determinants, cofactors and the eigenvalues of symmetric matrices.
module Stackelberg.Kernels.Tests.MatrixStepTests

open System
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory
open Xunit

let rec private determinant (m: float[][]) =
    match m.Length with
    | 0 -> 1.0
    | n ->
        Seq.sum (
            seq {
                for j in 0 .. n - 1 do
                    let minor = m[1..] |> Array.map (Array.removeAt j)
                    (if j % 2 = 0 then 1.0 else -1.0) * m[0][j] * determinant minor
            }
        )

let private rowsOf n (matrix: float[]) = Array.chunkBySize n matrix

let private cofactors n (matrix: float[]) =
    Array.init (n * n) (fun k ->
        let minor =
            rowsOf n matrix |> Array.removeAt (k / n) |> Array.map (Array.removeAt (k % n))

        (if (k / n + k % n) % 2 = 0 then 1.0 else -1.0) * determinant minor)

let private work n = Array.zeroCreate ((3 * n + 2) * n)

let private found n (matrix: float[]) =
    let batch = matrix.Length / (n * n)
    let det = Steps.Determinant(DType.Float64, batch, n, place 0, place 1, place 2)
    let cof = Steps.Cofactors(DType.Float64, batch, n, place 0, place 1, place 2)

    (run DType.Float64 det [ matrix; Array.zeroCreate batch; work n ])[1],
    (run DType.Float64 cof [ matrix; Array.zeroCreate matrix.Length; work n ])[1]

/// A product of [n, rank] and [rank, n] of small whole numbers: exactly of at most this rank.
let private ofRank (random: Random) n rank =
    let left = Array.init (n * rank) (fun _ -> float (random.Next 9 - 4))
    let right = Array.init (rank * n) (fun _ -> float (random.Next 9 - 4))

    Array.init (n * n) (fun k ->
        Seq.sum (seq { for l in 0 .. rank - 1 -> left[k / n * rank + l] * right[l * n + k % n] }))

[<Fact>]
let ``determinant and cofactors are their definitions, for every rank`` () =
    forSeeds 300 (fun seed ->
        let random = Random seed
        let n = 1 + random.Next 5
        let rank = random.Next(n + 1)
        let matrix = ofRank random n rank
        let scale = 1.0 + Seq.max (Seq.map abs matrix)
        let det, cof = found n matrix

        let near power a b =
            abs (a - b) <= 1e-13 * Math.Pow(scale, float power) * float (n * n)

        near n det[0] (determinant (rowsOf n matrix))
        && Array.forall2 (near (n - 1)) cof (cofactors n matrix))

[<Fact>]
let ``a determinant overflows only if it must, and an entry that is not finite gives NaN`` () =
    let diagonal (values: float list) =
        let n = values.Length
        Array.init (n * n) (fun k -> if k / n = k % n then values[k / n] else 0.0)

    let det, _ = found 4 (diagonal [ 1e200; 1e200; 1e-200; 1e-200 ])
    Assert.Equal(1.0, det[0], 1e-14)

    for value in [ nan; infinity ] do
        let det, cof = found 2 [| 1.0; value; 0.0; 1.0 |]
        Assert.True(Double.IsNaN det[0])
        Assert.All(cof, fun entry -> Assert.True(Double.IsNaN entry))

let private eigen n (matrix: float[]) =
    let step = Steps.SymmetricEigen(DType.Float64, 1, n, place 0, place 1, place 2)

    let found =
        (run DType.Float64 step [ matrix; Array.zeroCreate ((n + 1) * n); Array.zeroCreate ((2 * n + 1) * n) ])[1]

    found[.. n - 1], found[n..]

[<Fact>]
let ``eigenvalues ascend, vectors are orthonormal, and together they are the matrix`` () =
    forSeeds 200 (fun seed ->
        let random = Random seed
        let n = 1 + random.Next 12
        let x = noise random (n * n)
        let scale = Math.Pow(10.0, float (random.Next 600 - 300))

        let matrix =
            match random.Next 3 with
            | 0 ->
                ofRank random n (random.Next(n + 1))
                |> fun m -> Array.init (n * n) (fun k -> m[k] + m[k % n * n + k / n])
            | 1 -> Array.init (n * n) (fun k -> if k / n = k % n then float (k / n / 3) else 0.0)
            | _ -> Array.init (n * n) (fun k -> scale * (x[k] + x[k % n * n + k / n]))

        let values, v = eigen n matrix
        let largest = Seq.max (Seq.map abs matrix) * float n
        let at (m: float[]) i j = m[i * n + j]

        Seq.forall2 (<=) values (Seq.skip 1 values)
        && Seq.forall
            (fun k ->
                let i, j = k / n, k % n
                let along = Seq.sum (seq { for l in 0 .. n - 1 -> at v l i * at v l j })
                let whole = Seq.sum (seq { for l in 0 .. n - 1 -> at v i l * values[l] * at v j l })

                abs (along - (if i = j then 1.0 else 0.0)) <= 1e-14 * float n
                && abs (whole - at matrix i j) <= 1e-14 * largest)
            (seq { 0 .. n * n - 1 }))

[<Fact>]
let ``a graded matrix keeps its small eigenvalue, and the vectors' signs are settled`` () =
    // Of [1, 1e-10; 1e-10, 1e-18] the determinant is 1e-18 − 1e-20.
    let values, v = eigen 2 [| 1.0; 1e-10; 1e-10; 1e-18 |]
    Assert.Equal(0.99e-18, values[0], 1e-32)
    Assert.True(v[2] > 0.0 && v[1] > 0.0)

[<Fact>]
let ``an entry that is not finite makes eigenvalues and vectors NaN`` () =
    for value in [ nan; infinity; -infinity ] do
        let values, v = eigen 2 [| 1.0; value; value; 1.0 |]
        Assert.All(Array.append values v, fun entry -> Assert.True(Double.IsNaN entry))

[<Fact>]
let ``matrix steps allocate nothing`` () =
    let matrix = noise (Random 3) 32

    for step, buffers in
        [
            Steps.Determinant(DType.Float64, 2, 4, place 0, place 1, place 2),
            [ matrix; Array.zeroCreate 2; work 4 ]
            Steps.Cofactors(DType.Float64, 2, 4, place 0, place 1, place 2),
            [ matrix; Array.zeroCreate 32; work 4 ]
            Steps.SymmetricEigen(DType.Float64, 2, 4, place 0, place 1, place 2),
            [ matrix; Array.zeroCreate 40; Array.zeroCreate 36 ]
        ] do
        Assert.Equal(0L, allocated DType.Float64 step buffers)
