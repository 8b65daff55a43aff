namespace Stackelberg

open Stackelberg.Kernels

/// Which pixels of a convolution's images, places of its windows and pixels of its result meet any other: with gaps between
/// windows, or with windows that lie beside the image, some have part in nothing.
module internal Coverage =

    /// Along one axis: of the image, of the window, of the result.
    let private along extent window stride padding outputs =
        let image, place, output =
            Array.create extent false, Array.create window false, Array.create outputs false

        for o in 0 .. outputs - 1 do
            for k in 0 .. window - 1 do
                let i = o * stride + k - padding

                if i >= 0 && i < extent then
                    image[i] <- true
                    place[k] <- true
                    output[o] <- true

        struct (image, place, output)

    let private ofBoth (like: Tensor) shape (rows: bool[]) (columns: bool[]) : Tensor =
        if Array.forall id rows && Array.forall id columns then
            null
        else
            let entries =
                Array.allPairs rows columns
                |> Array.map (fun (row, column) -> if row && column then 1.0 else 0.0)

            Expression.dense DType.Float64 (shape rows.Length columns.Length) entries 0
            |> Cast.cast like.DType

    /// 1 for what meets another and 0 elsewhere, of extents that broadcast; null where all do.
    let private parts (like: Tensor) (g: ConvolutionGeometry) =
        let struct (rows, placeRows, outputRows) =
            along g.Height g.KernelHeight g.StrideY g.PaddingY g.OutputHeight

        let struct (columns, placeColumns, outputColumns) =
            along g.Width g.KernelWidth g.StrideX g.PaddingX g.OutputWidth

        let pixels h w = [| 1; h; w; 1 |]
        let places h w = [| h; w; 1; 1 |]

        struct (ofBoth like pixels rows columns,
                ofBoth like places placeRows placeColumns,
                ofBoth like pixels outputRows outputColumns)

    /// t where it meets another, zero by selection elsewhere, for t one of the three: what the kind's map makes.
    let keep (g: ConvolutionGeometry) (kind: ConvolutionKind) (t: Tensor) : Tensor =
        let struct (image, place, output) = parts t g

        let mask =
            match kind with
            | ConvolutionKind.Forward -> output
            | ConvolutionKind.DataGradient -> image
            | _ -> place

        if isNull mask then t else Elementwise.Selection.keep mask t
