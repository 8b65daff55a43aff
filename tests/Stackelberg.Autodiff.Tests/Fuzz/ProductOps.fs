namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg
open Stackelberg.Kernels

/// Products, windows, systems of equations, and transforms inside of the function.
module ProductOps =

    let private two op a b : Drawn = ValueSome(struct (op, [| a; b |]))
    let private one op a : Drawn = ValueSome(struct (op, [| a |]))

    let private matmul (d: Draw) : Drawn =
        let a = d.Pick(fun t -> t.Shape.Length > 0 && Operation.count t <= 12)

        if a < 0 then
            ValueNone
        else
            let shape = d.Pool[a].Shape
            let inner = shape[shape.Length - 1]

            let b =
                d.Pick(fun t ->
                    let s = t.Shape
                    let batch (s: int[]) = s[.. s.Length - 3]

                    s.Length > 0
                    && Operation.count t <= 12
                    && s[max 0 (s.Length - 2)] = inner
                    && Many.fits (batch s) (batch shape)
                    && Many.count (Many.broadcastShape (batch s) (batch shape)) <= 4)

            if b < 0 then
                ValueNone
            else
                two
                    (Operation.two "matmul" Tensor.matmul (fun p ->
                        Many.matmul (Jet.zeroOnPath p) (Entry.dot p)))
                    a
                    b

    let private isVector (t: Many) = t.Shape.Length = 1 && t.Shape[0] <= 4

    let private outer (d: Draw) : Drawn =
        match d.Pick isVector with
        | -1 -> ValueNone
        | a ->
            two
                (Operation.two "outer" Tensor.outer (fun p a b ->
                    Many.map2 (Jet.multiply p) (Many.reshape [| a.Shape[0]; 1 |] a) b))
                a
                (d.Pick isVector)

    let private dot (d: Draw) : Drawn =
        match d.Pick(fun t -> t.Shape.Length = 1 && t.Shape[0] > 0) with
        | -1 -> ValueNone
        | a ->
            let n = d.Pool[a].Shape

            two
                (Operation.two "dot" Tensor.dot (fun p a b -> {
                    Shape = [||]
                    Entries = [| Entry.dot p a.Entries b.Entries |]
                }))
                a
                (d.Pick(fun t -> t.Shape = n))

    /// Entries of t, over and over, in a shape of one's own choice.
    let private refill (shape: int[]) =
        let count = Many.count shape

        let indices (n: int) =
            Array.init count (fun k -> (k * 2 + k / 3) % n)

        (fun (t: Tensor) ->
            let flat = Tensor.flatten t
            Tensor.reshape shape (Tensor.gather 0 (indices flat.Shape[0]) flat)),
        (fun (t: Many) -> {
            Shape = shape
            Entries = indices t.Entries.Length |> Array.map (fun i -> t.Entries[i])
        })

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
            let imageOf, imageReference = refill [| 1 + d.Next 2; 2 + d.Next 2; 2; channels |]
            let weightsOf, weightsReference = refill [| size; size; channels; outputs |]

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
                let imageOf, imageReference = refill [| 1; 2; 2; outputs |]
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
            let imageOf, imageReference = refill [| 1; 2 + d.Next 2; 2; 1 + d.Next 2 |]

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
                        Entry.first p inside
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

    // Matrices

    let private toMatrix n shift =
        let squareOf, squareReference = refill [| n; n |]

        (fun (t: Tensor) -> squareOf t + Tensor.cast t.DType (shift * Tensor.eye n)),
        (fun (p: Precision) (t: Many) ->
            let a = Matrices.rows (squareReference t)
            Array2D.mapi (fun i j e -> if i = j then Jet.add p e (Jet.constant p shift) else e) a)

    let private system (d: Draw) : Drawn =
        match d.Pick hasEntries with
        | -1 -> ValueNone
        | a ->
            let n = 1 + d.Next 3
            let shift = d.OneOf [| 0.0; 3.0; 4.0; 5.0 |]
            let matrixOf, matrix = toMatrix n shift
            let columns = 1 + d.Next 2
            let rightOf, rightReference = refill [| n; columns |]
            let b = d.Pick hasEntries
            let right t = Matrices.rows (rightReference t)

            let named name =
                $"{name} {n} shift {Operation.show shift}"

            let solved name engine reference =
                two
                    (Operation.two (named name) (fun a b -> engine (matrixOf a) (rightOf b)) (fun p a b ->
                        Matrices.ofRows (reference p (matrix p a) (right b))))
                    a
                    b

            let scalar name (engine: Tensor -> Tensor) reference =
                one
                    (Operation.one (named name) (fun a -> engine (matrixOf a)) (fun p a -> {
                        Shape = [||]
                        Entries = [| reference p (matrix p a) |]
                    }))
                    a

            let square name (engine: Tensor -> Tensor) reference =
                one
                    (Operation.one (named name) (fun a -> engine (matrixOf a)) (fun p a ->
                        Matrices.ofRows (reference p (matrix p a))))
                    a

            let logOfDiagonal p (l: Jet[,]) =
                Jet.sum p (Array.init n (fun i -> Entry.scaled p 2.0 (Entry.log p l[i, i])))

            let twice p (a: Jet[,]) b =
                let l = Matrices.cholesky p a
                let y = Matrices.triangular p true l b
                Matrices.triangular p false (Array2D.init n n (fun i j -> l[j, i])) y

            let dense = {
                Method = LinearMethod.Dense
                Tolerance = 1e-12
                MaxIterations = 100
                WarmStart = false
            }

            match d.Next 10 with
            | 0
            | 1 -> solved "solve" Tensor.solve Matrices.solve
            | 2 -> square "inverse" Tensor.inverse Matrices.inverse
            | 3 -> scalar "logDeterminant" Tensor.logDeterminant Matrices.logDeterminant
            | 4 ->
                solved "triangularSolve lower" (Tensor.triangularSolve Triangle.Lower) (fun p a b ->
                    Matrices.triangular p true a b)
            | 5 ->
                solved
                    "triangularSolve upperTransposed"
                    (Tensor.triangularSolve Triangle.UpperTransposed)
                    (fun p a b -> Matrices.triangular p true (Array2D.init n n (fun i j -> a[j, i])) b)
            | 6 -> square "cholesky" PositiveDefinite.cholesky Matrices.cholesky
            | 7 -> solved "positive definite solve" PositiveDefinite.solve twice
            | 8 ->
                scalar "positive definite logDeterminant" PositiveDefinite.logDeterminant (fun p a ->
                    logOfDiagonal p (Matrices.cholesky p a))
            | _ ->
                solved
                    "dense linear solve"
                    (fun a b -> LinearSolve.solve dense (fun v -> Tensor.matmul a v) b)
                    Matrices.solve

    // Transforms inside

    let private cube p x = Jet.multiply p x (Jet.multiply p x x)

    let private inner: Operation[] = [|
        Operation.each "inner grad" (fun a -> Diff.grad (fun z -> Tensor.sum (sin z * a)) a) (fun p x ->
            Jet.multiply p (Entry.cos p x) x)
        Operation.each
            "inner hessianv"
            (fun a -> Diff.hessianv (fun z -> Tensor.sum (z * z * z * a)) a a)
            (fun p x -> Entry.scaled p 6.0 (cube p x))
        Operation.each "inner vjp" (fun a -> (snd (Diff.vjp tanh a)) a) (fun p x ->
            let t = Entry.tanh p x
            Jet.multiply p x (Jet.subtract p (Jet.constant p 1.0) (Jet.multiply p t t)))
        Operation.each "inner jvp" (fun a -> snd (Diff.jvp (fun z -> z * z * a) a a)) (fun p x ->
            Entry.scaled p 2.0 (cube p x))
        Operation.each "inner jit" (Diff.jit (fun z -> exp (-(z * z)))) (fun p x ->
            Entry.exp p (Jet.negate (Jet.multiply p x x)))
        Operation.each "inner linearize" (fun a -> (snd (Diff.linearize (fun z -> sin z) a)) a) (fun p x ->
            Jet.multiply p (Entry.cos p x) x)
        Operation.each
            "through float32"
            (fun a -> Tensor.cast a.DType (Tensor.cast DType.Float32 a * 2.0))
            (fun p x ->
                Entry.scaled
                    {
                        Precision.Single with
                            Coefficients = p.Coefficients
                    }
                    2.0
                    x
                |> Entry.scaled p 1.0)
        Operation.each
            "through float64"
            (fun a -> Tensor.cast a.DType (exp (Tensor.cast DType.Float64 a)))
            (fun p x ->
                Entry.scaled
                    p
                    1.0
                    (Entry.exp
                        {
                            Precision.Double with
                                Coefficients = p.Coefficients
                        }
                        x))
    |]

    /// Of an array without entries the derivative is a zero that absorbs whatever it meets.
    let private nested (d: Draw) : Drawn =
        match d.Pick hasEntries with
        | -1 -> ValueNone
        | a -> one (d.OneOf inner) a

    let private batched (d: Draw) : Drawn =
        match d.Pick(fun t -> t.Shape.Length > 0 && hasEntries t) with
        | -1 -> ValueNone
        | a ->
            match d.Next 3 with
            | 0 ->
                one
                    (Operation.one
                        "inner vmap"
                        (Diff.vmap (fun row -> row * tanh (Tensor.sum row)))
                        (fun p t ->
                            let size = Operation.count t / t.Shape[0]

                            {
                                t with
                                    Entries =
                                        t.Entries
                                        |> Array.chunkBySize size
                                        |> Array.collect (fun row ->
                                            let factor = Entry.tanh p (Jet.sum p row)
                                            row |> Array.map (fun e -> Jet.multiply p e factor))
                            }))
                    a
            | 1 ->
                // The function uses a tensor of the outer one.
                one
                    (Operation.one
                        "inner vmap of grad"
                        (fun t -> Diff.vmap (fun row -> Diff.grad (fun z -> Tensor.sum (z * z * t)) row) t)
                        (fun p t ->
                            let n = t.Shape[0]
                            let size = Operation.count t / n

                            let columns =
                                Array.init size (fun j ->
                                    Jet.sum p (Array.init n (fun i -> t.Entries[i * size + j])))

                            {
                                t with
                                    Entries =
                                        t.Entries
                                        |> Array.mapi (fun k e ->
                                            Entry.scaled p 2.0 (Jet.multiply p e columns[k % size]))
                            }))
                    a
            | _ when Operation.count d.Pool[a] > 4 -> ValueNone
            | _ ->
                one
                    (Operation.one
                        "inner jacobian"
                        (fun t -> Diff.jacobian (fun z -> sin z * Tensor.sum z) (Tensor.flatten t))
                        (fun p t ->
                            let n = Operation.count t
                            let total = Jet.sum p t.Entries

                            let isFinite =
                                t.Entries
                                |> Array.forall (fun e ->
                                    Array.forall (fun (v: Wide) -> v.IsFinite) e.Values
                                    && Array.forall Double.IsFinite e.Errors)

                            // Its columns are derivatives along vectors of zeros, too.
                            let known = if isFinite then id else Jet.withOpenValue

                            Many.make [| n; n |] (fun k ->
                                let i, j = k / n, k % n
                                let own = Entry.sin p t.Entries[i]

                                known (
                                    if i = j then
                                        Jet.add p own (Jet.multiply p (Entry.cos p t.Entries[i]) total)
                                    else
                                        own
                                ))))
                    a

    // Loops

    let rec private iterate count (step: Jet -> Jet) (s: Jet) =
        if count = 0 then s else iterate (count - 1) step (step s)

    let private loops: Operation[] = [|
        Operation.each "loop" (fun a -> Loop.scan 3 (fun s -> sin s * a) a) (fun p x ->
            iterate 3 (fun s -> Jet.multiply p (Entry.sin p s) x) x)
        Operation.each "loop of roots" (Loop.scan 2 sqrt) (fun p -> iterate 2 (Entry.sqrt p))
        Operation.each
            "loop of choices"
            (fun a -> Loop.scan 2 (fun s -> Tensor.relu s + tanh a) a)
            (fun p x -> iterate 2 (fun s -> Jet.add p (Entry.relu p s) (Entry.tanh p x)) x)
        Operation.each
            "loop in segments"
            (fun a ->
                (Loop.scanN
                    (Checkpoints.Every 2)
                    5
                    [||]
                    (fun _ s _ -> [| tanh (s[0] * s[1]); s[1] + a |], [||])
                    [| a; a |]
                 |> fst)[0])
            (fun p x ->
                let mutable s, t = x, x

                for _ in 1..5 do
                    s <- Entry.tanh p (Jet.multiply p s t)
                    t <- Jet.add p t x

                s)
        Operation.each
            "loop until a count"
            (fun a ->
                let number = Operation.number a

                (Loop.untilN
                    Checkpoints.Auto
                    (fun s -> Tensor.less (number 1.5) s[1])
                    10
                    (fun s -> [| sin s[0] * a; s[1] + 1.0 |])
                    [| a; number 0.0 |]
                 |> fst)[0])
            (fun p x -> iterate 2 (fun s -> Jet.multiply p (Entry.sin p s) x) x)
        Operation.each
            "outputs of a loop"
            (fun a ->
                let _, outputs = Loop.collect 2 (fun s -> tanh s, s * a) a

                let row k =
                    Tensor.reshape a.Shape (Tensor.slice 0 k 1 outputs)

                row 0 * row 1)
            (fun p x ->
                let tanhOfX = Entry.tanh p x
                Jet.multiply p (Jet.multiply p x x) (Jet.multiply p tanhOfX x))
    |]

    let private looped (d: Draw) : Drawn =
        match d.Pick(fun t -> hasEntries t && Operation.count t <= 12) with
        | -1 -> ValueNone
        | a when d.Next 4 > 0 || d.Pool[a].Shape.Length = 0 -> one (d.OneOf loops) a
        | a ->
            // The rows' batch, and a hole that differs from row to row.
            one
                (Operation.one
                    "vmap of loop"
                    (Diff.vmap (fun row -> Loop.scan 2 (fun s -> s * tanh (Tensor.sum row)) row))
                    (fun p t ->
                        let size = Operation.count t / t.Shape[0]

                        {
                            t with
                                Entries =
                                    t.Entries
                                    |> Array.chunkBySize size
                                    |> Array.collect (fun row ->
                                        let factor = Entry.tanh p (Jet.sum p row)
                                        row |> Array.map (iterate 2 (fun e -> Jet.multiply p e factor)))
                        }))
                a

    let private all = [|
        looped
        looped
        matmul
        matmul
        outer
        dot
        convolution
        pool
        batchNorm
        system
        system
        nested
        nested
        batched
    |]

    let draw (d: Draw) : Drawn = (d.OneOf all) d
