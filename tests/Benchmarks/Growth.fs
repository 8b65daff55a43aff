namespace Stackelberg.Benchmarks

open System.Diagnostics
open System.IO
open Stackelberg
open Stackelberg.Figures
open Stackelberg.Kernels

/// How the time of a step grows with the size of the game: the covariance game's step along ω_S against d, and a game of
/// two networks against their width.
[<RequireQualifiedAccess>]
module Growth =

    let private batch, features = 128, 8

    /// A network features → h → h → 1 with tanh, its numbers in one flat vector.
    let private size h = (features + h + 1) * h

    let private network h (weights: Tensor) (x: Tensor) =
        let second = features * h
        let third = second + h * h

        x
        |> fun x -> Tensor.matmul x (Tensor.reshape [ features; h ] weights[0 .. second - 1])
        |> tanh
        |> fun x -> Tensor.matmul x (Tensor.reshape [ h; h ] weights[second .. third - 1])
        |> tanh
        |> fun x -> Tensor.matmul x (Tensor.reshape [ h; 1 ] weights[third .. third + h - 1])

    let private solver = {
        Method = LinearMethod.ConjugateGradient
        Tolerance = 0.0
        MaxIterations = 5
        WarmStart = false
    }

    /// The leader's total gradient for two networks that pull one output apart; five CG iterations, float32.
    let private networks h =
        let cost (z: Tensor) (x: Tensor) (y: Tensor) =
            let gap = network h x z - network h y z
            Tensor.mean (gap * gap) + 0.01 * Tensor.dot x x

        let step (i: Tensor[]) =
            let z, x, y = i[0], i[1], i[2]
            let f2 x y = -(cost z x y) + Tensor.dot y y

            let w = LinearSolve.solve solver (Diff.hessianv (f2 x) y) (Diff.grad (cost z x) y)

            [|
                Diff.grad (fun x -> cost z x y) x
                - Diff.jacobianv (fun y -> Diff.grad (fun x -> f2 x y) x) y w
            |]

        let input shape = DType.Float32, shape
        let strategies = [| input [| batch; features |]; input [| size h |]; input [| size h |] |]
        let run = (Program.compile strategies [| false; false; false |] step).CreateRun()
        let random = Philox(7UL, uint64<int> h)

        for i in 0..2 do
            let target = run.Input32 i
            let numbers: float[] = Array.zeroCreate target.Length
            random.FillNormal(numbers, 0, numbers.Length)
            Array.iteri (fun k number -> target[k] <- float32 (0.2 * number)) numbers

        run.Execute

    let private covariance d =
        let run = (Covariance.program d).CreateRun()

        for i in 0..1 do
            Array.iteri (fun k _ -> (run.Input i)[k] <- 0.01 * float (k % 7 - 3)) (run.Input i)

        run.Execute

    /// The median time of a step in microseconds, over rounds of at least a fifth of a second together.
    let private microseconds (step: unit -> unit) =
        // Fused steps that run often are emitted aside; the first one of a process takes its time.
        let warming = Stopwatch.StartNew()

        while warming.Elapsed.TotalSeconds < 1.0 do
            step ()

        let once = Runner.time 20 step
        let steps = max 1 (int (2e-3 / once))
        let clock = Stopwatch.StartNew()
        let times = ResizeArray()

        while clock.Elapsed.TotalSeconds < 0.4 || times.Count < 5 do
            times.Add(1e6 * Runner.time steps step)

        times.Sort()
        times[times.Count / 2]

    let private panel (title: string) (label: string) sizes (make: int -> unit -> unit) power =
        let times = sizes |> Array.map (fun size -> microseconds (make size))

        Array.iter2
            (fun (size: int) (time: float) -> printfn $"{title}, {Markup.Plain label} {size}: {time:G4} µs")
            sizes
            times

        let x = Array.map float sizes
        let last = x.Length - 1
        let law = x |> Array.map (fun size -> times[last] * (size / x[last]) ** power)

        Panel(
            [|
                Line(x, times, Label = "measured, median") :> Series
                Line(
                    x,
                    law,
                    Label = $"growth as {label}^{{{power}}}",
                    Dash = Dash.Dashed,
                    Colour = Palette.Grey
                )
            |],
            Title = title,
            X = Axis(label, Log = true),
            Y = Axis("µs a step", Log = true)
        )

    /// Measures, and writes growth.svg with its data beside it.
    let draw (folder: string) =
        let covariance =
            panel "Covariance game, float64" "/{d}" [| 3; 4; 5; 9; 15; 25; 40; 60; 100 |] covariance 3.0

        let networks =
            panel
                "Two networks, 5 CG iterations, float32"
                "width"
                [| 16; 32; 64; 128; 256; 512 |]
                networks
                2.0

        Directory.CreateDirectory folder |> ignore
        Figure(covariance, networks).Save(folder, "growth") |> ignore
        printfn "%s" (Path.Combine(folder, "growth.svg"))
