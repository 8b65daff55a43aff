module Stackelberg.Kernels.Tests.ThreadTests

open System
open System.Threading
open System.Threading.Tasks
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

/// Runs with a number of threads, and sets the number back.
let private withThreads threads action =
    let before = Parallelism.Threads
    Parallelism.Threads <- threads

    try
        action ()
    finally
        Parallelism.Threads <- before

let private geometry = ConvolutionGeometry(9, 23, 21, 33, 3, 4, 50, 2, 1, 1, 2)

let private convolution kind dtype =
    Steps.Convolve(dtype, kind, geometry, place 0, place 1, place 2)

let private sizes =
    9 * 23 * 21 * 33, 3 * 4 * 33 * 50, 9 * geometry.OutputHeight * geometry.OutputWidth * 50

let private x, private w, private y =
    let random = Random 4
    let x, w, y = sizes
    noise random x, noise random w, noise random y

let private product dtype =
    Steps.MatMul(dtype, [||], 301, 270, 290, place 0, [||], 270, 1, place 1, [||], 290, 1, place 2)

let private cases: (string * (DType -> Step) * float[] list) list = [
    "forward", convolution ConvolutionKind.Forward, [ x; w; Array.zeroCreate y.Length ]
    "data gradient", convolution ConvolutionKind.DataGradient, [ y; w; Array.zeroCreate x.Length ]
    "weight gradient", convolution ConvolutionKind.WeightGradient, [ x; y; Array.zeroCreate w.Length ]
    "product",
    product,
    [
        noise (Random 5) (301 * 270)
        noise (Random 6) (270 * 290)
        Array.zeroCreate (301 * 290)
    ]
]

[<Fact>]
let ``a result has the same bits for any number of threads`` () =
    for dtype in types do
        for name, make, buffers in cases do
            let compute threads =
                withThreads threads (fun () -> (run dtype (make dtype) buffers).[2])

            let alone = compute 1

            for threads in [ 2; 3; 4; 7; 16 ] do
                for _ in 1..3 do
                    let found = compute threads

                    Assert.True(
                        Array.forall2 sameBits alone found,
                        $"{name} in {dtype} with {threads} threads"
                    )

[<Fact>]
let ``runs at the same time do not disturb each other`` () =
    withThreads 4 (fun () ->
        let steps =
            cases
            |> List.map (fun (name, make, buffers) ->
                name, make DType.Float32, buffers, (run DType.Float32 (make DType.Float32) buffers).[2])

        let work () =
            for _ in 1..5 do
                for name, step, buffers, expected in steps do
                    let found = (run DType.Float32 step buffers).[2]
                    Assert.True(Array.forall2 sameBits expected found, name)

        Task.WaitAll(Array.init 6 (fun _ -> Task.Factory.StartNew(work, TaskCreationOptions.LongRunning))))

[<Fact>]
let ``a run on several threads allocates nothing`` () =
    withThreads 3 (fun () ->
        for _, make, buffers in cases do
            // The first runs start threads and make what waiting for them needs.
            let step = make DType.Float32
            let least = allocated DType.Float32 step buffers
            Assert.Equal(0L, least))

[<Fact>]
let ``a run keeps to a number of threads that was lowered after compilation`` () =
    let step =
        withThreads 4 (fun () -> convolution ConvolutionKind.Forward DType.Float64)

    let buffers = [ x; w; Array.zeroCreate y.Length ]
    let many = withThreads 4 (fun () -> (run DType.Float64 step buffers).[2])
    let one = withThreads 1 (fun () -> (run DType.Float64 step buffers).[2])
    let more = withThreads 9 (fun () -> (run DType.Float64 step buffers).[2])
    Assert.Equal<float[]>(many, one)
    Assert.Equal<float[]>(many, more)

[<Fact>]
let ``fewer than one thread is refused`` () =
    Assert.Throws<ArgumentOutOfRangeException>(fun () -> Parallelism.Threads <- 0)
    |> ignore

    Assert.True(Parallelism.Threads >= 1)

/// Work whose chunks take a while, and which notes who did them.
type private Noted(chunks: int, threads: int, failing: int) =
    member val Done = Array.zeroCreate<int> chunks
    member val InPart = Array.zeroCreate<int> threads
    member val Shared = false with get, set

    interface ISplitWork with
        member this.Run(_, chunk, part) =
            if Interlocked.Increment(&this.InPart.[part]) > 1 then
                this.Shared <- true

            Interlocked.Increment(&this.Done.[chunk]) |> ignore
            Thread.SpinWait 300
            Interlocked.Decrement(&this.InPart.[part]) |> ignore

            if chunk = failing then
                invalidOp "a chunk failed"

let private workspace = Workspace([||], 0, 0, 0)

[<Fact>]
let ``every chunk is computed once, and no two threads are the same part`` () =
    withThreads 5 (fun () ->
        let work () =
            for repeat in 1..200 do
                let noted = Noted(1 + repeat % 23, 5, -1)
                Workers.Run(noted, workspace, noted.Done.Length, 5)
                Assert.All(noted.Done, fun times -> Assert.Equal(1, times))
                Assert.False noted.Shared

        Task.WaitAll(Array.init 4 (fun _ -> Task.Factory.StartNew(work, TaskCreationOptions.LongRunning))))

[<Fact>]
let ``a failure on any thread reaches the caller, and the workers work on`` () =
    withThreads 3 (fun () ->
        for failing in 0..40 do
            let noted = Noted(20, 3, failing % 20)

            let failure =
                Assert.Throws<InvalidOperationException>(fun () -> Workers.Run(noted, workspace, 20, 3))

            Assert.Equal("a chunk failed", failure.Message)

        let noted = Noted(20, 3, -1)
        Workers.Run(noted, workspace, 20, 3)
        Assert.All(noted.Done, fun times -> Assert.Equal(1, times)))
