namespace Stackelberg

open Stackelberg.Kernels

/// Largest and smallest entries over axes. The derivative goes to the entries that attain the extremum, shared equally.
module internal Extremum =

    /// The extremum alone, of derivative zero.
    let private value name reduction (axes: int[]) (t: Tensor) =
        let emit _ (operands: Operand[]) (target: Operand) =
            let from = operands[0]
            let chosen = Array.init from.Extents.Length (fun axis -> Array.contains axis axes)

            let pick wanted (values: int[]) =
                Array.zip chosen values |> Array.filter (fst >> (=) wanted) |> Array.map snd

            Steps.Reduce(
                from.Type,
                reduction,
                pick false from.Extents,
                pick false from.Strides,
                pick true from.Extents,
                pick true from.Strides,
                from.Place,
                target.Place
            )

        Expression.apply
            {
                Name = name
                Attributes = axes
                Template = null
                Kind = Fixed
                Infer = fun args -> struct (args[0].DType, Shape.without axes args[0].Shape)
                Simplify = fun _ -> null
                Kernel = Loop(true, emit)
            }
            [| t |]

    /// The extremum with the axes kept at extent 1, of derivative zero: what softmax subtracts.
    let keptMaximum (axes: int[]) (t: Tensor) =
        let kept =
            t.Shape |> Array.mapi (fun axis n -> if Array.contains axis axes then 1 else n)

        Structure.reshape kept (value "max" Reduction.Max axes t)

    let private differentiable name reduction (axes: int[]) (t: Tensor) =
        if axes.Length = 0 then
            t
        else
            for axis in axes do
                if t.Shape[axis] = 0 then
                    Shape.wrong
                        $"Tensor.{name}"
                        $"axis {axis} of shape {Shape.show t.Shape} has no entries, so there is no {name}."

            let extremum = value name reduction axes t

            if not t.IsSymbolic then
                extremum
            else
                let kept =
                    t.Shape |> Array.mapi (fun axis n -> if Array.contains axis axes then 1 else n)

                let attains = Elementwise.equal t (Structure.reshape kept extremum)
                let chosen = Elementwise.where attains t (Expression.zeros t.DType t.Shape)
                Structure.sum axes chosen / Structure.sum axes attains

    let maximum axes t =
        differentiable "max" Reduction.Max axes t

    let minimum axes t =
        differentiable "min" Reduction.Min axes t
