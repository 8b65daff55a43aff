module Stackelberg.Kernels.Tests.MatMulTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

/// A matrix in memory: its strides, and how many elements it takes.
let private layout (random: Random) rows columns =
    match random.Next 4 with
    | 0 -> columns, 1, rows * columns
    | 1 -> 1, rows, rows * columns
    | 2 -> columns + 3, 1, rows * (columns + 3)
    | _ -> 2 * columns, 2, 2 * rows * columns

let private multiplies (sizes: int[]) (seed: int) =
    let random = Random seed
    let size () = sizes.[random.Next sizes.Length]
    let m, k, n = size (), size (), size ()
    let dtype = if random.Next 2 = 0 then DType.Float64 else DType.Float32
    let batch = Array.init (random.Next 3) (fun _ -> random.Next 4)
    let aRow, aColumn, aSize = layout random m k
    let bRow, bColumn, bSize = layout random k n

    let batchStrides (size: int) =
        let strides = Array.zeroCreate batch.Length
        let mutable stride = size

        for i in batch.Length - 1 .. -1 .. 0 do
            if random.Next 3 > 0 then
                strides.[i] <- stride
                stride <- stride * batch.[i]

        strides, stride

    let aStrides, aTotal = batchStrides aSize
    let bStrides, bTotal = batchStrides bSize
    let a = noise random (aTotal + 1) |> rounded dtype
    let b = noise random (bTotal + 2) |> rounded dtype
    let products = Array.fold (*) 1 batch

    let step =
        Steps.MatMul(
            dtype,
            batch,
            m,
            k,
            n,
            Place(0, 1),
            aStrides,
            aRow,
            aColumn,
            Place(1, 2),
            bStrides,
            bRow,
            bColumn,
            Place(2, 3)
        )

    let after = (run dtype step [ a; b; Array.create (products * m * n + 7) 99.0 ]).[2]
    let tolerance = epsilon dtype * float (k + 1)

    let right =
        seq {
            for q in 0 .. products - 1 do
                let mutable rest = q
                let mutable aStart = 1
                let mutable bStart = 2

                for i in batch.Length - 1 .. -1 .. 0 do
                    aStart <- aStart + rest % batch.[i] * aStrides.[i]
                    bStart <- bStart + rest % batch.[i] * bStrides.[i]
                    rest <- rest / batch.[i]

                for i in 0 .. m - 1 do
                    for j in 0 .. n - 1 do
                        let mutable sum = 0.0

                        for p in 0 .. k - 1 do
                            sum <-
                                sum
                                + a.[aStart + i * aRow + p * aColumn] * b.[bStart + p * bRow + j * bColumn]

                        abs (after.[3 + (q * m + i) * n + j] - sum) <= tolerance
        }
        |> Seq.forall id

    let untouched =
        Array.append after.[..2] after.[3 + products * m * n ..]
        |> Array.forall ((=) 99.0)

    right && untouched

[<Fact>]
let ``small products of every layout are right`` () =
    let sizes = [| 0; 1; 1; 2; 3; 4; 5; 7; 8; 9; 12; 13; 16; 17; 31; 33 |]
    forSeeds 1500 (multiplies sizes)

[<Fact>]
let ``products a little off a whole number of tiles are right`` () =
    let sizes = [| 6; 7; 9; 10; 11; 15; 17; 23; 24; 25; 26; 40; 41; 48; 49; 50; 51; 63; 65 |]
    forSeeds 300 (multiplies sizes)

[<Fact>]
let ``an entry is summed in the order of k whatever the layout`` () =
    let random = Random 4

    for m, k, n in
        [
            9, 9, 9
            25, 25, 25
            50, 50, 50
            13, 65, 63
            7, 40, 100
            26, 8, 5
            64, 300, 24
        ] do
        let a, b = noise random (m * k), noise random (k * n)

        let expected =
            Array.init (m * n) (fun at ->
                let i, j = at / n, at % n

                (0.0, seq { 0 .. k - 1 })
                ||> Seq.fold (fun sum p -> Math.FusedMultiplyAdd(a[i * k + p], b[p * n + j], sum)))

        let transposed rows columns (x: float[]) =
            Array.init x.Length (fun at -> x[at % rows * columns + at / rows])

        for a, aRow, aColumn in [ a, k, 1; transposed m k a, 1, m ] do
            for b, bRow, bColumn in [ b, n, 1; transposed k n b, 1, k ] do
                let step =
                    Steps.MatMul(
                        DType.Float64,
                        [||],
                        m,
                        k,
                        n,
                        place 0,
                        [||],
                        aRow,
                        aColumn,
                        place 1,
                        [||],
                        bRow,
                        bColumn,
                        place 2
                    )

                Assert.Equal<float[]>(
                    expected,
                    (run DType.Float64 step [ a; b; Array.zeroCreate (m * n) ]).[2]
                )

[<Fact>]
let ``large products of every layout are right`` () =
    let sizes = [| 1; 11; 64; 70; 255; 256; 257; 300 |]
    forSeeds 25 (multiplies sizes)

[<Fact>]
let ``a row of the product has the same bits alone as among others`` () =
    let random = Random 3

    for dtype in types do
        for k, n in
            [
                300, 40
                17, 9
                9, 9
                25, 25
                50, 50
                20, 90
                64, 64
                5, 20
                3, 3
                7, 1
                16, 1
                40, 2
                300, 3
                2, 30
            ] do
            let m = 29
            let a, b = noise random (m * k), noise random (k * n)

            let product rows first =
                let step =
                    Steps.MatMul(
                        dtype,
                        [||],
                        rows,
                        k,
                        n,
                        Place(0, first * k),
                        [||],
                        k,
                        1,
                        place 1,
                        [||],
                        n,
                        1,
                        place 2
                    )

                (run dtype step [ a; b; Array.zeroCreate (rows * n) ]).[2]

            let all = product m 0

            for first, rows in [ 0, 1; 3, 2; 5, 12; 10, 19; 28, 1 ] do
                let part = product rows first
                Assert.Equal<float[]>(Array.sub all (first * n) (rows * n), part)

[<Fact>]
let ``an empty sum is zero`` () =
    let step =
        Steps.MatMul(DType.Float64, [||], 2, 0, 3, place 0, [||], 0, 1, place 1, [||], 3, 1, place 2)

    Assert.Equal<float[]>(Array.zeroCreate 6, (run DType.Float64 step [ [||]; [||]; Array.create 6 5.0 ]).[2])

[<Fact>]
let ``running allocates nothing`` () =
    for size, bRow, bColumn in [ 1, 1, 1; 3, 3, 1; 20, 20, 1; 20, 1, 20; 70, 70, 1; 70, 1, 70 ] do
        let step =
            Steps.MatMul(
                DType.Float64,
                [| 2 |],
                size,
                size,
                size,
                place 0,
                [| 0 |],
                1,
                size,
                place 1,
                [| size * size |],
                bRow,
                bColumn,
                place 2
            )

        let buffers = [
            Array.create (size * size) 1.0
            Array.create (2 * size * size) 1.0
            Array.create (2 * size * size) 0.0
        ]

        Assert.Equal(0L, allocated DType.Float64 step buffers)

[<Fact>]
let ``wrong sizes are refused`` () =
    let refused (action: unit -> Step) =
        Assert.Throws<ArgumentException>(fun () -> action () |> ignore).Message

    Assert.Contains(
        "m is -1",
        refused (fun () ->
            Steps.MatMul(DType.Float64, [||], -1, 1, 1, place 0, [||], 1, 1, place 1, [||], 1, 1, place 2))
    )

    Assert.Contains(
        "aBatchStrides is []",
        refused (fun () ->
            Steps.MatMul(
                DType.Float64,
                [| 2 |],
                1,
                1,
                1,
                place 0,
                [||],
                1,
                1,
                place 1,
                [| 0 |],
                1,
                1,
                place 2
            ))
    )
