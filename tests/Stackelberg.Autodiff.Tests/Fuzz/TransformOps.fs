namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg
open Stackelberg.Kernels

/// Transforms, roots and loops inside of the function.
module TransformOps =

    let private one op a : Drawn = ValueSome(struct (op, [| a |]))
    let private hasEntries (t: Many) = Operation.count t > 0

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
                                Array.append t.Entries [| total |]
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

    // Roots

    /// y + y³ / 10 = x by Newton's method; each step doubles the orders of derivatives that are right.
    let private rootOf (p: Precision) (x: Jet) =
        let condition y =
            Jet.subtract p (Jet.add p y (Entry.scaled p 0.1 (cube p y))) x

        let slope y =
            Jet.add p (Jet.constant p 1.0) (Entry.scaled p 0.3 (Jet.multiply p y y))

        let mutable value = 0.0

        for _ in 1..30 do
            let x = x.Values[0].Value

            value <- value - (value + 0.1 * value * value * value - x) / (1.0 + 0.3 * value * value)

        let start = {
            Jet.constant p value with
                Depends = x.Depends
        }

        let found =
            Seq.fold
                (fun y _ -> Jet.subtract p y (Entry.divide p (condition y) (slope y)))
                start
                (seq { 1..3 })

        // Where the engine's search ends.
        let error = if p.Type = DType.Float32 then 1e-4 else 1e-10

        if Array.forall Double.IsFinite x.Errors then
            {
                found with
                    Errors = found.Errors |> Array.mapi (fun k e -> e + error * (1.0 + found.Sizes[k]))
            }
        else
            Jet.withOpenValue found

    /// Of numbers below 3 in size, 0 for others: of NaN there is no root. Each for itself, or one NaN tangent would be all
    /// entries'.
    let private root =
        let one (x: Tensor) =
            let isSmall = Tensor.less (abs x) (Operation.number x 3.0)
            let safe = Tensor.where isSmall x (Operation.number x 0.0)
            Diff.root (fun y -> y + 0.1 * y * y * y - safe) (Diff.stopGradient (0.0 * safe))

        Operation.each "root" (fun x -> Tensor.reshape x.Shape (Diff.vmap one (Tensor.flatten x))) (fun p x ->
            let isSmall = Entry.compare p ((=) -1) (Entry.abs p x) (Jet.constant p 3.0)
            rootOf p (Entry.where isSmall x (Jet.constant p 0.0)))

    let private rooted (d: Draw) : Drawn =
        match d.Pick(fun t -> hasEntries t && Operation.count t <= 6) with
        | -1 -> ValueNone
        | a -> one root a

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

    let private all = [| looped; looped; nested; nested; batched; rooted |]

    let draw (d: Draw) : Drawn = (d.OneOf all) d
