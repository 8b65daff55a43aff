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

    /// As g, for other images, channels and filters.
    let private withSizes batch channels filters (g: ConvolutionGeometry) =
        ConvolutionGeometry(
            batch,
            g.Height,
            g.Width,
            channels,
            g.KernelHeight,
            g.KernelWidth,
            filters,
            g.StrideY,
            g.StrideX,
            g.PaddingY,
            g.PaddingX
        )

    let private shapeOf (g: ConvolutionGeometry) kind =
        match kind with
        | ConvolutionKind.Forward -> shapeY g
        | ConvolutionKind.DataGradient -> shapeX g
        | _ -> shapeW g

    let rec private map (g: ConvolutionGeometry) (kind: ConvolutionKind) (a: Tensor) (b: Tensor) : Tensor =
        let maskOf (t: Tensor) =
            if t.LeavesOut then Elementwise.Selection.mask t else null

        let transpose i (args: Tensor[]) ct =
            transposeOf g kind i args[0] null args[1] null ct

        let emit _ (operands: Operand[]) (target: Operand) =
            Steps.Convolve(target.Type, kind, g, operands[0].Place, operands[1].Place, target.Place)

        // Batches of images against one set of weights are more images; anything else is done entry by entry.
        let batch (op: Op) (args: Tensor[]) =
            match kind, Batched.shared args[1] with
            | ConvolutionKind.WeightGradient, _
            | _, null -> Batched.unrolled op args
            | _, weights ->
                let more = withSizes (g.Batch * args[0].Shape[0]) g.Channels g.Filters g
                Batched.merged (fun images -> map more kind images weights) args[0]

        Expression.apply
            {
                Name = "convolution"
                Attributes = attributes kind g
                Template = masking g kind
                Kind = Bilinear transpose
                Infer = fun args -> struct (args[0].DType, shapeOf g kind)
                Simplify =
                    fun args ->
                        if args[0].LeavesOut || args[1].LeavesOut then
                            ofChosen g kind args[0] (maskOf args[0]) args[1] (maskOf args[1])
                        else
                            null
                Kernel = Loop(false, emit)
                Batch = batch
            }
            [| a; b |]

    /// The cotangent of argument i, of arguments with masks or null.
    and private transposeOf g kind i a aMask b bMask (ct: Tensor) : Tensor =
        let own = if ct.LeavesOut then Elementwise.Selection.mask ct else null

        let to', found =
            match kind, i with
            | ConvolutionKind.Forward, 0 -> ConvolutionKind.DataGradient, (ct, own, b, bMask)
            | ConvolutionKind.Forward, _ -> ConvolutionKind.WeightGradient, (a, aMask, ct, own)
            | ConvolutionKind.DataGradient, 0 -> ConvolutionKind.Forward, (ct, own, b, bMask)
            | ConvolutionKind.DataGradient, _ -> ConvolutionKind.WeightGradient, (ct, own, a, aMask)
            | _, 0 -> ConvolutionKind.DataGradient, (b, bMask, ct, own)
            | _ -> ConvolutionKind.Forward, (a, aMask, ct, own)

        let found =
            let x, xMask, y, yMask = found
            Coverage.keep g to' (ofChosen g to' x xMask y yMask)

        match (if i = 0 then aMask else bMask) with
        | null -> found
        | mask -> Elementwise.Selection.keep mask found

    /// The map where zeros by selection meet infinities and NaN, with masks of the arguments that have such zeros (null
    /// for the others). The masks never move.
    and private ofChosen g kind (a: Tensor) (aMask: Tensor) (b: Tensor) (bMask: Tensor) : Tensor =
        let hasA, hasB = not (isNull aMask), not (isNull bMask)

        let transpose i (args: Tensor[]) ct =
            let aMask = if hasA then args[2] else null
            let bMask = if hasB then args[args.Length - 1] else null

            if i < 2 then
                transposeOf g kind i args[0] aMask args[1] bMask ct
            else
                null

        let emit _ (operands: Operand[]) (target: Operand) =
            let a, b = operands[0].Place, operands[1].Place

            let mask has at =
                if has then
                    System.Nullable operands[at].Place
                else
                    System.Nullable()

            Steps.Sequence(
                target.Type,
                [|
                    Steps.Convolve(target.Type, kind, g, a, b, target.Place)
                    Steps.ConvolutionOfChosen(
                        target.Type,
                        kind,
                        g,
                        a,
                        b,
                        mask hasA 2,
                        mask hasB (operands.Length - 1),
                        target.Place
                    )
                |]
            )

        if not (hasA || hasB) then
            map g kind a b
        else
            Expression.apply
                {
                    Name = "convolutionOfChosen"
                    Attributes = [|
                        yield! attributes kind g
                        if hasA then 1 else 0
                        if hasB then 1 else 0
                    |]
                    Template = masking g kind
                    Kind = Bilinear transpose
                    Infer = fun args -> struct (args[0].DType, shapeOf g kind)
                    Simplify = fun _ -> null
                    Kernel = Loop(false, emit)
                    Batch = Batched.unrolled
                }
                (Array.filter (isNull >> not) [| a; b; aMask; bMask |])

    /// 1 where a chosen entry has part in the result: where the same map of ones and zeros is not 0. Of an argument without
    /// zeros by selection one channel and one image are enough.
    and private masking (g: ConvolutionGeometry) kind =
        Masking(fun args ->
            let summed axes (t: Tensor) =
                Structure.reshape (Shape.flattened axes t.Shape) (Structure.sum axes t)

            let mask i = Elementwise.Selection.mask args[i]

            let ones shape =
                Expression.constant args[0].DType shape 1.0

            let windows = [| g.KernelHeight; g.KernelWidth; 1; 1 |]
            let images n = [| n; g.Height; g.Width; 1 |]
            let results n = [| n; g.OutputHeight; g.OutputWidth; 1 |]

            let found =
                match args[0].LeavesOut, args[1].LeavesOut, kind with
                | true, true, _ -> map g kind (mask 0) (mask 1)
                | true, _, ConvolutionKind.WeightGradient ->
                    map (withSizes g.Batch g.Channels 1 g) kind (mask 0) (ones (results g.Batch))
                | true, _, _ -> map (withSizes g.Batch 1 1 g) kind (summed [| 3 |] (mask 0)) (ones windows)
                | _, _, ConvolutionKind.Forward ->
                    map (withSizes 1 1 g.Filters g) kind (ones (images 1)) (summed [| 2 |] (mask 1))
                | _, _, ConvolutionKind.DataGradient ->
                    map (withSizes 1 g.Channels 1 g) kind (ones (results 1)) (summed [| 3 |] (mask 1))
                | _ -> map (withSizes g.Batch 1 g.Filters g) kind (ones (images g.Batch)) (mask 1)

            Elementwise.notEqual found (Elementwise.number found 0.0)
            |> Structure.broadcastTo (shapeOf g kind))

    /// Whether the one window of an image is the image: then each map is a product of matrices.
    let private isWhole (g: ConvolutionGeometry) =
        g.PaddingY = 0
        && g.PaddingX = 0
        && g.Height = g.KernelHeight
        && g.Width = g.KernelWidth

    let private sameType func (w: Tensor) (x: Tensor) =
        if w.DType <> x.DType then
            Shape.wrong
                func
                (invariant $"the weights are {w.DType}, the images {x.DType}; convert one with Tensor.cast.")

    let private needSizes func stride padding =
        if stride < 1 || padding < 0 then
            Shape.wrong
                func
                (invariant
                    $"stride is {stride} and padding {padding}, but stride must be at least 1 and padding at least 0.")

    /// x [n; h; w; c], w [kh; kw; c; k].
    let forward stride padding (w: Tensor) (x: Tensor) =
        let func = "Layer.conv2d"
        needSizes func stride padding
        sameType func w x

        if w.Shape.Length <> 4 || x.Shape.Length <> 4 || w.Shape[2] <> x.Shape[3] then
            Shape.wrong
                func
                (invariant
                    $"the weights have shape {Shape.show w.Shape} and the images {Shape.show x.Shape}, but [kh; kw; c; k] and [n; h; w; c] with the same c are needed.")

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
                (invariant
                    $"the weights have shape {Shape.show w.Shape} and the images {Shape.show x.Shape}: with padding {padding} no window of the weights fits into the images.")

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
                (invariant
                    $"the weights have shape {Shape.show w.Shape} and the images {Shape.show y.Shape}, but [kh; kw; c; k] and [n; h; w; k] with the same k are needed.")

        if outputPadding < 0 || outputPadding >= stride then
            Shape.wrong
                func
                (invariant
                    $"outputPadding is {outputPadding}, but must be 0 or more and less than the stride, {stride}.")

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
                (invariant
                    $"the weights have shape {Shape.show w.Shape} and the images {Shape.show y.Shape}: with stride {stride}, padding {padding} and outputPadding {outputPadding} the result would be empty.")

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
