/// Derivatives near the ends of functions' ranges, where the obvious formulas cancel, underflow or overflow; and ties, NaN
/// and infinities.
module Stackelberg.Autodiff.Tests.TailsTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private functions: Map<string, Tensor -> Tensor> =
    Map [
        "sigmoid", Tensor.sigmoid
        "softplus", Tensor.softplus
        "tanh", tanh
        "exp", exp
        "expm1", Tensor.expm1
        "log", log
        "log10", log10
        "log1p", Tensor.log1p
        "sqrt", sqrt
        "reciprocal", (fun x -> 1.0 / x)
        "power 2.5", (fun x -> x ** 2.5)
        "power -1.5", (fun x -> x ** -1.5)
        "sinh", sinh
        "cosh", cosh
        "sin", sin
        "cos", cos
        "tan", tan
        "asin", asin
        "acos", acos
        "atan", atan
    ]

let names =
    TailsTable.derivatives
    |> List.map (fun (name, _, _) -> name)
    |> List.distinct
    |> List.map (fun name -> TheoryDataRow<string>(name))
    |> Array.ofList

let private number (t: Tensor) =
    (Tensor.cast DType.Float64 t).ToDouble()

/// Units of the last place: some roundings of each op and each product, at most three orders deep.
let private ulps = 24.0

/// By forward derivatives, by reverse ones and compiled.
let private modes: (string * (int -> (Tensor -> Tensor) -> Tensor -> Tensor)) list =
    let repeat derivative order f =
        Seq.fold (fun f _ -> derivative f) f [ 1..order ]

    [
        "forward", repeat Diff.diff
        "reverse", repeat Diff.grad
        "compiled", (fun order f -> Diff.jit (repeat Diff.diff order f))
    ]

let private check (dtype: DType) epsilon least most name =
    let f = functions[name]

    for other, x, derivatives in TailsTable.derivatives do
        let isIn (value: float) =
            value = 0.0 || abs value > least && abs value < most

        if other = name && isIn x && List.forall isIn derivatives then
            derivatives
            |> List.iteri (fun i right ->
                for mode, derivative in modes do
                    let found = number (derivative (i + 1) f (Tensor.cast dtype (Tensor.scalar x)))

                    Assert.True(
                        abs (found - right) <= ulps * epsilon * abs right,
                        $"{name}, {mode} derivative {i + 1} at {x} in {dtype}: {found}, but {right} is right"
                    ))

[<Theory; MemberData(nameof names)>]
let ``derivatives are right to some units of the last place`` (name: string) =
    check DType.Float64 (Math.ScaleB(1.0, -52)) 1e-290 1e290 name

[<Theory; MemberData(nameof names)>]
let ``derivatives are right to some units of the last place of float32`` (name: string) =
    check DType.Float32 (Math.ScaleB(1.0, -23)) 1e-36 1e36 name

/// Partial derivatives of the angle, x / r² and −y / r², of arguments whose squares are no numbers.
[<Theory;
  InlineData(3e200, 4e200);
  InlineData(3e-200, -4e-200);
  InlineData(1e-300, 1e5);
  InlineData(-1.0, 2.0)>]
let ``the angle of a point has derivatives at any distance`` (y: float, x: float) =
    let scale = max (abs x) (abs y)
    let radius = scale * ((y / scale) ** 2.0 + (x / scale) ** 2.0)

    let close right found =
        abs (number found - right) <= 8.0 * 2.2e-16 * abs right

    let y, x = Tensor.scalar y, Tensor.scalar x
    Assert.True(close (number x / scale / radius) (Diff.diff (fun y -> atan2 y x) y))
    Assert.True(close (-(number y) / scale / radius) (Diff.diff (fun x -> atan2 y x) x))

[<Fact>]
let ``a float32 is divided by the smallest constants`` () =
    for exponent in [ -126; -127; -128; -130; -149 ] do
        let c = float (MathF.ScaleB(1.0f, exponent))
        let x = Tensor.cast DType.Float32 (Expect.vector [ c; 2.0 * c; 0.0 ])
        Expect.exactly [ 1.0; 2.0; 0.0 ] (Tensor.cast DType.Float64 (x / c))
        Expect.exactly [ 1.0; 2.0; 0.0 ] (Tensor.cast DType.Float64 (Diff.jit (fun x -> x / c) x))

/// softmax's Jacobian sᵢ (δᵢⱼ − sⱼ) of two logits is that of a sigmoid, ± s (1 − s).
[<Fact>]
let ``softmax and logsumexp have derivatives where one entry outweighs the others`` () =
    for d in [ 1.0; 20.0; 40.0; 300.0 ] do
        let x = Expect.vector [ d; 0.0 ]
        let e = exp -d
        let slope = e / (1.0 + e) ** 2.0

        let close (right: float list) (found: Tensor) =
            Seq.iter2
                (fun (r: float) f ->
                    Assert.True(abs (r - f) <= 16.0 * 2.2e-16 * abs r, $"{f} at {d}, but {r} is right"))
                right
                (found.ToArray())

        close [ slope; -slope; -slope; slope ] (Diff.jacobian Tensor.softmax x |> Tensor.flatten)
        close [ 1.0 / (1.0 + e); e / (1.0 + e) ] (Diff.grad Tensor.logsumexp x)
        close [ slope; -slope; -slope; slope ] (Diff.hessian Tensor.logsumexp x |> Tensor.flatten)
        let first = Expect.vector [ 1.0; 0.0 ]
        // d s (1 − s) / dx = s (1 − s) (1 − 2 s)
        let bend = -slope * (1.0 - e) / (1.0 + e)
        close [ bend; -bend ] (Diff.hessianv (fun x -> (Tensor.softmax x)[0]) x first)
        // log (1 + e) by its series, where 1 + e rounds.
        let total =
            if d > 5.0 then
                e - e * e / 2.0 + e * e * e / 3.0
            else
                log (1.0 + e)

        close [ total ] (Tensor.logsumexp (Expect.vector [ 0.0; -d ]))

let private infinity = Double.PositiveInfinity

[<Fact>]
let ``rows with infinities have weights, totals and finite derivatives`` () =
    for row, weights, total in
        [
            [ -infinity; -infinity ], [ 0.5; 0.5 ], -infinity
            [ infinity; 1.0 ], [ 1.0; 0.0 ], infinity
            [ infinity; infinity ], [ 0.5; 0.5 ], infinity
            [ infinity; -infinity ], [ 1.0; 0.0 ], infinity
            [ -infinity; 2.0 ], [ 0.0; 1.0 ], 2.0
            [ nan; 2.0 ], [ nan; nan ], nan
            [ nan; infinity ], [ nan; nan ], nan
        ] do
        for both in [ id; Diff.jit ] do
            let x = Expect.vector row
            Expect.exactly weights (both Tensor.softmax x)
            Expect.exactly [ total ] (both Tensor.logsumexp x)
            Expect.exactly weights (both (Diff.grad Tensor.logsumexp) x)

            let finite (t: Tensor) =
                Assert.True(List.exists Double.IsNaN row || Array.forall Double.IsFinite (t.ToArray()))

            finite (both (Diff.jacobian Tensor.softmax) x)
            finite (both (Diff.hessian Tensor.logsumexp) x)
            finite (both (fun x -> Diff.gradv Tensor.logsumexp x (Tensor.ones [ 2 ])) x)

[<Fact>]
let ``a row of −∞ that is not chosen does not disturb the others`` () =
    let mask = Expect.vector [ -infinity; -infinity; 0.0; 0.0 ]

    let rows (x: Tensor) =
        let totals = Tensor.logsumexp (Tensor.reshape [ 2; 2 ] (x + mask))
        Tensor.sum (Tensor.where (Expect.vector [ 0.0; 1.0 ]) totals (Tensor.scalar 0.0))

    let s = 1.0 / (1.0 + exp -1.0)
    Expect.near 1e-15 [ 0.0; 0.0; 1.0 - s; s ] (Diff.grad rows (Expect.vector [ 0.0; 0.0; 1.0; 2.0 ]))

[<Fact>]
let ``those that attain an extremum share its derivative`` () =
    let two = Tensor.scalar 2.0
    let slope (f: Tensor -> Tensor) x = number (Diff.grad f x)

    for slope in
        [
            slope
            (fun f x -> number (Diff.diff f x))
            (fun f x -> slope (Diff.jit f) x)
        ] do
        Assert.Equal(4.0, slope (fun x -> Tensor.maximum (3.0 * x) (5.0 * x - 4.0)) two)
        Assert.Equal(4.0, slope (fun x -> Tensor.minimum (3.0 * x) (5.0 * x - 4.0)) two)
        Assert.Equal(4.0, slope (fun x -> Tensor.max (Tensor.stack 0 [ 3.0 * x; 5.0 * x - 4.0 ])) two)
        Assert.Equal(4.0, slope (fun x -> Tensor.min (Tensor.stack 0 [ 3.0 * x; 5.0 * x - 4.0 ])) two)
        Assert.Equal(0.5, slope (fun x -> Tensor.maximum x two) two)
        Assert.Equal(0.0, slope abs (Tensor.scalar 0.0))
        Assert.Equal(0.0, slope Tensor.relu (Tensor.scalar 0.0))
        Assert.Equal(0.2, slope (Layer.leakyRelu 0.2) (Tensor.scalar 0.0))

[<Fact>]
let ``a NaN argument has a NaN derivative`` () =
    let other = Tensor.scalar 1.0

    let all: (string * (Tensor -> Tensor)) list = [
        yield! Map.toList functions
        "abs", abs
        "relu", Tensor.relu
        "leakyRelu", Layer.leakyRelu 0.2
        "maximum, first", (fun x -> Tensor.maximum x other)
        "maximum, second", (fun x -> Tensor.maximum other x)
        "minimum, first", (fun x -> Tensor.minimum x other)
        "minimum, second", (fun x -> Tensor.minimum other x)
        "max", (fun x -> Tensor.max (Tensor.stack 0 [ other; x ]))
        "min", (fun x -> Tensor.min (Tensor.stack 0 [ x; other ]))
        "softmax", (fun x -> (Tensor.softmax (Tensor.stack 0 [ other; x ]))[0])
        "logsumexp", (fun x -> Tensor.logsumexp (Tensor.stack 0 [ other; x ]))
        "power", (fun x -> x ** (other + other * 0.5))
        "exponent", (fun x -> Tensor.pow 2.0 x)
        "atan2, first", (fun x -> atan2 x other)
        "atan2, second", (fun x -> atan2 other x)
    ]

    for name, f in all do
        for dtype in [ DType.Float64; DType.Float32 ] do
            let x = Tensor.cast dtype (Tensor.scalar nan)

            let f x =
                Tensor.cast dtype (f (Tensor.cast DType.Float64 x))

            let g =
                if Map.containsKey name functions then
                    functions[name]
                else
                    f

            Assert.True(Double.IsNaN(number (Diff.grad g x)), $"reverse, {name}")
            Assert.True(Double.IsNaN(number (Diff.diff g x)), $"forward, {name}")

[<Fact>]
let ``a batch of no entries passes through every op`` () =
    let empty shape = Tensor.zeros shape
    let weights = Tensor.ones [ 2; 2; 1; 1 ]

    let varied =
        Diff.vmap (fun w -> Layer.conv2d 1 0 w (Tensor.ones [ 1; 3; 3; 1 ])) (empty [ 0; 2; 2; 1; 1 ])

    Assert.Equal<int>([| 0; 1; 2; 2; 1 |], varied.Shape)
    let images = Diff.vmap (Layer.conv2d 1 0 weights) (empty [ 0; 1; 3; 3; 1 ])
    Assert.Equal<int>([| 0; 1; 2; 2; 1 |], images.Shape)

    let gradient =
        Diff.vmap
            (Diff.grad (fun w -> Tensor.sum (Layer.conv2d 1 0 w (Tensor.ones [ 1; 3; 3; 1 ]))))
            (empty [ 0; 2; 2; 1; 1 ])

    Assert.Equal<int>([| 0; 2; 2; 1; 1 |], gradient.Shape)

    let total =
        CustomOp.ofArrays
            "total"
            (fun _ -> [||])
            (ArrayKernel(fun x y -> y[0] <- Seq.sum (x[0].ToArray())))
            (fun x _ ct -> [| Tensor.broadcastTo x[0].Shape ct |])

    let double =
        CustomOp.elementwise "double" (fun x -> 2.0 * x) (fun x -> Tensor.full x.Shape 2.0)

    Expect.exactly [ 0.0 ] (total [| empty [ 0 ] |])
    Expect.exactly [] (double (empty [ 0 ]))
    Expect.exactly [] (Diff.grad (fun x -> total [| x |]) (empty [ 0 ]))
    Expect.exactly [] (Diff.jit (Diff.grad (fun x -> Tensor.sum (double x))) (empty [ 0 ]))

[<Fact>]
let ``a scalar broadcast to no entries has derivative zero`` () =
    for f in
        [
            (fun x -> Tensor.sum (Tensor.broadcastTo [ 0 ] x))
            (fun x -> Tensor.sum (Tensor.broadcastTo [ 2; 0 ] (x * x)))
            (fun x -> Tensor.sum (exp (Tensor.broadcastTo [ 0; 3 ] x)))
            (fun x -> Tensor.sum (x * Tensor.zeros [ 0 ]))
            (fun x -> Tensor.sum (Tensor.zeros [ 0 ] / x))
            (fun x -> Tensor.sum (log (x + Tensor.zeros [ 0; 2 ])))
        ] do
        for x in [ 2.0; 0.0; infinity; nan ] do
            Expect.exactly [ 0.0 ] (Diff.grad f (Tensor.scalar x))
            Expect.exactly [ 0.0 ] (Diff.jit (Diff.grad f) (Tensor.scalar x))
            Expect.exactly [ 0.0 ] (Diff.diff f (Tensor.scalar x))
