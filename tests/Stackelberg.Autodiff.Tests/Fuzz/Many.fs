namespace Stackelberg.Autodiff.Tests.Fuzz

open System

/// An array of jets, row-major.
[<ReferenceEquality>]
type Many = { Shape: int[]; Entries: Jet[] }

/// What the ops are by definition, entry by entry: nothing here knows how they are computed.
module Many =

    let count (shape: int[]) = Array.fold (*) 1 shape

    let make shape entry = {
        Shape = shape
        Entries = Array.init (count shape) entry
    }

    /// The place along each axis.
    let places (shape: int[]) (flat: int) =
        let place = Array.zeroCreate shape.Length
        let mutable rest = flat

        for axis in shape.Length - 1 .. -1 .. 0 do
            place[axis] <- rest % shape[axis]
            rest <- rest / shape[axis]

        place

    let flat (shape: int[]) (place: int[]) =
        Array.fold2 (fun at extent i -> at * extent + i) 0 shape place

    let at (t: Many) (place: int[]) = t.Entries[flat t.Shape place]

    /// Entries of t by the result's place.
    let moved shape (t: Many) (source: int[] -> int[]) =
        make shape (fun k -> at t (source (places shape k)))

    let map f (t: Many) = {
        t with
            Entries = Array.map f t.Entries
    }

    let reshape shape (t: Many) = { t with Shape = shape }

    let broadcastShape (a: int[]) (b: int[]) =
        let rank = max a.Length b.Length

        let extent (s: int[]) i =
            if i < rank - s.Length then 1 else s[i - (rank - s.Length)]

        Array.init rank (fun i ->
            match extent a i, extent b i with
            | 1, n -> n
            | m, _ -> m)

    let fits (a: int[]) (b: int[]) =
        Seq.forall
            (fun k ->
                let m, n = a[a.Length - 1 - k], b[b.Length - 1 - k]
                m = n || m = 1 || n = 1)
            (seq { 0 .. min a.Length b.Length - 1 })

    let broadcast (shape: int[]) (t: Many) =
        moved shape t (fun place ->
            Array.init t.Shape.Length (fun i ->
                if t.Shape[i] = 1 then
                    0
                else
                    place[i + shape.Length - t.Shape.Length]))

    let map2 f (a: Many) (b: Many) =
        let shape = broadcastShape a.Shape b.Shape
        let a, b = broadcast shape a, broadcast shape b

        {
            Shape = shape
            Entries = Array.map2 f a.Entries b.Entries
        }

    let map3 f (a: Many) (b: Many) (c: Many) =
        let shape = broadcastShape (broadcastShape a.Shape b.Shape) c.Shape
        let a, b, c = broadcast shape a, broadcast shape b, broadcast shape c

        {
            Shape = shape
            Entries = Array.map3 f a.Entries b.Entries c.Entries
        }

    let permute (order: int[]) (t: Many) =
        moved (order |> Array.map (fun axis -> t.Shape[axis])) t (fun place ->
            let source = Array.zeroCreate place.Length
            Array.iteri (fun i axis -> source[axis] <- place[i]) order
            source)

    let slice axis start length (t: Many) =
        moved (Array.updateAt axis length t.Shape) t (fun place ->
            Array.updateAt axis (place[axis] + start) place)

    let gather axis (indices: int[]) (t: Many) =
        moved (Array.updateAt axis indices.Length t.Shape) t (fun place ->
            Array.updateAt axis indices[place[axis]] place)

    let pad zero axis before after (t: Many) =
        let extent = t.Shape[axis]

        let shape = Array.updateAt axis (before + extent + after) t.Shape

        make shape (fun k ->
            let place = places shape k
            let i = place[axis] - before

            if i < 0 || i >= extent then
                zero
            else
                at t (Array.updateAt axis i place))

    let concat axis (parts: Many[]) =
        let total = parts |> Array.sumBy (fun t -> t.Shape[axis])
        let shape = Array.updateAt axis total parts[0].Shape

        make shape (fun k ->
            let place = places shape k
            let mutable part, i = 0, place[axis]

            while i >= parts[part].Shape[axis] do
                i <- i - parts[part].Shape[axis]
                part <- part + 1

            at parts[part] (Array.updateAt axis i place))

    let without (axes: int[]) (shape: int[]) = [|
        for i in 0 .. shape.Length - 1 do
            if not (Array.contains i axes) then
                shape[i]
    |]

    /// The entries that a reduction over axes takes together, for each entry of its result.
    let groups (axes: int[]) (t: Many) =
        let shape = without axes t.Shape
        let found = Array.init (count shape) (fun _ -> ResizeArray<Jet>())

        t.Entries
        |> Array.iteri (fun k entry ->
            let place = places t.Shape k

            let kept = [|
                for i in 0 .. place.Length - 1 do
                    if not (Array.contains i axes) then
                        place[i]
            |]

            found[flat shape kept].Add entry)

        shape, Array.map (fun (group: ResizeArray<Jet>) -> group.ToArray()) found

    let reduce axes (f: Jet[] -> Jet) (t: Many) =
        let shape, groups = groups axes t

        {
            Shape = shape
            Entries = Array.map f groups
        }

    /// Reductions along the last axis that keep it.
    let rows (f: Jet[] -> Jet[]) (t: Many) =
        let n = t.Shape[t.Shape.Length - 1]

        if n = 0 then
            t
        else
            {
                t with
                    Entries = t.Entries |> Array.chunkBySize n |> Array.collect f
            }

    /// The running sums' terms along an axis.
    let prefixes axis (f: Jet[] -> Jet) (t: Many) =
        make t.Shape (fun k ->
            let place = places t.Shape k
            f (Array.init (place[axis] + 1) (fun i -> at t (Array.updateAt axis i place))))

    let matmul zero (dot: Jet[] -> Jet[] -> Jet) (a: Many) (b: Many) =
        let left =
            if a.Shape.Length = 1 then
                reshape [| 1; a.Shape[0] |] a
            else
                a

        let right =
            if b.Shape.Length = 1 then
                reshape [| b.Shape[0]; 1 |] b
            else
                b

        let m, k = left.Shape[left.Shape.Length - 2], left.Shape[left.Shape.Length - 1]
        let n = right.Shape[right.Shape.Length - 1]
        let batch (t: Many) = t.Shape[.. t.Shape.Length - 3]
        let shape = broadcastShape (batch left) (batch right)
        let left = broadcast (Array.append shape [| m; k |]) left
        let right = broadcast (Array.append shape [| k; n |]) right
        let whole = Array.append shape [| m; n |]

        let result =
            make whole (fun e ->
                let place = places whole e
                let rank = whole.Length
                let i, j = place[rank - 2], place[rank - 1]

                let row =
                    Array.init k (fun l -> at left (Array.append place[.. rank - 3] [| i; l |]))

                let column =
                    Array.init k (fun l -> at right (Array.append place[.. rank - 3] [| l; j |]))

                if k = 0 then zero else dot row column)

        let final = [|
            yield! shape
            if a.Shape.Length > 1 then
                m
            if b.Shape.Length > 1 then
                n
        |]

        reshape final result
