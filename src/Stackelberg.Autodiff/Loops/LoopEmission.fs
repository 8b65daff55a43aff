namespace Stackelberg

open Stackelberg.Kernels

/// The step of a loop of a given number of steps.
module internal LoopEmission =

    let private dense place shape dtype : Operand = {
        Type = dtype
        Extents = shape
        Place = place
        Strides = Shape.strides shape
    }

    /// The parts of a state one after the other from a place on.
    let stateAt dtype (place: Place) (parts: Tensor[]) : Operand[] =
        let starts = Array.scan (fun at (t: Tensor) -> at + Shape.count t.Shape) 0 parts
        parts |> Array.mapi (fun i t -> dense (place.Plus starts[i]) t.Shape dtype)

    let startOf (operands: Operand[]) =
        operands
        |> Array.map (fun operand -> LoopPart(operand.Place, Shape.count operand.Extents))

    let emit (body: LoopBody) count isBackward (emitter: Emitter) (operands: Operand[]) (target: Operand) =
        let dtype, n = target.Type, body.Length
        let partCount, inputCount = body.State.Length, body.Inputs.Length
        let next = emitter.Work(dtype, n)

        let slot (entries: Place) (t: Tensor) =
            let size = Shape.count t.Shape
            BatchSlot(emitter.Work(dtype, size), entries, size)

        let inputs =
            body.Inputs |> Array.mapi (fun i t -> slot operands[1 + partCount + i].Place t)

        let mutable at = target.Place.Plus n

        let placed rows (t: Tensor) =
            let here = slot at t
            at <- at.Plus(rows * here.Count)
            here

        let outputs = body.Outputs |> Array.map (placed count)
        let sums = body.Sums |> Array.map (placed 1)
        let firstReport = emitter.Reports

        let steps =
            emitter.Body(
                body.Variables,
                Array.concat [
                    stateAt dtype target.Place body.State
                    Array.map2
                        (fun (slot: BatchSlot) (t: Tensor) -> dense slot.One t.Shape dtype)
                        inputs
                        body.Inputs
                    operands[1 + partCount + inputCount ..]
                ],
                body.Results,
                Array.append
                    (stateAt dtype next body.State |> Array.map _.Place)
                    (Array.append outputs sums |> Array.map _.One)
            )

        Steps.Scan(
            dtype,
            count,
            isBackward,
            operands[0].Place,
            n,
            startOf operands[1..partCount],
            target.Place,
            next,
            steps,
            inputs,
            outputs,
            sums,
            firstReport,
            emitter.Reports - firstReport
        )
