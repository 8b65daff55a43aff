namespace Stackelberg

open System
open System.Collections.Generic
open Stackelberg.Kernels

/// One arena of equal numbers, handed out from the smallest free range that is large enough. Sizes are rounded up to
/// whole cache lines.
[<Sealed>]
type internal Arena(grain: int) =
    let free = List<struct (int * int)>()
    let mutable size = 0

    let rounded count =
        (max count 1 + grain - 1) / grain * grain

    /// The elements that the arena needs.
    member _.Size = size

    /// A range that no earlier holder ever wrote to, so that it is zero in a new run.
    member _.Fresh count =
        let start = size
        size <- size + rounded count
        start

    member arena.Take count =
        let wanted = rounded count
        let mutable best, fit = -1, Int32.MaxValue

        for i in 0 .. free.Count - 1 do
            let struct (_, length) = free[i]

            if length >= wanted && length < fit then
                best <- i
                fit <- length

        // A free range at the end grows.
        let tail =
            if best < 0 && free.Count > 0 then
                let struct (start, length) = free[free.Count - 1]
                if start + length = size then length else 0
            else
                0

        match best with
        | -1 when tail > 0 ->
            free.RemoveAt(free.Count - 1)
            size <- size + wanted - tail
            size - wanted
        | -1 -> arena.Fresh count
        | i ->
            let struct (start, length) = free[i]

            if length = wanted then
                free.RemoveAt i
            else
                free[i] <- struct (start + wanted, length - wanted)

            start

    member _.Give(start, count) =
        let at = free.FindIndex(fun struct (other, _) -> other > start)
        let at = if at < 0 then free.Count else at
        free.Insert(at, struct (start, rounded count))

        let merge i =
            if i >= 0 && i + 1 < free.Count then
                let struct (a, n) = free[i]
                let struct (b, m) = free[i + 1]

                if a + n = b then
                    free[i] <- struct (a, n + m)
                    free.RemoveAt(i + 1)

        merge at
        merge (at - 1)

/// The buffers of a program: two arenas, two pools of single constants, then constant arrays, inputs and outputs.
[<Sealed>]
type internal Memory() =
    let arenas = [| Arena 8; Arena 16 |]
    let pools = [| List<float>(); List<float>() |]
    let known = [| Dictionary<int64, int>(); Dictionary<int64, int>() |]
    let others = List<struct (DType * int * Array)>()
    let constants = Dictionary<Array, int>(HashIdentity.Reference)
    let filled = Dictionary<struct (DType * int64 * int), int>()
    let states = List<struct (Place * int)>()
    let mutable reports = 0

    static let firstOther = 4

    member _.Arena(dtype: DType) = arenas[int dtype]
    member _.Reports = reports

    member _.Report() =
        reports <- reports + 1
        reports - 1

    /// A range that keeps what a run leaves there for its next execution; zero in a new run.
    member _.State(dtype: DType, count) =
        let place = Place(int dtype, arenas[int dtype].Fresh count)
        states.Add(struct (place, count))
        place

    /// The ranges that runs keep something in between executions.
    member _.States = states

    /// A buffer of its own, given (a constant) or made for each run (null).
    member _.Buffer(dtype, count, data: Array) =
        others.Add(struct (dtype, count, data))
        firstOther + others.Count - 1

    /// How many buffers a run has.
    member _.BufferCount = firstOther + others.Count

    /// The number at a place, if it is one of the constants.
    member _.ConstantAt(place: Place) : Nullable<float> =
        if place.Buffer = 2 || place.Buffer = 3 then
            Nullable(pools[place.Buffer - 2][place.Offset])
        else
            Nullable()

    /// The operand of a value that is no symbol.
    member memory.Known(t: Tensor) : Operand =
        if t.IsConstant then
            let index = int t.DType
            let bits = BitConverter.DoubleToInt64Bits t.Value

            let offset =
                match known[index].TryGetValue bits with
                | true, found -> found
                | _ ->
                    pools[index].Add t.Value
                    known[index][bits] <- pools[index].Count - 1
                    pools[index].Count - 1

            {
                Type = t.DType
                Extents = t.Shape
                Place = Place(2 + index, offset)
                Strides = Array.zeroCreate t.Shape.Length
            }
        else
            let buffer =
                match constants.TryGetValue t.Data with
                | true, found -> found
                | _ ->
                    constants[t.Data] <- memory.Buffer(t.DType, t.Data.Length, t.Data)
                    constants[t.Data]

            {
                Type = t.DType
                Extents = t.Shape
                Place = Place(buffer, t.Offset)
                Strides = Shape.strides t.Shape
            }

    /// As Known, with entries side by side: one number for all becomes an array of it.
    member memory.KnownDense(t: Tensor) : Operand =
        let operand = memory.Known t

        if Shape.isContiguous operand.Extents operand.Strides then
            operand
        else
            let count = Shape.count t.Shape
            let key = struct (t.DType, BitConverter.DoubleToInt64Bits t.Value, count)

            let buffer =
                match filled.TryGetValue key with
                | true, found -> found
                | _ ->
                    let data: Array =
                        match t.DType with
                        | DType.Float32 -> Array.create count (float32 t.Value)
                        | _ -> Array.create count t.Value

                    filled[key] <- memory.Buffer(t.DType, count, data)
                    filled[key]

            {
                operand with
                    Place = Place(buffer, 0)
                    Strides = Shape.strides t.Shape
            }

    /// Elements of constant arrays, which live as long as this does.
    member _.ConstantElements =
        others
        |> Seq.sumBy (fun struct (_, count, data) -> if isNull data then 0L else int64 count)

    /// Fails unless all that the steps touch lies in these buffers: no step checks that when it runs.
    member _.Require(steps: seq<Step>) =
        let types = [|
            DType.Float64
            DType.Float32
            DType.Float64
            DType.Float32
            for struct (dtype, _, _) in others do
                dtype
        |]

        let lengths = [|
            arenas[0].Size
            arenas[1].Size
            pools[0].Count
            pools[1].Count
            for struct (_, count, _) in others do
                count
        |]

        Region.Require(steps, types, lengths)

    /// The arrays of one run; constant arrays are shared between runs.
    member _.Allocate() : Array[] = [|
        Array.zeroCreate<float> arenas[0].Size
        Array.zeroCreate<float32> arenas[1].Size
        pools[0].ToArray()
        pools[1].ToArray() |> Array.map float32
        for struct (dtype, count, data) in others do
            if isNull data then
                Expression.newArray dtype count
            else
                data
    |]
