module Stackelberg.Autodiff.Tests.OpTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private cases =
    OpCases.all |> List.map (fun case -> case.Name, case) |> Map.ofList

let names =
    OpCases.all
    |> List.map (fun case -> TheoryDataRow<string>(case.Name))
    |> Array.ofList

/// The oracle's series of the case's results along the line x + s v.
let private along (case: OpCase) (v: float[]) =
    case.Reference(Array.map2 (fun x v -> Series.Line(x, v)) case.Point v)

let private directionOf (case: OpCase) = Expect.numbers 11 case.Point.Length

/// Weights that make a scalar of a case's result.
let private weightsOf (case: OpCase) =
    Expect.numbers 12 (case.Reference(Array.map Series.Of case.Point)).Length

let private weighted (case: OpCase) (weights: float[]) (x: Tensor) =
    let y = case.Apply x
    Tensor.sum (Tensor.ofArray weights * Tensor.flatten y)

/// ⟨w, D²f(x)[u, v]⟩, from second derivatives along u + v, u and v.
let private second (case: OpCase) (weights: float[]) (u: float[]) (v: float[]) =
    let square direction =
        Seq.map2 (fun w (y: Series) -> w * 2.0 * y[2]) weights (along case direction)
        |> Seq.sum

    (square (Array.map2 (+) u v) - square u - square v) / 2.0

let private units (case: OpCase) =
    let n = case.Point.Length
    Array.init n (fun k -> Array.init n (fun i -> if i = k then 1.0 else 0.0))

/// Rounding only: both sides are exact but for that. The points lie where derivatives are at most about 1e3.
let private bound = 1e-12

[<Theory; MemberData(nameof names)>]
let ``an op has its reference's value, eagerly and compiled`` (name: string) =
    let case = cases[name]

    let expected =
        case.Reference(Array.map Series.Of case.Point) |> Array.map (fun s -> s[0])

    let x = Tensor.ofArray case.Point
    Expect.near bound expected (case.Apply x)
    Expect.near bound expected (Diff.jit case.Apply x)

[<Theory; MemberData(nameof names)>]
let ``an op's forward derivative is its reference's`` (name: string) =
    let case = cases[name]
    let v = directionOf case
    let expected = along case v |> Array.map (fun s -> s[1])
    let x, v = Tensor.ofArray case.Point, Tensor.ofArray v
    Expect.near bound expected (snd (Diff.jvp case.Apply x v))
    Expect.near bound expected (Diff.jit (fun x -> snd (Diff.jvp case.Apply x v)) x)

[<Theory; MemberData(nameof names)>]
let ``an op's reverse derivative is its reference's`` (name: string) =
    let case = cases[name]
    let weights = weightsOf case

    let expected =
        units case
        |> Array.map (fun e -> Seq.map2 (fun w (s: Series) -> w * s[1]) weights (along case e) |> Seq.sum)

    let x = Tensor.ofArray case.Point
    let gradient = Diff.grad (weighted case weights)
    Expect.near bound expected (gradient x)
    Expect.near bound expected (Diff.jit gradient x)

[<Theory; MemberData(nameof names)>]
let ``an op's second derivative is its reference's, in all four orders of the two modes`` (name: string) =
    let case = cases[name]
    let weights = weightsOf case
    let v = directionOf case
    let expected = units case |> Array.map (fun e -> second case weights e v)
    let x, direction = Tensor.ofArray case.Point, Tensor.ofArray v
    let f = weighted case weights
    let forwardOverReverse x = Diff.hessianv f x direction
    let reverseOverReverse = Diff.grad (fun x -> Tensor.sum (Diff.grad f x * direction))
    let reverseOverForward = Diff.grad (fun x -> Diff.gradv f x direction)
    let bound = 20.0 * bound
    Expect.near bound expected (forwardOverReverse x)
    Expect.near bound expected (reverseOverReverse x)
    Expect.near bound expected (reverseOverForward x)
    Expect.near bound expected (Diff.jit forwardOverReverse x)
    Expect.near bound expected (Diff.jit reverseOverReverse x)

    let along = second case weights v v

    let forwardOverForward x =
        Diff.gradv (fun x -> Diff.gradv f x direction) x direction

    Expect.near bound [ along ] (forwardOverForward x)

[<Theory; MemberData(nameof names)>]
let ``an op in float32 agrees with float64 to some units of its precision`` (name: string) =
    let case = cases[name]
    let single = Tensor.cast DType.Float32

    // Data that float32 holds exactly, so that only the op itself rounds.
    let x = Tensor.ofArray case.Point |> single |> Tensor.cast DType.Float64
    let weights = weightsOf case |> Tensor.ofArray |> single

    let gradient (dtype: DType) =
        let mixed (x: Tensor) =
            let f = case.Apply x
            Assert.Equal(dtype, f.DType)
            Tensor.sum (Tensor.cast dtype weights * Tensor.flatten f)

        Diff.grad mixed (Tensor.cast dtype x)

    // Up to 12 terms of some roundings each, relative to entries of about 1.
    let epsilon = 1.1920929e-7
    Expect.near (64.0 * epsilon) ((gradient DType.Float64).ToArray()) (gradient DType.Float32)
