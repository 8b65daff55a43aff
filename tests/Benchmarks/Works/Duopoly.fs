namespace Stackelberg.Benchmarks

open Stackelberg
open Stackelberg.Kernels

/// Steps along ω_S of the duopoly against a closure by hand.
[<RequireQualifiedAccess>]
module Duopoly =

    let rate1, rate2 = 1e-3, 2e-3
    let start = [| 10.0; 10.0 |]

    let private step (i: Tensor[]) =
        let f1 (q1: Tensor) (q2: Tensor) = -(100.0 - q1 - q2 - 5.0) * q1
        let f2 (q1: Tensor) (q2: Tensor) = -(100.0 - q1 - q2 - 2.0) * q2
        let q1, q2 = i[0][0], i[0][1]
        let follower = Diff.grad (f2 q1)

        let reaction =
            -(Diff.grad (fun q1 -> Diff.grad (f2 q1) q2) q1) / Diff.grad follower q2

        let leader = Diff.grad (fun q1 -> f1 q1 q2) q1 + reaction * Diff.grad (f1 q1) q2
        [| Tensor.stack 0 [ q1 - rate1 * leader; q2 - rate2 * follower q2 ] |]

    let program () =
        Program.compile [| DType.Float64, [| 2 |] |] [| false |] step

    let private checked10 (start: float[]) (step: unit -> unit) () =
        for _ in 1..10 do
            step ()

        Array.copy start

    let ours () =
        let run = (program ()).CreateRun()
        let input, output = run.Input 0, run.Output 0

        let step () =
            run.Execute()
            input[0] <- output[0]
            input[1] <- output[1]

        Array.blit start 0 input 0 2
        Runner.local (checked10 input step) step

    /// What one writes without a library: derivatives by hand, a field that is a function from point to direction.
    let private theirs () =
        let omega (q: float[]) =
            let d1 = -(100.0 - q[0] - q[1] - 5.0) + q[0]
            let d2 = q[0]
            let reaction = -1.0 / 2.0
            [| d1 + reaction * d2; -(100.0 - q[0] - q[1] - 2.0) + q[1] |]

        let x = Array.copy start

        let step () =
            let slope = omega x
            x[0] <- x[0] - rate1 * slope[0]
            x[1] <- x[1] - rate2 * slope[1]

        Runner.local (checked10 x step) step

    let works = [
        {
            Work = "duopoly, ω_S step"
            Peer = "F# closure, by hand"
            Ours = Some ours
            Theirs = theirs
            NeedsPython = false
            Floor = 1.5
            Aim = 2.4
            Tolerance = 1e-12
        }
    ]
