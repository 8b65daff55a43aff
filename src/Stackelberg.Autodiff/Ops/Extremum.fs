namespace Stackelberg

open Stackelberg.Kernels

/// Largest and smallest entries over axes. The derivative goes to the entries that attain the extremum, shared equally.
module internal Extremum =

    let rec private extremum name reduction (axes: int[]) (t: Tensor) =
        let attains (t: Tensor) extremum =
            Elementwise.equal t (Structure.reshape (Shape.flattened axes t.Shape) extremum)

        let chosen attains (moved: Tensor) =
            Elementwise.where attains moved (Expression.zeros moved.DType moved.Shape)

        let forward _ (args: Tensor[]) extremum (tangents: Tensor[]) : Tensor =
            let attains = attains args[0] extremum
            Structure.sum axes (chosen attains tangents[0]) / Structure.sum axes attains

        let reverse _ (args: Tensor[]) extremum (ct: Tensor) _ : Tensor[] =
            let attains = attains args[0] extremum
            let share = ct / Structure.sum axes attains

            [|
                Structure.reshape (Shape.flattened axes args[0].Shape) share
                |> Structure.broadcastTo args[0].Shape
                |> chosen attains
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
                    $"Tensor.{name}"
                    $"axis {axis} of shape {Shape.show t.Shape} has no entries, so there is no {name}."

        extremum name reduction axes t

    let maximum axes t = ofEntries "max" Reduction.Max axes t
    let minimum axes t = ofEntries "min" Reduction.Min axes t

    /// The maximum with the axes kept at extent 1, of derivative zero: what softmax subtracts. −∞ for no entries.
    let keptMaximum (axes: int[]) (t: Tensor) =
        extremum "max" Reduction.Max axes t
        |> StopGradient.stopGradient
        |> Structure.reshape (Shape.flattened axes t.Shape)
