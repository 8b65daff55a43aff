namespace Stackelberg

open System
open Stackelberg.Kernels

/// The memory of a step that is a loop: the rates, unless they are constant, and the noise of a block of steps, as rows.
[<Sealed; AllowNullLiteral>]
type internal StepLoop(program: StepProgram, areRatesConstant: bool, run: ProgramRun) =

    let layout, loop = program.Layout, program.Loop areRatesConstant
    let rateCount = if areRatesConstant then 0 else layout.RateCount
    let d = program.Game.Dimension

    /// So many numbers stay in the first cache; and after so many steps a cancellation is looked for.
    let mostNumbers, mostSteps = 4096, 4096

    let block =
        max 1 (min mostSteps (mostNumbers / max 1 (rateCount + d * layout.Noises.Length)))

    let rates = Array.init rateCount (fun _ -> Array.zeroCreate<float> block)

    let noises =
        layout.Noises |> Array.map (fun _ -> Array.zeroCreate<float>(block * d))

    let buffers =
        run.BuffersWith(Array.append rates noises |> Array.map (fun row -> row :> Array))

    /// The most steps at once.
    member _.Block = block

    /// [block] each.
    member _.Rates: float[][] = rates

    /// [block, d] each.
    member _.Noises: float[][] = noises

    /// Steps, the first of them with the first rows, until so many are made or one's squared update is below a tolerance or
    /// not finite, which is not made.
    member _.Run(steps: int, squaredTolerance: float, square: byref<float>) : int =
        loop.Invoke(buffers, steps, 0, squaredTolerance, &square)
