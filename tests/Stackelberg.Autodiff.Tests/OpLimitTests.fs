/// What ops give at the ends of their domains, at zeros and at ties, to second order.
module Stackelberg.Autodiff.Tests.OpLimitTests

open System
open FsCheck
open FsCheck.FSharp
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private zeros n = Array.create n 0.0

/// First and second derivatives, in both modes, both number types, compiled, and as a batch.
let private hasDerivatives
    bound
    (gradient: float[])
    (hessian: float[])
    (f: Tensor -> Tensor)
    (x: float list)
    =
    for dtype, bound in [ DType.Float64, bound; DType.Float32, 1e-5 ] do
        let x = Tensor.cast dtype (Tensor.ofList x)
        let n = gradient.Length
        let units = Tensor.cast dtype (Tensor.eye n)
        Expect.near bound gradient (Diff.grad f x)
        Expect.near bound gradient (Diff.jit (Diff.grad f) x)
        Expect.near bound gradient (Diff.vmap (Diff.gradv f x) units)
        let both = Diff.vmap (Diff.grad f) (Tensor.stack 0 [ x; x ])
        Expect.near bound gradient both[0]
        Expect.near bound hessian (Diff.hessian f x)
        Expect.near bound hessian (Diff.jit (Diff.hessian f) x)
        Expect.near bound hessian (Diff.vmap (fun v -> Diff.grad (fun x -> Diff.gradv f x v) x) units)

let private rootsOfSquares: (string * (Tensor -> Tensor)) list = [
    "norm", Tensor.norm
    "norm along an axis", (fun x -> Tensor.sum (Tensor.normAxis 1 (Tensor.reshape [ 1; -1 ] x)))
    "3-norm", Tensor.pNorm 3.0
    "1-norm", Tensor.pNorm 1.0
    "by hand", (fun x -> sqrt (Tensor.sum (x * x)))
    "by hand, as a power", (fun x -> Tensor.sum (x ** 2) ** 0.5)
    "by hand, from a product", (fun x -> sqrt (Tensor.dot x x))
    "by hand, from a matrix product", (fun x -> sqrt (Tensor.matmul x x))
    "by hand, along an axis",
    (fun x -> Tensor.sum (sqrt (Tensor.sumAxis 0 (Tensor.reshape [ -1; 1 ] (x * x)))))
    "by hand, from two squares", (fun x -> sqrt (x[0] * x[0] + 4.0 * x[1] ** 2))
    "by hand, as a mean", (fun x -> sqrt (Tensor.mean (x ** 2.0)))
    "by hand, entry by entry", (fun x -> Tensor.sum (sqrt (x * x)))
    "standard deviation", Tensor.std
    "sample standard deviation", Tensor.sampleStd
]

let rootNames =
    rootsOfSquares
    |> List.map (fun (name, _) -> TheoryDataRow<string>(name))
    |> Array.ofList

[<Theory; MemberData(nameof rootNames)>]
let ``a root of squares has derivatives 0 where it is 0`` (name: string) =
    hasDerivatives 0.0 (zeros 2) (zeros 4) (List.find (fst >> (=) name) rootsOfSquares |> snd) [ 0.0; 0.0 ]

[<Fact>]
let ``a root of anything else keeps its infinite slope at 0`` () =
    Expect.exactly [ infinity ] (Diff.grad (sqrt >> Tensor.sum) (Tensor.zeros [ 1 ]))

    Expect.exactly
        [ infinity; infinity ]
        (Diff.grad (fun x -> sqrt (Tensor.sum x) + (Tensor.sum x) ** 0.5) (Tensor.zeros [ 2 ]))

[<Fact>]
let ``a standard deviation of equal entries has derivatives 0, whatever they are`` () =
    for value in [ 1.0; 0.1; -1.0 / 3.0; 1e-30; 1e30 ] do
        for f in [ Tensor.std; Tensor.sampleStd; Tensor.var; Tensor.sampleVar ] do
            let x = Tensor.full [ 7 ] value
            Expect.exactly [ 0.0 ] (f x)
            Expect.exactly (zeros 7) (Diff.grad f x)

    let byHand (x: Tensor) =
        sqrt (Tensor.mean ((x - Tensor.mean x) ** 2.0))

    Expect.exactly (zeros 3) (Diff.grad byHand (Tensor.ones [ 3 ]))

[<Fact>]
let ``a norm has its direction as derivative far out and close to 0`` () =
    for scale in [ 1e-300; 1.0; 1e300 ] do
        let x = Tensor.ofList [ 3.0 * scale; -4.0 * scale ]
        Expect.near 1e-15 [ 5.0 * scale ] (Tensor.norm x)
        Expect.near 1e-15 [ 0.6; -0.8 ] (Diff.grad Tensor.norm x)
        Expect.near 1e-15 [ 0.6; -0.8 ] (Diff.grad (Tensor.pNorm 2.0) x)
        let third = Math.Pow(27.0 + 64.0, 1.0 / 3.0)
        Expect.near 1e-14 [ 9.0 / third ** 2.0; -16.0 / third ** 2.0 ] (Diff.grad (Tensor.pNorm 3.0) x)

    let smallest = Tensor.ofList [ 5e-324; 0.0 ]
    Expect.exactly [ 1.0; 0.0 ] (Diff.grad Tensor.norm smallest)
    Assert.True(Double.IsNaN(float (Tensor.norm (Tensor.ofList [ nan; 1.0 ]))))

    Assert.All(
        (Diff.grad Tensor.norm (Tensor.ofList [ nan; 1.0 ])).ToArray(),
        fun d -> Assert.True(Double.IsNaN d)
    )

/// A critic with two inputs, four ReLU units and one output, of 12 weights.
let private critic (w: Tensor) (x: Tensor) =
    Tensor.matmul (Tensor.relu (Tensor.matmul x (Tensor.reshape [ 2; 4 ] w[0..7]))) w[8..11]

/// The gradient penalty of WGAN-GP, of two rows of which the first one meets dead units only.
let private penalty (norm: Tensor -> Tensor) (w: Tensor) =
    let data =
        Tensor.cast w.DType (Tensor.ofArray2D (array2D [ [ -5.0; -5.0 ]; [ 1.0; 2.0 ] ]))

    let g = Diff.grad (fun x -> Tensor.sum (critic w x)) data
    Tensor.mean ((norm g - 1.0) ** 2.0)

[<Fact>]
let ``a gradient penalty is right beside dead units`` () =
    let weights = abs (Tensor.randn 4UL [ 12 ])

    /// The row that lives, by itself; the dead one adds (0 − 1)² / 2.
    let alive (w: Tensor) =
        let v = Tensor.matmul (Tensor.reshape [ 2; 4 ] w[0..7]) w[8..11]
        (1.0 + (sqrt (v[0] * v[0] + v[1] * v[1]) - 1.0) ** 2.0) / 2.0

    let expected = (Diff.grad alive weights).ToArray()
    let hessian = (Diff.hessian alive weights).ToArray()

    for norm in [ Tensor.normAxis 1; (fun g -> sqrt (Tensor.sumAxis 1 (g * g))) ] do
        Expect.near 1e-12 expected (Diff.grad (penalty norm) weights)
        Expect.near 1e-12 expected (Diff.jit (Diff.grad (penalty norm)) weights)
        Expect.near 1e-11 hessian (Diff.hessian (penalty norm) weights)
        let single = Tensor.cast DType.Float32 weights
        Expect.near 1e-4 expected (Diff.grad (penalty norm) single)

[<Fact>]
let ``derivatives of a product are products of the others, however many are zero`` () =
    let law seed =
        let random = Random(seed: int)
        let n = 1 + random.Next 12
        // Whole numbers, so that products are exact.
        let x = Array.init n (fun _ -> float (random.Next 5 - 1))

        let without (left: int list) =
            Seq.fold
                (*)
                1.0
                (seq {
                    for i in 0 .. n - 1 do
                        if not (List.contains i left) then
                            x[i]
                })

        let first = Array.init n (fun i -> without [ i ])

        let second =
            Array.init (n * n) (fun k -> if k / n = k % n then 0.0 else without [ k / n; k % n ])

        Expect.exactly first (Diff.grad Tensor.prod (Tensor.ofArray x))
        Expect.exactly second (Diff.hessian Tensor.prod (Tensor.ofArray x))
        Expect.exactly (Array.scan (*) 1.0 x |> Array.tail) (Tensor.cumulativeProduct 0 (Tensor.ofArray x))

        let last (x: Tensor) = (Tensor.cumulativeProduct 0 x)[-1]
        Expect.exactly first (Diff.grad last (Tensor.ofArray x))
        Expect.exactly second (Diff.hessian last (Tensor.ofArray x))

    Stackelberg.Tests.Law.holds (Prop.forAll (Gen.choose (0, 100000) |> Arb.fromGen) law)

[<Fact>]
let ``clamp has derivative 1 from end to end and 0 outside`` () =
    let clamp (x: Tensor) = Tensor.sum (Tensor.clamp -1.0 2.0 x)
    let x = [ -1.5; -1.0; 0.0; 2.0; 2.5 ]
    hasDerivatives 0.0 [| 0.0; 1.0; 1.0; 1.0; 0.0 |] (zeros 25) clamp x
    Expect.exactly [ -1.0; 2.0 ] (Tensor.clamp -1.0 2.0 (Tensor.ofList [ -infinity; infinity ]))
    Assert.True(Double.IsNaN(float (Tensor.clamp -1.0 2.0 (Tensor.scalar nan))))
    Expect.exactly [ 3.0 ] (Tensor.clamp -infinity infinity (Tensor.ofList [ 3.0 ]))

[<Fact>]
let ``logaddexp shares its derivative at ties, at infinities too`` () =
    for a in [ 0.0; 1000.0; -1000.0; infinity; -infinity ] do
        let f (x: Tensor) = Tensor.logaddexp x[0] x[1]
        Expect.exactly [ 0.5; 0.5 ] (Diff.grad f (Tensor.ofList [ a; a ]))

    let f (x: Tensor) = Tensor.logaddexp x[0] x[1]
    Expect.near 1e-15 [ 0.25; -0.25; -0.25; 0.25 ] (Diff.hessian f (Tensor.ofList [ 3.0; 3.0 ]))
    Expect.exactly [ 1.0; 0.0 ] (Diff.grad f (Tensor.ofList [ infinity; 3.0 ]))
    Expect.exactly [ 1.0; 0.0 ] (Diff.grad f (Tensor.ofList [ 3.0; -infinity ]))
    Expect.near 1e-30 [ 1.0; Math.Exp -60.0 ] (Diff.grad f (Tensor.ofList [ 30.0; -30.0 ]))

/// Function, order of the derivative, point, and the derivative there in 17 digits or more.
let private tails: (string * (Tensor -> Tensor) * int * float * float) list = [
    "erf", Tensor.erf, 1, 5.5, 8.223316045262922000571465e-14
    "erf", Tensor.erf, 2, 5.5, -9.045647649789214200628612e-13
    "erf", Tensor.erf, 3, -9.3, 1.063734536446811745105728e-35
    "erf", Tensor.erf, 1, 26.0, 2.947034993266269540203837e-294
    "erfc", Tensor.erfc, 1, 0.001, -1.128378038716909667779023
    "erfc", Tensor.erfc, 1, -20.0, -2.161037474386798461009566e-174
    "erfc", Tensor.erfc, 2, 13.37, 7.022329284077029265255002e-77
    "erfc", Tensor.erfc, 4, 13.37, 4.979025278698853688009485e-74
    "asinh", Tensor.asinh, 1, 1e+200, 1.000000000000000030266878e-200
    "asinh", Tensor.asinh, 2, 1e+100, -9.999999999999999681942178e-201
    "asinh", Tensor.asinh, 3, 1e+50, 1.99999999999999954221381e-150
    "asinh", Tensor.asinh, 1, -300000000.0, 3.333333333333333314814815e-9
    "asinh", Tensor.asinh, 2, 1e-09, -1.000000000000000060781591e-9
    "asinh", Tensor.asinh, 3, 0.5, -0.2862167011199730811403742
    "acosh", Tensor.acosh, 1, 1.0000001, 2236.067920945308990584313
    "acosh", Tensor.acosh, 2, 1.0000001, -11180340157.21566392121378
    "acosh", Tensor.acosh, 1, 1e+200, 1.000000000000000030266878e-200
    "acosh", Tensor.acosh, 2, 1e+100, -9.999999999999999681942178e-201
    "atanh", Tensor.atanh, 1, 0.9999999, 5000000.252631791740367706
    "atanh", Tensor.atanh, 2, -0.9999999, -50000000052635.45982118177
    "atanh", Tensor.atanh, 3, 0.9999999, 1000000001579067545051.529
    "atanh", Tensor.atanh, 1, 1e-10, 1.00000000000000000001
    "atanh", Tensor.atanh, 2, 1e-10, 2.00000000000000000004e-10
    "atanh", Tensor.atanh, 2, -0.001, -0.002000004000006000008000010000012
    "atanh", Tensor.atanh, 3, 1e-10, 2.00000000000000000012
    "asin", asin, 2, 1e-10, 1.00000000000000000002e-10
    "lgamma", Tensor.lgamma, 1, 1e-10, -10000000000.57721530041507
    "lgamma", Tensor.lgamma, 2, 0.1, 101.433299150792747704652
    "lgamma", Tensor.lgamma, 3, 1.5, -0.8287966442343199955963343
    "lgamma", Tensor.lgamma, 4, 3.7, 0.05827921795656361411882171
    "lgamma", Tensor.lgamma, 1, 1.4616321449683622, -9.241265521729427516792351e-17
    "lgamma", Tensor.lgamma, 2, 10000000000.0, 1.000000000050000000001667e-10
    "lgamma", Tensor.lgamma, 3, -1.7, -69.03454955011420974203158
    "digamma", Tensor.digamma, 1, 1e-100, 9.999999999999999600162004e+199
    "digamma", Tensor.digamma, 3, 20.0, 0.0002693742213396389145941186
    "digamma", Tensor.digamma, 2, -0.3, 67.63908119988316004021256
]

[<Fact>]
let ``derivatives are right to a few units of the last place far out and close to the ends`` () =
    for name, f, order, x, expected in tails do
        let found = float (Diff.diffn order f (Tensor.scalar x))

        Assert.True(
            abs (found - expected) <= 16.0 * 2.22e-16 * abs expected,
            $"derivative {order} of {name} at {x:R} is {found:R}, but {expected:R} is right"
        )

[<Fact>]
let ``derivatives at infinity are the limits`` () =
    for f, x, expected in
        [
            Tensor.erf, infinity, [ 1.0; 0.0; 0.0; 0.0 ]
            Tensor.erfc, -infinity, [ 2.0; 0.0; 0.0; 0.0 ]
            Tensor.erfc, infinity, [ 0.0; 0.0; 0.0; 0.0 ]
            Tensor.asinh, infinity, [ infinity; 0.0; 0.0 ]
            Tensor.acosh, infinity, [ infinity; 0.0 ]
            Tensor.lgamma, infinity, [ infinity; infinity; 0.0; 0.0 ]
            Tensor.digamma, infinity, [ infinity; 0.0; 0.0 ]
        ] do
        expected
        |> List.iteri (fun order value -> Expect.exactly [ value ] (Diff.diffn order f (Tensor.scalar x)))

[<Fact>]
let ``sort keeps the order of equal entries, and puts NaN last`` () =
    let x = Tensor.ofList [ 2.0; nan; 1.0; 2.0; -infinity; 1.0 ]
    Expect.exactly [ 4.0; 2.0; 5.0; 0.0; 3.0; 1.0 ] (Tensor.argSort 0 x)
    Expect.exactly [ -infinity; 1.0; 1.0; 2.0; 2.0; nan ] (Tensor.sort 0 x)
    let weights = Tensor.ofList [ 1.0; 2.0; 3.0; 4.0; 5.0; 6.0 ]

    Expect.exactly
        [ 4.0; 6.0; 2.0; 5.0; 1.0; 3.0 ]
        (Diff.grad (fun x -> Tensor.dot weights (Tensor.sort 0 x)) x)

[<Fact>]
let ``argMin takes the first of equal entries`` () =
    Expect.exactly [ 1.0 ] (Tensor.argMin 0 (Tensor.ofList [ 3.0; 2.0; 2.0 ]))
    Expect.exactly [ 0.0; 1.0 ] (Tensor.argMin 1 (Tensor.ofArray2D (array2D [ [ 1.0; 3.0 ]; [ 2.0; -6.0 ] ])))

[<Fact>]
let ``the sum of equal eigenvalues has its derivative, their vectors have none`` () =
    let matrix (x: Tensor) = Tensor.reshape [ 3; 3 ] x
    let two = Tensor.ofList [ 2.0; 0.0; 0.0; 0.0; 2.0; 0.0; 0.0; 0.0; 5.0 ]

    for f, expected in
        [
            (fun x -> Tensor.sum (Tensor.symmetricEigenvalues (matrix x))),
            [ 1.0; 0.0; 0.0; 0.0; 1.0; 0.0; 0.0; 0.0; 1.0 ]
            (fun x ->
                let l = Tensor.symmetricEigenvalues (matrix x)
                Tensor.sum l[0..1]),
            [ 1.0; 0.0; 0.0; 0.0; 1.0; 0.0; 0.0; 0.0; 0.0 ]
            (fun x -> (Tensor.symmetricEigenvalues (matrix x))[2]),
            [ 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 1.0 ]
        ] do
        Expect.near 1e-15 expected (Diff.grad f two)

    // The third vector stands apart from the equal ones: it has all derivatives.
    let third (x: Tensor) =
        (snd (Tensor.symmetricEigen (matrix x)))[0, 2]

    Expect.near 1e-14 [ 0.0; 0.0; 1.0 / 6.0; 0.0; 0.0; 0.0; 1.0 / 6.0; 0.0; 0.0 ] (Diff.grad third two)

    let largest (x: Tensor) =
        (Tensor.symmetricEigenvalues (matrix x))[2]

    Assert.All((Diff.hessian largest two).ToArray(), fun d -> Assert.True(Double.IsFinite d))

    // A function of the equal ones that is not linear has no second derivative here.
    let squares (x: Tensor) =
        let l = Tensor.symmetricEigenvalues (matrix x)
        Tensor.sum (l * l)

    Expect.near 1e-14 [ 4.0; 0.0; 0.0; 0.0; 4.0; 0.0; 0.0; 0.0; 10.0 ] (Diff.grad squares two)
    Assert.Contains((Diff.hessian squares two).ToArray(), Double.IsNaN)
    Assert.Contains((Diff.hessian squares (Tensor.zeros [ 9 ])).ToArray(), Double.IsNaN)

    let first (x: Tensor) =
        (snd (Tensor.symmetricEigen (matrix x)))[1, 0]

    Assert.Contains((Diff.grad first two).ToArray(), Double.IsNaN)
    // A rotated matrix has them equal to rounding only.
    let v =
        snd (
            Tensor.symmetricEigen (
                Tensor.ofArray2D (array2D [ [ 1.0; 0.3; 0.2 ]; [ 0.3; 2.0; 0.7 ]; [ 0.2; 0.7; -1.0 ] ])
            )
        )

    let rotated =
        Tensor.flatten (Tensor.matmul (v * Tensor.ofList [ 2.0; 2.0; 5.0 ]) v.T)

    Assert.Contains((Diff.grad first rotated).ToArray(), Double.IsNaN)

[<Fact>]
let ``singular values of a matrix of low rank have derivatives, the zeros aside`` () =
    // The only one that is not 0 is ‖u‖ ‖v‖ = 3 · 5.
    let a =
        Tensor.flatten (Tensor.outer (Tensor.ofList [ 1.0; 2.0; 2.0 ]) (Tensor.ofList [ 3.0; 4.0 ]))

    let first (x: Tensor) =
        (Tensor.singularValues (Tensor.reshape [ 3; 2 ] x))[0]

    Expect.near 1e-14 [ 15.0; 0.0 ] (Tensor.singularValues (Tensor.reshape [ 3; 2 ] a))
    Expect.near 1e-14 [ 0.2; 4.0 / 15.0; 0.4; 8.0 / 15.0; 0.4; 8.0 / 15.0 ] (Diff.grad first a)
    Assert.All((Diff.hessian first a).ToArray(), fun d -> Assert.True(Double.IsFinite d))

[<Fact>]
let ``singular values of a long matrix have all derivatives`` () =
    let a = Tensor.ofArray (Expect.numbers 8 10)

    let gram (x: Tensor) =
        Tensor.matmul (Tensor.reshape [ 5; 2 ] x).T (Tensor.reshape [ 5; 2 ] x)

    let logs (x: Tensor) =
        2.0 * Tensor.sum (log (Tensor.singularValues (Tensor.reshape [ 5; 2 ] x)))

    let expected x = Tensor.logDeterminant (gram x)
    Expect.near 1e-13 ((expected a).ToArray()) (logs a)
    Expect.near 1e-12 ((Diff.grad expected a).ToArray()) (Diff.grad logs a)
    Expect.near 1e-11 ((Diff.hessian expected a).ToArray()) (Diff.hessian logs a)
    let v = Tensor.ofArray (Expect.numbers 9 10)

    let third f =
        Diff.grad (fun x -> Diff.gradv (fun x -> Diff.gradv f x v) x v) a

    Expect.near 1e-10 ((third expected).ToArray()) (third logs)

[<Fact>]
let ``every reduction can keep its axis`` () =
    let reductions: (string * (int -> Tensor -> Tensor)) list = [
        "sum", Tensor.sumAxis
        "mean", Tensor.meanAxis
        "max", Tensor.maxAxis
        "min", Tensor.minAxis
        "logsumexp", Tensor.logsumexpAxis
        "norm", Tensor.normAxis
        "var", Tensor.varAxis
        "std", Tensor.stdAxis
        "sampleVar", Tensor.sampleVarAxis
        "sampleStd", Tensor.sampleStdAxis
        "prod", Tensor.prodAxis
        "argMax", Tensor.argMax
        "argMin", Tensor.argMin
        "several axes", (fun axis t -> Tensor.sumAxes [ axis ] t)
    ]

    let x = Tensor.reshape [ 2; 3; 4 ] (Tensor.randn 3UL [ 24 ])

    for name, reduce in reductions do
        for axis in -3 .. 2 do
            let kept = Tensor.keepDim reduce axis x
            let shape = Array.updateAt ((axis + 3) % 3) 1 x.Shape
            Assert.True((kept.Shape = shape), $"{name} along axis {axis}")
            Expect.exactly ((reduce axis x).ToArray()) kept

[<Fact>]
let ``a batch of vectors is solved as a batch of columns`` () =
    let x = Tensor.randn 7UL [ 3; 2; 2 ]
    let a = Tensor.matmul x (Tensor.permute [ 0; 2; 1 ] x) + Tensor.eye 2
    let b = Tensor.randn 8UL [ 3; 2 ]

    for solve in
        [
            Tensor.solve
            Tensor.triangularSolve Triangle.Upper
            PositiveDefinite.solve
            PositiveDefinite.lowerSolve
        ] do
        let found = solve a b
        Expect.shape [ 3; 2 ] found

        for k in 0..2 do
            Expect.near 1e-14 ((solve a[k] b[k]).ToArray()) found[k]

[<Fact>]
let ``split undoes concat`` () =
    let parts = [ Tensor.randn 1UL [ 2; 1 ]; Tensor.randn 2UL [ 2; 3 ]; Tensor.zeros [ 2; 0 ] ]
    let found = Tensor.split -1 [ 1; 3; 0 ] (Tensor.concat 1 parts)
    List.iteri (fun i (part: Tensor) -> Expect.exactly (part.ToArray()) found[i]) parts

[<Fact>]
let ``even distances end where they should`` () =
    Expect.exactly [ 0.0; 0.25; 0.5; 0.75; 1.0 ] (Tensor.linspace 0.0 1.0 5)
    Expect.exactly [ 3.0 ] (Tensor.linspace 3.0 4.0 1)
    Expect.exactly [ 0.1; 0.7 ] (Tensor.linspace 0.1 0.7 2)
    Expect.exactly [ 0.0; 2.0; 4.0 ] (Tensor.arange 0.0 2.0 5.0)
    Expect.exactly [ 5.0; 3.0 ] (Tensor.arange 5.0 -2.0 1.0)
    Expect.exactly [] (Tensor.arange 5.0 1.0 5.0)

[<Fact>]
let ``indices count from the end`` () =
    let x = Tensor.ofList [ 1.0; 2.0; 4.0; 8.0 ]
    Expect.exactly [ 8.0 ] x[-1]
    Expect.exactly [ 1.0 ] x[-4]
    // What the compiler makes of ^0 and ^1, as for arrays.
    Assert.Equal(3, x.GetReverseIndex(0, 0))
    Assert.Equal(2, x.GetReverseIndex(0, 1))
    // A range of a computed length may be empty.
    let n = 0
    Expect.exactly [] x[0 .. n - 1]

[<Fact>]
let ``a triangle hides what it leaves out`` () =
    let x = Tensor.ofArray2D (array2D [ [ 1.0; nan ]; [ infinity; 2.0 ] ])
    Expect.exactly [ 1.0; 0.0; infinity; 2.0 ] (Tensor.tril x)
    Expect.exactly [ 1.0; nan; 0.0; 2.0 ] (Tensor.triu x)
