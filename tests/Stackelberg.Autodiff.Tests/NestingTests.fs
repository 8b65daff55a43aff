/// Derivatives inside derivatives: the cases that libraries get wrong.
module Stackelberg.Autodiff.Tests.NestingTests

open Stackelberg
open Stackelberg.Autodiff.Tests
open Xunit

/// The derivative of a function of a scalar: forward, reverse, and forward of a compiled function.
let private modes: (string * ((Tensor -> Tensor) -> Tensor -> Tensor)) list = [
    "forward", Diff.diff
    "reverse", Diff.grad
    "linearized", (fun f x -> (snd (Diff.linearize f x)) (Tensor.scalar 1.0))
    "pulled back", (fun f x -> (snd (Diff.vjp f x)) (Tensor.scalar 1.0))
]

let pairs = [|
    for outer, _ in modes do
        for inner, _ in modes do
            TheoryDataRow<string, string>(outer, inner)
|]

let private mode name =
    modes |> List.find (fst >> (=) name) |> snd

let private at x = Tensor.scalar x

[<Theory; MemberData(nameof pairs)>]
let ``an inner derivative that ignores its variable is zero, and so is the product's slope`` (outer, inner) =
    let f (x: Tensor) =
        x * mode inner (fun _ -> x * x) (at 1.0)

    Expect.exactly [ 0.0 ] (f (at 3.0))
    Expect.exactly [ 0.0 ] (mode outer f (at 3.0))

[<Theory; MemberData(nameof pairs)>]
let ``an inner derivative of an outer power is zero, and leaves the sum's slope`` (outer, inner) =
    let f (x: Tensor) =
        x + mode inner (fun _ -> x ** 3) (at 1.0)

    Expect.exactly [ 3.0 ] (f (at 3.0))
    Expect.exactly [ 1.0 ] (mode outer f (at 3.0))

[<Theory; MemberData(nameof pairs)>]
let ``perturbations are not confused`` (outer, inner) =
    // d/dx [x · d/dy (x + y) at y = 1] = 1; a confused engine gives 2.
    let f (x: Tensor) =
        x * mode inner (fun y -> x + y) (at 1.0)

    Expect.exactly [ 1.0 ] (mode outer f (at 1.0))

[<Theory; MemberData(nameof pairs)>]
let ``perturbations are not confused when the inner point is the outer variable`` (outer, inner) =
    // d/dx [x · d/dy (x y) at y = x] = d/dx x² = 6 at 3; a confused engine gives d/dx (x · 2x) = 12.
    let f (x: Tensor) = x * mode inner (fun y -> x * y) x
    Expect.exactly [ 6.0 ] (mode outer f (at 3.0))

[<Theory; MemberData(nameof pairs)>]
let ``an outer derivative flows through a bound point`` (outer, inner) =
    // d/dx [d/dy (y³) at y = x] = 6x.
    Expect.exactly [ 18.0 ] (mode outer (fun x -> mode inner (fun y -> y ** 3) x) (at 3.0))

[<Theory; MemberData(nameof pairs)>]
let ``an outer derivative flows through a function of the bound point`` (outer, inner) =
    // d/dx [cos(y) at y = x²] = −2x sin(x²).
    let f x = mode inner sin (x * x)
    Expect.near 1e-15 [ -2.4 * sin 1.44 ] (mode outer f (at 1.2))

[<Theory; MemberData(nameof pairs)>]
let ``the mixed partial of a separable cost is zero`` (outer, inner) =
    let cost (x: Tensor) (y: Tensor) = x * x + y ** 3
    Expect.exactly [ 0.0 ] (mode outer (fun x -> mode inner (fun y -> cost x y) (at 2.0)) (at 3.0))

[<Theory; MemberData(nameof pairs)>]
let ``the mixed partial of a coupled cost is the coupling`` (outer, inner) =
    let cost (x: Tensor) (y: Tensor) = x * x * y + y * y
    Expect.exactly [ 6.0 ] (mode outer (fun x -> mode inner (fun y -> cost x y) (at 2.0)) (at 3.0))

[<Theory; MemberData(nameof pairs)>]
let ``the derivative of a constant function is zero`` (outer, inner) =
    Expect.exactly [ 0.0 ] (mode outer (fun _ -> at 5.0) (at 3.0))
    Expect.exactly [ 0.0 ] (mode outer (fun _ -> mode inner (fun _ -> at 5.0) (at 1.0)) (at 3.0))

[<Theory; MemberData(nameof pairs)>]
let ``three levels keep their variables apart`` (outer, inner) =
    // d/dx [d/dy (y² · d/dz (x y z²) at z = 2) at y = 3] = d/dy (4 y³) = 108.
    let f x =
        mode inner (fun y -> y * y * mode outer (fun z -> x * y * z * z) (at 2.0)) (at 3.0)

    Expect.exactly [ 108.0 ] (mode outer f (at 7.0))

[<Fact>]
let ``the mixed Hessian block of separable vector costs is zero`` () =
    let f (x: Tensor) (y: Tensor) = Tensor.sum (x * x) + Tensor.sum (sin y)
    let y = Expect.vector [ 1.0; 2.0; 3.0 ]
    let block = Diff.jacobian (fun x -> Diff.grad (f x) y) (Expect.vector [ 4.0; 5.0 ])
    Expect.shape [ 3; 2 ] block
    Expect.exactly (Array.zeroCreate 6) block

[<Fact>]
let ``constants and variables mix in concat and stack, at every level`` () =
    let f (x: Tensor) =
        let inner (y: Tensor) =
            Tensor.sum (Tensor.concat 0 [ y * x; Tensor.ones [ 2 ]; x ] ** 2.0)

        Tensor.sum (Tensor.stack 0 [ Diff.grad inner x; Tensor.ones [ 2 ]; x ])

    // ∂/∂y Σ (y x)² = 2 y x² at y = x: 2 x³; with x itself: Σ 2x³ + x.
    Expect.exactly [ 7.0; 25.0 ] (Diff.grad f (Expect.vector [ 1.0; 2.0 ]))

[<Fact>]
let ``reverse differentiation passes through products of batches`` () =
    // Σ (A B) has ∂/∂A = row sums of B, in each batch.
    let a = Expect.ofShape [ 2; 1; 2 ] [ 1.0; 2.0; 3.0; 4.0 ]
    let b = Expect.ofShape [ 2; 2; 3 ] [ 1.0 .. 12.0 ]
    let gradient = Diff.grad (fun a -> Tensor.sum (Tensor.matmul a b)) a
    Expect.shape [ 2; 1; 2 ] gradient
    Expect.exactly [ 6.0; 15.0; 24.0; 33.0 ] gradient

[<Fact>]
let ``reverse differentiation sums over a batch that shares an operand`` () =
    let a = Expect.ofShape [ 2; 1; 2 ] [ 1.0; 2.0; 3.0; 4.0 ]

    let gradient =
        Diff.grad (fun b -> Tensor.sum (Tensor.matmul a b)) (Tensor.ones [ 2; 3 ])

    Expect.exactly [ 4.0; 4.0; 4.0; 6.0; 6.0; 6.0 ] gradient

[<Fact>]
let ``a power with base and exponent moving has its Hessian at base 0 and exponent 2`` () =
    let f (q: Tensor) = q[0] ** q[1]
    let x = Expect.vector [ 0.0; 2.0 ]
    Expect.exactly [ 0.0 ] (f x)
    Expect.exactly [ 0.0; 0.0 ] (Diff.grad f x)
    Expect.exactly [ 2.0; 0.0; 0.0; 0.0 ] (Diff.hessian f x)
    Expect.exactly [ 2.0; 0.0; 0.0; 0.0 ] (Diff.jacobian (Diff.jacobian f) x)

[<Fact>]
let ``third derivatives of a power at base 0 and exponent 2 are finite`` () =
    let third =
        Diff.jacobian (Diff.hessian (fun (q: Tensor) -> q[0] ** q[1])) (Expect.vector [ 0.0; 2.0 ])

    Assert.All(third.ToArray(), (fun value -> Assert.True(System.Double.IsFinite value)))
    // ∂³/∂a³ a² = 0.
    Assert.Equal(0.0, third.ToArray()[0])

[<Fact>]
let ``a direction that depends on the point is held still by its own transform`` () =
    // w = x² is outside: D_x' ⟨grad g(x'), w⟩ at x' = x is H w, not the derivative of the whole.
    let g (x: Tensor) = Tensor.sum (x ** 3)

    let held (x: Tensor) =
        let w = x * x
        Diff.grad (fun x -> Tensor.dot (Diff.grad g x) w) x

    let x = Expect.vector [ 1.0; 2.0 ]
    Expect.exactly [ 6.0; 48.0 ] (held x)
    // The outer derivative does see it: d/dx 6x·x² = 18 x².
    Expect.exactly [ 18.0; 0.0; 0.0; 72.0 ] (Diff.jacobian held x)

[<Fact>]
let ``a linear map is differentiated through by an outer transform`` () =
    // push v = f′(x) v = cos(x) v; its derivative along x is −sin(x) v.
    let f (x: Tensor) =
        let _, push = Diff.linearize sin x
        Tensor.sum (push (Tensor.ones [ 2 ]))

    Expect.near 1e-15 [ -sin 0.4; -sin 0.9 ] (Diff.grad f (Expect.vector [ 0.4; 0.9 ]))

[<Fact>]
let ``stopGradient holds its argument still at every order`` () =
    let f (x: Tensor) = x * x * Diff.stopGradient x
    Expect.exactly [ 18.0 ] (Diff.diff f (at 3.0))
    Expect.exactly [ 6.0 ] (Diff.diff2 f (at 3.0))
    Expect.exactly [ 0.0 ] (Diff.diffn 3 f (at 3.0))
    Expect.exactly [ 27.0 ] (f (at 3.0))
