/// Laws for random functions: forward and reverse differentiation agree with each other and with power series.
module Stackelberg.Autodiff.Tests.CompositionTests

open FsCheck
open FsCheck.FSharp
open Stackelberg
open Xunit
open Stackelberg.Tests

/// A smooth function of a vector of four entries.
type Expression =
    | Argument
    | Constants of int
    | Sine of Expression
    | Squash of Expression
    | Bell of Expression
    | Sum of Expression * Expression
    | Difference of Expression * Expression
    | Product of Expression * Expression
    | Quotient of Expression * Expression
    | Rotation of Expression
    | Mean of Expression
    | Map of Expression
    | Halves of Expression * Expression

let private size = 4
let private constants seed = Expect.numbers seed size
let private matrix = Expect.numbers 77 (size * size)

let rec private tensor (e: Expression) (x: Tensor) : Tensor =
    let both a b f = f (tensor a x) (tensor b x)

    match e with
    | Argument -> x
    | Constants seed -> Tensor.ofArray (constants seed)
    | Sine a -> sin (tensor a x)
    | Squash a -> tanh (tensor a x)
    | Bell a ->
        let a = tensor a x
        exp (-(a * a))
    | Sum(a, b) -> both a b (+)
    | Difference(a, b) -> both a b (-)
    | Product(a, b) -> both a b (*)
    | Quotient(a, b) -> both a b (fun a b -> a / (2.0 + b * b))
    | Rotation a ->
        let a = tensor a x
        Tensor.concat 0 [ a[1..3]; a[0..0] ]
    | Mean a -> Tensor.broadcastTo [ size ] (Tensor.mean (tensor a x))
    | Map a -> Tensor.matmul (Tensor.reshape [ size; size ] (Tensor.ofArray matrix)) (tensor a x)
    | Halves(a, b) -> both a b (fun a b -> Tensor.concat 0 [ a[0..1]; b[2..3] ])

let rec private series (e: Expression) (x: Series[]) : Series[] =
    let both a b f = Array.map2 f (series a x) (series b x)
    let one = Series.Of 1.0

    match e with
    | Argument -> x
    | Constants seed -> Array.map Series.Of (constants seed)
    | Sine a -> Array.map sin (series a x)
    | Squash a -> Array.map tanh (series a x)
    | Bell a -> series a x |> Array.map (fun a -> exp (-(a * a)))
    | Sum(a, b) -> both a b (+)
    | Difference(a, b) -> both a b (-)
    | Product(a, b) -> both a b (*)
    | Quotient(a, b) -> both a b (fun a b -> a / (2.0 + b * b))
    | Rotation a ->
        let a = series a x
        [| a[1]; a[2]; a[3]; a[0] |]
    | Mean a -> Array.create size (Array.reduce (+) (series a x) / 4.0)
    | Map a ->
        let a = series a x

        Array.init size (fun i ->
            Array.reduce (+) (Array.init size (fun j -> one * matrix[i * size + j] * a[j])))
    | Halves(a, b) ->
        let a, b = series a x, series b x
        Array.append a[0..1] b[2..3]

let private expressions =
    let rec ofSize n =
        if n <= 1 then
            Gen.frequency [ 4, Gen.constant Argument; 1, Gen.map Constants (Gen.choose (0, 20)) ]
        else
            let one = ofSize (n - 1)
            let half = ofSize (n / 2)

            Gen.frequency [
                2, Gen.map Sine one
                2, Gen.map Squash one
                1, Gen.map Bell one
                2, Gen.map2 (fun a b -> Sum(a, b)) half half
                1, Gen.map2 (fun a b -> Difference(a, b)) half half
                3, Gen.map2 (fun a b -> Product(a, b)) half half
                2, Gen.map2 (fun a b -> Quotient(a, b)) half half
                1, Gen.map Rotation one
                1, Gen.map Mean one
                1, Gen.map Map one
                1, Gen.map2 (fun a b -> Halves(a, b)) half half
            ]

    Gen.sized (fun n -> ofSize (min n 24)) |> Gen.resize 24

let private forAll property =
    let cases = Gen.zip expressions (Gen.choose (0, 1000)) |> Arb.fromGen
    Law.holds (Prop.forAll cases property)

/// Both sides are exact but for rounding; the functions are bounded by about 1e3 with their derivatives.
let private close (expected: float[]) (actual: Tensor) =
    let actual = actual.ToArray()
    // Cancellation is relative to the largest derivative.
    let scale = 1.0 + Array.fold (fun most e -> max most (abs e)) 0.0 expected
    Array.forall2 (fun e a -> abs (e - a) <= 1e-10 * scale) expected actual

let private line x v =
    Array.map2 (fun x v -> Series.Line(x, v)) x v

[<Fact>]
let ``forward and reverse differentiation of a random function give the power series' slope`` () =
    forAll (fun (e, seed) ->
        let x, v, w =
            Expect.numbers seed size, Expect.numbers (seed + 1) size, Expect.numbers (seed + 2) size

        let slope = series e (line x v) |> Array.map (fun s -> s[1])
        let f = tensor e
        let point, direction, weights = Tensor.ofArray x, Tensor.ofArray v, Tensor.ofArray w
        let forward = snd (Diff.jvp f point direction)
        let gradient = (snd (Diff.vjp f point)) weights
        let pairing = Array.map2 (*) slope w |> Array.sum
        close slope forward && close [| pairing |] (Tensor.dot gradient direction))

[<Fact>]
let ``second derivatives of a random function are the power series' in all nestings`` () =
    forAll (fun (e, seed) ->
        let x, v, w =
            Expect.numbers seed size, Expect.numbers (seed + 1) size, Expect.numbers (seed + 2) size

        let weights, direction = Tensor.ofArray w, Tensor.ofArray v
        let f x = Tensor.sum (weights * tensor e x)

        let bend =
            Seq.map2 (fun (s: Series) w -> 2.0 * s[2] * w) (series e (line x v)) w
            |> Seq.sum

        let along (hv: Tensor) = Tensor.dot hv direction
        let point = Tensor.ofArray x
        let slope x = Diff.gradv f x direction

        close [| bend |] (along (Diff.hessianv f point direction))
        && close [| bend |] (along (Diff.grad (fun x -> along (Diff.grad f x)) point))
        && close [| bend |] (along (Diff.grad slope point))
        && close [| bend |] (Diff.gradv slope point direction))

[<Fact>]
let ``a compiled random function and its compiled gradient agree with the eager ones`` () =
    forAll (fun (e, seed) ->
        let x = Tensor.ofArray (Expect.numbers seed size)
        let gradient = Diff.grad (fun x -> Tensor.sum (tensor e x))

        let same f =
            close ((f x: Tensor).ToArray()) (Diff.jit f x)

        same (tensor e) && same gradient)

/// The function whose derivatives of order 1 to 6 are compared.
let private wave (x: Tensor) = exp (sin x) * tanh x / (1.0 + x * x)

let private waveSeries (x: Series) = exp (sin x) * tanh x / (1.0 + x * x)

let private factorial n =
    Seq.fold (*) 1.0 (Seq.map float [ 1..n ])

let orders = [|
    for n in 1..6 do
        for pattern in [ "forward"; "reverse"; "mixed" ] do
            for x in [ -0.7; 0.0; 0.4; 1.3 ] do
                TheoryDataRow<int, string, float>(n, pattern, x)
|]

[<Theory; MemberData(nameof orders)>]
let ``derivatives of order 1 to 6 are the power series'`` (n: int, pattern: string, x: float) =
    let step k =
        match pattern with
        | "forward" -> Diff.diff
        | "reverse" -> Diff.grad
        | _ -> if k % 2 = 0 then Diff.diff else Diff.grad

    let derivative = Seq.fold (fun f k -> step k f) wave [ 1..n ]
    let expected = factorial n * (waveSeries (Series.Line(x, 1.0)))[n]
    Expect.near 1e-10 [ expected ] (derivative (Tensor.scalar x))

[<Theory; InlineData 0; InlineData 1; InlineData 4; InlineData 6>]
let ``diffn gives the n-th derivative, compiled too`` (n: int) =
    let expected = factorial n * (waveSeries (Series.Line(0.4, 1.0)))[n]
    Expect.near 1e-10 [ expected ] (Diff.diffn n wave (Tensor.scalar 0.4))
    Expect.near 1e-10 [ expected ] (Diff.jit (Diff.diffn n wave) (Tensor.scalar 0.4))
