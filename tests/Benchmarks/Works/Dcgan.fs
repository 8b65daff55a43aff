namespace Stackelberg.Benchmarks

open System
open System.Diagnostics
open Stackelberg
open Stackelberg.Gans
open Stackelberg.Kernels
open Stackelberg.Networks

/// One Stackelberg step of the MNIST DCGAN as a user of the product makes it, Adam included, against PyTorch.
/// Settings of the code published with Fiez, Chasnov and Ratliff (2020): η = 10000, at most 5 products, rate 2e-4,
/// β₁ = 0.5.
[<RequireQualifiedAccess>]
module Dcgan =

    let private rate, meanDecay, regularisation = 2e-4, 0.5, 10000.0
    let private checkedSteps = 2

    /// A size of the problem.
    type Size = {
        Batch: int
        Channels: int
        Threads: int
    }

    let full = {
        Batch = 256
        Channels = 64
        Threads = 2
    }

    /// The DCGAN at 8 base channels, which trains on a CPU.
    let small = { full with Channels = 8 }

    let private normals seed count scale =
        let drawn: float[] = Array.zeroCreate count
        Philox(seed, 0UL).FillNormal(drawn, 0, count)
        drawn |> Array.map (fun entry -> float (float32 (scale * entry)))

    let private latents size = normals 2UL (size.Batch * 100) 1.0

    let private reals size =
        normals 3UL (size.Batch * 28 * 28) 0.5
        |> Array.map (fun pixel -> Math.Clamp(pixel, -1.0, 1.0))

    let private batch name (shape: int list) values =
        Sampler.constant name (Tensor.ofArray values |> Tensor.reshape shape)

    let private game size =
        Gan(
            "DCGAN",
            Architectures.DcganGenerator size.Channels,
            Architectures.DcganDiscriminator size.Channels,
            GanObjective.NonSaturatingClamped,
            batch Gan.Real [ size.Batch; 28; 28; 1 ] (reals size),
            DType.Float32,
            batch Gan.Latent [ size.Batch; 100 ] (latents size)
        )

    /// Both sides begin with the same single-precision numbers.
    let private start (gan: Gan) =
        let x = gan.Start(Initializer.Dcgan, 1UL)

        for i in 0 .. x.Length - 1 do
            x[i] <- float (float32 x[i])

        x

    let private conjecture =
        Conjecture.regularized regularisation
        |> Conjecture.withSolver (Solver.cg |> Solver.withTolerance 1e-5 |> Solver.withMaxIterations 5)

    let private learn (gan: Gan) =
        let rule =
            Rule.stackelberg conjecture
            |> Rule.preconditioned [ Preconditioner.adamWith meanDecay 0.999 1e-8 ]

        let settings = {
            Learn.settings with
                Steps = Int32.MaxValue
                Rates = [ Rate.constant rate ]
                RecordEvery = 0
        }

        Learn.start rule settings (Tensor.ofArray (start gan)) gan.Game

    /// Both players' gradients, from the flat strategies, the latent points and the real images.
    let program () =
        let gan = game full
        let flat count = DType.Float32, [| count |]

        let inputs = [|
            flat gan.Generator.ParameterCount
            flat gan.Discriminator.ParameterCount
            DType.Float32, [| full.Batch; 100 |]
            DType.Float32, [| full.Batch; 28; 28; 1 |]
        |]

        Program.compile inputs (Array.create 4 false) (fun i ->
            let genuine y = gan.Discriminator.Apply(y, i[3])

            let fake x y =
                gan.Discriminator.Apply(y, gan.Generator.Apply(x, i[2]))

            let f1 x y =
                gan.Objective.Generator(genuine y, fake x y)

            let f2 x y =
                gan.Objective.Discriminator(genuine y, fake x y)

            let x, y = i[0], i[1]

            let w =
                LinearSolve.solve
                    conjecture.Solver
                    (fun v -> Diff.hessianv (f2 x) y v + regularisation * v)
                    (Diff.grad (f1 x) y)

            [|
                Diff.grad (fun x -> f1 x y) x
                - Diff.jacobianv (fun y -> Diff.grad (fun x -> f2 x y) x) y w
                Diff.grad (f2 x) y
            |])

    /// Norms by their logarithms, so that a difference is a relative one.
    let private logNorm (values: float[]) =
        log (sqrt (Array.sumBy (fun value -> value * value) values))

    let private check size () =
        let gan = game size
        let learning = learn gan
        let before = Array.copy learning.X

        [|
            for _ in 1..checkedSteps do
                let at = Tensor.ofArray (Array.copy learning.X)
                yield! (Game.costs gan.Game at).ToArray()
                let omega = (Game.omega gan.Game at).ToArray()
                learning.Advance 1
                let direction = learning.Direction
                logNorm (gan.GeneratorOf direction)
                logNorm (gan.DiscriminatorOf direction)
                logNorm (Array.map2 (-) (gan.GeneratorOf omega) (gan.GeneratorOf direction))

            logNorm (Array.map2 (-) learning.X before)
        |]

    /// Seconds of a step on this side.
    let run size =
        let learning = lazy (learn (game size))
        fun steps -> Runner.time steps (fun () -> learning.Value.Advance 1)

    let private ours size () =
        Parallelism.Threads <- size.Threads
        let run = run size

        {
            new Runner with
                member _.Check() = check size ()
                member _.Run steps = run steps
                member _.Dispose() = Parallelism.Threads <- 1
        }

    let theirs size () =
        let folder = PeerProcess.folder ()
        let gan = game size
        let x = start gan
        let singles = Array.map float32
        PeerProcess.writeSingles folder "generator" (singles (gan.GeneratorOf x))
        PeerProcess.writeSingles folder "discriminator" (singles (gan.DiscriminatorOf x))
        PeerProcess.writeSingles folder "latents" (singles (latents size))
        PeerProcess.writeSingles folder "reals" (singles (reals size))

        PeerProcess.watched "dcgan" size.Threads [
            folder
            string<int> size.Threads
            string<int> size.Batch
            string<int> size.Channels
        ]

    let private stepsForMemory = 4

    /// Trains a little, and prints this process's greatest memory in MiB.
    let printPeak channels =
        Parallelism.Threads <- full.Threads
        run { full with Channels = channels } stepsForMemory |> ignore
        printfn "%g" (PeakMemory.mebibytes Environment.ProcessId)

    /// MiB that training takes in a process that does nothing else.
    let peakAlone size =
        let info =
            ProcessStartInfo(
                "dotnet",
                [
                    Environment.GetCommandLineArgs()[0]
                    "memory"
                    "alone"
                    string<int> size.Channels
                ],
                RedirectStandardOutput = true
            )

        use alone = Process.Start info
        float (alone.StandardOutput.ReadToEnd())

    /// MiB that the same takes in PyTorch.
    let peakOfPeer size =
        use peer: Peer = theirs size ()
        peer.Run stepsForMemory |> ignore
        PeakMemory.mebibytes peer.ProcessId

    let private work size floor = {
        Work =
            $"DCGAN, Stackelberg step with Adam, {size.Channels} base channels, batch {size.Batch}, {size.Threads} threads"
        Peer = "PyTorch, CG in PyTorch"
        Ours = Some(ours size)
        Theirs = fun () -> theirs size ()
        NeedsPython = true
        Floor = floor
        Aim = 2.0
        // Single precision; the first step of Adam makes a sign of every slope, that of rounding too.
        Tolerance = 1e-3
    }

    let works = [ work full 1.5; work small 1.5 ]
