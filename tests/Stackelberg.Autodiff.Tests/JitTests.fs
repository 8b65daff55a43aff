module Stackelberg.Autodiff.Tests.JitTests

open System
open System.Threading.Tasks
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private vector (values: float list) = Tensor.ofList values

[<Fact>]
let ``functions of two, three and more tensors give what they give by themselves`` () =
    let x, y, z = vector [ 1.0; 2.0 ], vector [ 3.0; 5.0 ], Tensor.scalar 7.0

    let f x y =
        Diff.grad (fun x -> Tensor.sum (sin (x * y))) x

    Expect.near 1e-15 ((f x y).ToArray()) (Diff.jit2 f x y)
    let g (x: Tensor) y z = x / y - exp (-(z * x))
    Expect.near 1e-15 ((g x y z).ToArray()) (Diff.jit3 g x y z)
    let swapped = Diff.jitN (fun x -> [| x[1]; x[0] |]) [| x; z |]
    Expect.exactly [ 7.0 ] swapped[0]
    Expect.exactly [ 1.0; 2.0 ] swapped[1]
    Assert.Empty(Diff.jitN id [||])

[<Fact>]
let ``a function is called once for each combination of types and shapes`` () =
    let mutable calls = 0

    let f =
        Diff.jitN (fun x ->
            calls <- calls + 1
            [| Array.reduce (+) x |])

    let one, two = Tensor.scalar 1.0, vector [ 2.0; 3.0 ]

    for _ in 1..3 do
        Expect.exactly [ 2.0 ] (Array.head (f [| one; one |]))
        Expect.exactly [ 3.0; 4.0 ] (Array.head (f [| one; two |]))
        Expect.exactly [ 3.0; 4.0 ] (Array.head (f [| two; one |]))
        Expect.exactly [ 1.0 ] (Array.head (f [| one |]))

    Assert.Equal(4, calls)
    f [| Tensor.cast DType.Float32 one |] |> ignore
    Assert.Equal(5, calls)

[<Fact>]
let ``a compiled function is the plain one for symbols, and inside outer transforms`` () =
    let f = Diff.jit2 (fun x y -> x * x * y)

    let slope y =
        Diff.diff (fun x -> f x y) (Tensor.scalar 3.0)

    Expect.exactly [ 12.0 ] (slope (Tensor.scalar 2.0))
    Expect.exactly [ 6.0 ] (Diff.diff slope (Tensor.scalar 2.0))

    // The inner function reads the outer symbol.
    let outer (x: Tensor) =
        Diff.jit2 (fun a b -> x * a + b) (Tensor.scalar 2.0) (Tensor.scalar 1.0)

    Expect.exactly [ 2.0 ] (Diff.diff outer (Tensor.scalar 5.0))

[<Fact>]
let ``an error in the function reaches every caller`` () =
    let f = Diff.jit2 (fun x y -> Tensor.dot x y)

    for _ in 1..2 do
        Assert.Throws<ArgumentException>(fun () -> f (vector [ 1.0 ]) (vector [ 1.0; 2.0 ]) |> ignore)
        |> ignore

[<Fact>]
let ``many threads may call one compiled function`` () =
    let f = Diff.jitN (fun x -> [| Tensor.matmul x[0] x[1]; x[0] + 1.0 |])

    let matrix k =
        Tensor.ofArray2D (Array2D.init 5 5 (fun i j -> float ((i + k * j) % 7)))

    Parallel.For(
        0,
        400,
        fun k ->
            let a, b = matrix (k % 11), matrix (k % 5)
            let found = f [| a; b |]
            Expect.exactly ((Tensor.matmul a b).ToArray()) found[0]
            Expect.exactly ((a + 1.0).ToArray()) found[1]
    )
    |> ignore
