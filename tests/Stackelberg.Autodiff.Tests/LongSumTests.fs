/// Sums of a million float32 numbers, wherever a sum is taken: the error grows with the logarithm of their number.
module Stackelberg.Autodiff.Tests.LongSumTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private n = 1 <<< 20

/// Equal numbers, whose roundings all have one sign, and random ones of either sign.
let private vectors =
    [ "equal", Array.create n 0.1; "random", Expect.numbers 3 n ]
    |> List.map (fun (name, values) -> name, Tensor.cast DType.Float32 (Tensor.ofArray values))

/// As functions of two vectors, with how many products or addends an entry of the result is made of.
let private sums: (string * (Tensor -> Tensor -> Tensor)) list =
    let shaped shape = Tensor.reshape shape
    let rows, columns = [ n / 4; 4 ], [ 4; n / 4 ]

    [
        "sum", (fun x _ -> Tensor.sum x)
        "mean", (fun x _ -> Tensor.mean x)
        "sum over the first axis", (fun x _ -> Tensor.sumAxis 0 (shaped rows x))
        "sum over the last axis", (fun x _ -> Tensor.sumAxis 1 (shaped columns x))
        "sum over a transpose's axis", (fun x _ -> Tensor.sumAxis 0 (shaped columns x).T)
        "sum over a transpose's other axis", (fun x _ -> Tensor.sumAxis 1 (shaped rows x).T)
        "sum over the middle axis", (fun x _ -> Tensor.sumAxis 1 (shaped [ 2; n / 8; 4 ] x))
        "sum over the outer axes", (fun x _ -> Tensor.sumAxes [ 0; 2 ] (shaped [ n / 16; 4; 4 ] x))
        "sum over all but the last",
        (fun x _ -> Tensor.sumAxes [ 0; 1; 2 ] (shaped [ 64; 64; 64; n / 262144 ] x))
        "sum over a permutation",
        (fun x _ -> Tensor.sumAxes [ 0; 2 ] (Tensor.permute [ 2; 1; 0 ] (shaped [ 64; 4; n / 256 ] x)))
        "mean over an axis", (fun x _ -> Tensor.meanAxis 0 (shaped [ n / 32; 32 ] x))
        "every second entry", (fun x _ -> Tensor.sumAxis 0 (Tensor.slice 1 0 1 (shaped [ n / 2; 2 ] x)))
        "dot", (fun x y -> Tensor.dot x y)
        "row times column", (fun x y -> Tensor.matmul (shaped [ 1; n ] x) (shaped [ n; 1 ] y))
        "matrix times vector", (fun x y -> Tensor.matmul (shaped columns x) y[0 .. n / 4 - 1])
        "vector times matrix", (fun x y -> Tensor.matmul y[0 .. n / 4 - 1] (shaped rows x))
        "transpose times vector", (fun x y -> Tensor.matmul (shaped rows x).T y[0 .. n / 4 - 1])
        "product, long inner axis", (fun x y -> Tensor.matmul (shaped [ 8; n / 8 ] x) (shaped [ n / 8; 8 ] y))
        "product, wide", (fun x y -> Tensor.matmul (shaped [ 16; n / 16 ] x) (shaped [ n / 16; 16 ] y))
        "transpose times matrix", (fun x y -> Tensor.matmul (shaped [ n / 8; 8 ] x).T (shaped [ n / 8; 8 ] y))
        "small product", (fun x y -> Tensor.matmul (shaped [ 512; 2048 ] x) (shaped [ 2048; 4 ] y[0..8191]))
        "batch of products", (fun x y -> Tensor.matmul (shaped [ 4; 2; n / 8 ] x) (shaped [ 4; n / 8; 2 ] y))
        "running sums", (fun x _ -> Tensor.cumulativeSum 0 x)
        "running sums side by side", (fun x _ -> Tensor.cumulativeSum 0 (shaped rows x))
        "transpose of running sums",
        (fun x y -> Diff.grad (fun x -> Tensor.dot (Tensor.cumulativeSum 0 x) y) x)
        "gather's derivative",
        (fun x y ->
            let indices = Array.init n (fun i -> i * 7 % 3)
            Diff.grad (fun few -> Tensor.dot (Tensor.gather 0 indices few) y) x[0..2])
        "gather's derivative in rows",
        (fun x y ->
            let indices = Array.init (n / 4) (fun i -> i % 2)

            let f few =
                Tensor.sum (Tensor.gather 0 indices few * shaped rows y)

            Diff.grad f (shaped [ 2; 4 ] x[0..7]))
        "broadcast's derivative",
        (fun x y -> Diff.grad (fun s -> Tensor.dot (Tensor.broadcastTo [ n ] s) y) x[0])
        "weights of a convolution",
        (fun x y ->
            let images, ct = shaped [ n / 1024; 16; 16; 4 ] x, shaped [ n / 1024; 16; 16; 4 ] y

            let f w =
                Tensor.sum (Layer.conv2d 1 1 w images * ct)

            Diff.grad f (shaped [ 3; 3; 4; 4 ] x[0..143]))
        "weights of a convolution to one channel",
        (fun x y ->
            let images, ct =
                shaped [ n / 1024; 16; 16; 4 ] x, shaped [ n / 1024; 16; 16; 1 ] y[0 .. n / 4 - 1]

            let f w =
                Tensor.sum (Layer.conv2d 1 1 w images * ct)

            Diff.grad f (shaped [ 3; 3; 4; 1 ] x[0..35]))
        "convolution over many channels",
        (fun x y ->
            Layer.conv2d
                1
                0
                (shaped [ 2; 2; n / 64; 4 ] y[0 .. n / 4 - 1])
                (shaped [ 1; 4; 4; n / 16 ] x |> fun x -> Tensor.slice 3 0 (n / 64) x))
        "batch statistics", (fun x _ -> snd (Layer.batchStatistics (shaped [ n / 8; 8 ] x)))
        "mean over a window", (fun x _ -> Layer.averagePool2d 512 512 0 (shaped [ 1; 512; 512; 4 ] x))
        "logsumexp", (fun x _ -> Tensor.logsumexp x)
    ]

let names =
    sums |> List.map (fun (name, _) -> TheoryDataRow<string>(name)) |> Array.ofList

/// Units of float32's rounding, of the sum of magnitudes: those of a partial sum of up to 512 addends and of the levels above
/// it. One sum from end to end of the equal numbers is off by tens of thousands.
let private bound = 128.0 * Math.ScaleB(1.0, -24)

[<Theory; MemberData(nameof names)>]
let ``a long sum of float32 has the error of a short one`` (name: string) =
    let f = sums |> List.find (fun (other, _) -> other = name) |> snd
    let wide = Tensor.cast DType.Float64

    for kind, x in vectors do
        let y = snd vectors[0]
        let right = (f (wide x) (wide y)).ToArray()
        let magnitudes = (f (abs (wide x)) (abs (wide y))).ToArray()
        // Not made of products alone; a variance of equal numbers is 0.
        let magnitudes =
            if name = "logsumexp" || name = "batch statistics" then
                Array.map (abs >> max 0.01) right
            else
                magnitudes

        let eager = (f x y |> wide).ToArray()
        let compiled = (Diff.jit2 f x y |> wide).ToArray()

        for found in [ eager; compiled ] do
            let worst =
                Array.map3 (fun r f m -> if r = f then 0.0 else abs (r - f) / m) right found magnitudes
                |> Array.max

            Assert.True(
                worst <= bound,
                $"{name} of {kind} numbers: {worst / Math.ScaleB(1.0, -24)} roundings"
            )
