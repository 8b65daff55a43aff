module Stackelberg.Autodiff.Tests.GrowthTests

open Stackelberg
open Stackelberg.Kernels
open Xunit

/// Live symbols of the n-th derivative of a network's loss along a direction.
let private sizes step =
    let network = Networks.small
    let x = Expression.variable (Trace()) DType.Float64 [| network.Parameters |]
    let v = Tensor.ofArray (Expect.numbers 41 network.Parameters)

    Seq.scan (fun f _ -> step f v) network.Loss [ 1..4 ]
    |> Seq.map (fun f -> (Dependence.all [ f x ]).Length)
    |> Array.ofSeq

let private forward (f: Tensor -> Tensor) v x = Diff.gradv f x v

let private reverse (f: Tensor -> Tensor) v x = Tensor.dot (Diff.grad f x) v

/// The prototype's ratios were 1.7 to 2.6 from order 1 on; the first derivative also pays for the slices.
let private check (sizes: int[]) =
    let shown = System.String.Join(", ", sizes)

    for order in 2 .. sizes.Length - 1 do
        Assert.True(float sizes[order] <= 2.6 * float sizes[order - 1], shown)

[<Fact>]
let ``a forward derivative at most multiplies the symbols by 2.6`` () = check (sizes forward)

[<Fact>]
let ``a reverse derivative at most multiplies the symbols by 2.6`` () = check (sizes reverse)

[<Fact>]
let ``nested scalar derivatives at most double the symbols, and a few`` () =
    let f (x: Tensor) = exp (sin x) * tanh x / (1.0 + x * x)
    let x = Expression.variable (Trace()) DType.Float64 [||]

    let sizes = [| for n in 0..6 -> (Dependence.all [ Diff.diffn n f x ]).Length |]

    for n in 2..6 do
        Assert.True(sizes[n] <= 2 * sizes[n - 1] + 20, System.String.Join(", ", sizes))
