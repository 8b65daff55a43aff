/// Random programs over random shapes: the compiled ones compute what the eager ones do.
module Stackelberg.Autodiff.Tests.FuzzTests

open System
open System.Collections.Generic
open Stackelberg
open Stackelberg.Kernels
open Xunit
open Stackelberg.Tests

/// A random function of the inputs. The same seed makes the same choices, whether the inputs are numbers or symbols:
/// choices look at shapes only. Every op keeps entries within about 1.
let private build seed (inputs: Tensor[]) : Tensor[] =
    let random = Random(seed: int)
    let pool = List<Tensor>(inputs)
    let pick () = pool[random.Next pool.Count]

    let pickWhere condition =
        let found = pool |> Seq.filter condition |> Array.ofSeq

        if found.Length = 0 then
            null
        else
            found[random.Next found.Length]

    let axis (t: Tensor) = random.Next t.Shape.Length
    let hasAxis (t: Tensor) = t.Shape.Length > 0
    let count (t: Tensor) = Seq.fold (*) 1 t.Shape

    let unary (t: Tensor) =
        match random.Next 5 with
        | 0 -> sin t
        | 1 -> tanh t
        | 2 -> -t
        | 3 -> exp (-(t * t))
        | _ -> abs t * 0.7

    let binary (a: Tensor) (b: Tensor) =
        match random.Next 6 with
        | 0 -> (a + b) / 2.0
        | 1 -> (a - b) * 0.5
        | 2 -> a * b
        | 3 -> a / (2.0 + b * b)
        | 4 -> Tensor.maximum a b
        | _ -> Tensor.where (Tensor.less a b) a (b * 0.5)

    let fits (a: Tensor) (b: Tensor) =
        let m, n = a.Shape, b.Shape
        let rank = min m.Length n.Length

        Seq.forall
            (fun k ->
                let p, q = m[m.Length - 1 - k], n[n.Length - 1 - k]
                p = q || p = 1 || q = 1)
            (seq { 0 .. rank - 1 })

    let structural (t: Tensor) =
        match random.Next 9 with
        | 0 -> Tensor.flatten t
        | 1 -> Tensor.transpose t
        | 2 when hasAxis t ->
            let axis = axis t
            let start = random.Next(t.Shape[axis] + 1)
            Tensor.slice axis start (random.Next(t.Shape[axis] - start + 1)) t
        | 3 when hasAxis t && count t < 200 -> Tensor.pad (axis t) (random.Next 2) (random.Next 2) t
        | 4 when hasAxis t -> Tensor.sumAxis (axis t) t * 0.1
        | 5 when hasAxis t && count t > 0 ->
            let axis = axis t
            Tensor.gather axis (List.init (random.Next 4) (fun _ -> random.Next t.Shape[axis])) t
        | 6 when count t < 200 -> Tensor.broadcastTo (Array.append [| 1 + random.Next 2 |] t.Shape) t
        | 7 -> Tensor.permute (Array.sortBy (fun _ -> random.Next()) [| 0 .. t.Shape.Length - 1 |]) t
        | 8 when count t > 0 && t.Shape.Length > 1 -> Tensor.softmax t
        | _ -> Tensor.sum t * 0.1

    let join (t: Tensor) =
        if hasAxis t && count t < 200 then
            let axis = axis t

            let matching =
                pickWhere (fun other ->
                    other.Shape.Length = t.Shape.Length
                    && Seq.forall
                        (fun k -> k = axis || other.Shape[k] = t.Shape[k])
                        (seq { 0 .. t.Shape.Length - 1 }))

            Tensor.concat axis [ matching; t; Tensor.full matching.Shape 0.25; matching ]
        else
            Tensor.stack 0 [ t; Tensor.full t.Shape 0.5; t ]

    let product (a: Tensor) =
        let b =
            if a.Shape.Length < 2 then
                null
            else
                pickWhere (fun b ->
                    b.Shape.Length = 2
                    && b.Shape[0] = a.Shape[a.Shape.Length - 1]
                    && count a * b.Shape[1] < 2000)

        if isNull b then unary a else Tensor.matmul a b * 0.2

    for _ in 1 .. 3 + random.Next 22 do
        let a = pick ()

        pool.Add(
            match random.Next 10 with
            | 0
            | 1 -> unary a
            | 2
            | 3
            | 4 -> binary a (pickWhere (fun b -> fits a b && (count a * count b < 4000 || a.Shape = b.Shape)))
            | 5 -> product a
            | 6 -> join a
            | _ -> structural a
        )

    // Duplicates, inputs and views among them.
    Array.init (1 + random.Next 5) (fun _ -> pick ())

let private shapes seed =
    let random = Random(seed: int)
    let extent () = [| 0; 1; 1; 2; 3; 5 |][random.Next 6]
    Array.init (1 + random.Next 3) (fun _ -> Array.init (random.Next 4) (fun _ -> extent ()))

let private inputsOf seed =
    shapes seed
    |> Array.mapi (fun i shape ->
        let count = Array.fold (*) 1 shape
        Expect.ofShape (List.ofArray shape) (Expect.numbers (seed + i) count))

/// Sums may run in another order where a view is read in place.
let private bound = 1e-14

let private agrees (expected: Tensor[]) (actual: int -> float[]) =
    for i in 0 .. expected.Length - 1 do
        Expect.closeTo bound (expected[i].ToArray()) (actual i)

let private write (run: ProgramRun) (inputs: Tensor[]) =
    inputs
    |> Array.iteri (fun i t ->
        let values = t.ToArray()
        Array.blit values 0 (run.Input i) 0 values.Length)

let private signature (inputs: Tensor[]) =
    inputs |> Array.map (fun t -> t.DType, t.Shape)

[<Fact>]
let ``a compiled random program computes what the eager one does, twice`` () =
    Law.forSeeds 1500 (fun seed ->
        let inputs = inputsOf seed

        let program =
            Program.compile (signature inputs) (Array.create inputs.Length false) (build seed)

        let run = program.CreateRun()
        write run inputs

        for _ in 1..2 do
            run.Execute()
            agrees (build seed inputs) run.Output)

[<Fact>]
let ``a random program in two stages computes what the eager one does, for every late input`` () =
    Law.forSeeds 700 (fun seed ->
        let inputs = inputsOf seed
        let random = Random(seed: int)
        let late = inputs |> Array.map (fun _ -> random.Next 2 = 0)
        let program = Program.compile (signature inputs) late (build seed)
        let run = program.CreateRun()
        write run inputs
        run.Prepare()

        for again in 1..3 do
            let changed =
                inputs |> Array.mapi (fun i t -> if late[i] then t * (1.0 / float again) else t)

            write run changed
            run.Apply()
            agrees (build seed changed) run.Output)

[<Fact>]
let ``the gradient of a random program is the same by numbers and compiled`` () =
    Law.forSeeds 500 (fun seed ->
        let inputs = inputsOf seed

        let gradients (inputs: Tensor[]) =
            let loss (x: Tensor) =
                build seed (Array.updateAt 0 x inputs)
                |> Array.fold (fun total t -> total + Tensor.sum (t * t)) (Tensor.scalar 0.0)

            [| Diff.grad loss inputs[0]; Diff.gradv loss inputs[0] inputs[0] |]

        let program =
            Program.compile (signature inputs) (Array.create inputs.Length false) gradients

        let run = program.CreateRun()
        write run inputs
        run.Execute()
        let expected = gradients inputs

        // Euler: both modes give one directional derivative.
        let pairing = Tensor.sum (expected[0] * inputs[0])
        Expect.near 1e-12 (pairing.ToArray()) expected[1]

        for i in 0..1 do
            Expect.closeTo 1e-12 (expected[i].ToArray()) (run.Output i))
