namespace Stackelberg

open System.Collections.Generic

/// What a schedule knows of one symbol.
[<AllowNullLiteral>]
type internal Item(node: Tensor) =
    member _.Node = node
    /// The symbol whose memory this one lies in: itself, unless it is a view.
    member val Root: Tensor = node with get, set
    /// Its extents and strides, with the offset from the root's first entry.
    member val Seen = Unchecked.defaultof<Operand> with get, set
    /// For a view that had to be copied: what is copied, and where that lies.
    member val CopiedFrom: Tensor = null with get, set
    member val Late = false with get, set
    /// Symbols with memory of their own that read this one.
    member val Readers = List<Tensor>() with get

    /// Whether it has the root's entries in the root's order.
    member item.IsWholeRoot =
        item.Seen.Place.Offset = 0
        && Shape.isContiguous item.Seen.Extents item.Seen.Strides

/// A step to be: a group of elementwise ops, or a single other op.
type internal Unit = {
    Nodes: Tensor[]
    Late: bool
    /// Values of earlier steps that this one computes for itself, operands first.
    Again: Tensor[]
}

/// The order of work: which symbols are views, which are fused, what runs before what. Knows no memory and no kernel
/// call, and so nothing of the machine that will run it.
module internal Plan =

    /// The largest number of ops in one fused group: beyond it the registers of a block leave the L1 cache.
    let groupLimit = 64

    let private isElement (t: Tensor) = t.Op.Kernel.IsElement

    /// Whether a reader can take an operand as it lies.
    let private accepts (reader: Tensor) (operand: Operand) =
        match reader.Op.Kernel with
        | Element _ -> (Shape.spread operand.Extents operand.Strides).IsSome
        | Loop(strided, _) -> strided || Shape.isContiguous operand.Extents operand.Strides
        | Nested _ -> Shape.isContiguous operand.Extents operand.Strides
        | View _
        | Source -> true

    /// Finds the views among the symbols.
    let items (bound: Dictionary<Tensor, Operand>) (late: HashSet<Tensor>) (nodes: Tensor[]) =
        let items = Dictionary<Tensor, Item>(HashIdentity.Reference)
        let readers = Dictionary<Tensor, List<Tensor>>(HashIdentity.Reference)

        for node in nodes do
            for arg in node.Args do
                if arg.IsSymbolic then
                    match readers.TryGetValue arg with
                    | true, list -> list.Add node
                    | _ -> readers[arg] <- List [ node ]

        for node in nodes do
            let item = Item node
            item.Late <- late.Contains node
            items[node] <- item

            let own () =
                item.Seen <- {
                    Type = node.DType
                    Extents = node.Shape
                    Place = Kernels.Place(0, 0)
                    Strides = Shape.strides node.Shape
                }

            match bound.TryGetValue node with
            | true, operand ->
                item.Seen <- {
                    operand with
                        Place = Kernels.Place(0, 0)
                }
            | _ ->
                match node.Op.Kernel with
                | View view ->
                    let from = items[node.Args[0]]

                    let taken =
                        match readers.TryGetValue node with
                        | true, list -> list
                        | _ -> List()

                    match view node.Shape from.Seen with
                    | ValueSome seen when Seq.forall (fun reader -> accepts reader seen) taken ->
                        item.Root <- from.Root
                        item.Seen <- seen
                    | _ ->
                        item.CopiedFrom <- node.Args[0]
                        own ()
                | _ -> own ()

        for node in nodes do
            let item = items[node]

            if obj.ReferenceEquals(item.Root, node) && not (bound.ContainsKey node) then
                for arg in node.Args do
                    if arg.IsSymbolic then
                        items[items[arg].Root].Readers.Add node

        items

    /// Groups and orders the symbols that have memory of their own: what does not depend on late inputs first.
    let units
        (bound: Dictionary<Tensor, Operand>)
        (items: Dictionary<Tensor, Item>)
        (nodes: Tensor[])
        : Unit[] =
        let waiting = Dictionary<Tensor, int>(HashIdentity.Reference)
        let units = List<Unit>()

        let own =
            nodes
            |> Array.filter (fun t -> obj.ReferenceEquals(items[t].Root, t) && not (bound.ContainsKey t))

        for t in own do
            waiting[t] <-
                t.Args
                |> Seq.filter (fun arg -> arg.IsSymbolic)
                |> Seq.map (fun arg -> items[arg].Root)
                |> Seq.filter (bound.ContainsKey >> not)
                |> Seq.length

        let byAge = Comparer<Tensor>.Create(fun a b -> compare a.Id b.Id)

        for late in [ false; true ] do
            let elements = SortedSet<Tensor>(byAge)
            let others = SortedSet<Tensor>(byAge)

            let enter (t: Tensor) =
                if isElement t then
                    elements.Add t |> ignore
                else
                    others.Add t |> ignore

            /// Called once a symbol is computed; gives those that became ready.
            let finish (t: Tensor) =
                for reader in items[t].Readers do
                    waiting[reader] <- waiting[reader] - 1

                    if waiting[reader] = 0 && items[reader].Late = late then
                        enter reader

            for t in own do
                if items[t].Late = late && waiting[t] = 0 then
                    enter t

            while elements.Count + others.Count > 0 do
                if others.Count > 0 then
                    let t = others.Min
                    others.Remove t |> ignore

                    units.Add {
                        Nodes = [| t |]
                        Late = late
                        Again = [||]
                    }

                    finish t
                else
                    let first = elements.Min
                    let count = Shape.count first.Shape
                    let group = List<Tensor>()
                    let members = HashSet<Tensor>(HashIdentity.Reference)

                    // Entry i of a group reads entry i of its members: not one entry that is spread over all.
                    let isReadable (arg: Tensor) =
                        not arg.IsSymbolic
                        || items[arg].IsWholeRoot
                        || not (members.Contains items[arg].Root)

                    let fits (t: Tensor) =
                        t.DType = first.DType
                        && Shape.count t.Shape = count
                        && Array.forall isReadable t.Args

                    let mutable next = first

                    while not (isNull next) do
                        elements.Remove next |> ignore
                        group.Add next
                        members.Add next |> ignore
                        finish next

                        next <-
                            if group.Count >= groupLimit then
                                null
                            else
                                Seq.tryFind fits elements |> Option.toObj

                    units.Add {
                        Nodes = group.ToArray()
                        Late = late
                        Again = [||]
                    }

        units.ToArray()
