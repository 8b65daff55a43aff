namespace Stackelberg

open Stackelberg.Kernels

/// A range along one axis, and its transpose: the range inside zeros.
module internal Slice =

    let rec slice axis start length (t: Tensor) : Tensor =
        let extent = t.Shape[axis]

        if start < 0 || length < 0 || start + length > extent then
            Shape.wrong
                "Tensor.slice"
                $"entries {start} to {start + length - 1} along axis {axis} were asked for, but shape {Shape.show t.Shape} has entries 0 to {extent - 1} there."

        if start = 0 && length = extent then
            t
        else
            let shape = Array.updateAt axis length t.Shape

            let view _ (operand: Operand) =
                ValueSome {
                    operand with
                        Extents = shape
                        Place = operand.Place.Plus(start * operand.Strides[axis])
                }

            /// The part of a concatenation that holds the whole range.
            let part (parts: Tensor[]) =
                let starts = parts |> Array.scan (fun at part -> at + part.Shape[axis]) 0

                parts
                |> Array.indexed
                |> Array.tryFind (fun (i, part) ->
                    starts[i] <= start && start + length <= starts[i] + part.Shape[axis])
                |> Option.map (fun (i, part) -> slice axis (start - starts[i]) length part)
                |> Option.toObj

            let simplify =
                LinearOp.moves shape (fun t ->
                    if t.IsSymbolic && t.Op.Name = "concat" && t.Op.Attributes[0] = axis then
                        part t.Args
                    elif t.IsSymbolic && t.Op.Name = "slice" && t.Op.Attributes[0] = axis then
                        slice axis (start + t.Op.Attributes[1]) length t.Args[0]
                    else
                        null)

            let transpose (t: Tensor) ct =
                pad axis start (t.Shape[axis] - start - length) ct

            LinearOp.apply
                "slice"
                [| axis; start; length |]
                shape
                transpose
                simplify
                (View view)
                (slice (axis + 1) start length)
                t

    /// Zeros before and after along one axis.
    and pad axis before after (t: Tensor) : Tensor =
        if before = 0 && after = 0 then
            t
        else
            let length = t.Shape[axis]
            let shape = Array.updateAt axis (before + length + after) t.Shape

            let emit _ (operands: Operand[]) (target: Operand) =
                let from = operands[0]
                let inside = target.Place.Plus(before * target.Strides[axis])

                Steps.Sequence(
                    target.Type,
                    [|
                        Steps.Fill(target.Type, 0.0, target.Place, Shape.count shape)
                        Steps.Copy(
                            target.Type,
                            from.Extents,
                            from.Place,
                            from.Strides,
                            inside,
                            target.Strides
                        )
                    |]
                )

            LinearOp.apply
                "pad"
                [| axis; before; after |]
                shape
                (fun _ ct -> slice axis before length ct)
                (fun _ -> null)
                (Loop(true, emit))
                (pad (axis + 1) before after)
                t
