namespace Stackelberg.Benchmarks

open System
open Stackelberg
open Stackelberg.Kernels

/// Loss, gradient and one Hessian-vector product of the DCGAN's discriminator against PyTorch.
[<RequireQualifiedAccess>]
module Discriminator =

    let private batch = 256
    let private side = 28
    let private channels = [| 1; 64; 128; 256; 1 |]

    let private normals seed count scale =
        let random = Philox(seed, 0UL)
        let drawn: float[] = Array.zeroCreate count
        random.FillNormal(drawn, 0, count)
        drawn |> Array.map (fun entry -> float32 (scale * entry))

    /// The published start: filters N(0, 0.02²), batch norms with scale N(1, 0.02²) and shift 0.
    let private start =
        Array.concat [
            for i in 0..3 do
                normals (uint64 i) (16 * channels[i] * channels[i + 1]) 0.02

                if i = 1 || i = 2 then
                    normals (uint64 (10 + i)) channels[i + 1] 0.02 |> Array.map (fun s -> 1.0f + s)
                    Array.zeroCreate channels[i + 1]
        ]

    let private direction = lazy normals 20UL start.Length 0.02

    let private images =
        lazy
            (normals 21UL (batch * side * side) 0.5
             |> Array.map (fun p -> Math.Clamp(p, -1.0f, 1.0f)))

    let private network (weights: Tensor) (images: Tensor) =
        let mutable at = 0

        let take (shape: int list) =
            let count = List.fold (*) 1 shape
            at <- at + count
            weights[at - count .. at - 1] |> Tensor.reshape shape

        let convolve i =
            Layer.conv2d 2 1 (take [ 4; 4; channels[i]; channels[i + 1] ])

        let normalize i =
            let gain = take [ channels[i + 1] ]
            let bias = take [ channels[i + 1] ]
            Layer.batchNorm 1e-5 gain bias

        images
        |> convolve 0
        |> Layer.leakyRelu 0.2
        |> convolve 1
        |> normalize 1
        |> Layer.leakyRelu 0.2
        |> convolve 2
        |> normalize 2
        |> Layer.leakyRelu 0.2
        |> convolve 3
        |> Tensor.sigmoid

    let private loss images weights =
        let smallest = Tensor.cast DType.Float32 (Tensor.scalar 1e-4)
        -(Tensor.mean (log (Tensor.maximum (network weights images) smallest)))

    let private step (i: Tensor[]) =
        let gradient, product = Diff.jvp (Diff.grad (loss i[1])) i[0] i[2]
        [| loss i[1] i[0]; gradient; product |]

    let program () =
        let flat = DType.Float32, [| start.Length |]
        let inputs = [| flat; (DType.Float32, [| batch; side; side; 1 |]); flat |]
        Program.compile inputs [| false; false; false |] step

    let private ours threads () =
        Parallelism.Threads <- threads
        let run = (program ()).CreateRun()
        let array i = run.Array i :?> float32[]
        start.CopyTo(array 0, 0)
        images.Value.CopyTo(array 1, 0)
        direction.Value.CopyTo(array 2, 0)

        let dot (a: float32[]) (b: float32[]) =
            Array.fold2 (fun sum x y -> sum + float<float32> x * float<float32> y) 0.0 a b

        let check () =
            run.Execute()
            let value, gradient, product = array 3, array 4, array 5

            [|
                float value[0]
                dot gradient direction.Value
                dot product direction.Value
                dot gradient gradient
                dot product product
            |]

        let inner = Runner.local check run.Execute

        {
            new Runner with
                member _.Check() = inner.Check()
                member _.Run steps = inner.Run steps
                member _.Dispose() = Parallelism.Threads <- 1
        }

    let private theirs threads () =
        let folder = PeerProcess.folder ()
        PeerProcess.writeSingles folder "discriminator" start
        PeerProcess.writeSingles folder "direction" direction.Value
        PeerProcess.writeSingles folder "images" images.Value
        PeerProcess.run "convolution" threads [ folder; string<int> threads ]

    let private work threads floor = {
        Work = $"DCGAN discriminator, loss, gradient and Hv, {threads} thread(s)"
        Peer = "PyTorch"
        Ours = Some(ours threads)
        Theirs = theirs threads
        NeedsPython = true
        Floor = floor
        Aim = 2.0
        Tolerance = 1e-3
    }

    let works = [ work 1 1.6; work 2 1.4 ]
