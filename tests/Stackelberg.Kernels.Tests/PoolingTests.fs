module Stackelberg.Kernels.Tests.PoolingTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

let private randomGeometry (random: Random) =
    let wh, ww = 1 + random.Next 4, 1 + random.Next 4
    let py, px = random.Next(min wh 3), random.Next(min ww 3)

    PoolGeometry(
        random.Next 3,
        max 1 (wh - 2 * py) + random.Next 7,
        max 1 (ww - 2 * px) + random.Next 7,
        1 + random.Next 40,
        wh,
        ww,
        1 + random.Next 3,
        1 + random.Next 3,
        py,
        px
    )

let private sizes (g: PoolGeometry) =
    g.Batch * g.Height * g.Width * g.Channels, g.Batch * g.OutputHeight * g.OutputWidth * g.Channels

/// For each entry of the result the positions in x that its window holds, each with its index in the window.
let private windows (g: PoolGeometry) = [|
    for n in 0 .. g.Batch - 1 do
        for i in 0 .. g.OutputHeight - 1 do
            for j in 0 .. g.OutputWidth - 1 do
                for c in 0 .. g.Channels - 1 do
                    [|
                        for p in 0 .. g.WindowHeight - 1 do
                            for q in 0 .. g.WindowWidth - 1 do
                                let row = i * g.StrideY - g.PaddingY + p
                                let column = j * g.StrideX - g.PaddingX + q

                                if row >= 0 && row < g.Height && column >= 0 && column < g.Width then
                                    ((n * g.Height + row) * g.Width + column) * g.Channels + c,
                                    p * g.WindowWidth + q
                    |]
|]

let private near dtype (expected: float[]) (found: float[]) =
    Array.forall2 (fun a b -> abs (a - b) <= 20.0 * epsilon dtype) expected found

let private agrees (seed: int) =
    let random = Random seed
    let g = randomGeometry random
    let dtype = types.[random.Next 2]
    let m, n = sizes g
    // Few different values, so that windows have several largest entries.
    let x = Array.init m (fun _ -> float (random.Next 5 - 2))
    let y = noise random n |> rounded dtype
    let windows = windows g
    let sums = windows |> Array.map (Array.sumBy (fun (at, _) -> x.[at]))
    let best = windows |> Array.map (Array.maxBy (fun (at, _) -> x.[at]))

    let spread, placed = Array.zeroCreate m, Array.zeroCreate m

    windows
    |> Array.iteri (fun k window ->
        for at, _ in window do
            spread.[at] <- spread.[at] + y.[k]

        let at = fst best.[k]
        placed.[at] <- placed.[at] + y.[k])

    let indices = best |> Array.map (snd >> float)

    let result step (buffers: float[] list) size =
        let after = run dtype step (buffers @ [ Array.create (size + 2) 99.0 ])
        let last = Array.last after
        Assert.Equal<float[]>([| 99.0; 99.0 |], last.[size..])
        last.[.. size - 1]

    near dtype sums (result (Steps.SumWindows(dtype, g, place 0, place 1)) [ x ] n)
    && near dtype spread (result (Steps.SpreadWindows(dtype, g, place 0, place 1)) [ y ] m)
    && indices = result (Steps.ArgMaxWindows(dtype, g, place 0, place 1)) [ x ] n
    && (best |> Array.map (fun (at, _) -> x.[at])) =
        result (Steps.TakeFromWindows(dtype, g, place 0, place 1, place 2)) [ x; indices ] n
    && near dtype placed (result (Steps.PutIntoWindows(dtype, g, place 0, place 1, place 2)) [ y; indices ] m)

[<Fact>]
let ``sums and choices over windows are those that define them`` () = forSeeds 300 agrees

let private square = PoolGeometry(1, 2, 2, 1, 2, 2, 1, 1, 0, 0)

[<Fact>]
let ``a NaN is the largest entry, the first of several`` () =
    for x, expected in
        [
            [| 1.0; nan; infinity; nan |], 1.0
            [| nan; 2.0; nan; 3.0 |], 0.0
            [| -infinity; -infinity; -infinity; -infinity |], 0.0
            [| -0.0; 0.0; -1.0; 0.0 |], 0.0
        ] do
        let step = Steps.ArgMaxWindows(DType.Float64, square, place 0, place 1)
        Assert.Equal(expected, (run DType.Float64 step [ x; [| 99.0 |] ]).[1].[0])

[<Fact>]
let ``an index outside its window takes 0 and puts nothing`` () =
    for index in [ -1.0; 4.0; nan; infinity; 1e300 ] do
        let take = Steps.TakeFromWindows(DType.Float64, square, place 0, place 1, place 2)
        let x = Array.create 4 5.0
        let taken = (run DType.Float64 take [ x; [| index |]; [| 99.0 |] ]).[2].[0]
        // int of NaN is 0, the first entry.
        Assert.Equal((if Double.IsNaN index then 5.0 else 0.0), taken)

[<Fact>]
let ``running allocates nothing`` () =
    let step = Steps.ArgMaxWindows(DType.Float32, square, place 0, place 1)
    Assert.Equal(0L, allocated DType.Float32 step [ Array.create 4 1.0; [| 0.0 |] ])

[<Fact>]
let ``windows that lie outside are refused`` () =
    let refused (g: PoolGeometry) =
        Assert
            .Throws<ArgumentException>(fun () ->
                Steps.SumWindows(DType.Float64, g, place 0, place 1) |> ignore)
            .Message

    Assert.Contains("must be less than the window", refused (PoolGeometry(1, 4, 4, 1, 2, 2, 1, 1, 2, 0)))
    Assert.Contains("would be empty", refused (PoolGeometry(1, 2, 2, 1, 3, 3, 1, 1, 0, 0)))
    Assert.Contains("StrideY is 0", refused (PoolGeometry(1, 4, 4, 1, 2, 2, 0, 1, 0, 0)))
