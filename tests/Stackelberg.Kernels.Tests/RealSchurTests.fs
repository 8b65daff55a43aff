module Stackelberg.Kernels.Tests.RealSchurTests

open System
open System.Numerics
open Xunit
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

/// A B or A Bᵀ.
let private product n (a: float[]) (b: float[]) isTransposed =
    Array.init (n * n) (fun at ->
        let row, column = at / n, at % n

        Seq.sum (
            seq {
                for k in 0 .. n - 1 ->
                    a[row * n + k]
                    * (if isTransposed then
                           b[column * n + k]
                       else
                           b[k * n + column])
            }
        ))

let private distance (a: float[]) (b: float[]) =
    Array.fold2 (fun worst (x: float) y -> max worst (abs (x - y))) 0.0 a b

let private identity n =
    Array.init (n * n) (fun at -> if at / n = at % n then 1.0 else 0.0)

let private isQuasiTriangular n (t: float[]) =
    Seq.forall
        (fun at ->
            let i, j = at / n, at % n

            i <= j
            || t[at] = 0.0
            // A pair's block, in standard form, and no two in a row.
            || (i = j + 1
                && t[i * n + i] = t[j * n + j]
                && t[at] * t[j * n + i] < 0.0
                && (i + 1 >= n || t[(i + 1) * n + i] = 0.0)))
        (seq { 0 .. n * n - 1 })

let private matrixOf (random: Random) n =
    match random.Next 4 with
    // Eigenvalues in clusters, blocks that are hard to tell apart.
    | 0 -> Array.init (n * n) (fun _ -> float (random.Next 3 - 1))
    | 1 -> Array.init (n * n) (fun at -> if at % n = at / n + 1 then 1.0 else 0.0)
    | _ -> noise random (n * n)

let private decomposes (seed: int) =
    let random = Random seed
    let n = 1 + random.Next 25
    let a = matrixOf random n
    let t, z = Array.copy a, Array.zeroCreate (n * n)
    let real, imaginary = Array.zeroCreate n, Array.zeroCreate n
    let found = RealSchur.Decompose(t, z, n, real, imaginary)

    let isDecomposition (t: float[]) z =
        isQuasiTriangular n t
        && distance (product n z z true) (identity n) < 1e-13
        && distance (product n (product n z t false) z true) a < 1e-12

    let before = isDecomposition t z
    let wanted = Array.init n (fun _ -> random.Next 3 = 0)

    let expected = [|
        for k in 0 .. n - 1 do
            let mate =
                if imaginary[k] > 0.0 then k + 1
                elif imaginary[k] < 0.0 then k - 1
                else k

            if wanted[k] || wanted[mate] then
                Complex(real[k], imaginary[k])
    |]

    let moved = RealSchur.Select(t, z, n, wanted)

    let trace (t: float[]) count =
        Seq.sum (seq { for i in 0 .. count - 1 -> t[i * n + i] })

    found
    && before
    && isDecomposition t z
    && moved = expected.Length
    // Clusters of integers' eigenvalues are defective; their sum is not sensitive.
    && abs (trace t moved - Array.sumBy (fun (value: Complex) -> value.Real) expected) < 1e-4

[<Fact>]
let ``a matrix is decomposed, and its eigenvalues are moved to the top`` () = forSeeds 300 decomposes

[<Fact>]
let ``eigenvectors of the triangle`` () =
    forSeeds 100 (fun seed ->
        let random = Random seed
        let n = 1 + random.Next 25
        let t, z = matrixOf random n, Array.zeroCreate (n * n)
        RealSchur.Decompose(t, z, n, Array.zeroCreate n, Array.zeroCreate n) |> ignore

        seq { 0 .. n - 1 }
        |> Seq.filter (fun k -> k = 0 || t[k * n + k - 1] = 0.0)
        |> Seq.forall (fun k ->
            let y = RealSchur.EigenvectorAt(t, n, k)
            let value = RealSchur.EigenvalueAt(t, n, k)

            let residual =
                Array.init n (fun i ->
                    let image =
                        Seq.fold
                            (fun (sum: Complex) j -> sum + t[i * n + j] * y[j])
                            Complex.Zero
                            (seq { 0 .. n - 1 })

                    Complex.Abs(image - value * y[i]))
                |> Array.max

            residual < 1e-12))

[<Fact>]
let ``wrong lengths are refused`` () =
    let refused (action: unit -> unit) =
        Assert.Throws<ArgumentException>(action).Message

    Assert.Contains(
        "a has length 3, but n² = 4 is needed",
        refused (fun () -> DenseEigenvalues.Symmetric([| 1.0; 2.0; 3.0 |], 2) |> ignore)
    )

    Assert.Contains(
        "lengths 1 and 2, but both must be 2",
        refused (fun () ->
            DenseEigenvalues.General(Array.zeroCreate 4, 2, [| 0.0 |], [| 0.0; 0.0 |])
            |> ignore)
    )
