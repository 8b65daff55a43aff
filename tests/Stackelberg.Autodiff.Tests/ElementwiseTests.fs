/// Corners of the elementwise ops: special values, ties, branches that are not chosen.
module Stackelberg.Autodiff.Tests.ElementwiseTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private infinity = Double.PositiveInfinity
let private nan = Double.NaN

/// A function by numbers, and compiled.
let private bothWays (f: Tensor -> Tensor) (x: Tensor) check =
    check (f x)
    check (Diff.jit f x)

[<Fact>]
let ``comparisons give 1 and 0, and 0 for NaN except for notEqual`` () =
    let a, b =
        Expect.vector [ 1.0; 2.0; 3.0; nan ], Expect.vector [ 2.0; 2.0; 2.0; 2.0 ]

    for f, expected in
        [
            Tensor.less, [ 1.0; 0.0; 0.0; 0.0 ]
            Tensor.lessEqual, [ 1.0; 1.0; 0.0; 0.0 ]
            Tensor.greater, [ 0.0; 0.0; 1.0; 0.0 ]
            Tensor.greaterEqual, [ 0.0; 1.0; 1.0; 0.0 ]
            Tensor.equal, [ 0.0; 1.0; 0.0; 0.0 ]
            Tensor.notEqual, [ 1.0; 0.0; 1.0; 1.0 ]
        ] do
        bothWays (fun a -> f a b) a (Expect.exactly expected)

[<Fact>]
let ``random tensors hold the generator's first numbers, row-major`` () =
    for make, fill in
        [
            Tensor.randn, (fun (random: Philox) (data: float[]) -> random.FillNormal(data, 0, data.Length))
            Tensor.rand, (fun (random: Philox) (data: float[]) -> random.FillUniform(data, 0, data.Length))
        ] do
        let expected = Array.zeroCreate 6
        fill (Philox(7UL, 0UL)) expected
        let found = make 7UL [ 2; 3 ]
        Assert.Equal<int>([| 2; 3 |], found.Shape)
        Assert.Equal<float>(expected, found.ToArray())
        Assert.Equal<float>(expected[..3], (make 7UL [ 4 ]).ToArray())

[<Fact>]
let ``lists of tensors are summed from the scalar zero`` () =
    Expect.exactly [ 4.0; 6.0 ] (List.sum [ Expect.vector [ 1.0; 2.0 ]; Expect.vector [ 3.0; 4.0 ] ])

    bothWays
        (fun x -> List.sumBy (fun i -> x[i] * x[i]) [ 0; 1 ])
        (Expect.vector [ 3.0; 4.0 ])
        (Expect.exactly [ 25.0 ])

    Expect.exactly
        [ 6.0; 8.0 ]
        (Diff.grad (fun x -> List.sumBy (fun i -> x[i] * x[i]) [ 0; 1 ]) (Expect.vector [ 3.0; 4.0 ]))

[<Fact>]
let ``comparisons and rounding have derivative zero`` () =
    let f (x: Tensor) =
        Tensor.sum (Tensor.less x (Tensor.scalar 0.5) + Tensor.sign x + floor x + ceil x + round x)

    Expect.exactly [ 0.0; 0.0 ] (Diff.grad f (Expect.vector [ 0.3; -1.7 ]))
    Expect.exactly [ 0.0 ] (Diff.gradv f (Expect.vector [ 0.3; -1.7 ]) (Tensor.ones [ 2 ]))

[<Fact>]
let ``sign, floor, ceiling and round have their values`` () =
    let x = Expect.vector [ -1.5; -0.5; 0.0; 0.5; 2.5 ]
    bothWays Tensor.sign x (Expect.exactly [ -1.0; -1.0; 0.0; 1.0; 1.0 ])
    bothWays floor x (Expect.exactly [ -2.0; -1.0; 0.0; 0.0; 2.0 ])
    bothWays ceil x (Expect.exactly [ -1.0; 0.0; 0.0; 1.0; 3.0 ])
    bothWays round x (Expect.exactly [ -2.0; 0.0; 0.0; 0.0; 2.0 ])

[<Fact>]
let ``NaN in the branch that is not chosen does not reach the value`` () =
    let f (x: Tensor) =
        Tensor.where (Tensor.greater x (Tensor.zeros [ 3 ])) (log x) x

    bothWays f (Expect.vector [ -1.0; 0.0; 1.0 ]) (Expect.exactly [ -1.0; 0.0; 0.0 ])

[<Fact>]
let ``NaN in the branch that is not chosen does not reach the derivatives`` () =
    // log below 0 and √ at 0 have derivatives NaN and ∞, which must not meet the branch's zero.
    let f (x: Tensor) =
        Tensor.sum (Tensor.where (Tensor.greater x (Tensor.zeros [ 3 ])) (log x * sqrt x) (3.0 * x))

    let x = Expect.vector [ -1.0; 0.0; 1.0 ]
    bothWays (Diff.grad f) x (Expect.exactly [ 3.0; 3.0; 1.0 ])

    bothWays
        (fun x -> Diff.jacobianv (Diff.grad f) x (Tensor.ones [ 3 ]))
        x
        (Expect.exactly [ 0.0; 0.0; 0.0 ])

    bothWays (Diff.grad (fun x -> Tensor.sum (Diff.grad f x))) x (Expect.exactly [ 0.0; 0.0; 0.0 ])
    bothWays (fun x -> Diff.gradv f x (Tensor.ones [ 3 ])) x (Expect.exactly [ 7.0 ])

[<Fact>]
let ``NaN in the branch that is not chosen does not reach a chain of functions before it`` () =
    let f (x: Tensor) =
        Tensor.where (Tensor.less x (Tensor.scalar 0.0)) (x * x) (cos (1.0 / sqrt x) - x)

    bothWays (Diff.grad f) (Tensor.scalar -2.0) (Expect.exactly [ -4.0 ])
    bothWays (Diff.diffn 3 f) (Tensor.scalar -2.0) (Expect.exactly [ 0.0 ])
    bothWays (Diff.grad (Diff.grad f)) (Tensor.scalar -2.0) (Expect.exactly [ 2.0 ])

[<Fact>]
let ``NaN in a branch that data do not choose does not reach the derivatives`` () =
    let mask = Expect.vector [ 0.0; 1.0 ]

    let f (x: Tensor) =
        Tensor.sum (Tensor.where mask (log x * x) x)

    let x = Expect.vector [ -1.0; 1.0 ]
    bothWays (Diff.grad f) x (Expect.exactly [ 1.0; 1.0 ])
    bothWays (fun x -> Diff.hessianv f x (Tensor.ones [ 2 ])) x (Expect.exactly [ 0.0; 1.0 ])

[<Fact>]
let ``a user's own zero does not hide a NaN`` () =
    bothWays (fun x -> x * 0.0) (Expect.vector [ nan; infinity; 1.0 ]) (Expect.exactly [ nan; nan; 0.0 ])

    bothWays
        (fun x -> Tensor.zeros [ 3 ] * x)
        (Expect.vector [ nan; infinity; 1.0 ])
        (Expect.exactly [ nan; nan; 0.0 ])

    let masked (x: Tensor) =
        Tensor.where (Tensor.less x (Tensor.scalar 1.0)) (Tensor.ones [ 2 ]) (Tensor.zeros [ 2 ])
        * log x

    bothWays masked (Expect.vector [ 2.0; nan ]) (Expect.exactly [ 0.0; nan ])

[<Fact>]
let ``maximum and minimum pass NaN on`` () =
    let x = Expect.vector [ nan; 1.0 ]
    bothWays (fun x -> Tensor.maximum x (Tensor.zeros [ 2 ])) x (Expect.exactly [ nan; 1.0 ])
    bothWays (fun x -> Tensor.minimum (Tensor.zeros [ 2 ]) x) x (Expect.exactly [ nan; 0.0 ])

[<Fact>]
let ``relu has derivative 0 at 0 and below, 1 above`` () =
    let x = Expect.vector [ -1.0; 0.0; 2.0 ]
    bothWays Tensor.relu x (Expect.exactly [ 0.0; 0.0; 2.0 ])
    bothWays (Diff.grad (fun x -> Tensor.sum (Tensor.relu x))) x (Expect.exactly [ 0.0; 0.0; 1.0 ])

[<Fact>]
let ``the derivative of abs is 0 at 0`` () =
    Expect.exactly
        [ -1.0; 0.0; 1.0 ]
        (Diff.grad (fun x -> Tensor.sum (abs x)) (Expect.vector [ -3.0; 0.0; 0.5 ]))

[<Fact>]
let ``softplus, sigmoid, expm1 and log1p keep their precision and do not overflow`` () =
    let x = Expect.vector [ -800.0; 0.0; 800.0 ]
    bothWays Tensor.softplus x (Expect.near 1e-15 [ 0.0; log 2.0; 800.0 ])
    bothWays Tensor.sigmoid x (Expect.near 1e-15 [ 0.0; 0.5; 1.0 ])
    bothWays (Diff.grad (fun x -> Tensor.sum (Tensor.softplus x))) x (Expect.near 1e-15 [ 0.0; 0.5; 1.0 ])

    let tiny = (Tensor.expm1 (Tensor.scalar 1e-12)).ToArray()[0]
    Assert.True(abs (tiny / 1.0000000000005e-12 - 1.0) <= 1e-15)
    let tiny = (Tensor.log1p (Tensor.scalar 1e-12)).ToArray()[0]
    Assert.True(abs (tiny / 9.999999999995e-13 - 1.0) <= 1e-15)

[<Fact>]
let ``whole powers are right for negative bases and at zero`` () =
    let x = Expect.vector [ -2.0; 0.0; 3.0 ]

    for n, value, slope, bend in
        [
            1, [ -2.0; 0.0; 3.0 ], [ 1.0; 1.0; 1.0 ], [ 0.0; 0.0; 0.0 ]
            2, [ 4.0; 0.0; 9.0 ], [ -4.0; 0.0; 6.0 ], [ 2.0; 2.0; 2.0 ]
            3, [ -8.0; 0.0; 27.0 ], [ 12.0; 0.0; 27.0 ], [ -12.0; 0.0; 18.0 ]
        ] do
        let f (x: Tensor) = Tensor.sum (x ** n)
        bothWays (fun x -> x ** n) x (Expect.exactly value)
        bothWays (Diff.grad f) x (Expect.exactly slope)
        bothWays (fun x -> Diff.hessianv f x (Tensor.ones [ 3 ])) x (Expect.exactly bend)

[<Fact>]
let ``powers by a tensor of whole exponents have all derivatives at base zero`` () =
    let exponents = Expect.vector [ 0.0; 1.0; 2.0; 3.0 ]
    let f (x: Tensor) = Tensor.sum (x ** exponents)
    let x = Tensor.zeros [ 4 ]
    bothWays (Diff.grad f) x (Expect.exactly [ 0.0; 1.0; 0.0; 0.0 ])
    bothWays (fun x -> Diff.hessianv f x (Tensor.ones [ 4 ])) x (Expect.exactly [ 0.0; 0.0; 2.0; 0.0 ])

[<Fact>]
let ``a number's power has the logarithm as its slope`` () =
    let f = Tensor.pow 3.0
    Expect.near 1e-15 [ 9.0 ] (f (Tensor.scalar 2.0))
    Expect.near 1e-15 [ 9.0 * log 3.0 ] (Diff.diff f (Tensor.scalar 2.0))

[<Fact>]
let ``max and min share their derivative among equal entries and keep the value's bits`` () =
    let x = Expect.vector [ 0.1; 0.1; 0.1; -2.0 ]
    bothWays Tensor.max x (Expect.exactly [ 0.1 ])
    bothWays (Diff.grad Tensor.max) x (Expect.near 1e-16 [ 1.0 / 3.0; 1.0 / 3.0; 1.0 / 3.0; 0.0 ])
    bothWays (Diff.grad Tensor.min) x (Expect.exactly [ 0.0; 0.0; 0.0; 1.0 ])
    bothWays (fun x -> Diff.gradv Tensor.max x (Tensor.ones [ 4 ])) x (Expect.near 1e-16 [ 1.0 ])

[<Fact>]
let ``max and min take infinities and NaN`` () =
    let value = Expect.vector [ 1.0; infinity; -infinity ]
    bothWays Tensor.max value (Expect.exactly [ infinity ])
    bothWays Tensor.min value (Expect.exactly [ -infinity ])
    bothWays Tensor.max (Expect.vector [ 1.0; nan ]) (Expect.exactly [ nan ])
    bothWays Tensor.max (Expect.vector [ -infinity; -infinity ]) (Expect.exactly [ -infinity ])
    bothWays (Diff.grad Tensor.max) value (Expect.exactly [ 0.0; 1.0; 0.0 ])

[<Fact>]
let ``softmax subtracts each row's own maximum`` () =
    let x = Expect.ofShape [ 3; 2 ] [ 1000.0; 1000.0; -1000.0; -1000.0; 0.0; -infinity ]
    bothWays Tensor.softmax x (Expect.exactly [ 0.5; 0.5; 0.5; 0.5; 1.0; 0.0 ])

    let gradient =
        Diff.grad (fun x ->
            Tensor.sum (Tensor.softmax x * Expect.ofShape [ 3; 2 ] [ 1.0; 0.0; 1.0; 0.0; 1.0; 0.0 ]))

    bothWays gradient x (Expect.exactly [ 0.25; -0.25; 0.25; -0.25; 0.0; 0.0 ])

[<Fact>]
let ``logsumexp takes huge entries and rows of −∞`` () =
    let x =
        Expect.ofShape [ 4; 2 ] [ 1000.0; 1000.0; -1000.0; -1000.0; -infinity; -infinity; infinity; 0.0 ]

    bothWays
        Tensor.logsumexp
        x
        (Expect.near 1e-15 [ 1000.0 + log 2.0; -1000.0 + log 2.0; -infinity; infinity ])

[<Fact>]
let ``a row of −∞ does not disturb the derivatives of the other rows`` () =
    let x = Expect.ofShape [ 2; 2 ] [ -infinity; -infinity; 3.0; 3.0 ]
    let gradient = Diff.grad (fun x -> Tensor.sum (Tensor.logsumexp x)) x
    Expect.exactly [ 0.5; 0.5 ] gradient[1]

[<Fact>]
let ``a float32 constant has float32's bits, like an array of the same numbers`` () =
    let constant = Tensor.cast DType.Float32 (Tensor.scalar 0.1)
    let array = Tensor.cast DType.Float32 (Expect.vector [ 0.1; 0.2 ])
    Expect.exactly [ float 0.1f ] (Tensor.cast DType.Float64 constant)
    Expect.exactly [ float 0.1f ] (Tensor.cast DType.Float64 array[0])
    Expect.exactly [ 0.0 ] (Tensor.cast DType.Float64 (array[0] - constant))

[<Fact>]
let ``the derivative of a cast is a cast back`` () =
    let f (x: Tensor) =
        let single = Tensor.cast DType.Float32 x
        Tensor.sum (single * single)

    let gradient = Diff.grad f (Expect.vector [ 1.5; -2.0 ])
    Assert.Equal(DType.Float64, gradient.DType)
    Expect.exactly [ 3.0; -4.0 ] gradient
    Expect.exactly [ 3.0; -4.0 ] (Diff.jit (Diff.grad f) (Expect.vector [ 1.5; -2.0 ]))

[<Fact>]
let ``the mixed derivatives of a power at an exponent of 0 are those of its neighbours`` () =
    let f (x: Tensor) = x[0] ** x[1]
    let at = Expect.vector [ 2.0; 0.0 ]
    let log2 = 0.6931471805599453
    Expect.near 1e-15 [ 0.0; 0.5; 0.5; log2 * log2 ] (Diff.hessian f at)

    let third u v w =
        Diff.gradv (fun x -> Diff.gradv (fun x -> Diff.gradv f x u) x v) at w

    let a, b = Expect.unit 2 0, Expect.unit 2 1
    Expect.near 1e-15 [ log2 ] (third a b b)
    Expect.near 1e-15 [ -0.25 ] (third a a b)
    // 0 to the power 0 is 1, of derivative 0 by its base.
    Expect.near 0.0 [ 0.0 ] (Diff.grad (fun x -> x ** Tensor.scalar 0.0) (Tensor.scalar 0.0))

[<Fact>]
let ``a condition that is one number for all entries leaves out what it does not choose`` () =
    let nothing = Tensor.zeros [ 2 ]

    let gradient (choose: Tensor -> Tensor) =
        Diff.grad (fun x -> Tensor.sum (choose x)) (Expect.vector [ 1.0; 0.0 ])

    Expect.exactly [ 0.0; 0.0 ] (gradient (fun x -> Tensor.where x[0] nothing (sqrt x)))
    Expect.exactly [ 0.0; 0.0 ] (gradient (fun x -> Tensor.where x[1] (sqrt x) nothing))
    Expect.exactly [ 0.0; 0.0 ] (gradient (fun x -> Tensor.where (Tensor.max x) nothing (x / x)))
