namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg

/// The ops that move, join and add up entries.
module StructureOps =

    let private text (name: string) (numbers: int seq) =
        let shown = String.Join(",", numbers)
        $"{name} [{shown}]"

    let private anything (_: Many) = true
    let private hasAxis (t: Many) = t.Shape.Length > 0
    let private hasEntries (t: Many) = Operation.count t > 0
    let private one op a : Drawn = ValueSome(struct (op, [| a |]))

    let private view (name: string) shape (engine: Tensor -> Tensor) reference =
        Operation.one (text name shape) engine (fun _ -> reference)

    /// Extents whose product is the count.
    let private factors (d: Draw) count =
        if count = 0 then
            d.OneOf [| [| 0 |]; [| 2; 0 |]; [| 0; 3 |] |]
        else
            let mutable rest = count
            let shape = ResizeArray<int>()

            while rest > 1 do
                let divisors = [|
                    for k in 2..rest do
                        if rest % k = 0 then
                            k
                |]

                let k = d.OneOf divisors
                shape.Add k
                rest <- rest / k

            if d.Next 3 = 0 then
                shape.Insert(d.Next(shape.Count + 1), 1)

            shape.ToArray()

    let private reshape (d: Draw) : Drawn =
        let a = d.Pick anything
        let shape = factors d (Operation.count d.Pool[a])
        one (view "reshape" shape (Tensor.reshape shape) (Many.reshape shape)) a

    let private permute (d: Draw) : Drawn =
        let a = d.Pick(fun t -> t.Shape.Length > 1)

        if a < 0 then
            ValueNone
        else
            let order = [| 0 .. d.Pool[a].Shape.Length - 1 |]
            d.Random.Shuffle order
            one (view "permute" order (Tensor.permute order) (Many.permute order)) a

    let private broadcast (d: Draw) : Drawn =
        let a = d.Pick(fun t -> Operation.count t <= 8)

        if a < 0 then
            ValueNone
        else
            let shape = [|
                for _ in 1 .. d.Next 2 do
                    d.OneOf [| 1; 2; 2; 0 |]

                for extent in d.Pool[a].Shape do
                    if extent = 1 then d.OneOf [| 1; 2; 3; 0 |] else extent
            |]

            one (view "broadcastTo" shape (Tensor.broadcastTo shape) (Many.broadcast shape)) a

    let private alongAxis (d: Draw) fits (make: Many -> int -> Operation) : Drawn =
        let a = d.Pick(fun t -> hasAxis t && fits t)

        if a < 0 then
            ValueNone
        else
            let t = d.Pool[a]
            one (make t (d.Next t.Shape.Length)) a

    let private slice (d: Draw) =
        alongAxis d anything (fun t axis ->
            let start = d.Next(t.Shape[axis] + 1)
            let most = t.Shape[axis] - start

            let length =
                if most > 0 && d.Next 6 > 0 then
                    1 + d.Next most
                else
                    d.Next(most + 1)

            view
                "slice"
                [ axis; start; length ]
                (Tensor.slice axis start length)
                (Many.slice axis start length))

    let private pad (d: Draw) =
        alongAxis d (fun t -> Operation.count t <= 12) (fun _ axis ->
            let before, after = d.Next 2, d.Next 3

            Operation.one (text "pad" [ axis; before; after ]) (Tensor.pad axis before after) (fun p t ->
                Many.pad (Jet.constant p 0.0) axis before after t))

    let private gather (d: Draw) =
        alongAxis d hasEntries (fun t axis ->
            let indices = Array.init (d.Next 4) (fun _ -> d.Next t.Shape[axis])
            view $"gather {axis}" indices (Tensor.gather axis indices) (Many.gather axis indices))

    let private total p (terms: Jet[]) =
        if terms.Length = 0 then
            Jet.zeroOnPath p
        else
            Jet.sum p terms

    let private sumAxis (d: Draw) =
        alongAxis d anything (fun _ axis ->
            Operation.one $"sumAxis {axis}" (Tensor.sumAxis axis) (fun p -> Many.reduce [| axis |] (total p)))

    let private allAxes (t: Many) = [| 0 .. t.Shape.Length - 1 |]

    let private sum (d: Draw) : Drawn =
        one
            (Operation.one "sum" Tensor.sum (fun p t -> Many.reduce (allAxes t) (total p) t))
            (d.Pick anything)

    let private average p (terms: Jet[]) =
        Entry.divide p (Jet.sum p terms) (Jet.constant p (float terms.Length))

    let private meanAxis (d: Draw) =
        alongAxis d hasEntries (fun _ axis ->
            Operation.one $"meanAxis {axis}" (Tensor.meanAxis axis) (fun p ->
                Many.reduce [| axis |] (average p)))

    let private mean (d: Draw) : Drawn =
        match d.Pick hasEntries with
        | -1 -> ValueNone
        | a -> one (Operation.one "mean" Tensor.mean (fun p t -> Many.reduce (allAxes t) (average p) t)) a

    let private cumulativeSum (d: Draw) =
        alongAxis d anything (fun _ axis ->
            Operation.one $"cumulativeSum {axis}" (Tensor.cumulativeSum axis) (fun p ->
                Many.prefixes axis (Jet.sum p)))

    let private extremumAxis (d: Draw) =
        alongAxis d hasEntries (fun _ axis ->
            let isMaximum = d.Next 2 = 0

            let name, engine =
                if isMaximum then
                    "maxAxis", Tensor.maxAxis
                else
                    "minAxis", Tensor.minAxis

            Operation.one $"{name} {axis}" (engine axis) (fun p ->
                Many.reduce [| axis |] (Group.extremum p isMaximum)))

    let private extremum (d: Draw) : Drawn =
        match d.Pick hasEntries with
        | -1 -> ValueNone
        | a ->
            let isMaximum = d.Next 2 = 0
            let name, engine = if isMaximum then "max", Tensor.max else "min", Tensor.min

            one
                (Operation.one name engine (fun p t ->
                    if t.Shape.Length = 0 then
                        t
                    else
                        Many.reduce (allAxes t) (Group.extremum p isMaximum) t))
                a

    let private softmax (d: Draw) : Drawn =
        match d.Pick(fun t -> hasAxis t && hasEntries t) with
        | -1 -> ValueNone
        | a -> one (Operation.one "softmax" Tensor.softmax (fun p -> Many.rows (Group.softmax p))) a

    let private logsumexp (d: Draw) : Drawn =
        match d.Pick(fun t -> hasAxis t && hasEntries t) with
        | -1 -> ValueNone
        | a ->
            one
                (Operation.one "logsumexp" Tensor.logsumexp (fun p t ->
                    Many.reduce [| t.Shape.Length - 1 |] (Group.logsumexp p) t))
                a

    let private concat (d: Draw) : Drawn =
        let a = d.Pick(fun t -> hasAxis t && Operation.count t <= 12)

        if a < 0 then
            ValueNone
        else
            let shape = d.Pool[a].Shape
            let axis = d.Next shape.Length

            let matches (t: Many) =
                t.Shape.Length = shape.Length
                && Operation.count t <= 12
                && Seq.forall (fun k -> k = axis || t.Shape[k] = shape[k]) (seq { 0 .. shape.Length - 1 })

            let parts = [|
                a
                for _ in 1 .. d.Next 3 do
                    d.Pick matches
            |]

            d.Random.Shuffle parts

            ValueSome(
                struct (Operation.op $"concat {axis}" (fun t -> Tensor.concat axis t) (fun _ t ->
                            Many.concat axis t),
                        parts)
            )

    let private stack (d: Draw) : Drawn =
        let a = d.Pick(fun t -> Operation.count t <= 8 && t.Shape.Length < 4)

        if a < 0 then
            ValueNone
        else
            let shape = d.Pool[a].Shape
            let axis = d.Next(shape.Length + 1)
            let b = d.Pick(fun t -> t.Shape = shape)

            ValueSome(
                struct (Operation.op $"stack {axis}" (fun t -> Tensor.stack axis t) (fun _ t ->
                            let added (t: Many) =
                                Many.reshape (Array.insertAt axis 1 t.Shape) t

                            Many.concat axis (Array.map added t)),
                        [| a; b |])
            )

    let private entry (d: Draw) : Drawn =
        let a = d.Pick(fun t -> hasAxis t && hasEntries t)

        if a < 0 then
            ValueNone
        else
            let t = d.Pool[a]
            let i = d.Next t.Shape[0]

            one
                (Operation.one (text "entry" [ i ]) (fun t -> t[i]) (fun _ t ->
                    Many.reshape t.Shape[1..] (Many.slice 0 i 1 t)))
                a

    let private all = [|
        reshape
        permute
        broadcast
        slice
        slice
        pad
        gather
        sumAxis
        sum
        meanAxis
        mean
        cumulativeSum
        extremumAxis
        extremum
        softmax
        logsumexp
        concat
        concat
        stack
        entry
    |]

    let draw (d: Draw) : Drawn = (d.OneOf all) d
