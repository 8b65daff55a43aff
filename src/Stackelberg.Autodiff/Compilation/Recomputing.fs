namespace Stackelberg

open System
open System.Collections.Generic
open Stackelberg.Kernels

/// Large values that are computed again where they are read, instead of being kept until then: a few cheap ops of one
/// array that lies in memory, such as the mask of a relu or a batch less its mean. It saves their memory, and the writing.
module internal Recomputing =

    /// Smaller values stay in the caches.
    let leastCount = 1 <<< 16

    /// With this many ops in a row the loop still waits for memory.
    let private mostOps = 8

    /// An operand of at most this share of the value's entries is a row that is broadcast, and costs nothing to keep.
    let private smallShare = 8

    let private cheap =
        HashSet<ElementKernel>(
            [
                ElementKernels.Add
                ElementKernels.Subtract
                ElementKernels.Multiply
                ElementKernels.Negate
                ElementKernels.Abs
                ElementKernels.Maximum
                ElementKernels.Minimum
                ElementKernels.Less
                ElementKernels.LessEqual
                ElementKernels.Where
                ElementKernels.Share
                ElementKernels.Exceeds
            ],
            HashIdentity.Reference
        )

    let private isCheap (t: Tensor) =
        match t.Op.Kernel with
        | Element kernel -> cheap.Contains kernel
        | Loop _
        | Nested _
        | View _
        | Source -> false

    /// <summary>Chooses them.</summary>
    /// <param name="bound">Symbols whose memory is there whatever the steps do, as inputs'.</param>
    /// <param name="items">What the plan knows of the symbols.</param>
    /// <param name="kept">Symbols whose memory somebody else needs.</param>
    /// <param name="units">The order of work; a chosen symbol leaves its unit, if nobody reads it there.</param>
    let apply
        (bound: Dictionary<Tensor, Operand>)
        (items: Dictionary<Tensor, Item>)
        (kept: HashSet<Tensor>)
        (units: Unit[])
        : Unit[] =
        let unitOf = Dictionary<Tensor, int>(HashIdentity.Reference)

        for i in 0 .. units.Length - 1 do
            for t in units[i].Nodes do
                unitOf[t] <- i

        let chosen = HashSet<Tensor>(HashIdentity.Reference)
        let again = Array.init units.Length (fun _ -> List<Tensor>())
        let rootOf (arg: Tensor) = items[arg].Root

        let isElsewhere i (reader: Tensor) = unitOf[reader] <> i

        /// Whether it lives in a register of its unit alone.
        let isInner (t: Tensor) =
            unitOf.ContainsKey t
            && not (kept.Contains t)
            && not (Seq.exists (isElsewhere unitOf[t]) items[t].Readers)

        /// How many numbers must be kept for an operand. Of an input, which is kept anyhow, only those read count: the
        /// scale of a batch norm is a small part of a network's parameters.
        let keeping (arg: Tensor) =
            let item = items[arg]

            if bound.ContainsKey item.Root then
                Array.fold2
                    (fun entries extent stride -> if stride = 0 then entries else entries * extent)
                    1
                    item.Seen.Extents
                    item.Seen.Strides
            else
                Shape.count item.Root.Shape

        /// What must be computed for t where it is not kept, operands first, and the large arrays that this reads.
        let chain (t: Tensor) =
            let ops, large = List<Tensor>(), HashSet<Tensor>(HashIdentity.Reference)
            let count = Shape.count t.Shape
            let mutable possible = true

            let rec visit (t: Tensor) =
                if possible && not (ops.Contains t) then
                    if not (isCheap t) || ops.Count >= mostOps then
                        possible <- false
                    else
                        for arg in t.Args do
                            if arg.IsSymbolic then
                                let root = rootOf arg

                                if chosen.Contains root || isInner root then
                                    if items[arg].IsWholeRoot && Shape.count root.Shape = count then
                                        visit root
                                    else
                                        possible <- false
                                elif keeping arg * smallShare > count then
                                    large.Add root |> ignore

                        ops.Add t

            visit t

            if possible && large.Count <= 1 then
                ValueSome ops
            else
                ValueNone

        /// Whether a symbol reads t entry by entry, so that its group can hold t in a register.
        let takesEntries (t: Tensor) (reader: Tensor) =
            reader.Op.Kernel.IsElement
            && reader.DType = t.DType
            && Shape.count reader.Shape = Shape.count t.Shape
            && items[reader].Late = items[t].Late
            && Array.forall
                (fun (arg: Tensor) ->
                    not arg.IsSymbolic
                    || not (Object.ReferenceEquals(rootOf arg, t))
                    || items[arg].IsWholeRoot)
                reader.Args

        for i in 0 .. units.Length - 1 do
            for t in units[i].Nodes do
                let readers = items[t].Readers |> Seq.filter (isElsewhere i) |> Array.ofSeq

                if
                    readers.Length > 0
                    && Shape.count t.Shape >= leastCount
                    && not (kept.Contains t)
                    && Array.forall (takesEntries t) readers
                then
                    match chain t with
                    | ValueNone -> ()
                    | ValueSome ops ->
                        let places = readers |> Array.map (fun reader -> unitOf[reader]) |> Array.distinct

                        let fits place =
                            units[place].Nodes.Length + again[place].Count + ops.Count <= Plan.groupLimit

                        if Array.forall fits places then
                            chosen.Add t |> ignore

                            for place in places do
                                for op in ops do
                                    if not (again[place].Contains op) then
                                        again[place].Add op

        /// What a unit computes again and for the first time, without what only other units read: they compute it themselves.
        let needed i =
            let first = HashSet<Tensor>(units[i].Nodes, HashIdentity.Reference)
            let wanted = HashSet<Tensor>(HashIdentity.Reference)

            for t in Array.rev (Array.append (again[i].ToArray()) units[i].Nodes) do
                let isResult =
                    first.Contains t
                    && not (chosen.Contains t || (t.Op.Kernel.IsElement && isInner t))

                if isResult || Seq.exists wanted.Contains items[t].Readers then
                    wanted.Add t |> ignore

            {
                units[i] with
                    Nodes = units[i].Nodes |> Array.filter wanted.Contains
                    Again = again[i].ToArray() |> Array.filter wanted.Contains
            }

        if chosen.Count = 0 then
            units
        else
            Array.init units.Length needed
            |> Array.filter (fun unit -> unit.Nodes.Length > 0)
