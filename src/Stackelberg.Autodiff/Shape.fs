namespace Stackelberg

open System

/// Shapes are int arrays, row-major; [] is a scalar. Every shape error of the engine is worded here.
module internal Shape =

    let scalar: int[] = [||]

    let count (shape: int[]) =
        let mutable product = 1

        for extent in shape do
            product <- Checked.(*) product extent

        product

    let same (a: int[]) (b: int[]) = a.AsSpan().SequenceEqual(b.AsSpan())

    let show (shape: int[]) = "[" + String.Join("; ", shape) + "]"

    /// Row-major strides in elements; never 0, not even beside an extent of 0.
    let strides (shape: int[]) =
        let result = Array.zeroCreate shape.Length
        let mutable step = 1

        for axis in shape.Length - 1 .. -1 .. 0 do
            result[axis] <- step
            step <- step * max 1 shape[axis]

        result

    /// Whether strides walk a row-major block without gaps; axes of extent 1 may have any stride.
    let isContiguous (shape: int[]) (strides: int[]) =
        let mutable step = 1
        let mutable ok = true

        for axis in shape.Length - 1 .. -1 .. 0 do
            if shape[axis] <> 1 then
                ok <- ok && strides[axis] = step
                step <- step * shape[axis]

        ok || count shape = 0

    /// How a block reads its source through strides, entry i being ((i / stretch) mod period) · gap, 0 for no period;
    /// none if strides say anything else. Zero strides may stand before and after strides of one even spacing.
    let spread (shape: int[]) (strides: int[]) : struct (int * int * int) voption =
        let mutable stretch, inner, outer, gap = 1, 1, 1, 1
        let mutable ok = true

        for axis in shape.Length - 1 .. -1 .. 0 do
            let extent, stride = shape[axis], strides[axis]

            if extent <> 1 then
                if stride = 0 then
                    if inner = 1 then
                        stretch <- stretch * extent
                    else
                        outer <- outer * extent
                elif inner = 1 then
                    gap <- stride
                    inner <- extent
                elif outer = 1 && stride = gap * inner then
                    inner <- inner * extent
                else
                    ok <- false

        if not ok then
            ValueNone
        elif inner = 1 then
            ValueSome(struct (1, 1, 1))
        else
            ValueSome(struct (stretch, (if outer = 1 then 0 else inner), gap))

    let wrong func message =
        raise (ArgumentException(invariant $"{func}: {message}"))

    /// The shape that both broadcast to, by NumPy's rule.
    let broadcast func (a: int[]) (b: int[]) =
        let rank = max a.Length b.Length

        let extent (shape: int[]) axis =
            if axis < rank - shape.Length then
                1
            else
                shape[axis - rank + shape.Length]

        Array.init rank (fun axis ->
            match extent a axis, extent b axis with
            | m, n when m = n -> m
            | 1, n -> n
            | m, 1 -> m
            | _ ->
                wrong
                    func
                    (invariant
                        $"shapes {show a} and {show b} do not fit together: counted from the last axis, extents must be equal or 1; Tensor.reshape changes a shape."))

    /// A given axis as a number from 0, counting from the end when negative.
    let axis func rank (axis: int) =
        let found = if axis < 0 then axis + rank else axis

        if rank = 0 then
            wrong func (invariant $"axis {axis} does not exist in a scalar, which has no axes.")

        if found < 0 || found >= rank then
            wrong
                func
                (invariant
                    $"axis {axis} does not exist in a tensor of rank {rank}; give one from {-rank} to {rank - 1}.")

        found

    /// The entries of a list by axis that belong to the axes.
    let only (axes: int[]) (values: int[]) = [|
        for axis in 0 .. values.Length - 1 do
            if Array.contains axis axes then
                values[axis]
    |]

    /// The entries of a list by axis that do not belong to the axes.
    let without (axes: int[]) (values: int[]) = [|
        for axis in 0 .. values.Length - 1 do
            if not (Array.contains axis axes) then
                values[axis]
    |]

    /// The shape with the axes kept at extent 1.
    let flattened (axes: int[]) (shape: int[]) =
        shape
        |> Array.mapi (fun axis extent -> if Array.contains axis axes then 1 else extent)
