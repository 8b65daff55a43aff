namespace Stackelberg.Benchmarks

open System
open Stackelberg
open Stackelberg.Kernels

/// One thousand starts of the location game on the torus in one program, against one start at a time in the scalar
/// program. The time is that of one game's step.
[<RequireQualifiedAccess>]
module Torus =

    let private starts = 1000
    let private rate = 0.05
    let private home = Math.PI / 8.0

    /// A step for angles of any one shape: the sum over the starts makes them one function, whose derivatives are
    /// each start's own.
    let private step (i: Tensor[]) =
        let f1 (a: Tensor) (b: Tensor) =
            Tensor.sum (-cos(a - home) + cos (a - b))

        let f2 (a: Tensor) (b: Tensor) =
            Tensor.sum (-1.3 * cos (b - home) + cos (b - a))

        let a, b = i[0], i[1]
        let one = Tensor.ones a.Shape
        let follower a b = Diff.grad (f2 a) b
        let curvature = Diff.jacobianv (follower a) b one
        let mixed = Diff.jacobianv (fun a -> follower a b) a one

        let leader = Diff.grad (fun a -> f1 a b) a - mixed / curvature * Diff.grad (f1 a) b

        [| a - rate * leader; b - rate * follower a b |]

    let program (shape: int[]) =
        Program.compile [| DType.Float64, shape; DType.Float64, shape |] [| false; false |] step

    let points =
        let random = Philox(3UL, 0UL)
        let drawn: float[] = Array.zeroCreate (2 * starts)
        random.FillUniform(drawn, 0, drawn.Length)
        drawn |> Array.map (fun u -> (2.0 * u - 1.0) * Math.PI)

    let batched () =
        let make () =
            let run = (program [| starts |]).CreateRun()
            Array.blit points 0 (run.Input 0) 0 starts
            Array.blit points starts (run.Input 1) 0 starts
            run

        let step (run: ProgramRun) =
            run.Execute()
            Runner.copy (run.Output 0) (run.Input 0)
            Runner.copy (run.Output 1) (run.Input 1)

        let measured = make ()

        {
            new Runner with
                member _.Check() =
                    let run = make ()
                    step run
                    Array.append (run.Input 0) (run.Input 1)

                member _.Run steps =
                    let runs = (steps + starts - 1) / starts
                    Runner.time runs (fun () -> step measured) / float starts

                member _.Dispose() = ()
        }

    let private oneByOne () =
        let run = (program [||]).CreateRun()
        let a, b = run.Input 0, run.Input 1
        let nextA, nextB = run.Output 0, run.Output 1

        let step () =
            run.Execute()
            a[0] <- nextA[0]
            b[0] <- nextB[0]

        {
            new Runner with
                member _.Check() =
                    let results =
                        Array.init starts (fun i ->
                            a[0] <- points[i]
                            b[0] <- points[starts + i]
                            step ()
                            struct (a[0], b[0]))

                    Array.append
                        (results |> Array.map (fun (struct (a, _)) -> a))
                        (results |> Array.map (fun (struct (_, b)) -> b))

                member _.Run steps = Runner.time steps step
                member _.Dispose() = ()
        }

    let works = [
        {
            Work = $"torus, {starts} starts, one game's step"
            Peer = "our scalar program"
            Ours = Some batched
            Theirs = oneByOne
            NeedsPython = false
            Floor = 10.0
            Aim = 12.0
            Tolerance = 1e-10
        }
    ]
