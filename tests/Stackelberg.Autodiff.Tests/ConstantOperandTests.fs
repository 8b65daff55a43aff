module Stackelberg.Autodiff.Tests.ConstantOperandTests

open Stackelberg
open Stackelberg.Kernels
open Xunit

let private values shape =
    Expect.ofShape (List.ofArray shape) (Expect.numbers 3 (Array.fold (*) 1 shape))

let private cg = {
    Method = LinearMethod.ConjugateGradient
    Tolerance = 1e-12
    MaxIterations = 20
    WarmStart = false
}

/// Ops that take their operands' entries side by side, with one operand that is a number for all entries; the number of
/// entries of the other.
let private cases: (string * int[] * (Tensor -> Tensor)) list = [
    let full shape = Tensor.full shape 0.5

    "images of a convolution", [| 2; 2; 3; 4 |], (fun w -> Layer.conv2d 1 1 w (full [ 2; 4; 4; 3 ]))
    "weights of a convolution", [| 2; 4; 4; 3 |], Layer.conv2d 1 1 (full [ 2; 2; 3; 4 ])

    "images of a transposed convolution",
    [| 2; 2; 3; 4 |],
    fun w -> Layer.convTranspose2d 2 1 0 w (full [ 2; 4; 4; 4 ])

    "weights of a transposed convolution", [| 2; 4; 4; 4 |], Layer.convTranspose2d 2 1 0 (full [ 2; 2; 3; 4 ])

    "gradient of a mean of a convolution by its images",
    [| 2; 2; 3; 4 |],
    fun w -> Diff.grad (fun x -> Tensor.mean (Layer.conv2d 1 1 w x)) (values [| 2; 4; 4; 3 |])

    "gradient of a mean of a convolution by its weights",
    [| 2; 4; 4; 3 |],
    fun x -> Diff.grad (fun w -> Tensor.mean (Layer.conv2d 1 1 w x)) (values [| 2; 2; 3; 4 |])

    "right side of a system", [| 3; 3 |], (fun a -> Tensor.solve (a + 3.0 * Tensor.eye 3) (full [ 3 ]))

    "right side of an iterative solve",
    [| 3 |],
    fun a -> LinearSolve.solve cg (fun v -> (2.0 + a * a) * v + Tensor.sum v) (full [ 3 ])

    "argument of a user's function",
    [| 3 |],
    let add =
        CustomOp.ofArrays
            "add"
            (fun shapes -> shapes[0])
            (ArrayKernel(fun x y ->
                for i in 0 .. y.Length - 1 do
                    y[i] <- x[0][i] + x[1][i]))
            (fun _ _ ct -> [| ct; ct |])

    fun x -> add [| x; full [ 3 ] |]
]

let names = TheoryData<string>(cases |> List.map (fun (name, _, _) -> name))

/// A program keeps one number for all entries once; a step that reads entries side by side needs them all.
[<Theory>]
[<MemberData(nameof names)>]
let ``an operand of equal entries is read whole`` name =
    let _, shape, f = cases |> List.find (fun (other, _, _) -> other = name)
    let x = values shape

    Expect.closeTo 0.0 ((f x).ToArray()) ((Diff.jit f x).ToArray())

[<Fact>]
let ``in float32 as well`` () =
    let f (x: Tensor) =
        let images = Tensor.cast DType.Float32 (Tensor.full [ 2; 4; 4; 3 ] 0.5)
        Layer.conv2d 1 1 (Tensor.cast DType.Float32 x) images

    let x = values [| 2; 2; 3; 4 |]
    Expect.closeTo 0.0 ((f x).ToArray()) ((Diff.jit f x).ToArray())
