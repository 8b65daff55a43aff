namespace Stackelberg.Benchmarks

open Stackelberg
open Stackelberg.Kernels

/// Steps along ω_S of the covariance game (Fiez, Chasnov and Ratliff, 2020) against numpy with derivatives by hand.
[<RequireQualifiedAccess>]
module Covariance =

    let rate1, rate2 = 1e-3, 2e-3

    let start d =
        let random = Philox(5UL, uint64<int> d)

        let matrix scale =
            let entries: float[] = Array.zeroCreate (d * d)
            random.FillNormal(entries, 0, entries.Length)
            Array.map (fun entry -> scale * entry) entries

        let root = Tensor.reshape [ d; d ] (Tensor.ofArray (matrix 1.0))
        let sigma = (Tensor.matmul root root.T / float d).ToArray()
        sigma, matrix 0.3, matrix 0.3

    let private solver = {
        Method = LinearMethod.ConjugateGradient
        Tolerance = 1e-10
        MaxIterations = 50
        WarmStart = false
    }

    let private step d sigma (i: Tensor[]) =
        let lambda = 0.2 * float<int> d

        let gap (V: Tensor) (W: Tensor) =
            Tensor.sum (W * (sigma - Tensor.matmul V V.T))

        let f1 = gap

        let f2 V W =
            -(gap V W) + lambda / 2.0 * Tensor.sum (W * W)

        let V, W = i[0], i[1]

        let w =
            LinearSolve.solve solver (fun v -> Diff.hessianv (f2 V) W v) (Diff.grad (f1 V) W)

        let leader =
            Diff.grad (fun V -> f1 V W) V
            - Diff.jacobianv (fun W -> Diff.grad (fun V -> f2 V W) V) W w

        [| V - rate1 * leader; W - rate2 * Diff.grad (f2 V) W |]

    /// The compiled step for d × d matrices.
    let program d =
        let sigma, _, _ = start d
        let sigma = Tensor.reshape [ d; d ] (Tensor.ofArray sigma)
        let input = DType.Float64, [| d; d |]
        Program.compile [| input; input |] [| false; false |] (step d sigma)

    let ours d () =
        let _, V, W = start d
        let run = (program d).CreateRun()

        /// Every measurement begins here: far along the path the numbers become denormal.
        let restart () =
            V.CopyTo(run.Input 0, 0)
            W.CopyTo(run.Input 1, 0)

        let step () =
            run.Execute()
            Runner.copy (run.Output 0) (run.Input 0)
            Runner.copy (run.Output 1) (run.Input 1)

        {
            new Runner with
                member _.Check() =
                    restart ()
                    Runner.time 10 step |> ignore
                    Array.append (run.Input 0) (run.Input 1)

                member _.Run steps =
                    restart ()
                    Runner.time steps step

                member _.Dispose() = ()
        }

    let private theirs d () =
        let folder = PeerProcess.folder ()
        let sigma, V, W = start d
        PeerProcess.writeDoubles folder "sigma" sigma
        PeerProcess.writeDoubles folder "V" V
        PeerProcess.writeDoubles folder "W" W
        PeerProcess.run "covariance" 1 [ folder; string<int> d ]

    let private work d floor aim = {
        Work = $"covariance, ω_S step, d = {d}"
        Peer = "numpy, by hand"
        Ours = Some(ours d)
        Theirs = theirs d
        NeedsPython = true
        Floor = floor
        Aim = aim
        Tolerance = 1e-10
    }

    let works = [ work 3 200.0 300.0; work 9 25.0 40.0; work 25 6.0 8.0; work 50 2.5 4.0 ]
