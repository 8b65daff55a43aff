namespace Stackelberg.Autodiff.Tests.Fuzz

open Stackelberg

/// Products of matrices and vectors.
module ProductOps =

    let private two op a b : Drawn = ValueSome(struct (op, [| a; b |]))

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

    let private all = [| matmul; matmul; outer; dot |]

    let draw (d: Draw) : Drawn = (d.OneOf all) d
