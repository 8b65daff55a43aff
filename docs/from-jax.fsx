(**
---
title: From JAX, jaxopt and TorchOpt
category: Coming from
categoryindex: 4
index: 2
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# From JAX, jaxopt and TorchOpt

The same work in F# and in Python. The F# columns are run and checked by the tests. The Python columns follow the documentation of
JAX, jaxopt and TorchOpt and are not run here; `jnp` is `jax.numpy`.

## Gradient

<div class="columns"><div>

*)
open Stackelberg

let f (x: Tensor) = Tensor.sum (exp x * x)
let x = Tensor.ofList [ 1.0; 2.0 ]

let value, gradient = Diff.fgrad f x
printfn $"{value}\n{gradient}"
(*** include-output ***)
(**

</div><div>

```python
f = lambda x: jnp.sum(jnp.exp(x) * x)
x = jnp.array([1.0, 2.0])

value, gradient = jax.value_and_grad(f)(x)
print(value, gradient)
```

</div></div>

## Hessian-vector product

Forward over reverse, without the matrix.

<div class="columns"><div>

*)
let v = Tensor.ofList [ 1.0; -1.0 ]

let product = Diff.hessianv f x v
// Or, with the gradient beside it:
let both = Diff.jvp (Diff.grad f) x v

printfn $"{product}"
(*** include-output ***)
(**

</div><div>

```python
v = jnp.array([1.0, -1.0])

gradient, product = jax.jvp(
    jax.grad(f), (x,), (v,))

print(product)
```

</div></div>

*)
(*** hide ***)
check "gradient" (float gradient[1]) (3.0 * exp 2.0) 1e-12
check "Hv" (float product[1]) (-4.0 * exp 2.0) 1e-12
(**
## Many at once, compiled

<div class="columns"><div>

*)
let batch = Tensor.ofArray2D (array2D [ [ 1.0; 2.0 ]; [ 0.0; 1.0 ] ])

let gradients = Diff.jit (Diff.vmap (Diff.grad f))
printfn $"{gradients batch}"
(*** include-output ***)
(**

</div><div>

```python
batch = jnp.array([[1.0, 2.0], [0.0, 1.0]])

gradients = jax.jit(jax.vmap(jax.grad(f)))
print(gradients(batch))
```

</div></div>

*)
(*** hide ***)
check "batched" (float ((gradients batch)[1, 1])) (2.0 * exp 1.0) 1e-12
(**
## A loop

One compiled body, whatever the number of steps.

<div class="columns"><div>

*)
let logistic (r: Tensor) =
    Loop.scan 100 (fun x -> r * x * (1.0 - x)) (Tensor.scalar 0.3)

printfn $"{Diff.fdiff logistic (Tensor.scalar 2.5)}"
(*** include-output ***)
(**

</div><div>

```python
def logistic(r):
    step = lambda i, x: r * x * (1.0 - x)
    return jax.lax.fori_loop(0, 100, step, 0.3)

print(jax.jvp(logistic, (2.5,), (1.0,)))
```

</div></div>

*)
(*** hide ***)
// The fixed point 1 − 1/r and its derivative 1/r².
check "the loop's end" (float (logistic (Tensor.scalar 2.5))) 0.6 1e-12
check "its derivative" (float (Diff.diff logistic (Tensor.scalar 2.5))) 0.16 1e-12
(**
## An argmin, differentiated

The implicit function theorem at the solution, not the solver's steps. `Diff.argmin` brings its solver; jaxopt and TorchOpt decorate one.

<div class="columns"><div>

*)
let inner (x: Tensor) (y: Tensor) =
    Tensor.sum (y ** 4) / 4 + Tensor.sum (y * y) / 2 - Tensor.dot x y

let answer (x: Tensor) =
    Diff.argmin (inner x) (Tensor.zeros [ 2 ])

printfn $"{answer x}"
printfn $"{Diff.jacobian answer x}"
(*** include-output ***)
(**

</div><div>

```python
optimality = jax.grad(inner)  # of inner(y, x), by y

@jaxopt.implicit_diff.custom_root(optimality)
def answer(y0, x):
    return jaxopt.LBFGS(inner).run(y0, x).params

jax.jacobian(answer, argnums=1)(jnp.zeros(2), x)
```

```python
# TorchOpt; optimality(y, x) is the gradient of inner.
@torchopt.diff.implicit.custom_root(
    optimality, argnums=1)
def answer(y0, x):
    ...  # any solver
    return y
```

</div></div>

*)
(*** hide ***)
// y³ + y = x: y = 1 for x = 2, and dy/dx = 1/(1 + 3y²) = 1/4 there.
check "answer" (float ((answer x)[1])) 1.0 1e-10
check "its Jacobian" (float ((Diff.jacobian answer x)[1, 1])) 0.25 1e-9
(**
## The Stackelberg gradient of a linear-quadratic game

f₁ = ½ xᵀx + xᵀy + yᵀy and f₂ = ½ yᵀQy − xᵀy. Here the game gives it; in JAX it is written out with products and a linear solver.

<div class="columns"><div>

*)
let q = Tensor.ofArray2D (array2D [ [ 2.0; 0.5 ]; [ 0.5; 1.0 ] ])
let dot = Tensor.dot
let f1 x y = dot x x / 2 + dot x y + dot y y
let f2 x y = dot y (Tensor.matmul q y) / 2 - dot x y

let a, b = Player.vector "x" 2, Player.vector "y" 2

let lq =
    game "LQ" {
        leader a (fun s -> f1 s[a] s[b])
        follower b (fun s -> f2 s[a] s[b])
    }

let at = Tensor.ofList [ 1.0; 2.0; 0.5; -0.5 ]
printfn $"{(Game.omegaS lq at)[0..1]}"
(*** include-output ***)
(**

</div><div>

```python
def total(x, y):
    d1 = jax.grad(f1, argnums=0)(x, y)
    d2 = jax.grad(f1, argnums=1)(x, y)
    g = lambda x, y: jax.grad(f2, argnums=1)(x, y)
    hessian = lambda v: jax.jvp(
        lambda y: g(x, y), (y,), (v,))[1]
    w, _ = jax.scipy.sparse.linalg.cg(hessian, d2)
    _, pull = jax.vjp(lambda x: g(x, y), x)
    return d1 - pull(w)[0]
```

</div></div>

*)
(*** hide ***)
// x + y + Q⁻¹ (x + 2y), since D₂₁f₂ = −I; Q⁻¹ = [1 −½; −½ 2]/1.75.
let byHand =
    let x1, x2, y1, y2 = 1.0, 2.0, 0.5, -0.5
    let u, w = x1 + 2.0 * y1, x2 + 2.0 * y2
    x1 + y1 + (u - 0.5 * w) / 1.75, x2 + y2 + (-0.5 * u + 2.0 * w) / 1.75

check "Df₁, first" (float ((Game.omegaS lq at)[0])) (fst byHand) 1e-12
check "Df₁, second" (float ((Game.omegaS lq at)[1])) (snd byHand) 1e-12
(**
What comes with the game besides: J_S, the report card, every rule, a warm-started solver whose outcome is reported
(`Conjecture.withSolver`), ensembles over starts and seeds. What JAX has and this has not: GPUs and TPUs, pytrees, sharding.
*)
