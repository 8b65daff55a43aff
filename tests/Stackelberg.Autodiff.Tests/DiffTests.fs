module Stackelberg.Autodiff.Tests.DiffTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

/// f(x) = x₀³ + x₀ x₁², at (2, 3): value 26, gradient (21, 12), Hessian [[12, 6], [6, 4]].
let private f (x: Tensor) = x[0] ** 3 + x[0] * x[1] * x[1]

let private x = Expect.vector [ 2.0; 3.0 ]
let private v = Expect.vector [ 1.0; -2.0 ]
let private gradient = [ 21.0; 12.0 ]
let private hessian = [ 12.0; 6.0; 6.0; 4.0 ]

/// g(x) = (x₀ x₁, x₀², x₁), at (2, 3): Jacobian [[3, 2], [4, 0], [0, 1]].
let private g (x: Tensor) =
    Tensor.stack 0 [ x[0] * x[1]; x[0] * x[0]; x[1] ]

let private jacobian = [ 3.0; 2.0; 4.0; 0.0; 0.0; 1.0 ]

let private both value derivative (y, dy) =
    Expect.exactly value y
    Expect.exactly derivative dy

[<Fact>]
let ``grad and fgrad`` () =
    Expect.exactly gradient (Diff.grad f x)
    both [ 26.0 ] gradient (Diff.fgrad f x)

[<Fact>]
let ``the gradient of a matrix has the matrix's shape`` () =
    let m = Expect.ofShape [ 2; 3 ] [ 1.0 .. 6.0 ]
    let gradient = Diff.grad (fun m -> Tensor.sum (m * m)) m
    Expect.shape [ 2; 3 ] gradient
    Expect.exactly [ 2.0; 4.0; 6.0; 8.0; 10.0; 12.0 ] gradient

[<Fact>]
let ``gradv and fgradv`` () =
    Expect.exactly [ -3.0 ] (Diff.gradv f x v)
    both [ 26.0 ] [ -3.0 ] (Diff.fgradv f x v)

[<Fact>]
let ``diff, fdiff, diff2 and diffn`` () =
    let two = Tensor.scalar 2.0
    let cube (x: Tensor) = x ** 3
    Expect.exactly [ 12.0 ] (Diff.diff cube two)
    both [ 8.0 ] [ 12.0 ] (Diff.fdiff cube two)
    Expect.exactly [ 12.0 ] (Diff.diff2 cube two)
    Expect.exactly [ 8.0 ] (Diff.diffn 0 cube two)
    Expect.exactly [ 6.0 ] (Diff.diffn 3 cube two)
    Expect.exactly [ 0.0 ] (Diff.diffn 4 cube two)

[<Fact>]
let ``the derivative of a curve is a vector`` () =
    let curve (t: Tensor) =
        Tensor.stack 0 [ t * t; t ** 3; Tensor.scalar 1.0 ]

    Expect.exactly [ 4.0; 12.0; 0.0 ] (Diff.diff curve (Tensor.scalar 2.0))

[<Fact>]
let ``jvp, jacobianv and fjacobianv`` () =
    both [ 6.0; 4.0; 3.0 ] [ -1.0; 4.0; -2.0 ] (Diff.jvp g x v)
    Expect.exactly [ -1.0; 4.0; -2.0 ] (Diff.jacobianv g x v)
    both [ 6.0; 4.0; 3.0 ] [ -1.0; 4.0; -2.0 ] (Diff.fjacobianv g x v)

[<Fact>]
let ``vjp, jacobianTv and fjacobianTv`` () =
    let w = Expect.vector [ 1.0; 10.0; 100.0 ]
    let y, pull = Diff.vjp g x
    both [ 6.0; 4.0; 3.0 ] [ 43.0; 102.0 ] (y, pull w)
    Expect.exactly [ 3.0; 2.0 ] (pull (Expect.vector [ 1.0; 0.0; 0.0 ]))
    Expect.exactly [ 43.0; 102.0 ] (Diff.jacobianTv g x w)
    both [ 6.0; 4.0; 3.0 ] [ 43.0; 102.0 ] (Diff.fjacobianTv g x w)

[<Fact>]
let ``linearize gives one map for many directions`` () =
    let y, push = Diff.linearize g x
    both [ 6.0; 4.0; 3.0 ] [ -1.0; 4.0; -2.0 ] (y, push v)
    Expect.exactly [ 3.0; 4.0; 0.0 ] (push (Expect.vector [ 1.0; 0.0 ]))
    Expect.exactly [ -1.0; 4.0; -2.0 ] (push v)

[<Fact>]
let ``linearize of a function that ignores its argument is the zero map`` () =
    let y, push = Diff.linearize (fun _ -> Expect.vector [ 1.0; 2.0 ]) x
    both [ 1.0; 2.0 ] [ 0.0; 0.0 ] (y, push v)

[<Fact>]
let ``the maps of linearize and vjp may be called with symbols`` () =
    let _, push = Diff.linearize g x
    let _, pull = Diff.vjp g x
    // ‖J v‖² has the gradient 2 Jᵀ J v.
    let square (t: Tensor) = Tensor.sum (t * t)
    Expect.exactly [ 26.0; -8.0 ] (Diff.grad (fun v -> square (push v)) v)
    Expect.exactly [ 26.0; -8.0 ] (2.0 * pull (push v))

[<Fact>]
let ``jacobian and fjacobian of a tall function`` () =
    let j = Diff.jacobian g x
    Expect.shape [ 3; 2 ] j
    Expect.exactly jacobian j
    both [ 6.0; 4.0; 3.0 ] jacobian (Diff.fjacobian g x)

[<Fact>]
let ``jacobian of a wide function`` () =
    let wide (x: Tensor) = Tensor.stack 0 [ Tensor.sum (x * x) ]
    let x = Expect.vector [ 1.0 .. 20.0 ]
    let j = Diff.jacobian wide x
    Expect.shape [ 1; 20 ] j
    Expect.exactly [ 2.0..2.0..40.0 ] j
    Expect.exactly [ 2.0..2.0..40.0 ] (Diff.jit (Diff.jacobian wide) x)

[<Fact>]
let ``jacobian of a function that gives a matrix, a scalar, or nothing`` () =
    let outer = Diff.jacobian (fun x -> Tensor.outer x x) x
    Expect.shape [ 2; 2; 2 ] outer
    Expect.exactly [ 4.0; 0.0; 3.0; 2.0; 3.0; 2.0; 0.0; 6.0 ] outer
    let scalar = Diff.jacobian f x
    Expect.shape [ 2 ] scalar
    Expect.exactly gradient scalar
    Expect.shape [ 0; 2 ] (Diff.jacobian (Tensor.slice 0 0 0) x)
    Expect.shape [ 0; 0 ] (Diff.jacobian id (Tensor.zeros [ 0 ]))
    Expect.shape [ 3 ] (Diff.jacobian (fun t -> Tensor.stack 0 [ t; t; t ]) (Tensor.scalar 1.0))

[<Fact>]
let ``the Jacobian of a constant function is zero, wide or tall`` () =
    for n in [ 1; 5 ] do
        let j = Diff.jacobian (fun _ -> Expect.vector [ 1.0; 2.0 ]) (Tensor.ones [ n ])
        Expect.shape [ 2; n ] j
        Expect.exactly (Array.zeroCreate (2 * n)) j

[<Fact>]
let ``a large Jacobian, for which products are compiled, is the small one's`` () =
    let n = 40
    let weights = Expect.ofShape [ n; n ] (Expect.numbers 51 (n * n))
    let f (x: Tensor) = tanh (Tensor.matmul weights x)
    let x = Tensor.ofArray (Expect.numbers 52 n)
    // ∂fᵢ/∂xⱼ = (1 − tanh²) wᵢⱼ.
    let y = f x
    let expected = (Tensor.reshape [ n; 1 ] (1.0 - y * y) * weights).ToArray()
    Expect.near 1e-14 expected (Diff.jacobian f x)
    Expect.near 1e-14 expected[.. 10 * n - 1] (Diff.jacobian (fun x -> (f x)[0..9]) x)

[<Fact>]
let ``hessian and its other forms`` () =
    Expect.exactly hessian (Diff.hessian f x)
    Expect.shape [ 2; 2 ] (Diff.hessian f x)
    both [ 26.0 ] hessian (Diff.fhessian f x)
    both gradient hessian (Diff.gradhessian f x)
    let y, g, h = Diff.fgradhessian f x
    both [ 26.0 ] gradient (y, g)
    Expect.exactly hessian h

[<Fact>]
let ``hessianv and its other forms`` () =
    Expect.exactly [ 0.0; -2.0 ] (Diff.hessianv f x v)
    both [ 26.0 ] [ 0.0; -2.0 ] (Diff.fhessianv f x v)
    let slope = [ Seq.sum (Seq.map2 (*) gradient (v.ToArray())) ]
    both slope [ 0.0; -2.0 ] (Diff.gradhessianv f x v)
    let y, gv, hv = Diff.fgradhessianv f x v
    both [ 26.0 ] slope (y, gv)
    Expect.exactly [ 0.0; -2.0 ] hv

[<Fact>]
let ``gradhessianv gives the derivative along the direction, as in DiffSharp`` () =
    let rosenbrock (x: Tensor) =
        (1.0 - x[0]) ** 2 + 100.0 * (x[1] - x[0] * x[0]) ** 2

    // The gradient is [-149; 50], the Hessian [[1702; -600]; [-600; 200]].
    let x, v = Expect.vector [ 1.5; 2.5 ], Expect.vector [ 0.5; -2.0 ]
    let y, gv, hv = Diff.fgradhessianv rosenbrock x v
    Expect.near 1e-12 [ 6.5 ] y
    Expect.near 1e-12 [ -174.5 ] gv
    Expect.near 1e-12 [ 2051.0; -700.0 ] hv
    Expect.near 1e-12 [ -174.5 ] (fst (Diff.gradhessianv rosenbrock x v))

[<Fact>]
let ``laplacian and flaplacian`` () =
    Expect.exactly [ 16.0 ] (Diff.laplacian f x)
    both [ 26.0 ] [ 16.0 ] (Diff.flaplacian f x)
    Expect.exactly [ 16.0 ] (Diff.jit (Diff.laplacian f) x)

[<Fact>]
let ``every form gives the same when it is compiled`` () =
    for derivative, expected in
        [
            Diff.grad f, gradient
            Diff.hessian f, hessian
            Diff.jacobian g, jacobian
            (fun x -> Diff.hessianv f x v), [ 0.0; -2.0 ]
            (fun x -> snd (Diff.vjp g x) (Expect.vector [ 1.0; 10.0; 100.0 ])), [ 43.0; 102.0 ]
            (fun x -> snd (Diff.linearize g x) v), [ -1.0; 4.0; -2.0 ]
        ] do
        Expect.exactly expected (Diff.jit derivative x)

[<Fact>]
let ``a compiled function is called once for each shape and type, and can be called again`` () =
    let mutable calls = 0

    let square =
        Diff.jit (fun x ->
            calls <- calls + 1
            x * x)

    Expect.exactly [ 9.0 ] (square (Tensor.scalar 3.0))
    Expect.exactly [ 16.0 ] (square (Tensor.scalar 4.0))
    Expect.exactly [ 1.0; 4.0 ] (square (Expect.vector [ 1.0; 2.0 ]))
    Expect.exactly [ 9.0; 4.0 ] (square (Expect.vector [ 3.0; 2.0 ]))
    Expect.exactly [ 2.25 ] (square (Tensor.cast DType.Float32 (Tensor.scalar 1.5)))
    Assert.Equal(3, calls)

[<Fact>]
let ``the results of a compiled function keep their numbers when it is called again`` () =
    let square = Diff.jit (fun x -> x * x)
    let first = square x
    Expect.exactly [ 1.0; 1.0 ] (square (Tensor.ones [ 2 ]))
    Expect.exactly [ 4.0; 9.0 ] first

[<Fact>]
let ``a compiled function is differentiable`` () =
    Expect.exactly gradient (Diff.grad (Diff.jit f) x)
    Expect.exactly hessian (Diff.hessian (Diff.jit f) x)

[<Fact>]
let ``a compiled function may use an outer symbol`` () =
    let f (p: Tensor) =
        Diff.jit (fun x -> x * p * p) (Tensor.scalar 2.0)

    Expect.exactly [ 12.0 ] (Diff.grad f (Tensor.scalar 3.0))

[<Fact>]
let ``derivatives in float32 stay in float32`` () =
    let single = Tensor.cast DType.Float32
    let x, v = single x, single v

    for result in
        [
            Diff.grad f x
            Diff.hessian f x
            Diff.jacobian g x
            Diff.laplacian f x
            Diff.jvp g x v |> snd
        ] do
        Assert.Equal(DType.Float32, result.DType)

    Expect.exactly hessian (Diff.hessian f x)
    let _, push = Diff.linearize g x
    Expect.exactly [ -1.0; 4.0; -2.0 ] (push v)

let private fails expected action =
    Expect.message<ArgumentException, _> expected action

[<Fact>]
let ``a gradient needs a scalar function`` () =
    let message =
        "the function's value has shape [3], but a scalar [] is needed; sum it, or use Diff.jacobian."

    fails $"Diff.grad: {message}" (fun () -> Diff.grad g x)
    fails $"Diff.gradv: {message}" (fun () -> Diff.gradv g x v)
    fails $"Diff.grad: {message}" (fun () -> Diff.hessian g x)

[<Fact>]
let ``a direction needs the point's shape and type`` () =
    let wrong = Tensor.ones [ 3 ]

    let message =
        "the direction v has shape [3], but [2] is needed (the point's shape)."

    fails $"Diff.jvp: {message}" (fun () -> Diff.jvp g x wrong)
    fails $"Diff.jvp: {message}" (fun () -> Diff.hessianv f x wrong)
    fails $"Diff.linearize: {message}" (fun () -> snd (Diff.linearize g x) wrong)

    fails "Diff.vjp: the cotangent has shape [2], but [3] is needed (the value's shape)." (fun () ->
        snd (Diff.vjp g x) v)

    let single = Tensor.cast DType.Float32 v

    let message =
        "the direction v is Float32, but Float64 is needed (the point's type); convert it with Tensor.cast."

    fails $"Diff.jvp: {message}" (fun () -> Diff.jvp g x single)
    fails $"Diff.linearize: {message}" (fun () -> snd (Diff.linearize g x) single)

    fails
        "Diff.vjp: the cotangent is Float32, but Float64 is needed (the value's type); convert it with Tensor.cast."
        (fun () -> snd (Diff.vjp g x) (Tensor.cast DType.Float32 (Tensor.ones [ 3 ])))

[<Fact>]
let ``a scalar's derivative needs a scalar point, and an order from 0 on`` () =
    fails
        "Diff.diff: the point has shape [2], but a scalar [] is needed; use Diff.grad or Diff.jacobian."
        (fun () -> Diff.diff f x)

    fails "Diff.diffn: n is -1, but the order of a derivative is 0 or more." (fun () ->
        Diff.diffn -1 id (Tensor.scalar 1.0))

[<Fact>]
let ``Jacobians and Laplacians need a vector`` () =
    let m = Tensor.eye 2

    let message =
        "the point has shape [2; 2], but a vector [n] or a scalar [] is needed; flatten it first."

    fails $"Diff.jacobian: {message}" (fun () -> Diff.jacobian id m)
    fails $"Diff.laplacian: {message}" (fun () -> Diff.laplacian Tensor.sum m)
