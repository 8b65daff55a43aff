namespace Stackelberg

open Stackelberg.Kernels

/// The three bilinear maps of a convolution, which are each other's transposes: derivatives of any order need nothing
/// else. Images are [n; h; w; c], weights [kh; kw; c; k].
module internal Convolution =

    let private attributes (kind: ConvolutionKind) (g: ConvolutionGeometry) = [|
        int kind
        g.Height
        g.Width
        g.KernelHeight
        g.KernelWidth
        g.StrideY
        g.StrideX
        g.PaddingY
        g.PaddingX
    |]

    let private shapeX (g: ConvolutionGeometry) = [| g.Batch; g.Height; g.Width; g.Channels |]

    let private shapeW (g: ConvolutionGeometry) = [| g.KernelHeight; g.KernelWidth; g.Channels; g.Filters |]

    let private shapeY (g: ConvolutionGeometry) = [| g.Batch; g.OutputHeight; g.OutputWidth; g.Filters |]

    let rec private map (g: ConvolutionGeometry) (kind: ConvolutionKind) (a: Tensor) (b: Tensor) : Tensor =
        let shape =
            match kind with
            | ConvolutionKind.Forward -> shapeY g
            | ConvolutionKind.DataGradient -> shapeX g
            | _ -> shapeW g

        let transpose i (args: Tensor[]) ct =
            match kind, i with
            | ConvolutionKind.Forward, 0 -> map g ConvolutionKind.DataGradient ct args[1]
            | ConvolutionKind.Forward, _ -> map g ConvolutionKind.WeightGradient args[0] ct
            | ConvolutionKind.DataGradient, 0 -> map g ConvolutionKind.Forward ct args[1]
            | ConvolutionKind.DataGradient, _ -> map g ConvolutionKind.WeightGradient ct args[0]
            | _, 0 -> map g ConvolutionKind.DataGradient args[1] ct
            | _ -> map g ConvolutionKind.Forward args[0] ct

        let emit _ (operands: Operand[]) (target: Operand) =
            Steps.Convolve(target.Type, kind, g, operands[0].Place, operands[1].Place, target.Place)

        // Batches of images against one set of weights are more images; anything else is done entry by entry.
        let batch (op: Op) (args: Tensor[]) =
            match kind, Batched.shared args[1] with
            | ConvolutionKind.WeightGradient, _
            | _, null -> Batched.unrolled op args
            | _, weights ->
                let more =
                    ConvolutionGeometry(
                        g.Batch * args[0].Shape[0],
                        g.Height,
                        g.Width,
                        g.Channels,
                        g.KernelHeight,
                        g.KernelWidth,
                        g.Filters,
                        g.StrideY,
                        g.StrideX,
                        g.PaddingY,
                        g.PaddingX
                    )

                Batched.merged (fun images -> map more kind images weights) args[0]

        Expression.apply
            {
                Name = "convolution"
                Attributes = attributes kind g
                Template = null
                Kind = Bilinear transpose
                Infer = fun args -> struct (args[0].DType, shape)
                Simplify = fun _ -> null
                Kernel = Loop(false, emit)
                Batch = batch
            }
            [| a; b |]

    /// Whether the one window of an image is the image: then each map is a product of matrices.
    let private isWhole (g: ConvolutionGeometry) =
        g.PaddingY = 0
        && g.PaddingX = 0
        && g.Height = g.KernelHeight
        && g.Width = g.KernelWidth

    let private sameType func (w: Tensor) (x: Tensor) =
        if w.DType <> x.DType then
            Shape.wrong func $"the weights are {w.DType}, the images {x.DType}; convert one with Tensor.cast."

    let private needSizes func stride padding =
        if stride < 1 || padding < 0 then
            Shape.wrong
                func
                $"stride is {stride} and padding {padding}, but stride must be at least 1 and padding at least 0."

    /// x [n; h; w; c], w [kh; kw; c; k].
    let forward stride padding (w: Tensor) (x: Tensor) =
        let func = "Layer.conv2d"
        needSizes func stride padding
        sameType func w x

        if w.Shape.Length <> 4 || x.Shape.Length <> 4 || w.Shape[2] <> x.Shape[3] then
            Shape.wrong
                func
                $"the weights have shape {Shape.show w.Shape} and the images {Shape.show x.Shape}, but [kh; kw; c; k] and [n; h; w; c] with the same c are needed."

        let g =
            ConvolutionGeometry(
                x.Shape[0],
                x.Shape[1],
                x.Shape[2],
                x.Shape[3],
                w.Shape[0],
                w.Shape[1],
                w.Shape[3],
                stride,
                stride,
                padding,
                padding
            )

        if Array.exists ((=) 0) w.Shape || g.OutputHeight = 0 || g.OutputWidth = 0 then
            Shape.wrong
                func
                $"the weights have shape {Shape.show w.Shape} and the images {Shape.show x.Shape}: with padding {padding} no window of the weights fits into the images."

        if isWhole g then
            let rows = g.Height * g.Width * g.Channels

            MatMul.matmul
                (Structure.reshape [| g.Batch; rows |] x)
                (Structure.reshape [| rows; g.Filters |] w)
            |> Structure.reshape (shapeY g)
        else
            map g ConvolutionKind.Forward x w

    /// y [n; h; w; k], w [kh; kw; c; k].
    let transposed stride padding outputPadding (w: Tensor) (y: Tensor) =
        let func = "Layer.convTranspose2d"
        needSizes func stride padding
        sameType func w y

        if w.Shape.Length <> 4 || y.Shape.Length <> 4 || w.Shape[3] <> y.Shape[3] then
            Shape.wrong
                func
                $"the weights have shape {Shape.show w.Shape} and the images {Shape.show y.Shape}, but [kh; kw; c; k] and [n; h; w; k] with the same k are needed."

        if outputPadding < 0 || outputPadding >= stride then
            Shape.wrong
                func
                $"outputPadding is {outputPadding}, but must be 0 or more and less than the stride, {stride}."

        let extent axis =
            (y.Shape[axis] - 1) * stride - 2 * padding + w.Shape[axis - 1] + outputPadding

        if
            Array.exists ((=) 0) w.Shape
            || y.Shape[1] < 1
            || y.Shape[2] < 1
            || extent 1 < 1
            || extent 2 < 1
        then
            Shape.wrong
                func
                $"the weights have shape {Shape.show w.Shape} and the images {Shape.show y.Shape}: with stride {stride}, padding {padding} and outputPadding {outputPadding} the result would be empty."

        let g =
            ConvolutionGeometry(
                y.Shape[0],
                extent 1,
                extent 2,
                w.Shape[2],
                w.Shape[0],
                w.Shape[1],
                w.Shape[3],
                stride,
                stride,
                padding,
                padding
            )

        if isWhole g then
            let columns = g.Height * g.Width * g.Channels

            MatMul.matmul
                (Structure.reshape [| g.Batch; g.Filters |] y)
                (Permute.transpose (Structure.reshape [| columns; g.Filters |] w))
            |> Structure.reshape (shapeX g)
        else
            map g ConvolutionKind.DataGradient y w
