/// Laws that expressions are built by, and the ones that they may not be built by.
module Stackelberg.Autodiff.Tests.SimplificationTests

open System
open FsCheck
open FsCheck.FSharp
open Stackelberg
open Stackelberg.Kernels
open Xunit
open Stackelberg.Tests

/// Expressions of a vector and a matrix variable, without evaluating them.
let private trace = Trace()
let private x = Expression.variable trace DType.Float64 [| 3 |]
let private m = Expression.variable trace DType.Float64 [| 3; 3 |]

let private same (expected: Tensor) (actual: Tensor) = Assert.Same(expected, actual)

/// How many symbols an expression has, variables included.
let private size (t: Tensor) = (Dependence.all [ t ]).Length

[<Fact>]
let ``adding zero and multiplying by one change nothing`` () =
    same x (x + 0.0)
    same x (0.0 + x)
    same x (x - 0.0)
    same x (x * 1.0)
    same x (1.0 * x)
    same x (x / 1.0)
    same x (x ** 1.0)
    same x (x + Tensor.zeros [ 3 ])
    same x (Tensor.ones [ 3 ] * x)

[<Fact>]
let ``sines and cosines know a difference from either side`` () =
    let y = Expression.variable trace DType.Float64 [| 3 |]
    let one, other = x - y, y - x
    same (cos one).Args[0] (cos other).Args[0]
    same (sin one).Args[0] (sin other).Args[0].Args[0]
    same (sin x).Args[0] (sin -x).Args[0].Args[0]
    same (cos x).Args[0] (cos -x).Args[0]

[<Fact>]
let ``negations cancel`` () =
    same x (-(-x))
    same (x + x * x) (x - -(x * x))
    same (x - x * x) (x + -(x * x))
    same (-x) (x * -1.0)

[<Fact>]
let ``transposes and permutations cancel`` () =
    same m m.T.T
    let t = Expression.variable trace DType.Float64 [| 2; 3; 4 |]
    same t (Tensor.permute [ 2; 0; 1 ] (Tensor.permute [ 1; 2; 0 ] t))
    same t (Tensor.permute [ 0; 1; 2 ] t)

[<Fact>]
let ``reshapes, broadcasts and slices of their own kind are one`` () =
    same m (Tensor.reshape [ 3; 3 ] (Tensor.flatten m))
    same (Tensor.broadcastTo [ 4; 2; 3 ] x) (Tensor.broadcastTo [ 4; 2; 3 ] (Tensor.broadcastTo [ 2; 3 ] x))
    same x[2..2] ((x[1..2])[1..1])
    same x (Tensor.slice 0 2 3 (Tensor.concat 0 [ Tensor.ones [ 2 ]; x; x ]))

[<Fact>]
let ``A V + Aᵀ V is one product`` () =
    let v = sin x
    let sum = Tensor.matmul m v + Tensor.matmul m.T v
    let product = Tensor.matmul (m + m.T) v
    Assert.Equal(size product, size sum)

    let value (m: Tensor) =
        let v = Expect.vector [ 1.0; 2.0; 3.0 ]
        Tensor.matmul m v + Tensor.matmul m.T v

    Expect.exactly
        [ 42.0; 58.0; 70.0 ]
        (Diff.jit value (Expect.ofShape [ 3; 3 ] [ 0.0; 2.0; 2.0; 4.0; 4.0; 5.0; 8.0; 7.0; 6.0 ]))

[<Fact>]
let ``scalar work under a broadcast stays scalar`` () =
    let s = Expression.variable trace DType.Float64 [||]
    let wide = Tensor.broadcastTo [ 3 ] s
    same (Tensor.broadcastTo [ 3 ] (sin (s * 2.0))) (sin (wide * 2.0))

[<Fact>]
let ``equal expressions are one`` () =
    same (sin (x * x) + x) (sin (x * x) + x)
    let f (x: Tensor) = sin (x * x) + cos (sin (x * x))
    // x, x², sin, cos, sum
    Assert.Equal(5, size (f x))
    Assert.NotSame(x * x, x + x)
    Assert.NotSame(x[0..1], x[1..2])

[<Fact>]
let ``a user's zero is not the zero of differentiation`` () =
    Assert.True((x * Expression.zeros DType.Float64 [| 3 |]).IsStructuralZero)
    Assert.False((x * 0.0).IsStructuralZero)
    Assert.True((x * 0.0).IsSymbolic)
    let condition = Tensor.less x (Tensor.scalar 0.5)
    let ones = Tensor.ones [ 3 ]

    Assert.NotSame(
        Tensor.where condition ones (Tensor.zeros [ 3 ]),
        Tensor.where condition ones (Expression.zeros DType.Float64 [| 3 |])
    )

[<Fact>]
let ``a quotient by a number keeps the bits of a division`` () =
    let numbers = Gen.choose (1, 1000) |> Gen.map (fun n -> float n / 8.0)

    let cases =
        Gen.zip (ArbMap.defaults |> ArbMap.generate<NormalFloat>) numbers |> Arb.fromGen

    Law.holds (
        Prop.forAll cases (fun (NormalFloat a, c) ->
            let quotient (x: Tensor) = x / c
            let expected = BitConverter.DoubleToInt64Bits(a / c)
            let eager = (quotient (Expect.vector [ a; a ])).ToArray()[1]
            let compiled = (Diff.jit quotient (Expect.vector [ a; a ])).ToArray()[1]

            BitConverter.DoubleToInt64Bits eager = expected
            && BitConverter.DoubleToInt64Bits compiled = expected)
    )

[<Fact>]
let ``division by a power of two is a product`` () =
    same (x * 0.25) (x / 4.0)
    Assert.NotSame(x * (1.0 / 3.0), x / 3.0)
    // 1/2^1074 is no number, so this division stays.
    Assert.NotSame(x * Double.PositiveInfinity, x / Double.Epsilon)

[<Fact>]
let ``derivatives fold to numbers at a concrete point`` () =
    let gradient = Diff.grad (fun x -> Tensor.sum (x * x)) (Expect.vector [ 1.0; 2.0 ])
    Assert.False gradient.IsSymbolic

[<Fact>]
let ``sums and products of two have one order`` () =
    let y = x * 3.0
    same (x + y) (y + x)
    same (x * y) (y * x)
    same (2.0 * x) (x * 2.0)

[<Fact>]
let ``a factor's sign goes outside`` () =
    same (x * x) (-x * -x)
    same (x - x * x) (x + x * -x)

[<Fact>]
let ``the derivative along X of a function of X Xᵀ is one product`` () =
    let loss (x: Tensor) = Tensor.sum (m * Tensor.matmul x x.T)

    let products =
        Dependence.all [ Diff.grad loss (Expression.variable trace DType.Float64 [| 3; 3 |]) ]
        |> Array.filter (fun t -> t.Op.Name = "matmul")

    Assert.Equal(1, products.Length)

[<Fact>]
let ``a square's second factor does not wait for the direction`` () =
    let v = Expression.variable trace DType.Float64 [| 3 |]
    same (v * (x * 2.0)) (Diff.jacobianv (fun x -> x * x) x v)

[<Fact>]
let ``a range of entries among a derivative's zeros is zeros, or a range of the entries`` () =
    let x = Expression.variable (Trace()) DType.Float64 [| 3 |]
    let spread = Slice.around 0 2 1 x
    let whole = [| 0.0; 0.0; 1.0; 2.0; 3.0; 0.0 |]

    for start in 0..5 do
        for length in 1 .. 6 - start do
            let found = Slice.slice 0 start length spread
            Assert.Equal<int[]>([| length |], found.Shape)
            let isOutside = start + length <= 2 || start >= 5
            Assert.Equal(isOutside, found.IsStructuralZero)

            if not isOutside && length < 6 then
                Assert.False(Array.contains spread found.Args)

            Substitution.one x (Expect.vector [ 1.0; 2.0; 3.0 ]) found
            |> Expect.exactly whole[start .. start + length - 1]
