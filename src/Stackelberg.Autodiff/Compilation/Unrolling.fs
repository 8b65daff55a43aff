namespace Stackelberg

open System.Collections.Generic
open Stackelberg.Kernels

/// Small programs entry by entry: every entry of every symbol is a number of its own, in one step that is emitted as
/// one method. Of a game with a handful of small matrices a step costs less than calling a kernel.
module internal Unrolling =

    /// The most operations on single numbers.
    let private mostOperations = 600

    /// The most for each op of the program; with more a vector kernel is the better form.
    let private mostForEachOp = 60

    /// Operations on single numbers that an op takes; −1 where it cannot be taken apart.
    let private operations (t: Tensor) =
        match t.Op.Kernel with
        | Source
        | View _ -> 0
        | Element _ -> Shape.count t.Shape
        | Loop _ when t.Op.Name = "matmul" && t.Shape.Length = 2 ->
            // A multiplication and an addition each.
            2 * Shape.count t.Shape * t.Args[0].Shape[1]
        | Loop _ when t.Op.Name = "sum" -> Shape.count t.Args[0].Shape
        | Loop _ when t.Op.Name = "concat" || t.Op.Name = "pad" -> 0
        | _ -> -1

    let private fits (nodes: Tensor[]) (outputs: (Tensor * Operand)[]) =
        let counts = nodes |> Array.map operations

        let ops =
            nodes
            |> Seq.filter (fun (t: Tensor) -> not (t.Op.Kernel.IsView || t.Op.Kernel.IsSource))
            |> Seq.length

        nodes
        |> Array.forall (fun t -> t.DType = nodes[0].DType && Shape.count t.Shape > 0)
        && outputs |> Array.forall (fun (t, _) -> t.DType = nodes[0].DType)
        && not (Array.contains -1 counts)
        && nodes |> Array.exists (fun t -> Shape.count t.Shape > 1)
        && Array.sum counts <= min mostOperations (ops * mostForEachOp)

    /// Offsets of all entries of a shape under strides, row-major.
    let private offsets (shape: int[]) (strides: int[]) =
        let rec from axis offset =
            if axis = shape.Length then
                Seq.singleton offset
            else
                Seq.init shape[axis] (fun i -> from (axis + 1) (offset + i * strides[axis]))
                |> Seq.concat

        from 0 0 |> Array.ofSeq

    /// Registers of results begin here, those of loads at 0.
    let private firstResult = 1 <<< 20

    /// <summary>The program as one step, if that is worth it.</summary>
    /// <param name="memory">Where constants go.</param>
    /// <param name="bound">The places of the variables.</param>
    /// <param name="nodes">All symbols, arguments first.</param>
    /// <param name="outputs">Symbols, with contiguous places for them.</param>
    let tryStep
        (memory: Memory)
        (bound: Dictionary<Tensor, Operand>)
        (nodes: Tensor[])
        (outputs: (Tensor * Operand)[])
        : Step voption =
        if nodes.Length = 0 || not (fits nodes outputs) then
            ValueNone
        else
            let loads = Dictionary<Place, int>()
            let instructions = List<Instruction>()
            let entries = Dictionary<Tensor, int[]>(HashIdentity.Reference)

            let load place =
                match loads.TryGetValue place with
                | true, register -> register
                | _ ->
                    loads[place] <- loads.Count
                    loads[place]

            let loadAll (operand: Operand) =
                offsets operand.Extents operand.Strides
                |> Array.map (fun offset -> load (operand.Place.Plus offset))

            let entriesOf (t: Tensor) =
                if t.IsSymbolic then
                    entries[t]
                else
                    loadAll (memory.Known t)

            let emit kernel a b c =
                let register = firstResult + instructions.Count
                instructions.Add(Instruction(kernel, a, b, c, register))
                register

            let product (a: Tensor) (b: Tensor) =
                let m, k, n = a.Shape[0], a.Shape[1], b.Shape[1]
                let a, b = entriesOf a, entriesOf b

                Array.init (m * n) (fun at ->
                    let i, j = at / n, at % n
                    let first = emit ElementKernels.Multiply a[i * k] b[j] -1

                    Seq.fold
                        (fun sum p -> emit ElementKernels.MultiplyAdd a[i * k + p] b[p * n + j] sum)
                        first
                        (seq { 1 .. k - 1 }))

            let sum (axes: int[]) (from: Tensor) =
                let kept = Shape.without axes from.Shape
                let totals = Array.create (Shape.count kept) -1
                let targetStrides = Array.zeroCreate from.Shape.Length

                let keptAxes =
                    [| 0 .. from.Shape.Length - 1 |]
                    |> Array.filter (fun axis -> not (Array.contains axis axes))

                Array.iter2 (fun axis stride -> targetStrides[axis] <- stride) keptAxes (Shape.strides kept)

                Array.iter2
                    (fun target entry ->
                        totals[target] <-
                            if totals[target] < 0 then
                                entry
                            else
                                emit ElementKernels.Add totals[target] entry -1)
                    (offsets from.Shape targetStrides)
                    (entriesOf from)

                totals

            let concat axis (parts: Tensor[]) =
                let inner (t: Tensor) = Shape.count t.Shape[axis..]
                let outer = Shape.count parts[0].Shape[.. axis - 1]
                let values = parts |> Array.map entriesOf

                [|
                    for i in 0 .. outer - 1 do
                        for part, value in Array.zip parts values do
                            yield! Array.sub value (i * inner part) (inner part)
                |]

            let pad (attributes: int[]) (from: Tensor) =
                let axis, before, after = attributes[0], attributes[1], attributes[2]
                let inner = Shape.count from.Shape[axis + 1 ..]
                let width = from.Shape[axis] * inner
                let values = entriesOf from

                let zeros extent =
                    Array.create
                        (extent * inner)
                        (load (memory.Known(Expression.zeros from.DType [||])).Place)

                [|
                    for i in 0 .. Shape.count from.Shape[.. axis - 1] - 1 do
                        yield! zeros before
                        yield! Array.sub values (i * width) width
                        yield! zeros after
                |]

            let seen (t: Tensor) view =
                let from = t.Args[0]

                let whole = {
                    Type = from.DType
                    Extents = from.Shape
                    Place = Place(0, 0)
                    Strides = Shape.strides from.Shape
                }

                match view t.Shape whole with
                | ValueSome(operand: Operand) ->
                    let values = entriesOf from

                    offsets operand.Extents operand.Strides
                    |> Array.map (fun offset -> values[operand.Place.Offset + offset])
                | ValueNone -> entriesOf from

            for t in nodes do
                entries[t] <-
                    match bound.TryGetValue t with
                    | true, operand -> loadAll operand
                    | _ ->
                        match t.Op.Kernel with
                        | View view -> seen t view
                        | Element kernel ->
                            let args = Array.map entriesOf t.Args

                            let arg i entry =
                                if i < args.Length then args[i][entry] else -1

                            Array.init (Shape.count t.Shape) (fun entry ->
                                emit kernel (arg 0 entry) (arg 1 entry) (arg 2 entry))
                        | _ when t.Op.Name = "matmul" -> product t.Args[0] t.Args[1]
                        | _ when t.Op.Name = "sum" -> sum t.Op.Attributes t.Args[0]
                        | _ when t.Op.Name = "pad" -> pad t.Op.Attributes t.Args[0]
                        | _ -> concat t.Op.Attributes[0] t.Args

            let stores = [|
                for t, target in outputs do
                    for i, register in Array.indexed (entriesOf t) do
                        Store(register, target.Place.Plus i)
            |]

            let ordered =
                loads
                |> Seq.sortBy (fun pair -> pair.Value)
                |> Seq.map (fun pair -> Load(pair.Key, true, Constant = memory.ConstantAt pair.Key))
                |> Array.ofSeq

            ValueSome(Steps.Fused(nodes[0].DType, 1, ordered, instructions.ToArray(), stores))
