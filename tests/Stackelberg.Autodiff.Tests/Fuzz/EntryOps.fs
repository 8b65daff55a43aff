namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg

/// The ops that choose entries, by places or by values, and functions of small matrices.
module EntryOps =

    let private one op a : Drawn = ValueSome(struct (op, [| a |]))
    let private hasAxis (t: Many) = t.Shape.Length > 0
    let private hasEntries (t: Many) = Operation.count t > 0

    let private alongAxis (d: Draw) fits (make: Many -> int -> Operation) : Drawn =
        match d.Pick(fun t -> hasAxis t && hasEntries t && fits t) with
        | -1 -> ValueNone
        | a -> one (make d.Pool[a] (d.Next d.Pool[a].Shape.Length)) a

    let private anything (_: Many) = true
    let private small (t: Many) = Operation.count t <= 12

    /// f of each column along an axis, which keeps its length.
    let private columns axis (f: Jet[] -> Jet[]) (t: Many) =
        let last = t.Shape.Length - 1

        let order =
            [| 0..last |] |> Array.removeAt axis |> fun rest -> Array.append rest [| axis |]

        let back = Array.init (last + 1) (fun i -> Array.IndexOf(order, i))
        Many.permute back (Many.rows f (Many.permute order t))

    /// The order of a column, and whether rounding might decide it.
    let private sorting (column: Jet[]) =
        let places =
            [| 0 .. column.Length - 1 |]
            |> Array.sortBy (fun i -> column[i].Values[0].Value, i)

        let isClear =
            Array.pairwise places
            |> Array.forall (fun (i, j) -> Jet.order column[i] column[j] = -1)

        struct (places, isClear)

    let private sorted (column: Jet[]) =
        let struct (places, isClear) = sorting column

        places
        |> Array.map (fun i -> if isClear then column[i] else Jet.withOpenValue column[i])

    let private ranks p (column: Jet[]) =
        let struct (places, isClear) = sorting column

        places
        |> Array.map (fun i ->
            let found = Jet.constant p (float i)
            if isClear then found else Jet.withOpenValue found)

    let private ordering (d: Draw) =
        let which = d.Next 3

        alongAxis d anything (fun _ axis ->
            match which with
            | 0 -> Operation.one $"sort {axis}" (Tensor.sort axis) (fun _ -> columns axis sorted)
            | 1 -> Operation.one $"argSort {axis}" (Tensor.argSort axis) (fun p -> columns axis (ranks p))
            | _ ->
                Operation.one
                    $"takeAlong {axis} argSort"
                    (fun t -> Tensor.takeAlong axis (Tensor.argSort axis t) t)
                    (fun _ -> columns axis sorted))

    let private extreme (d: Draw) =
        let isMaximum = d.Next 2 = 0

        alongAxis d anything (fun _ axis ->
            let name, engine =
                if isMaximum then
                    "argMax", Tensor.argMax
                else
                    "argMin", Tensor.argMin

            Operation.one $"{name} {axis}" (engine axis) (fun p ->
                Many.reduce [| axis |] (fun column ->
                    let struct (places, isClear) = sorting column
                    let at = if isMaximum then Array.last places else places[0]
                    let found = Jet.constant p (float at)
                    if isClear then found else Jet.withOpenValue found)))

    let private moving (d: Draw) =
        let which = d.Next 4
        let first = d.Next 100

        alongAxis d anything (fun t axis ->
            let n = t.Shape[axis]

            match which with
            | 0 ->
                Operation.one $"reverse {axis}" (Tensor.reverse axis) (fun _ ->
                    Many.gather axis (Array.init n (fun i -> n - 1 - i)))
            | 1 ->
                let k = first % (n + 1)

                Operation.one
                    $"split {axis} {k}"
                    (fun t ->
                        let parts = Tensor.split axis [ k; n - k ] t
                        Tensor.concat axis [ parts[1]; parts[0] ])
                    (fun _ t -> Many.concat axis [| Many.slice axis k (n - k) t; Many.slice axis 0 k t |])
            | 2 ->
                let indices = Array.init 2 (fun k -> (first + k * 7) % n)
                let shape = Array.updateAt axis 2 t.Shape

                let places: Many =
                    Many.make shape (fun k ->
                        Jet.constant Precision.Double (float indices[(Many.places shape k)[axis]]))

                let numbers = places.Entries |> Array.map (fun e -> e.Values[0].Value)

                Operation.one
                    $"takeAlong {axis} [{indices[0]},{indices[1]}]"
                    (fun t ->
                        Tensor.takeAlong
                            axis
                            (Tensor.cast t.DType (Tensor.reshape shape (Tensor.ofArray numbers)))
                            t)
                    (fun _ -> Many.gather axis indices)
            | _ -> Operation.one "flatten" Tensor.flatten (fun _ t -> Many.reshape [| Operation.count t |] t))

    let private matrixLike (d: Draw) : Drawn =
        match d.Pick(fun t -> t.Shape.Length = 2 && small t) with
        | -1 -> ValueNone
        | a ->
            let masked name engine keeps =
                Operation.one name engine (fun p (t: Many) ->
                    Many.make t.Shape (fun k ->
                        let place = Many.places t.Shape k

                        if keeps place[0] place[1] then
                            t.Entries[k]
                        else
                            Jet.zeroOnPath p))

            let diagonal (t: Many) =
                Array.init (min t.Shape[0] t.Shape[1]) (fun i -> Many.at t [| i; i |])

            match d.Next 4 with
            | 0 -> one (masked "tril" Tensor.tril (>=)) a
            | 1 -> one (masked "triu" Tensor.triu (<=)) a
            | 2 ->
                one
                    (Operation.one "diag" Tensor.diag (fun _ t -> {
                        Shape = [| min t.Shape[0] t.Shape[1] |]
                        Entries = diagonal t
                    }))
                    a
            | _ -> one (Operation.one "transpose" Tensor.transpose (fun _ -> Many.permute [| 1; 0 |])) a

    let private spreadOut (d: Draw) : Drawn =
        match d.Pick(fun t -> t.Shape.Length = 1 && Operation.count t <= 4) with
        | -1 -> ValueNone
        | a ->
            one
                (Operation.one "diag" Tensor.diag (fun p t ->
                    let n = t.Shape[0]

                    Many.make [| n; n |] (fun k ->
                        if k / n = k % n then t.Entries[k / n] else Jet.zeroOnPath p)))
                a

    let private oneHot (d: Draw) : Drawn =
        match d.Pick small with
        | -1 -> ValueNone
        | a ->
            one
                (Operation.one "oneHot 2" (Tensor.oneHot 2) (fun p t ->
                    let shape = Array.append t.Shape [| 2 |]

                    Many.make shape (fun k ->
                        Entry.compare p ((=) 0) t.Entries[k / 2] (Jet.constant p (float (k % 2))))))
                a

    let private products (d: Draw) : Drawn =
        match d.Pick(fun t -> t.Shape.Length = 2 && hasEntries t && Operation.count t <= 6) with
        | -1 -> ValueNone
        | a ->
            let fits (t: Many) =
                t.Shape.Length = 2 && hasEntries t && Operation.count t <= 4

            match d.Next 2, d.Pick fits with
            | 0, b when b >= 0 ->
                let kron p (a: Many) (b: Many) =
                    let shape = [| a.Shape[0] * b.Shape[0]; a.Shape[1] * b.Shape[1] |]

                    Many.make shape (fun k ->
                        let place = Many.places shape k
                        let i, j = place[0], place[1]

                        Jet.multiply
                            p
                            (Many.at a [| i / b.Shape[0]; j / b.Shape[1] |])
                            (Many.at b [| i % b.Shape[0]; j % b.Shape[1] |]))

                ValueSome(struct (Operation.two "kron" Tensor.kron kron, [| a; b |]))
            | _ ->
                one
                    (Operation.one
                        "einsum ij,kj->ki"
                        (fun a -> Tensor.einsum "ij,kj->ki" [ a; a ])
                        (fun p t ->
                            let row i =
                                Array.init t.Shape[1] (fun j -> Many.at t [| i; j |])

                            let n = t.Shape[0]

                            // Rows that do not move are multiplied by their zero all the same: 0 · ∞.
                            let derived =
                                if t.Entries |> Array.forall (fun e -> e.Values[0].IsFinite) then
                                    id
                                else
                                    Jet.withOpenDerivatives

                            Many.make [| n; n |] (fun k -> derived (Entry.dot p (row (k % n)) (row (k / n))))))
                    a

    /// The first four entries as a matrix, over and over.
    let private twoByTwo (t: Tensor) =
        let flat = Tensor.flatten t
        Tensor.reshape [ 2; 2 ] (Tensor.gather 0 (List.init 4 (fun k -> k % flat.Shape[0])) flat)

    let private ofTwo (t: Many) =
        Array.init 4 (fun k -> t.Entries[k % t.Entries.Length])

    /// Decompositions are right relative to the largest entry; nothing is said of equal eigenvalues, or of numbers whose
    /// squares overflow.
    let private decomposed (p: Precision) (degree: float) (gap: Jet) (inputs: Jet[]) (found: Jet[]) =
        let sizes k =
            inputs |> Array.sumBy (fun e -> e.Sizes[k])

        let limit = if p.Type = DType.Float32 then 1e3 else 1e8

        let isFine =
            inputs
            |> Array.forall (fun e -> e.Values |> Array.forall (fun v -> v.IsFinite && abs v.Value < limit))
            && sizes 0 > 1.0 / limit
            && abs gap.Values[0].Value > 0.05 * sizes 0

        if isFine then
            found
            |> Array.map (fun e -> {
                e with
                    Errors =
                        e.Errors
                        |> Array.mapi (fun k error ->
                            error + 400.0 * p.Unit * (1.0 + sizes 0 + sizes k) ** degree)
            })
        else
            Array.map Jet.withOpenValue found

    let private half p = Entry.scaled p 0.5

    let private hypot p a b =
        Entry.sqrt p (Jet.add p (Jet.multiply p a a) (Jet.multiply p b b))

    let private eigenvalues p (t: Many) =
        let m = ofTwo t
        let off = half p (Jet.add p m[1] m[2])
        let radius = hypot p (half p (Jet.subtract p m[0] m[3])) off
        let middle = half p (Jet.add p m[0] m[3])

        {
            Shape = [| 2 |]
            Entries = decomposed p 1.0 radius m [| Jet.subtract p middle radius; Jet.add p middle radius |]
        }

    /// V diag(λ²) Vᵀ is the symmetric part's square.
    let private squared p (t: Many) =
        let m = ofTwo t
        let off = half p (Jet.add p m[1] m[2])
        let radius = hypot p (half p (Jet.subtract p m[0] m[3])) off
        let times = Jet.multiply p
        let corner = Jet.add p (times m[0] off) (times off m[3])

        {
            Shape = [| 2; 2 |]
            Entries =
                decomposed p 2.0 radius m [|
                    Jet.add p (times m[0] m[0]) (times off off)
                    corner
                    corner
                    Jet.add p (times off off) (times m[3] m[3])
                |]
        }

    let private singularValues p (t: Many) =
        let m = ofTwo t
        let outer = hypot p (Jet.add p m[0] m[3]) (Jet.subtract p m[2] m[1])
        let inner = hypot p (Jet.subtract p m[0] m[3]) (Jet.add p m[1] m[2])
        let larger = half p (Jet.add p outer inner)
        let smaller = Entry.abs p (half p (Jet.subtract p outer inner))
        // Both roots have a derivative, and so has their difference's size.
        let gap = Entry.minimum p outer (Entry.minimum p inner smaller)

        {
            Shape = [| 2 |]
            Entries = decomposed p 1.0 gap m [| larger; smaller |]
        }

    let private isModerate (p: Precision) (entries: Jet[]) =
        let limit = if p.Type = DType.Float32 then 1e9 else 1e70

        entries
        |> Array.forall (fun e -> e.Values |> Array.forall (fun v -> abs v.Value < limit))

    let private determinant p (t: Many) =
        let m = ofTwo t

        let found = Jet.subtract p (Jet.multiply p m[0] m[3]) (Jet.multiply p m[1] m[2])

        // Elimination and cofactors are right relative to the largest entries.
        let largest k =
            m |> Array.map (fun e -> e.Sizes[k]) |> Array.max

        let rounding set =
            Seq.init (set + 1) id
            |> Seq.filter (fun part -> part &&& set = part)
            |> Seq.sumBy (fun part -> largest part * largest (set ^^^ part))

        let found = {
            found with
                Errors = found.Errors |> Array.mapi (fun set e -> e + 8.0 * p.Unit * rounding set)
        }

        // Elimination scales: ∞ − ∞ is not what it gives.
        {
            Shape = [||]
            Entries = [| (if isModerate p m then found else Jet.withOpenValue found) |]
        }

    let private sign p (t: Many) =
        let det = (determinant p t).Entries[0]
        // Elimination may see another sign where rounding decides it.
        let isClear =
            abs det.Values[0].Value > 1e-3 * Array.sumBy (fun (e: Jet) -> e.Sizes[0]) (ofTwo t)

        let found = Entry.sign det

        {
            Shape = [||]
            Entries = [| if isClear then found else Jet.withOpenValue found |]
        }

    let private trace p (t: Many) =
        let m = ofTwo t

        {
            Shape = [||]
            Entries = [| Jet.add p m[0] m[3] |]
        }

    let private matrices: Operation[] = [|
        Operation.one "symmetricEigenvalues" (twoByTwo >> Tensor.symmetricEigenvalues) eigenvalues
        Operation.one
            "symmetricEigen"
            (fun t ->
                let values, vectors = Tensor.symmetricEigen (twoByTwo t)
                Tensor.matmul (vectors * (values * values)) (Tensor.transpose vectors))
            squared
        Operation.one "singularValues" (twoByTwo >> Tensor.singularValues) singularValues
        Operation.one "det" (twoByTwo >> Tensor.det) determinant
        Operation.one "signOfDeterminant" (twoByTwo >> Tensor.signOfDeterminant) sign
        Operation.one "trace" (twoByTwo >> Tensor.trace) trace
    |]

    let private ofMatrix (d: Draw) : Drawn =
        match d.Pick hasEntries with
        | -1 -> ValueNone
        | a -> one (d.OneOf matrices) a

    let private all = [|
        ordering
        extreme
        moving
        moving
        matrixLike
        spreadOut
        oneHot
        products
        ofMatrix
        ofMatrix
    |]

    let draw (d: Draw) : Drawn = (d.OneOf all) d
