namespace Stackelberg.Benchmarks

open Stackelberg
open Stackelberg.Kernels

/// Matrix products in float32 against OpenBLAS.
[<RequireQualifiedAccess>]
module Products =

    let private matrices m k n =
        let random = Philox(7UL, 0UL)

        let matrix count =
            let entries: float[] = Array.zeroCreate count
            random.FillNormal(entries, 0, count)
            Array.map float32 entries

        matrix (m * k), matrix (k * n)

    let private ours m k n () =
        let a, b = matrices m k n

        let program =
            Program.compile
                [| DType.Float32, [| m; k |]; DType.Float32, [| k; n |] |]
                [| false; false |]
                (fun i -> [| Tensor.matmul i[0] i[1] |])

        let run = program.CreateRun()
        Array.blit a 0 (run.Array 0 :?> float32[]) 0 a.Length
        Array.blit b 0 (run.Array 1 :?> float32[]) 0 b.Length

        let check () =
            run.Execute()
            run.Array 2 :?> float32[] |> Array.map float

        Runner.local check run.Execute

    let private theirs library m k n () =
        let folder = PeerProcess.folder ()
        let a, b = matrices m k n
        PeerProcess.writeSingles folder "a" a
        PeerProcess.writeSingles folder "b" b
        PeerProcess.run "product" 1 [ folder; library; string<int> m; string<int> k; string<int> n ]

    let private work m k n library floor aim = {
        Work = $"product {m} × {k} × {n}, float32"
        Peer = library
        Ours = Some(ours m k n)
        Theirs = theirs library m k n
        NeedsPython = true
        Floor = floor
        Aim = aim
        Tolerance = 1e-5
    }

    let works = [
        work 512 512 512 "numpy" 1.8 2.0
        work 512 512 512 "torch" 1.8 2.0
        work 256 32 32 "numpy" 2.5 3.0
        work 256 32 32 "torch" 2.5 3.0
    ]
