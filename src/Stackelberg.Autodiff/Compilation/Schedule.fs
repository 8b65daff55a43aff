namespace Stackelberg

open System
open System.Collections.Generic
open Stackelberg.Kernels

/// From a plan to steps over memory. A body inside a step (an iterative solve) is scheduled by the same code, in the
/// same arenas.
[<Sealed>]
type internal Schedule(memory: Memory, late: HashSet<Tensor>, bound: Dictionary<Tensor, Operand>) =

    /// Elementwise ops of one count as one step.
    let fuse
        (items: Dictionary<Tensor, Item>)
        (operandOf: Tensor -> Operand)
        (isStored: Tensor -> bool)
        (gapOf: Tensor -> int)
        (group: Tensor[])
        =
        let count = Shape.count group[0].Shape
        let inside = Dictionary<Tensor, int>(HashIdentity.Reference)
        let loads = List<Load>()
        let registers = Dictionary<Load, int>()

        for t in group do
            inside[t] <- -1

        let isInside (arg: Tensor) =
            arg.IsSymbolic && inside.ContainsKey items[arg].Root

        let load (arg: Tensor) =
            let operand = operandOf arg

            let load =
                match Shape.spread operand.Extents operand.Strides with
                | ValueSome(struct (stretch, period, gap)) when count > 1 ->
                    Load(operand.Place, stretch, period, gap)
                | _ -> Load(operand.Place, true, Constant = memory.ConstantAt operand.Place)

            match registers.TryGetValue load with
            | true, register -> register
            | _ ->
                loads.Add load
                registers[load] <- loads.Count - 1
                loads.Count - 1

        for t in group do
            for arg in t.Args do
                if not (isInside arg) then
                    load arg |> ignore

        group |> Array.iteri (fun i t -> inside[t] <- loads.Count + i)

        let register (arg: Tensor) =
            if isInside arg then inside[items[arg].Root] else load arg

        let instruction (t: Tensor) =
            match t.Op.Kernel with
            | Element kernel ->
                let arg i =
                    if i < t.Args.Length then register t.Args[i] else -1

                Instruction(kernel, arg 0, arg 1, arg 2, inside[t])
            | _ -> invalidOp (invariant $"{t.Op.Name} is not elementwise.")

        let stores =
            group
            |> Array.filter isStored
            |> Array.map (fun t -> Store(inside[t], (operandOf t).Place, gapOf t))

        Steps.Fused(group[0].DType, count, loads.ToArray(), Array.map instruction group, stores)

    /// <summary>The steps that compute expressions into given places.</summary>
    /// <returns>The steps that depend on no late variable, then those that do.</returns>
    member schedule.Emit(outputs: (Tensor * Operand)[]) : struct (Step[] * Step[]) =
        let nodes =
            Dependence.all (outputs |> Seq.map fst)
            |> Array.filter (fun t ->
                match t.Op.Kernel with
                | Source when not (bound.ContainsKey t) ->
                    invalidOp (
                        invariant
                            $"A symbol of shape {Shape.show t.Shape} is no input of this program: it belongs to another differentiation or compilation, and was kept beyond the function that it was made for."
                    )
                | _ -> true)

        let unrolled =
            if late.Count = 0 then
                Unrolling.tryStep memory bound nodes outputs
            else
                ValueNone

        match unrolled with
        | ValueSome step -> struct ([| step |], [||])
        | ValueNone -> schedule.EmitSteps nodes outputs

    member private _.EmitSteps (nodes: Tensor[]) (outputs: (Tensor * Operand)[]) : struct (Step[] * Step[]) =
        let items = Plan.items bound late nodes

        let outputRoots = HashSet<Tensor>(HashIdentity.Reference)

        for t, _ in outputs do
            if t.IsSymbolic then
                outputRoots.Add items[t].Root |> ignore

        let units =
            Plan.units bound items nodes |> Recomputing.apply bound items outputRoots

        let isOwn t =
            Object.ReferenceEquals(items[t].Root, t) && not (bound.ContainsKey t)

        // When each symbol with memory of its own is made, and when it is last read from there.
        let made = Dictionary<Tensor, int>(HashIdentity.Reference)
        let lastRead = Dictionary<Tensor, int>(HashIdentity.Reference)

        for i in 0 .. units.Length - 1 do
            for t in units[i].Nodes do
                made[t] <- i

            let inside =
                HashSet<Tensor>(Seq.append units[i].Again units[i].Nodes, HashIdentity.Reference)

            for t in inside do
                for arg in t.Args do
                    if arg.IsSymbolic then
                        let root = items[arg].Root

                        if isOwn root && not (inside.Contains root) then
                            lastRead[root] <- i

        // An output whose whole memory is one symbol's is computed in place; the others are copied at the end.
        let places = Dictionary<Tensor, Place>(HashIdentity.Reference)
        let given = HashSet<Tensor>(HashIdentity.Reference)
        let copies = List<struct (Tensor * Operand)>()

        for t, target in outputs do
            let direct =
                t.IsSymbolic
                && isOwn items[t].Root
                && items[t].IsWholeRoot
                && Shape.count items[t].Root.Shape = Shape.count t.Shape
                && not (places.ContainsKey items[t].Root)

            if direct then
                places[items[t].Root] <- target.Place
                given.Add items[t].Root |> ignore
            else
                copies.Add(struct (t, target))

                if t.IsSymbolic then
                    lastRead[items[t].Root] <- Int32.MaxValue

        // A part of a concatenation is computed where it belongs: by any step if its entries lie side by side there, with
        // a gap between them by elementwise steps if nobody else reads it. The gap stands last.
        let homes = Dictionary<Tensor, struct (Tensor * int * int)>(HashIdentity.Reference)

        /// The gap at which a symbol's entries could be written into a region of these extents and strides; 0 for none.
        let gapIn (whole: Tensor) (root: Tensor) extents strides =
            if Shape.isContiguous extents strides then
                1
            elif
                not root.Op.Kernel.IsElement
                || outputRoots.Contains root
                || Seq.exists (fun reader -> not (Object.ReferenceEquals(reader, whole))) items[root].Readers
            then
                0
            else
                match Shape.spread extents strides with
                | ValueSome(struct (1, 0, gap)) -> gap
                | _ -> 0

        for k in nodes.Length - 1 .. -1 .. 0 do
            let whole = nodes[k]

            if isOwn whole && whole.Op.Name = "concat" then
                let strides = Shape.strides whole.Shape
                let axis = whole.Op.Attributes[0]
                let mutable offset = 0

                for part in whole.Args do
                    if part.IsSymbolic then
                        let root = items[part].Root

                        if
                            isOwn root
                            && items[part].IsWholeRoot
                            && Shape.count root.Shape = Shape.count part.Shape
                            && items[root].Late = items[whole].Late
                            && not (places.ContainsKey root || homes.ContainsKey root)
                        then
                            let gap = gapIn whole root part.Shape strides

                            if gap > 0 then
                                homes[root] <- struct (whole, offset, gap)

                    offset <- offset + part.Shape[axis] * strides[axis]

        let rec owner (t: Tensor) =
            match homes.TryGetValue t with
            | true, struct (whole, _, _) -> owner whole
            | _ -> t

        // What lives in one block of memory lives as long as the block.
        let first = Dictionary<Tensor, int>(HashIdentity.Reference)
        let last = Dictionary<Tensor, int>(HashIdentity.Reference)

        /// Whether it needs memory; a fused value that only its own group reads does not.
        let isKept (t: Tensor) =
            lastRead.ContainsKey t
            || homes.ContainsKey t
            || outputRoots.Contains t
            || not t.Op.Kernel.IsElement

        for t in made.Keys |> Seq.filter isKept do
            let block = owner t

            let until =
                if
                    not items[t].Late
                    && Seq.exists (fun reader -> items[reader].Late) items[t].Readers
                then
                    Int32.MaxValue
                else
                    match lastRead.TryGetValue t with
                    | true, last -> last
                    | _ -> made[t]

            first[block] <-
                if first.ContainsKey block then
                    min first[block] made[t]
                else
                    made[t]

            last[block] <-
                if last.ContainsKey block then
                    max last[block] until
                else
                    until

        let rec placeOf (t: Tensor) : Place =
            match homes.TryGetValue t with
            | true, struct (whole, offset, _) -> (placeOf whole).Plus offset
            | _ ->
                match bound.TryGetValue t with
                | true, operand -> operand.Place
                | _ -> places[t]

        let operandOf (t: Tensor) : Operand =
            if not t.IsSymbolic then
                memory.Known t
            else
                let item = items[t]

                let strides =
                    match homes.TryGetValue item.Root with
                    | true, struct (whole, _, gap) when gap > 1 && whole.Shape.Length = t.Shape.Length ->
                        Shape.strides whole.Shape
                    | _ -> item.Seen.Strides

                {
                    item.Seen with
                        Place = (placeOf item.Root).Plus item.Seen.Place.Offset
                        Strides = strides
                }

        /// For a step that takes entries side by side. The plan has seen to it that symbols' lie so.
        let denseOperandOf (t: Tensor) =
            if t.IsSymbolic then operandOf t else memory.KnownDense t

        let gapOf (t: Tensor) =
            match homes.TryGetValue t with
            | true, struct (_, _, gap) -> gap
            | _ -> 1

        let copy (from: Operand) (target: Operand) =
            Steps.Copy(target.Type, from.Extents, from.Place, from.Strides, target.Place, target.Strides)

        let work = List<struct (DType * int * int)>()

        let emitter = {
            new Emitter() with
                member _.Work(dtype, count) =
                    let start = memory.Arena(dtype).Take count
                    work.Add(struct (dtype, start, count))
                    Place(int dtype, start)

                member _.State(dtype, count) = memory.State(dtype, count)

                member _.Report() = memory.Report()

                member _.Reports = memory.Reports

                member _.Body(variables, operands, results, targets) =
                    let inner = Dictionary<Tensor, Operand>(HashIdentity.Reference)
                    Array.iter2 (fun variable operand -> inner[variable] <- operand) variables operands

                    let body = Schedule(memory, HashSet<Tensor>(HashIdentity.Reference), inner)

                    let whole (result: Tensor) target = {
                        Type = result.DType
                        Extents = result.Shape
                        Place = target
                        Strides = Shape.strides result.Shape
                    }

                    let outputs =
                        Array.map2 (fun result target -> result, whole result target) results targets

                    let struct (steps, _) = body.Emit outputs
                    steps
        }

        let emit (unit: Unit) =
            match unit.Nodes with
            | [| t |] when not (isNull items[t].CopiedFrom) ->
                let from = operandOf items[t].CopiedFrom

                match t.Op.Kernel with
                | View view ->
                    match view t.Shape from with
                    | ValueSome seen -> copy seen (operandOf t)
                    // A reshape of entries that do not lie in order: put them in order; the result then has them.
                    | ValueNone ->
                        copy from {
                            operandOf t with
                                Extents = from.Extents
                                Strides = Shape.strides from.Extents
                        }
                | _ -> invalidOp (invariant $"{t.Op.Name} is no view.")
            | [| t |] when not t.Op.Kernel.IsElement ->
                match t.Op.Kernel with
                | Loop(true, make) -> make emitter (Array.map operandOf t.Args) (operandOf t)
                | Loop(false, make)
                | Nested(_, make, _) -> make emitter (Array.map denseOperandOf t.Args) (operandOf t)
                | _ -> invalidOp (invariant $"{t.Op.Name} cannot be computed by itself.")
            | group ->
                let own = HashSet<Tensor>(group, HashIdentity.Reference)
                let isStored t = own.Contains t && isKept t
                fuse items operandOf isStored gapOf (Array.append unit.Again group)

        let early, later = List<Step>(), List<Step>()


        // The blocks of memory by the unit that they are first needed in, and by the one after which they are free.
        let byUnit (times: Dictionary<Tensor, int>) =
            let blocks = Array.init units.Length (fun _ -> List<Tensor>())

            for KeyValue(block, time) in times do
                if time < units.Length then
                    blocks[time].Add block

            blocks

        let starting, ending = byUnit first, byUnit last

        // Large values whose memory a later value has taken over.
        let inherited = HashSet<Tensor>(HashIdentity.Reference)

        /// The values that no step after this one reads, and whose memory nobody has taken.
        let free i =
            ending[i]
            |> Seq.filter (fun block ->
                first[block] < i && not (given.Contains block || inherited.Contains block))

        let finishStage isLate (into: List<Step>) =
            for struct (t, target) in copies do
                if (t.IsSymbolic && items[t].Late) = isLate then
                    into.Add(copy (operandOf t) target)

        for i in 0 .. units.Length - 1 do
            let unit = units[i]

            if unit.Late && (i = 0 || not units[i - 1].Late) then
                finishStage false early

            for block in starting[i] do
                if not (places.ContainsKey block) then
                    places[block] <-
                        match Inheriting.tryFind items owner unit (free i) block with
                        | Some earlier ->
                            inherited.Add earlier |> ignore
                            places[earlier]
                        | None ->
                            Place(int block.DType, memory.Arena(block.DType).Take(Shape.count block.Shape))

            if Shape.count unit.Nodes[0].Shape > 0 then
                let step: Step = emit unit

                if not step.DoesNothing then
                    (if unit.Late then later else early).Add step

            for struct (dtype, start, count) in work do
                memory.Arena(dtype).Give(start, count)

            work.Clear()

            for block in ending[i] do
                if not (given.Contains block || inherited.Contains block) then
                    memory.Arena(block.DType).Give(places[block].Offset, Shape.count block.Shape)

        if not (Array.exists (fun unit -> unit.Late) units) then
            finishStage false early

        finishStage true later
        struct (early.ToArray(), later.ToArray())
