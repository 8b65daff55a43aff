namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open System.Collections.Generic
open Stackelberg

type Node =
    | Argument
    | Data of shape: int[] * values: float[]
    | Apply of Operation * int[]

/// A random function of one tensor as a list of nodes, each made of earlier ones, and where it is to be differentiated.
type Composition = {
    Seed: int
    Precision: Precision
    Nodes: Node[]
    Output: int
    Shape: int[]
    Point: float[]
    /// Up to three directions, each of the point's entries.
    Directions: float[][]
}

module Composition =

    /// Whether a direction is along one entry, and which.
    let unitOf (direction: float[]) =
        let moving = [|
            for i in 0 .. direction.Length - 1 do
                if direction[i] <> 0.0 then
                    i
        |]

        if moving.Length = 1 && direction[moving[0]] = 1.0 then
            ValueSome moving[0]
        else
            ValueNone

    /// The nodes that the output is made of.
    let needed (c: Composition) =
        let found = HashSet<int>()

        let rec visit i =
            if found.Add i then
                match c.Nodes[i] with
                | Apply(_, args) -> Array.iter visit args
                | _ -> ()

        visit c.Output

        [|
            for i in 0 .. c.Nodes.Length - 1 do
                if found.Contains i then
                    i
        |]

    /// Whether an op of its converts to float32, where cotangents of float64 may overflow.
    let passesThroughSingle (c: Composition) =
        needed c
        |> Array.exists (fun i ->
            match c.Nodes[i] with
            | Apply(op, _) -> op.Text = "through float32"
            | _ -> false)

    let private referenceOf (c: Composition) (known: Many[]) node =
        match node with
        | Argument -> {
            Shape = c.Shape
            Entries =
                c.Point
                |> Array.mapi (fun i x ->
                    Jet.variable c.Precision (c.Directions |> Array.map (fun d -> d[i])) x)
          }
        | Data(shape, values) -> {
            Shape = shape
            Entries = values |> Array.map (Jet.constant c.Precision)
          }
        | Apply(op, args) -> op.Reference c.Precision (args |> Array.map (fun i -> known[i]))

    /// The value and its derivatives by definition.
    let reference (c: Composition) : Many =
        let known = Array.zeroCreate<Many> c.Nodes.Length

        for i in needed c do
            known[i] <- referenceOf c known c.Nodes[i]

        known[c.Output]

    let tensor (p: Precision) (shape: int[]) (values: float[]) =
        Tensor.cast p.Type (Tensor.reshape shape (Tensor.ofArray values))

    let point (c: Composition) = tensor c.Precision c.Shape c.Point

    /// The function as the engine sees it.
    let engine (c: Composition) : Tensor -> Tensor =
        let needed = needed c

        let data =
            c.Nodes
            |> Array.map (fun node ->
                match node with
                | Data(shape, values) -> tensor c.Precision shape values
                | _ -> null)

        fun x ->
            let known = Array.copy data

            for i in needed do
                match c.Nodes[i] with
                | Argument -> known[i] <- x
                | Data _ -> ()
                | Apply(op, args) -> known[i] <- op.Engine(args |> Array.map (fun k -> known[k]))

            known[c.Output]

    let private showNumbers (values: float[]) =
        "[" + String.Join("; ", values |> Array.map Operation.show) + "]"

    let private showShape (shape: int[]) = "[" + String.Join(",", shape) + "]"

    let show (c: Composition) =
        let lines = [
            $"seed {c.Seed}, {c.Precision.Type}, x {showShape c.Shape} = {showNumbers c.Point}"
            for i, direction in Array.indexed c.Directions do
                $"direction {i} {showNumbers direction}"
            for i in needed c do
                match c.Nodes[i] with
                | Argument -> $"t{i} = x"
                | Data(shape, values) -> $"t{i} = data {showShape shape} {showNumbers values}"
                | Apply(op, args) ->
                    let arguments = String.Join(", ", args |> Array.map (fun k -> $"t{k}"))
                    $"t{i} = {op.Text} ({arguments})"
            $"f = t{c.Output}"
        ]

        String.Join("\n", lines)

/// Draws compositions.
module Generate =

    let private moderate (random: Random) =
        match random.Next 4 with
        | 0 -> float (random.Next 9 - 4) / 2.0
        | _ -> 4.0 * random.NextDouble() - 2.0

    let private extremes (p: Precision) =
        let huge = if p.Type = DType.Float32 then 1e30 else 1e300

        [|
            0.0
            -0.0
            p.Tiny
            -3.0 * p.Tiny
            1.0 / huge
            -1.0 / huge
            huge
            -huge
            p.Largest
            infinity
            -infinity
            nan
            1e-8
            1e-3
            20.0
            -20.0
            90.0
            -700.0
            1e5
            -1e8
            1.0
            -1.0
            1.0 - 2.0 * p.Unit
        |]

    let private shapes = [|
        [||]
        [| 1 |]
        [| 2 |]
        [| 3 |]
        [| 3 |]
        [| 4 |]
        [| 2; 2 |]
        [| 1; 3 |]
        [| 2; 1 |]
        [| 3; 2 |]
        [| 2; 1; 2 |]
        [| 0 |]
        [| 2; 0 |]
    |]

    let private values (random: Random) (p: Precision) style count =
        let extremes = extremes p

        let entry _ =
            match style with
            | 0 -> moderate random
            | 1 ->
                if random.Next 3 = 0 then
                    extremes[random.Next extremes.Length]
                else
                    moderate random
            // Few different numbers: ties.
            | 2 -> float (random.Next 3 - 1)
            | _ -> abs (moderate random) + 0.1

        Array.init count (fun _ -> p.Round(entry ()))

    let private draws = [|
        ElementwiseOps.drawUnary
        ElementwiseOps.drawUnary
        ElementwiseOps.drawUnary
        ElementwiseOps.drawBinary
        ElementwiseOps.drawBinary
        ElementwiseOps.drawBinary
        ElementwiseOps.drawWhere
        StructureOps.draw
        StructureOps.draw
        StructureOps.draw
        ProductOps.draw
        WindowOps.draw
        SystemOps.draw
        TransformOps.draw
        ReductionOps.draw
        ReductionOps.draw
        EntryOps.draw
        EntryOps.draw
    |]

    /// A composition with derivatives along so many directions.
    let composition (seed: int) : Composition =
        let random = Random(seed)

        let p =
            if random.Next 4 = 0 then
                Precision.Single
            else
                Precision.Double

        let style = [| 0; 0; 0; 1; 1; 2; 3; 3 |][random.Next 8]
        let shape = shapes[random.Next shapes.Length]
        let count = Many.count shape
        let point = values random p style count
        let order = [| 1; 1; 2; 2; 3 |][random.Next 5]

        let direction _ =
            if random.Next 10 < 7 && count > 0 then
                let k = random.Next count
                Array.init count (fun i -> if i = k then 1.0 else 0.0)
            else
                Array.init count (fun _ -> [| -1.0; -0.5; 0.5; 1.0; 2.0 |][random.Next 5])

        let directions = Array.init order direction
        let nodes = List<Node> [ Argument ]

        for _ in 1 .. random.Next 2 do
            let shape = shapes[random.Next(shapes.Length - 2)]
            nodes.Add(Data(shape, values random p style (Many.count shape)))

        let draft = {
            Seed = seed
            Precision = p
            Nodes = nodes.ToArray()
            Output = 0
            Shape = shape
            Point = point
            Directions = [||]
        }

        // While ops are drawn, values are enough.
        let pool = List<Many>()

        for k in 0 .. nodes.Count - 1 do
            pool.Add(Composition.reference { draft with Output = k })

        let d = {
            Random = random
            Precision = p
            Pool = pool
        }

        for _ in 1 .. 1 + random.Next 10 do
            match draws[random.Next draws.Length] d with
            | ValueSome(struct (op, args)) ->
                let value = op.Reference p (args |> Array.map (fun k -> pool[k]))

                if Operation.count value <= 36 then
                    nodes.Add(Apply(op, args))
                    pool.Add value
            | ValueNone -> ()

        {
            draft with
                Precision = { p with Coefficients = 1 <<< order }
                Directions = directions
                Nodes = nodes.ToArray()
                Output = nodes.Count - 1
        }
