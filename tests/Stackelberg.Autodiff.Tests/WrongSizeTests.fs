/// Random calls with sizes that may not fit: either an ArgumentException, or the numbers of a plain evaluator that
/// works on nested indices and knows neither strides nor kernels.
module Stackelberg.Autodiff.Tests.WrongSizeTests

open System
open System.Collections.Generic
open FsCheck
open FsCheck.FSharp
open Stackelberg
open Stackelberg.Kernels
open Xunit

/// An array as a function of its index.
type private Plain = {
    Shape: int list
    At: int list -> float
}

exception private Unfit

let private indices (shape: int list) : int list list =
    List.foldBack
        (fun extent tails -> [
            for i in 0 .. extent - 1 do
                for tail in tails -> i :: tail
        ])
        shape
        [ [] ]

let private entries (p: Plain) = indices p.Shape |> List.map p.At

/// Read once, so that a long program does not compute everything again for every entry.
let private fixedAt (p: Plain) =
    let table = Dictionary<int list, float>()

    for index in indices p.Shape do
        table[index] <- p.At index

    {
        p with
            At = fun index -> table[index]
    }

let private unless fits =
    if not fits then
        raise Unfit

/// Negative places count from the end.
let private fromEnd (p: Plain) axis i = if i < 0 then i + p.Shape[axis] else i

let private broadcastTo (shape: int list) (p: Plain) =
    let missing = shape.Length - p.Shape.Length

    unless (
        missing >= 0
        && List.forall2 (fun own wanted -> own = wanted || own = 1) p.Shape (List.skip missing shape)
    )

    {
        Shape = shape
        At =
            fun index ->
                p.At(List.map2 (fun own i -> if own = 1 then 0 else i) p.Shape (List.skip missing index))
    }

let private both f (a: Plain) (b: Plain) =
    let rank = max a.Shape.Length b.Shape.Length

    let padded (p: Plain) =
        List.replicate (rank - p.Shape.Length) 1 @ p.Shape

    unless (List.forall2 (fun m n -> m = n || m = 1 || n = 1) (padded a) (padded b))
    let shape = List.map2 (fun m n -> if m = 1 then n else m) (padded a) (padded b)
    let a, b = broadcastTo shape a, broadcastTo shape b

    {
        Shape = shape
        At = fun index -> f (a.At index) (b.At index)
    }

let private replaceAt axis value =
    List.mapi (fun k v -> if k = axis then value else v)

let private axisFits (p: Plain) axis = unless (axis < p.Shape.Length)

let private matmul (a: Plain) (b: Plain) =
    unless (not a.Shape.IsEmpty && not b.Shape.IsEmpty)

    let left =
        if a.Shape.Length = 1 then
            {
                Shape = 1 :: a.Shape
                At = List.tail >> a.At
            }
        else
            a

    let right =
        if b.Shape.Length = 1 then
            {
                Shape = b.Shape @ [ 1 ]
                At = fun index -> b.At [ index[0] ]
            }
        else
            b

    let split (p: Plain) =
        List.splitAt (p.Shape.Length - 2) p.Shape

    let (batchA, matrixA), (batchB, matrixB) = split left, split right
    unless (matrixA[1] = matrixB[0])
    let zero batch = { Shape = batch; At = fun _ -> 0.0 }
    let batch = (both (+) (zero batchA) (zero batchB)).Shape
    let left = broadcastTo (batch @ matrixA) left
    let right = broadcastTo (batch @ matrixB) right

    let at index =
        let head, last = List.splitAt batch.Length index

        List.sum [
            for k in 0 .. matrixA[1] - 1 -> left.At(head @ [ last[0]; k ]) * right.At(head @ [ k; last[1] ])
        ]

    let rows = if a.Shape.Length = 1 then [] else [ matrixA[0] ]
    let columns = if b.Shape.Length = 1 then [] else [ matrixB[1] ]

    {
        Shape = batch @ rows @ columns
        At =
            fun index ->
                let head, rest = List.splitAt batch.Length index

                match rows, columns with
                | [], [] -> at (head @ [ 0; 0 ])
                | [], _ -> at (head @ [ 0; rest[0] ])
                | _, [] -> at (head @ [ rest[0]; 0 ])
                | _ -> at index
    }

/// A call of the library, and what it should give.
type private Call = {
    Name: string
    Library: Tensor[] -> Tensor
    Plain: Plain[] -> Plain
}

let private any (random: Random) (values: 'T[]) = values[random.Next values.Length]

let private call (random: Random) : Call =
    let axis = random.Next 3
    let small () = random.Next 4

    match random.Next 12 with
    | 0 -> {
        Name = "add"
        Library = (fun t -> t[0] + t[1])
        Plain = fun p -> both (+) p[0] p[1]
      }
    | 1 -> {
        Name = "multiply"
        Library = (fun t -> sin t[0] * t[1])
        Plain = fun p -> both (fun a b -> sin a * b) p[0] p[1]
      }
    | 2 -> {
        Name = "matmul"
        Library = (fun t -> Tensor.matmul t[0] t[1])
        Plain = fun p -> matmul p[0] p[1]
      }
    | 3 ->
        let perm =
            any random [| [ 1; 0 ]; [ 0; 1 ]; [ 2; 0; 1 ]; [ 1; 0; 2 ]; [ 0; 0 ]; [ 0 ]; [ 1 ] |]

        {
            Name = $"permute {perm}"
            Library = fun t -> Tensor.permute perm t[0]
            Plain =
                fun p ->
                    unless (List.sort perm = [ 0 .. p[0].Shape.Length - 1 ])

                    {
                        Shape = perm |> List.map (fun k -> p[0].Shape[k])
                        At =
                            fun index ->
                                p[0].At(List.init perm.Length (fun k -> index[List.findIndex ((=) k) perm]))
                    }
        }
    | 4 ->
        let start, length = small () - 1, small ()

        {
            Name = $"slice {axis} {start} {length}"
            Library = fun t -> Tensor.slice axis start length t[0]
            Plain =
                fun p ->
                    axisFits p[0] axis
                    let start = fromEnd p[0] axis start
                    unless (start >= 0 && start + length <= p[0].Shape[axis])

                    {
                        Shape = replaceAt axis length p[0].Shape
                        At = fun index -> p[0].At(replaceAt axis (index[axis] + start) index)
                    }
        }
    | 5 ->
        let before, after = small () - 1, small ()

        {
            Name = $"pad {axis} {before} {after}"
            Library = fun t -> Tensor.pad axis before after t[0]
            Plain =
                fun p ->
                    axisFits p[0] axis
                    unless (before >= 0)
                    let extent = p[0].Shape[axis]

                    {
                        Shape = replaceAt axis (before + extent + after) p[0].Shape
                        At =
                            fun index ->
                                let i = index[axis] - before

                                if i < 0 || i >= extent then
                                    0.0
                                else
                                    p[0].At(replaceAt axis i index)
                    }
        }
    | 6 -> {
        Name = $"sumAxis {axis}"
        Library = fun t -> Tensor.sumAxis axis t[0]
        Plain =
            fun p ->
                axisFits p[0] axis

                {
                    Shape = List.removeAt axis p[0].Shape
                    At =
                        fun index ->
                            List.sum [
                                for i in 0 .. p[0].Shape[axis] - 1 -> p[0].At(List.insertAt axis i index)
                            ]
                }
      }
    | 7 ->
        let chosen = List.init (small ()) (fun _ -> random.Next 5 - 1)

        {
            Name = $"gather {axis} {chosen}"
            Library = fun t -> Tensor.gather axis chosen t[0]
            Plain =
                fun p ->
                    axisFits p[0] axis
                    let chosen = chosen |> List.map (fromEnd p[0] axis)
                    unless (chosen |> List.forall (fun i -> i >= 0 && i < p[0].Shape[axis]))

                    {
                        Shape = replaceAt axis chosen.Length p[0].Shape
                        At = fun index -> p[0].At(replaceAt axis chosen[index[axis]] index)
                    }
        }
    | 8 ->
        let shape =
            any random [|
                [ 2; 3 ]
                [ 3; 2 ]
                [ 6 ]
                [ 1; 3 ]
                [ 2; 2; 3 ]
                []
                [ 0; 2 ]
                [ 12 ]
                [ -1 ]
                [ 2; -1 ]
                [ -1; 0 ]
            |]

        {
            Name = $"reshape {shape}"
            Library = fun t -> Tensor.reshape shape t[0]
            Plain =
                fun p ->
                    let all = entries p[0] |> Array.ofList
                    let known = shape |> List.filter ((<>) -1) |> List.fold (*) 1
                    unless (not (List.contains -1 shape) || known > 0)

                    let shape =
                        shape
                        |> List.map (fun extent -> if extent = -1 then all.Length / known else extent)

                    unless (all.Length = List.fold (*) 1 shape)

                    let position index =
                        List.fold2 (fun at extent i -> at * extent + i) 0 shape index

                    {
                        Shape = shape
                        At = fun index -> all[position index]
                    }
        }
    | 9 ->
        let shape = any random [| [ 2; 3 ]; [ 4; 3 ]; [ 3; 1 ]; [ 2; 2; 3 ]; []; [ 2; 0 ] |]

        {
            Name = $"broadcastTo {shape}"
            Library = fun t -> Tensor.broadcastTo shape t[0]
            Plain = fun p -> broadcastTo shape p[0]
        }
    | 10 -> {
        Name = $"concat {axis}"
        Library = fun t -> Tensor.concat axis [ t[0]; t[1] ]
        Plain =
            fun p ->
                axisFits p[0] axis
                unless (p[1].Shape.Length = p[0].Shape.Length)
                unless (List.removeAt axis p[0].Shape = List.removeAt axis p[1].Shape)
                let first = p[0].Shape[axis]

                {
                    Shape = replaceAt axis (first + p[1].Shape[axis]) p[0].Shape
                    At =
                        fun index ->
                            if index[axis] < first then
                                p[0].At index
                            else
                                p[1].At(replaceAt axis (index[axis] - first) index)
                }
      }
    | _ -> {
        Name = $"cumulativeSum {axis}"
        Library = fun t -> Tensor.cumulativeSum axis t[0]
        Plain =
            fun p ->
                axisFits p[0] axis

                {
                    p[0] with
                        At =
                            fun index ->
                                List.sum [ for i in 0 .. index[axis] -> p[0].At(replaceAt axis i index) ]
                }
      }

/// Some calls, each on earlier values; those that do not fit are left out of the program, once seen to be refused.
let private check seed =
    let random = Random(seed: int)

    let inputs =
        Array.init 2 (fun i ->
            let shape =
                List.init (random.Next 4) (fun _ -> any random [| 0; 1; 1; 2; 3; 3; 4 |])

            let values = Expect.numbers (seed / 2 + i) (List.fold (*) 1 shape)
            Expect.ofShape shape values)

    let plainOf (t: Tensor) =
        let values, shape = t.ToArray(), List.ofArray t.Shape

        let position index =
            List.fold2 (fun at extent i -> at * extent + i) 0 shape index

        {
            Shape = shape
            At = fun index -> values[position index]
        }

    let values = List<Tensor> inputs
    let plain = List<Plain>(Array.map plainOf inputs)
    let fitting = List<struct (Call * int[])>()
    let mutable refused = 0

    for _ in 1 .. 2 + random.Next 10 do
        let call = call random
        let from = Array.init 2 (fun _ -> random.Next values.Count)

        let expected =
            try
                Some(fixedAt (call.Plain(from |> Array.map (fun i -> plain[i]))))
            with Unfit ->
                None

        match expected with
        | Some expected when List.fold (*) 1 expected.Shape <= 500 ->
            let found = call.Library(from |> Array.map (fun i -> values[i]))
            Assert.Equal<int>(Array.ofList expected.Shape, found.Shape)
            Expect.closeTo 1e-13 (Array.ofList (entries expected)) (found.ToArray())
            values.Add found
            plain.Add expected
            fitting.Add(struct (call, from))
        | Some _ -> ()
        | None ->
            refused <- refused + 1

            let error =
                Assert.Throws<ArgumentException>(fun () ->
                    call.Library(from |> Array.map (fun i -> values[i])) |> ignore)

            Assert.True(error.Message.StartsWith "Tensor.", $"{call.Name}: {error.Message}")

    let signature = inputs |> Array.map (fun t -> t.DType, t.Shape)

    let program =
        Program.compile signature [| false; false |] (fun symbols ->
            let made = List<Tensor> symbols

            for struct (call, from) in fitting do
                made.Add(call.Library(from |> Array.map (fun i -> made[i])))

            made.ToArray())

    let run = program.CreateRun()
    inputs |> Array.iteri (fun i t -> t.ToArray().CopyTo(run.Input i, 0))
    run.Execute()

    for i in 0 .. plain.Count - 1 do
        Expect.closeTo 1e-12 (Array.ofList (entries plain[i])) (run.Output i)

    struct (fitting.Count, refused)

[<Fact>]
let ``a call of random sizes is refused with an ArgumentException, or agrees with a plain evaluator`` () =
    let mutable fitted, refused = 0, 0

    let property seed =
        let struct (some, others) = check seed
        fitted <- fitted + some
        refused <- refused + others

    let seeds = Gen.choose (0, Int32.MaxValue - 10) |> Arb.fromGen
    Check.One(Config.QuickThrowOnFailure.WithMaxTest 1500, Prop.forAll seeds property)
    // Both ways are walked often.
    Assert.True(fitted > 1000, $"{fitted} calls fitted")
    Assert.True(refused > 1000, $"{refused} calls were refused")
