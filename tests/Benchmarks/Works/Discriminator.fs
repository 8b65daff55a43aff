namespace Stackelberg.Benchmarks

open System
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

    let private theirs threads () =
        let folder = PeerProcess.folder ()
        PeerProcess.writeSingles folder "discriminator" start
        PeerProcess.writeSingles folder "direction" direction.Value
        PeerProcess.writeSingles folder "images" images.Value
        PeerProcess.run "convolution" threads [ folder; string<int> threads ]

    let private work threads floor = {
        Work = $"DCGAN discriminator, loss, gradient and Hv, {threads} thread(s)"
        Peer = "PyTorch"
        Ours = None
        Theirs = theirs threads
        NeedsPython = true
        Floor = floor
        Aim = 2.0
        Tolerance = 1e-3
    }

    let works = [ work 1 1.6; work 2 1.4 ]
