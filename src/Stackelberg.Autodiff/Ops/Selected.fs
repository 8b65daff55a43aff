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

    /// The same for right sides that are one vector each, of any shape, after so many axes of the batch.
    let whole batchAxes (solve: Tensor[] -> Tensor) (args: Tensor[]) : Tensor =
        let b = args[0]
        let axes = [| batchAxes .. b.Shape.Length - 1 |]

        let any =
            Structure.sum axes (Elementwise.Selection.mask b)
            |> Structure.reshape (Shape.flattened axes b.Shape)

        Elementwise.Selection.keep any (solve args)
