namespace Stackelberg

/// Solves of right sides with zeros by selection (see Selection in Tensor.fs).
module internal Selected =

    /// X of A X = B, zero by selection in the columns of which B has no entry but such zeros.
    let columns (solve: Tensor[] -> Tensor) (args: Tensor[]) : Tensor =
        let b = args[1]
        let axis = [| b.Shape.Length - 2 |]

        let any =
            Structure.sum axis (Elementwise.Selection.mask b)
            |> Structure.reshape (Shape.flattened axis b.Shape)

        Elementwise.Selection.keep any (solve args)

    /// The same for a right side that is one vector, of any shape.
    let whole (solve: Tensor[] -> Tensor) (args: Tensor[]) : Tensor =
        let any = Structure.sumAll (Elementwise.Selection.mask args[0])
        Elementwise.Selection.keep any (solve args)
