namespace Stackelberg

open Stackelberg.Kernels

/// Tensors one after the other along an axis.
module internal Concat =

    let private infer axis (parts: Tensor[]) =
        let first = parts[0]

        for part in parts do
            let fits =
                part.Shape.Length = first.Shape.Length
                && Shape.same (Array.removeAt axis part.Shape) (Array.removeAt axis first.Shape)

            if not fits then
                Shape.wrong
                    "Tensor.concat"
                    (invariant
                        $"shapes {Shape.show first.Shape} and {Shape.show part.Shape} differ outside axis {axis}; all other extents must be equal.")

            if part.DType <> first.DType then
                Shape.wrong
                    "Tensor.concat"
                    (invariant
                        $"one part is {first.DType}, another {part.DType}; convert one with Tensor.cast.")

        struct (first.DType,
                Array.updateAt axis (parts |> Array.sumBy (fun part -> part.Shape[axis])) first.Shape)

    let private transpose axis i (parts: Tensor[]) ct =
        let start = parts |> Seq.take i |> Seq.sumBy (fun part -> part.Shape[axis])
        Slice.slice axis start parts[i].Shape[axis] ct

    let private emit axis _ (parts: Operand[]) (target: Operand) =
        let starts =
            parts
            |> Array.scan
                (fun (at: Place) part -> at.Plus(part.Extents[axis] * target.Strides[axis]))
                target.Place

        // A producer may have written straight into its part of the target: nothing is left to copy then.
        let inPlace (part: Operand) start =
            part.Place = start
            && Seq.forall
                (fun axis -> part.Extents[axis] = 1 || part.Strides[axis] = target.Strides[axis])
                (seq { 0 .. part.Extents.Length - 1 })

        let copies =
            Array.zip parts starts[.. parts.Length - 1]
            |> Array.filter (fun (part, start) -> not (inPlace part start))
            |> Array.map (fun (part, start) ->
                Steps.Copy(target.Type, part.Extents, part.Place, part.Strides, start, target.Strides))

        Steps.Sequence(target.Type, copies)

    let rec concat axis (parts: Tensor[]) =
        if parts.Length = 0 then
            Shape.wrong "Tensor.concat" "the list is empty; at least one tensor is needed."

        let axis = Shape.axis "Tensor.concat" parts[0].Shape.Length axis

        let simplify (parts: Tensor[]) : Tensor =
            if parts.Length = 1 then parts[0] else null

        Expression.apply
            {
                Name = "concat"
                Attributes = [| axis |]
                Template = null
                Kind = Linear(transpose axis)
                Infer = infer axis
                Simplify = simplify
                Kernel = Loop(true, emit axis)
                Batch = fun _ parts -> concat (axis + 1) parts
            }
            parts

    /// Tensors of one shape along a new axis.
    let stack axis (parts: Tensor[]) =
        if parts.Length = 0 then
            Shape.wrong "Tensor.stack" "the list is empty; at least one tensor is needed."

        let axis = Shape.axis "Tensor.stack" (parts[0].Shape.Length + 1) axis

        concat
            axis
            (parts
             |> Array.map (fun part -> Structure.reshape (Array.insertAt axis 1 part.Shape) part))
