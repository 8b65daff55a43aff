namespace Stackelberg

open Stackelberg.Kernels

/// Largest and smallest entries over axes. The derivative goes to the entries that attain the extremum, shared equally.
module internal Extremum =

    let rec private extremum name reduction (axes: int[]) (t: Tensor) =
        /// Each entry's share of the derivative: equal for all that attain the extremum, 0 for the others, NaN where the
        /// extremum is NaN, which nothing attains.
        let share (t: Tensor) extremum =
            let kept = Shape.flattened axes t.Shape
            let attains = Elementwise.equal t (Structure.reshape kept extremum)
            attains / Structure.reshape kept (Structure.sum axes attains)

        let chosen share (moved: Tensor) =
            Elementwise.Selection.keep share (moved * share)

        let forward _ (args: Tensor[]) extremum (tangents: Tensor[]) : Tensor =
            Structure.sum axes (chosen (share args[0] extremum) tangents[0])

        let reverse _ (args: Tensor[]) extremum (ct: Tensor) _ : Tensor[] = [|
            Structure.reshape (Shape.flattened axes args[0].Shape) ct
            |> Structure.broadcastTo args[0].Shape
            |> chosen (share args[0] extremum)
        |]

        Expression.apply
            {
                Name = name
                Attributes = axes
                Template = null
                Kind = Implicit(forward, reverse)
                Infer = fun args -> struct (args[0].DType, Shape.without axes args[0].Shape)
                Simplify = fun args -> if axes.Length = 0 then args[0] else null
                Kernel = Structure.reduction reduction axes
                Batch = fun _ args -> extremum name reduction (Array.map ((+) 1) axes) args[0]
            }
            [| t |]

    let private ofEntries name reduction (axes: int[]) (t: Tensor) =
        for axis in axes do
            if t.Shape[axis] = 0 then
                Shape.wrong
                    (invariant $"Tensor.{name}")
                    (invariant
                        $"axis {axis} of shape {Shape.show t.Shape} has no entries, so there is no {name}.")

        extremum name reduction axes t

    let maximum axes t = ofEntries "max" Reduction.Max axes t
    let minimum axes t = ofEntries "min" Reduction.Min axes t

    /// The maximum with the axes kept at extent 1, of derivative zero: what softmax subtracts. −∞ for no entries.
    let keptMaximum (axes: int[]) (t: Tensor) =
        extremum "max" Reduction.Max axes t
        |> StopGradient.stopGradient
        |> Structure.reshape (Shape.flattened axes t.Shape)
