namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg

/// Convolutions, windows and statistics of images.
module WindowOps =

    let private two op a b : Drawn = ValueSome(struct (op, [| a; b |]))
    let private one op a : Drawn = ValueSome(struct (op, [| a |]))
    let private hasEntries (t: Many) = Operation.count t > 0

    /// The images at each place of a window, None outside.
    let private window (t: Many) stride padding size n i j channel = [|
        for p in 0 .. size - 1 do
            for q in 0 .. size - 1 do
                let y, x = i * stride + p - padding, j * stride + q - padding
                let isInside = y >= 0 && y < t.Shape[1] && x >= 0 && x < t.Shape[2]

                struct (p,
                        q,
                        (if isInside then
                             Some(Many.at t [| n; y; x; channel |])
                         else
                             None))
    |]

    let private extent h size stride padding = (h + 2 * padding - size) / stride + 1

    let private convolve p stride padding (w: Many) (x: Many) =
        let size = w.Shape[0]
        let c = x.Shape[3]

        let shape = [|
            x.Shape[0]
            extent x.Shape[1] size stride padding
            extent x.Shape[2] size stride padding
            w.Shape[3]
        |]

        Many.make shape (fun e ->
            let place = Many.places shape e

            let terms = [|
                for channel in 0 .. c - 1 do
                    for struct (u, v, entry) in
                        window x stride padding size place[0] place[1] place[2] channel do
                        let entry = Option.defaultValue (Jet.zeroOnPath p) entry
                        Jet.multiply p entry (Many.at w [| u; v; channel; place[3] |])
            |]

            if terms.Length = 0 then
                Jet.zeroOnPath p
            else
                Jet.sum p terms)

    let private convolveTransposed p stride padding extra (w: Many) (y: Many) =
        let size, c, k = w.Shape[0], w.Shape[2], w.Shape[3]

        let grown h =
            (h - 1) * stride - 2 * padding + size + extra

        let shape = [| y.Shape[0]; grown y.Shape[1]; grown y.Shape[2]; c |]

        Many.make shape (fun e ->
            let place = Many.places shape e

            let terms = [|
                for i in 0 .. y.Shape[1] - 1 do
                    for j in 0 .. y.Shape[2] - 1 do
                        let u, v = place[1] + padding - i * stride, place[2] + padding - j * stride

                        if u >= 0 && u < size && v >= 0 && v < size then
                            for channel in 0 .. k - 1 do
                                Jet.multiply
                                    p
                                    (Many.at y [| place[0]; i; j; channel |])
                                    (Many.at w [| u; v; place[3]; channel |])
            |]

            if terms.Length = 0 then
                Jet.zeroOnPath p
            else
                Jet.sum p terms)

    let private convolution (d: Draw) : Drawn =
        match d.Pick hasEntries with
        | -1 -> ValueNone
        | a ->
            let b = d.Pick hasEntries
            let size, stride, padding = 1 + d.Next 2, 1 + d.Next 2, d.Next 2
            let channels, outputs = 1 + d.Next 2, 1 + d.Next 2

            let imageOf, imageReference =
                Refill.refill [| 1 + d.Next 2; 2 + d.Next 2; 2; channels |]

            let weightsOf, weightsReference = Refill.refill [| size; size; channels; outputs |]

            if d.Next 2 = 0 then
                two
                    (Operation.two
                        $"conv2d size {size} stride {stride} padding {padding} channels {channels} {outputs}"
                        (fun w x -> Layer.conv2d stride padding (weightsOf w) (imageOf x))
                        (fun p w x -> convolve p stride padding (weightsReference w) (imageReference x)))
                    a
                    b
            else
                let extra = d.Next stride
                let imageOf, imageReference = Refill.refill [| 1; 2; 2; outputs |]
                let padding = if size = 1 || stride = 1 then 0 else padding

                two
                    (Operation.two
                        $"convTranspose2d size {size} stride {stride} padding {padding} extra {extra} channels {channels} {outputs}"
                        (fun w y -> Layer.convTranspose2d stride padding extra (weightsOf w) (imageOf y))
                        (fun p w y ->
                            convolveTransposed p stride padding extra (weightsReference w) (imageReference y)))
                    a
                    b

    let private pool (d: Draw) : Drawn =
        match d.Pick hasEntries with
        | -1 -> ValueNone
        | a ->
            let size, stride = 2, 1 + d.Next 2
            let padding = d.Next 2
            let isMaximum = d.Next 2 = 0
            let imageOf, imageReference = Refill.refill [| 1; 2 + d.Next 2; 2; 1 + d.Next 2 |]

            let reference p (x: Many) =
                let x = imageReference x

                let shape = [|
                    x.Shape[0]
                    extent x.Shape[1] size stride padding
                    extent x.Shape[2] size stride padding
                    x.Shape[3]
                |]

                Many.make shape (fun e ->
                    let place = Many.places shape e

                    let entries = [|
                        for struct (_, _, entry) in
                            window x stride padding size place[0] place[1] place[2] place[3] do
                            Option.toArray entry |> Array.tryHead
                    |]

                    let inside = Array.choose id entries

                    if isMaximum then
                        Group.first p inside
                    else
                        Entry.scaled p (1.0 / float (size * size)) (Jet.sum p inside))

            let name = if isMaximum then "maxPool2d" else "averagePool2d"
            let engine = if isMaximum then Layer.maxPool2d else Layer.averagePool2d

            one
                (Operation.one
                    $"{name} {size} {stride} {padding}"
                    (fun x -> engine size stride padding (imageOf x))
                    reference)
                a

    let private batchNorm (d: Draw) : Drawn =
        match d.Pick(fun t -> t.Shape.Length > 1 && hasEntries t && Operation.count t <= 12) with
        | -1 -> ValueNone
        | a ->
            let reference p (x: Many) =
                let axes = [| 0 .. x.Shape.Length - 2 |]
                let number (_: Jet) value = Jet.constant p value

                let mean =
                    Many.reduce
                        axes
                        (fun terms -> Entry.divide p (Jet.sum p terms) (number terms[0] (float terms.Length)))
                        x

                let deviation = Many.map2 (Jet.subtract p) x mean
                let squares = Many.map (fun e -> Jet.multiply p e e) deviation

                let variance =
                    Many.reduce
                        axes
                        (fun terms -> Entry.divide p (Jet.sum p terms) (number terms[0] (float terms.Length)))
                        squares

                let scale =
                    Many.map
                        (fun e -> Entry.divide p (number e 2.0) (Entry.sqrt p (Jet.add p e (number e 0.125))))
                        variance

                Many.map2 (Jet.multiply p) deviation scale
                |> Many.map (fun e -> Jet.add p e (number e 0.5))

            let engine (x: Tensor) =
                let c = x.Shape[x.Shape.Length - 1]

                let full value =
                    Tensor.cast x.DType (Tensor.full [ c ] value)

                Layer.batchNorm 0.125 (full 2.0) (full 0.5) x

            one (Operation.one "batchNorm" engine reference) a

    let private all = [| convolution; pool; batchNorm |]

    let draw (d: Draw) : Drawn = (d.OneOf all) d
