(**
---
title: From DiffSharp
category: Coming from
categoryindex: 4
index: 1
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# From DiffSharp

`Tensor` and `Diff` stand where DiffSharp's `Tensor` and `dsharp` do, with its names and argument order. An F# script says
`#r "nuget: Stackelberg.Autodiff"` if it wants no games.
*)
open Stackelberg

let f (x: Tensor) = Tensor.sum (exp x * x)
let x = Tensor.ofList [ 1.0; 2.0 ]
let v = Tensor.ofList [ 1.0; -1.0 ]

printfn $"grad         {Diff.grad f x}"
printfn $"gradv        {Diff.gradv f x v}"
printfn $"hessian      {Diff.hessian f x}"
printfn $"hessianv     {Diff.hessianv f x v}"
printfn $"laplacian    {Diff.laplacian f x}"
printfn $"fgrad        {Diff.fgrad f x}"
(*** include-output ***)
(*** hide ***)
// f' = (1 + x) e^x and f'' = (2 + x) e^x, entry by entry.
check "grad" (float ((Diff.grad f x)[1])) (3.0 * exp 2.0) 1e-12
check "gradv" (float (Diff.gradv f x v)) (2.0 * exp 1.0 - 3.0 * exp 2.0) 1e-12
check "hessianv" (float ((Diff.hessianv f x v)[1])) (-4.0 * exp 2.0) 1e-12
check "laplacian" (float (Diff.laplacian f x)) (3.0 * exp 1.0 + 4.0 * exp 2.0) 1e-12
(**
## What means something else

| name | DiffSharp | here |
|---|---|---|
| `jvp f x v` | the derivative alone | the value and the derivative |
| `vjp f x` | takes the cotangent too | the value and a map from cotangents, for as many as wanted |
| `gather` | an index for every entry | whole entries along an axis; `Tensor.takeAlong` is DiffSharp's |
*)
let g (x: Tensor) = x * x
let value, derivative = Diff.jvp g x v
let _, pull = Diff.vjp g x

printfn $"jvp          {value} and {derivative}"
printfn $"vjp, pulled  {pull v} and {pull (2.0 * v)}"

let m = Tensor.ofArray2D (array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ])
printfn $"gather       {Tensor.gather 1 [| 1; 0 |] m}"
(*** include-output ***)
(*** hide ***)
check "jvp" (float derivative[1]) -4.0 1e-14
check "vjp" (float ((pull (2.0 * v))[1])) -8.0 1e-14
let first, second = Diff.gradhessianv f x v
check "gradhessianv, first" (float first) (float (Diff.gradv f x v)) 1e-12
check "gradhessianv, second" (float second[0]) (3.0 * exp 1.0) 1e-12
(**
`gradhessianv f x v` means what it does in DiffSharp, the derivative along v and the Hessian times v. For the gradient itself
and the Hessian times v, which an inner solver wants, take the derivative of the gradient:
*)
printfn $"gradhessianv    {Diff.gradhessianv f x v}"
printfn $"jvp (grad f)    {Diff.jvp (Diff.grad f) x v}"
(*** include-output ***)
(*** hide ***)
check "the gradient beside the product" (float ((fst (Diff.jvp (Diff.grad f) x v))[0])) (2.0 * exp 1.0) 1e-12
(**
## What is not there, and what is instead

- No global device, backend or seed: `Tensor.randn seed shape` takes its seed, the number type is the tensor's.
- No mutation of tensors, no `forwardDiff` and `reverseDiff` by hand: derivatives are functions of functions, and nest.
- A function applied to numbers computes numbers; applied to symbols it builds an expression. So a cost cannot branch on a
  tensor's value (`Tensor.where`, `Tensor.maximum`), and a long loop is `Loop.scan`.
- `Diff.jit f` compiles a function once for each shape; games compile their steps themselves.
- `Diff.root`, `Diff.fixedPoint` and `Diff.argmin` are differentiated by the implicit function theorem.
*)
let compiled = Diff.jit (Diff.grad f)

let root (a: Tensor) =
    Diff.root (fun y -> y * y - a) (Tensor.scalar 1.0)

printfn $"compiled gradient {compiled x}"
printfn $"√2 by a root      {root (Tensor.scalar 2.0)}"
printfn $"its derivative    {Diff.diff root (Tensor.scalar 2.0)}"
(*** include-output ***)
(*** hide ***)
check "root" (float (root (Tensor.scalar 2.0))) (sqrt 2.0) 1e-12
check "its derivative" (float (Diff.diff root (Tensor.scalar 2.0))) (0.5 / sqrt 2.0) 1e-12
(**
The reference has them all: [Diff](reference/stackelberg-diff.html), [Tensor](reference/stackelberg-tensor.html).
*)
