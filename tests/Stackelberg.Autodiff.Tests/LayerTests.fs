module Stackelberg.Autodiff.Tests.LayerTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private tensor seed (shape: int list) =
    Expect.numbers seed (List.fold (*) 1 shape)
    |> Tensor.ofArray
    |> Tensor.reshape shape

let private inner (a: Tensor) (b: Tensor) = float (Tensor.sum (a * b))

let private close (expected: float) (found: float) =
    Assert.InRange(found, expected - 1e-11 * (1.0 + abs expected), expected + 1e-11 * (1.0 + abs expected))

[<Fact>]
let ``a convolution is the sum that defines it`` () =
    // Values by hand: a 2 by 2 window of ones sums neighbours.
    let x = Tensor.ofList [ for i in 1..9 -> float i ] |> Tensor.reshape [ 1; 3; 3; 1 ]
    let w = Tensor.ones [ 2; 2; 1; 1 ]
    Expect.near 0.0 [ 12.0; 16.0; 24.0; 28.0 ] (Layer.conv2d 1 0 w x)
    Expect.near 0.0 [ 1.0; 5.0; 11.0; 28.0 ] (Layer.conv2d 2 1 w x)

[<Fact>]
let ``a transposed convolution is the transpose of the convolution of its size`` () =
    for kernel, stride, padding, outputPadding in
        [ 4, 2, 1, 0; 3, 2, 1, 1; 3, 1, 0, 0; 2, 3, 0, 2; 5, 2, 2, 1 ] do
        let w = tensor 1 [ kernel; kernel; 3; 5 ]
        let y = tensor 2 [ 2; 4; 3; 5 ]
        let up = Layer.convTranspose2d stride padding outputPadding w y

        let extent n =
            (n - 1) * stride - 2 * padding + kernel + outputPadding

        Assert.Equal<int[]>([| 2; extent 4; extent 3; 3 |], up.Shape)
        let x = tensor 3 (List.ofArray up.Shape)
        let down = Layer.conv2d stride padding w x
        Assert.Equal<int[]>(y.Shape, down.Shape)
        close (inner down y) (inner up x)

[<Fact>]
let ``a window as large as the image is a product of matrices`` () =
    let w, x, y =
        tensor 1 [ 3; 2; 4; 5 ], tensor 2 [ 6; 3; 2; 4 ], tensor 3 [ 6; 1; 1; 5 ]

    let whole = Layer.conv2d 2 0 w x
    // With a row more of images the convolution takes the general way; its first row is the same.
    let taller = Tensor.pad 1 0 1 x
    Expect.near 1e-12 (whole.ToArray()) (Tensor.slice 1 0 1 (Layer.conv2d 1 0 w taller))
    let up = Layer.convTranspose2d 1 0 0 w y
    close (inner whole y) (inner up x)

/// A network of every layer from its weights, one flat vector, to a scalar; smooth, so that differences converge.
let private network (images: Tensor) (weights: Tensor) =
    let at = ref 0

    let next (shape: int list) =
        let count = List.fold (*) 1 shape
        let part = Tensor.slice 0 at.Value count weights |> Tensor.reshape shape
        at.Value <- at.Value + count
        part

    images
    |> Layer.conv2d 2 1 (next [ 4; 4; 2; 5 ])
    |> tanh
    |> Layer.convTranspose2d 2 1 1 (next [ 3; 3; 3; 5 ])
    |> Tensor.sigmoid
    |> Layer.averagePool2d 3 2 1
    |> Layer.conv2d 1 0 (next [ 2; 2; 3; 4 ])
    |> sin
    |> Layer.maxPool2d 2 1 0
    |> fun y -> Tensor.sum (y * y)

let private weightCount = 4 * 4 * 2 * 5 + 3 * 3 * 3 * 5 + 2 * 2 * 3 * 4

[<Fact>]
let ``the gradient of a convolutional network is that of central differences`` () =
    let f = network (tensor 5 [ 2; 6; 7; 2 ])
    let w = tensor 6 [ weightCount ] * 0.3
    let gradient = (Diff.grad f w).ToArray()
    let compiled = (Diff.jit (Diff.grad f) w).ToArray()
    let h = 1e-5

    for k in 0..17 .. weightCount - 1 do
        let e = Tensor.ofArray (Array.init weightCount (fun i -> if i = k then h else 0.0))
        let difference = (float (f (w + e)) - float (f (w - e))) / (2.0 * h)
        // The differences themselves are off by h² f''' / 6 and 1e-16 / h.
        Assert.InRange(gradient[k], difference - 1e-8, difference + 1e-8)
        Assert.InRange(compiled[k], gradient[k] - 1e-13, gradient[k] + 1e-13)

[<Fact>]
let ``the Hessian of a convolutional network is that of differences of gradients, in every order of modes``
    ()
    =
    let f = network (tensor 5 [ 2; 6; 7; 2 ])
    let w = tensor 6 [ weightCount ] * 0.3
    let v = tensor 7 [ weightCount ]
    let h = 1e-5
    let difference = (Diff.grad f (w + h * v) - Diff.grad f (w - h * v)) / (2.0 * h)
    let forwardOverReverse = Diff.hessianv f w v
    let reverseOverReverse = Diff.grad (fun w -> Tensor.sum (Diff.grad f w * v)) w
    let reverseOverForward = Diff.grad (fun w -> Diff.gradv f w v) w
    Expect.near 1e-6 (difference.ToArray()) forwardOverReverse
    Expect.near 1e-11 (forwardOverReverse.ToArray()) reverseOverReverse
    Expect.near 1e-11 (forwardOverReverse.ToArray()) reverseOverForward
    Expect.near 1e-11 (forwardOverReverse.ToArray()) (Diff.jit (fun w -> Diff.hessianv f w v) w)

[<Fact>]
let ``the third derivative of a convolutional network is that of differences of the second`` () =
    let f = network (tensor 5 [ 1; 6; 7; 2 ])
    let w = tensor 6 [ weightCount ] * 0.3
    let v = tensor 7 [ weightCount ]

    let second w =
        Diff.gradv (fun w -> Diff.gradv f w v) w v

    let h = 1e-4

    let difference =
        (float (second (w + h * v)) - float (second (w - h * v))) / (2.0 * h)

    let third = float (Diff.gradv second w v)
    Assert.InRange(third, difference - 1e-5 * abs third, difference + 1e-5 * abs third)

[<Fact>]
let ``derivatives by images and by weights meet in the mixed derivative`` () =
    // ∂²/∂w∂x of ⟨u, conv(x, w)⟩ along (v, t) is ⟨u, conv(t, v)⟩.
    let x, w = tensor 1 [ 2; 5; 5; 3 ], tensor 2 [ 3; 3; 3; 2 ]
    let t, v = tensor 3 [ 2; 5; 5; 3 ], tensor 4 [ 3; 3; 3; 2 ]
    let u = tensor 5 [ 2; 3; 3; 2 ]
    let f w x = Tensor.sum (u * Layer.conv2d 2 1 w x)
    let mixed = Diff.gradv (fun w -> Tensor.sum (t * Diff.grad (f w) x)) w v
    close (inner u (Layer.conv2d 2 1 v t)) (float mixed)

[<Fact>]
let ``a network in float32 agrees with float64 to some units of its precision`` () =
    let images = tensor 5 [ 2; 6; 7; 2 ] |> Tensor.cast DType.Float32
    let w = tensor 6 [ weightCount ] * 0.3 |> Tensor.cast DType.Float32
    let wide = Tensor.cast DType.Float64
    let expected = Diff.grad (network (wide images)) (wide w)
    let found = Diff.grad (network images) w
    Assert.Equal(DType.Float32, found.DType)
    // Sums of up to 80 products of numbers below 1, thrice, at 1.2e-7 each.
    Expect.near 1e-4 (expected.ToArray()) found

[<Fact>]
let ``max pooling gives its derivative to the first largest entry`` () =
    let x = Tensor.ofList [ 1.0; 3.0; 3.0; 2.0 ] |> Tensor.reshape [ 1; 2; 2; 1 ]

    let f x =
        Tensor.sum (Layer.maxPool2d 2 1 0 x ** 2)

    Expect.near 0.0 [ 0.0; 6.0; 0.0; 0.0 ] (Diff.grad f x)
    Expect.near 0.0 [ 0.0; 2.0; 0.0; 0.0 ] (Diff.hessianv f x (Tensor.ones [ 1; 2; 2; 1 ]))

[<Fact>]
let ``leaky rectification has its slope at 0 and below`` () =
    let x = Tensor.ofList [ -2.0; 0.0; 3.0; nan ]
    Expect.near 0.0 [ -0.5; 0.0; 3.0; nan ] (Layer.leakyRelu 0.25 x)

    let f x =
        Tensor.sum (Layer.leakyRelu 0.25 x ** 2)

    let x = Tensor.ofList [ -2.0; 0.0; 3.0 ]
    Expect.near 1e-15 [ -0.25; 0.0; 6.0 ] (Diff.grad f x)
    Expect.near 1e-15 [ 0.125; 0.125; 2.0 ] (Diff.hessianv f x (Tensor.ones [ 3 ]))

[<Fact>]
let ``dropout keeps the mean of what its mask leaves`` () =
    let x = Tensor.ofList [ 1.0; 2.0; 3.0; 4.0 ]
    let mask = Tensor.ofList [ 1.0; 0.0; 1.0; 0.0 ]
    Expect.near 0.0 [ 2.0; 0.0; 6.0; 0.0 ] (Layer.dropout 0.5 mask x)
    Expect.near 0.0 [ 2.0; 0.0; 2.0; 0.0 ] (Diff.grad (Layer.dropout 0.5 mask >> Tensor.sum) x)

[<Fact>]
let ``batch normalisation gives each channel mean bias and deviation gain`` () =
    let x = tensor 1 [ 5; 3; 2; 4 ] * 3.0 + 7.0

    let gain, bias =
        Tensor.ofList [ 1.0; 2.0; 0.5; -1.0 ], Tensor.ofList [ 0.0; 1.0; -1.0; 4.0 ]

    let y = Layer.batchNorm 0.0 gain bias x
    let mean, variance = Layer.batchStatistics y
    Expect.near 1e-13 (bias.ToArray()) mean
    Expect.near 1e-12 ((gain * gain).ToArray()) variance
    let mean, variance = Layer.batchStatistics x
    let evaluated = Layer.normalize 0.0 (mean, variance) gain bias x
    Expect.near 1e-13 (y.ToArray()) evaluated

[<Fact>]
let ``batch normalisation has the derivatives of its formula, to second order`` () =
    let gain, bias, u = tensor 2 [ 3 ], tensor 3 [ 3 ], tensor 4 [ 4; 3 ]

    let f x =
        Tensor.sum (u * Layer.batchNorm 1e-3 gain bias x ** 2)

    let x, v = tensor 5 [ 4; 3 ], tensor 6 [ 4; 3 ]
    let h = 1e-5
    let slope = (float (f (x + h * v)) - float (f (x - h * v))) / (2.0 * h)
    let found = inner (Diff.grad f x) v
    Assert.InRange(found, slope - 1e-7, slope + 1e-7)
    let bend = (Diff.grad f (x + h * v) - Diff.grad f (x - h * v)) / (2.0 * h)
    Expect.near 1e-6 (bend.ToArray()) (Diff.hessianv f x v)
    // A batch is normalised whatever its mean: no change of the mean changes the result.
    Expect.near
        1e-12
        (Array.zeroCreate 12)
        (Diff.jacobianv (Layer.batchNorm 1e-3 gain bias) x (Tensor.ones [ 4; 3 ]))

[<Fact>]
let ``running sums are transposed by running sums from the end`` () =
    let x = tensor 1 [ 2; 4; 3 ]

    for axis in [ 0; 1; -1 ] do
        let y = Tensor.cumulativeSum axis x
        let last = y.Shape[if axis < 0 then 2 else axis] - 1
        let total = Tensor.slice axis last 1 y
        Expect.near 1e-15 ((Tensor.sumAxis axis x).ToArray()) total
        let u = tensor 2 [ 2; 4; 3 ]
        let pulled = Diff.grad (fun x -> Tensor.sum (u * Tensor.cumulativeSum axis x)) x
        close (inner u y) (inner pulled x)

    Expect.near 0.0 [ 1.0; 3.0; 7.0 ] (Tensor.cumulativeSum 0 (Tensor.ofList [ 1.0; 2.0; 4.0 ]))
    Expect.near 0.0 [ 3.0; 2.0; 1.0 ] (Diff.grad (Tensor.cumulativeSum 0 >> Tensor.sum) (Tensor.zeros [ 3 ]))

let private refused (action: unit -> Tensor) =
    Assert.Throws<ArgumentException>(fun () -> action () |> ignore).Message

[<Fact>]
let ``shapes that do not fit are named in the error`` () =
    let w, x = Tensor.zeros [ 3; 3; 2; 4 ], Tensor.zeros [ 1; 5; 5; 3 ]

    for message in
        [
            refused (fun () -> Layer.conv2d 1 0 w x)
            refused (fun () -> Layer.convTranspose2d 1 0 0 w x)
            refused (fun () -> Layer.conv2d 1 0 (Tensor.zeros [ 7; 7; 3; 4 ]) x)
        ] do
        Assert.Contains("[1; 5; 5; 3]", message)
        Assert.Matches(@"\[(3; 3; 2; 4|7; 7; 3; 4)\]", message)

    Assert.Contains("stride is 0", refused (fun () -> Layer.conv2d 0 0 w x))
    Assert.Contains("outputPadding is 2", refused (fun () -> Layer.convTranspose2d 2 0 2 w w))
    Assert.Contains("no window [6; 6]", refused (fun () -> Layer.maxPool2d 6 1 0 x))
    Assert.Contains("padding 2", refused (fun () -> Layer.averagePool2d 2 1 2 x))
    Assert.Contains("[3]", refused (fun () -> Layer.averagePool2d 2 1 0 (Tensor.zeros [ 3 ])))

    Assert.Contains(
        "Float32",
        refused (fun () -> Layer.conv2d 1 0 (Tensor.zeros [ 3; 3; 3; 4 ]) (Tensor.cast DType.Float32 x))
    )

    Assert.Contains(
        "the gain has shape [3]",
        refused (fun () -> Layer.batchNorm 0.1 (Tensor.zeros [ 3 ]) w (Tensor.ones [ 2; 4 ]))
    )

    Assert.Contains("the rate is 1", refused (fun () -> Layer.dropout 1.0 x x))
    Assert.Contains("[0; 3]", refused (fun () -> fst (Layer.batchStatistics (Tensor.zeros [ 0; 3 ]))))
