module Stackelberg.Kernels.Tests.ConvolutionTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

let private sizes (g: ConvolutionGeometry) =
    g.Batch * g.Height * g.Width * g.Channels,
    g.KernelHeight * g.KernelWidth * g.Channels * g.Filters,
    g.Batch * g.OutputHeight * g.OutputWidth * g.Filters

/// Calls back with the positions in x, w and y of every product of the convolution.
let private forProducts (g: ConvolutionGeometry) (visit: int -> int -> int -> unit) =
    for n in 0 .. g.Batch - 1 do
        for i in 0 .. g.OutputHeight - 1 do
            for j in 0 .. g.OutputWidth - 1 do
                for p in 0 .. g.KernelHeight - 1 do
                    for q in 0 .. g.KernelWidth - 1 do
                        let row = i * g.StrideY + p - g.PaddingY
                        let column = j * g.StrideX + q - g.PaddingX

                        if row >= 0 && row < g.Height && column >= 0 && column < g.Width then
                            for c in 0 .. g.Channels - 1 do
                                for k in 0 .. g.Filters - 1 do
                                    visit
                                        (((n * g.Height + row) * g.Width + column) * g.Channels + c)
                                        (((p * g.KernelWidth + q) * g.Channels + c) * g.Filters + k)
                                        (((n * g.OutputHeight + i) * g.OutputWidth + j) * g.Filters + k)

let private naive (g: ConvolutionGeometry) kind (first: float[]) (second: float[]) =
    let x, w, y = sizes g

    match kind with
    | ConvolutionKind.Forward ->
        let result = Array.zeroCreate y
        forProducts g (fun x w y -> result.[y] <- result.[y] + first.[x] * second.[w])
        result
    | ConvolutionKind.DataGradient ->
        let result = Array.zeroCreate x
        forProducts g (fun x w y -> result.[x] <- result.[x] + first.[y] * second.[w])
        result
    | _ ->
        let result = Array.zeroCreate w
        forProducts g (fun x w y -> result.[w] <- result.[w] + first.[x] * second.[y])
        result

/// Sizes of the two operands and the result, and how many products an entry of the result sums at most.
let private roles (g: ConvolutionGeometry) kind =
    let x, w, y = sizes g

    match kind with
    | ConvolutionKind.Forward -> x, w, y, g.KernelHeight * g.KernelWidth * g.Channels
    | ConvolutionKind.DataGradient -> y, w, x, g.KernelHeight * g.KernelWidth * g.Filters
    | _ -> x, y, w, g.Batch * g.OutputHeight * g.OutputWidth

let private kinds = [
    ConvolutionKind.Forward
    ConvolutionKind.DataGradient
    ConvolutionKind.WeightGradient
]

/// The result of a convolution whose operands and target lie at odd places, and whether it wrote elsewhere.
let private convolve dtype kind (g: ConvolutionGeometry) (first: float[]) (second: float[]) =
    let _, _, size, _ = roles g kind
    let step = Steps.Convolve(dtype, kind, g, Place(0, 1), Place(1, 2), Place(2, 3))

    let after =
        (run dtype step [
            Array.append [| nan |] first
            Array.append [| nan; nan |] second
            Array.create (size + 5) 99.0
        ]).[2]

    Assert.All(Array.append after.[..2] after.[3 + size ..], fun value -> Assert.Equal(99.0, value))
    Array.sub after 3 size

let private randomGeometry (random: Random) most =
    let channels () =
        match random.Next 4 with
        | 0 -> 1
        | 1 -> 1 + random.Next 4
        | _ -> 1 + random.Next most

    let kh, kw = 1 + random.Next 5, 1 + random.Next 5
    let py, px = random.Next 3, random.Next 3
    let h = max 1 (kh - 2 * py) + random.Next 8
    let w = max 1 (kw - 2 * px) + random.Next 8

    ConvolutionGeometry(
        1 + random.Next 3,
        h,
        w,
        channels (),
        kh,
        kw,
        channels (),
        1 + random.Next 3,
        1 + random.Next 3,
        py,
        px
    )

let private agrees (most: int) (seed: int) =
    let random = Random seed
    let g = randomGeometry random most
    let dtype = types.[random.Next 2]

    kinds
    |> List.forall (fun kind ->
        let m, n, _, terms = roles g kind
        let first = noise random m |> rounded dtype
        let second = noise random n |> rounded dtype
        let found = convolve dtype kind g first second
        let tolerance = epsilon dtype * float (terms + 1)
        Array.forall2 (fun a b -> abs (a - b) <= tolerance) found (naive g kind first second))

[<Fact>]
let ``each map of a convolution is the sum that defines it`` () = forSeeds 200 (agrees 20)

[<Fact>]
let ``maps with many channels are right`` () = forSeeds 20 (agrees 70)

[<Fact>]
let ``the three maps are each other's transposes`` () =
    forSeeds 100 (fun seed ->
        let random = Random seed
        let g = randomGeometry random 40
        let sizeX, sizeW, sizeY = sizes g
        let x, w, y = noise random sizeX, noise random sizeW, noise random sizeY

        let inner a b =
            Array.fold2 (fun sum p q -> sum + p * q) 0.0 a b

        let forward = inner y (convolve DType.Float64 ConvolutionKind.Forward g x w)
        let data = inner x (convolve DType.Float64 ConvolutionKind.DataGradient g y w)
        let weights = inner w (convolve DType.Float64 ConvolutionKind.WeightGradient g x y)
        let products = float sizeY * float (g.KernelHeight * g.KernelWidth * g.Channels)
        let tolerance = epsilon DType.Float64 * products
        abs (forward - data) <= tolerance && abs (forward - weights) <= tolerance)

[<Fact>]
let ``an empty batch has an empty result and a weight gradient of zero`` () =
    let g = ConvolutionGeometry(0, 4, 4, 2, 3, 3, 5, 1, 1, 0, 0)
    let weights = Array.create 90 1.0
    Assert.Empty(convolve DType.Float64 ConvolutionKind.Forward g [||] weights)
    Assert.Empty(convolve DType.Float64 ConvolutionKind.DataGradient g [||] weights)

    Assert.Equal<float[]>(
        Array.zeroCreate 90,
        convolve DType.Float64 ConvolutionKind.WeightGradient g [||] [||]
    )

[<Fact>]
let ``a NaN reaches only the pixels whose windows hold it`` () =
    // Padding is no multiplication by zero: a NaN in a weight does not meet the zeros of another pixel's window.
    let g = ConvolutionGeometry(1, 5, 5, 1, 3, 3, 8, 1, 1, 0, 0)
    let x = Array.create 25 1.0
    x.[0] <- nan

    let y = convolve DType.Float32 ConvolutionKind.Forward g x (Array.create 72 1.0)

    for pixel in 0..8 do
        Assert.Equal((pixel = 0), Double.IsNaN y.[8 * pixel])

[<Fact>]
let ``running allocates nothing`` () =
    let g = ConvolutionGeometry(2, 9, 9, 5, 3, 3, 40, 2, 1, 1, 1)

    for dtype in types do
        for kind in kinds do
            let m, n, size, _ = roles g kind
            let step = Steps.Convolve(dtype, kind, g, place 0, place 1, place 2)

            Assert.Equal(
                0L,
                allocated dtype step [ Array.create m 1.0; Array.create n 1.0; Array.zeroCreate size ]
            )

[<Fact>]
let ``wrong extents are refused`` () =
    let refused (g: ConvolutionGeometry) =
        Assert
            .Throws<ArgumentException>(fun () ->
                Steps.Convolve(DType.Float64, ConvolutionKind.Forward, g, place 0, place 1, place 2)
                |> ignore)
            .Message

    Assert.Contains("would be empty", refused (ConvolutionGeometry(1, 2, 2, 1, 5, 5, 1, 1, 1, 1, 1)))

    Assert.Contains("StrideX is 0", refused (ConvolutionGeometry(1, 4, 4, 1, 2, 2, 1, 1, 0, 0, 0)))
    Assert.Contains("Channels is 0", refused (ConvolutionGeometry(1, 4, 4, 0, 2, 2, 1, 1, 1, 0, 0)))
    Assert.Contains("PaddingY is -1", refused (ConvolutionGeometry(1, 4, 4, 1, 2, 2, 1, 1, 1, -1, 0)))
    Assert.Contains("Batch is -1", refused (ConvolutionGeometry(-1, 4, 4, 1, 2, 2, 1, 1, 1, 0, 0)))
