namespace Stackelberg

open Stackelberg.Kernels

/// A range along one axis, and its transpose: the range inside zeros.
module internal Slice =

    let private isAround axis (t: Tensor) =
        t.IsSymbolic
        && t.Op.Name = "pad"
        && t.Op.Template :? Spreads
        && t.Op.Attributes[0] = axis

    let rec slice axis start length (t: Tensor) : Tensor =
        let extent = t.Shape[axis]

        if start < 0 || length < 0 || start + length > extent then
            Shape.wrong
                "Tensor.slice"
                (invariant
                    $"entries {start} to {start + length - 1} along axis {axis} were asked for, but shape {Shape.show t.Shape} has entries 0 to {extent - 1} there.")

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
                    elif isAround axis t then
                        inside axis start length t
                    else
                        null)

            let transpose (t: Tensor) ct =
                around axis start (t.Shape[axis] - start - length) ct

            LinearOp.apply
                "slice"
                [| axis; start; length |]
                shape
                transpose
                simplify
                (View view)
                (slice (axis + 1) start length)
                t

    /// A range of an argument inside zeros: zeros, and what of the argument lies in the range.
    and private inside axis start length (padded: Tensor) : Tensor =
        let t, before = padded.Args[0], padded.Op.Attributes[1]
        let first = max start before
        let last = min (start + length) (before + t.Shape[axis])

        if first >= last then
            Expression.zeros t.DType (Array.updateAt axis length t.Shape)
        else
            around axis (first - start) (start + length - last) (slice axis (first - before) (last - first) t)

    /// An argument inside zeros that differentiation made: what the slice left out.
    and around axis before after (t: Tensor) : Tensor =
        if before = 0 && after = 0 then
            t
        else
            let length = t.Shape[axis]

            LinearOp.spread
                "pad"
                [| axis; before; after |]
                (padded axis before after t)
                (fun _ ct -> slice axis before length ct)
                (Loop(true, emitPad axis before))
                (around (axis + 1) before after)
                t

    and private padded axis before after (t: Tensor) =
        Array.updateAt axis (before + t.Shape[axis] + after) t.Shape

    and private emitPad axis before _ (operands: Operand[]) (target: Operand) : Step =
        let from = operands[0]
        let inside = target.Place.Plus(before * target.Strides[axis])

        Steps.Sequence(
            target.Type,
            [|
                Steps.Fill(target.Type, 0.0, target.Place, Shape.count target.Extents)
                Steps.Copy(target.Type, from.Extents, from.Place, from.Strides, inside, target.Strides)
            |]
        )

    /// Zeros of the user's before and after along one axis: NaN where they meet a NaN, but of derivative zero.
    let rec pad axis before after (t: Tensor) : Tensor =
        if before = 0 && after = 0 then
            t
        else
            let forward _ _ _ (tangents: Tensor[]) = around axis before after tangents[0]

            let reverse _ (args: Tensor[]) _ ct _ = [| slice axis before args[0].Shape[axis] ct |]

            Expression.apply
                {
                    Name = "pad"
                    Attributes = [| axis; before; after |]
                    Template = null
                    Kind = Implicit(forward, reverse)
                    Infer = fun args -> struct (args[0].DType, padded axis before after args[0])
                    Simplify =
                        fun args ->
                            if args[0].IsStructuralZero then
                                Expression.zeros args[0].DType (padded axis before after args[0])
                            else
                                null
                    Kernel = Loop(true, emitPad axis before)
                    Batch = fun _ args -> pad (axis + 1) before after args[0]
                }
                [| t |]
