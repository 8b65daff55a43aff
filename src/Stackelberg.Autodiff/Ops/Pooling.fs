namespace Stackelberg

open Stackelberg.Kernels

/// Sums and largest entries over windows of images [n; h; w; c], each channel by itself.
module internal Pooling =

    let private attributes (g: PoolGeometry) = [|
        g.Height
        g.Width
        g.WindowHeight
        g.WindowWidth
        g.StrideY
        g.StrideX
        g.PaddingY
        g.PaddingX
    |]

    let private whole (g: PoolGeometry) = [| g.Batch; g.Height; g.Width; g.Channels |]

    let private pooled (g: PoolGeometry) = [| g.Batch; g.OutputHeight; g.OutputWidth; g.Channels |]

    /// The same windows for as many images as a batch of such arguments holds.
    let private more (g: PoolGeometry) (t: Tensor) =
        PoolGeometry(
            g.Batch * t.Shape[0],
            g.Height,
            g.Width,
            g.Channels,
            g.WindowHeight,
            g.WindowWidth,
            g.StrideY,
            g.StrideX,
            g.PaddingY,
            g.PaddingX
        )

    let rec private sumWindows (g: PoolGeometry) (x: Tensor) : Tensor =
        let emit _ (operands: Operand[]) (target: Operand) =
            Steps.SumWindows(target.Type, g, operands[0].Place, target.Place)

        LinearOp.apply
            "sumWindows"
            (attributes g)
            (pooled g)
            (fun _ ct -> uncovered g (spreadWindows g ct))
            (fun _ -> null)
            (Loop(false, emit))
            (fun x -> Batched.merged (sumWindows (more g x)) x)
            x

    and private spreadWindows (g: PoolGeometry) (y: Tensor) : Tensor =
        let emit _ (operands: Operand[]) (target: Operand) =
            Steps.SpreadWindows(target.Type, g, operands[0].Place, target.Place)

        LinearOp.apply
            "spreadWindows"
            (attributes g)
            (whole g)
            (fun _ ct -> sumWindows g ct)
            (fun _ -> null)
            (Loop(false, emit))
            (fun y -> Batched.merged (spreadWindows (more g y)) y)
            y

    /// Zero by selection in the pixels that lie in no window.
    and private uncovered (g: PoolGeometry) (t: Tensor) : Tensor =
        let covers extent window stride padding =
            stride <= window && (extent + 2 * padding - window) % stride <= padding

        if
            covers g.Height g.WindowHeight g.StrideY g.PaddingY
            && covers g.Width g.WindowWidth g.StrideX g.PaddingX
        then
            t
        else
            Elementwise.Selection.keep (spreadWindows g (Expression.constant t.DType (pooled g) 1.0)) t

    let private op name g template shape kind emit batch : Op = {
        Name = name
        Attributes = attributes g
        Template = template
        Kind = kind
        Infer = fun args -> struct (args[0].DType, shape)
        Simplify = fun _ -> null
        Kernel = Loop(false, emit)
        Batch = fun _ args -> batch args
    }

    /// Where the largest entries stand in their windows; of derivative zero.
    let rec private argMax (g: PoolGeometry) (x: Tensor) : Tensor =
        let emit _ (operands: Operand[]) (target: Operand) =
            Steps.ArgMaxWindows(target.Type, g, operands[0].Place, target.Place)

        let batch (args: Tensor[]) =
            Batched.merged (argMax (more g args[0])) args[0]

        Expression.apply (op "argMaxWindows" g null (pooled g) Fixed emit batch) [| x |]

    // Both are linear in their first argument, and their second one, the indices, never moves: the rule of bilinear ops
    // does the right thing for both directions.

    let rec private take (g: PoolGeometry) (x: Tensor) (indices: Tensor) : Tensor =
        let emit _ (operands: Operand[]) (target: Operand) =
            Steps.TakeFromWindows(target.Type, g, operands[0].Place, operands[1].Place, target.Place)

        let transpose i (args: Tensor[]) ct =
            if i = 0 then put g ct args[1] else null

        let batch (args: Tensor[]) =
            Batched.merged2 (take (more g args[0])) args[0] args[1]

        let masking =
            Masking(fun args -> take g (Elementwise.Selection.mask args[0]) args[1])

        Expression.apply (op "takeFromWindows" g masking (pooled g) (Bilinear transpose) emit batch) [|
            x
            indices
        |]

    and private put (g: PoolGeometry) (y: Tensor) (indices: Tensor) : Tensor =
        let emit _ (operands: Operand[]) (target: Operand) =
            Steps.PutIntoWindows(target.Type, g, operands[0].Place, operands[1].Place, target.Place)

        let transpose i (args: Tensor[]) ct =
            if i = 0 then take g ct args[1] else null

        let batch (args: Tensor[]) =
            Batched.merged2 (put (more g args[0])) args[0] args[1]

        Expression.apply (op "putIntoWindows" g Spreads.Template (whole g) (Bilinear transpose) emit batch) [|
            y
            indices
        |]

    let private geometry func window stride padding (x: Tensor) =
        if x.Shape.Length <> 4 then
            Shape.wrong
                func
                (invariant $"the images have shape {Shape.show x.Shape}, but [n; h; w; c] is needed.")

        if window < 1 || stride < 1 || padding < 0 || padding >= window then
            Shape.wrong
                func
                (invariant
                    $"window is {window}, stride {stride} and padding {padding}, but window and stride must be at least 1 and padding between 0 and window - 1.")

        let g =
            PoolGeometry(
                x.Shape[0],
                x.Shape[1],
                x.Shape[2],
                x.Shape[3],
                window,
                window,
                stride,
                stride,
                padding,
                padding
            )

        if g.OutputHeight = 0 || g.OutputWidth = 0 || g.Channels = 0 then
            Shape.wrong
                func
                (invariant
                    $"the images have shape {Shape.show x.Shape}: with padding {padding} no window [{window}; {window}] fits into them.")

        g

    let average window stride padding (x: Tensor) =
        let g = geometry "Layer.averagePool2d" window stride padding x
        sumWindows g x * Elementwise.number x (1.0 / float (window * window))

    let maximum window stride padding (x: Tensor) =
        let g = geometry "Layer.maxPool2d" window stride padding x
        take g x (argMax g x)
