namespace Stackelberg.Benchmarks

open System
open Stackelberg
open Stackelberg.Kernels

/// Training steps of the mixture-of-Gaussians GAN against PyTorch.
[<RequireQualifiedAccess>]
module MixtureStep =

    let private checkedSteps = 3

    /// One run of the compiled step with what surrounds it: sampling, rates, the state carried from step to step.
    type Training(rule) =
        let program = MixtureGame.compile rule
        let run = program.CreateRun()
        let inputCount = MixtureGame.inputs.Length
        let array i = run.Array i :?> float32[]
        let state = Array.init 6 array
        let next = Array.init 6 (fun i -> array (inputCount + i))
        let latents, reals = array 6, array 7
        let record = array (inputCount + 6)
        let normals = Philox(1UL, 0UL)
        let choices = Philox(1UL, 1UL)
        let noise: float32[] = Array.zeroCreate (MixtureGame.batch * 2)
        let chosen: float32[] = Array.zeroCreate MixtureGame.batch

        let modes =
            Array.init 4 (fun k ->
                let angle = float k * Math.PI / 2.0
                struct (float32 (1.2 * sin angle), float32 (1.2 * cos angle)))

        let mutable count = 0

        do
            let x, y = MixtureGame.start 1
            Array.blit x 0 state[0] 0 x.Length
            Array.blit y 0 state[3] 0 y.Length

        member _.Program = program
        member _.Run = run
        member _.Latents = latents
        member _.Reals = reals
        member _.Record = record
        member _.Strategies = state[0], state[3]

        member _.Sample() =
            normals.FillNormal(latents, 0, latents.Length)
            normals.FillNormal(noise, 0, noise.Length)
            choices.FillUniform(chosen, 0, chosen.Length)
            let deviation = float32 MixtureGame.deviation

            for i in 0 .. chosen.Length - 1 do
                let struct (a, b) = modes[int (4.0f * chosen[i])]
                reals[2 * i] <- a + deviation * noise[2 * i]
                reals[2 * i + 1] <- b + deviation * noise[2 * i + 1]

        member _.Step() =
            count <- count + 1
            let rate = MixtureGame.rate / (1.0 - Math.Pow(0.9, float count))
            (array 8)[0] <- float32 rate
            (array 9)[0] <- float32 rate
            (array 10)[0] <- float32 (sqrt (1.0 - Math.Pow(0.999, float count)))
            run.Execute()

            for i in 0..5 do
                next[i].CopyTo(state[i], 0)

    let private batches seed =
        let random = Philox(seed, 0UL)
        let count = checkedSteps * MixtureGame.batch
        let drawn: float[] = Array.zeroCreate (count * (MixtureGame.latent + 2))
        random.FillNormal(drawn, 0, drawn.Length)
        let singles = Array.map float32 drawn
        singles[.. count * MixtureGame.latent - 1], singles[count * MixtureGame.latent ..]

    let private ours rule () =
        let check () =
            let training = Training rule
            let latents, reals = batches 2UL

            let norm (values: float32[]) =
                sqrt (Array.sumBy (fun value -> float value * float value) values)

            [|
                for i in 0 .. checkedSteps - 1 do
                    let n = training.Latents.Length
                    Array.blit latents (i * n) training.Latents 0 n
                    Array.blit reals (i * training.Reals.Length) training.Reals 0 training.Reals.Length
                    training.Step()
                    yield! Array.map float training.Record

                let x, y = training.Strategies
                norm x
                norm y
            |]

        let training = Training rule

        Runner.local check (fun () ->
            training.Sample()
            training.Step())

    let private theirs variant () =
        let folder = PeerProcess.folder ()
        let x, y = MixtureGame.start 1
        let latents, reals = batches 2UL
        PeerProcess.writeSingles folder "generator" x
        PeerProcess.writeSingles folder "discriminator" y
        PeerProcess.writeSingles folder "latents" latents
        PeerProcess.writeSingles folder "reals" reals
        PeerProcess.run "mixture" 1 [ folder; variant ]

    let private work name peer rule variant floor aim = {
        Work = name
        Peer = peer
        Ours = Some(ours rule)
        Theirs = theirs variant
        NeedsPython = true
        Floor = floor
        Aim = aim
        // Single precision: three steps of training with five iterations of conjugate gradients in each.
        Tolerance = 1e-4
    }

    let works = [
        work "mixture GAN, Stackelberg step" "PyTorch, scipy's CG" MixtureGame.stackelberg "scipy" 19.0 25.0
        work
            "mixture GAN, Stackelberg step"
            "PyTorch, CG in PyTorch"
            MixtureGame.stackelberg
            "torch"
            16.0
            22.0
        work "mixture GAN, simultaneous step" "PyTorch" MixtureGame.simultaneous "simultaneous" 10.0 15.0
    ]

    /// Trace and compile of the Stackelberg step, warm, against the time that is allowed.
    let compileWork =
        let allowed = 10e-3

        {
            Work = "trace and compile the mixture GAN's step"
            Peer = "10 ms"
            Ours =
                Some(fun () ->
                    Runner.local (fun () -> [| 0.0 |]) (fun () ->
                        MixtureGame.compile MixtureGame.stackelberg |> ignore))
            Theirs =
                fun () -> {
                    new Runner with
                        member _.Check() = [| 0.0 |]
                        member _.Run _ = allowed
                        member _.Dispose() = ()
                }
            NeedsPython = false
            Floor = 1.0
            Aim = 10.0 / 3.0
            Tolerance = 0.0
        }
