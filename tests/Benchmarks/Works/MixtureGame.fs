namespace Stackelberg.Benchmarks

open System
open Stackelberg
open Stackelberg.Kernels

/// The mixture-of-Gaussians GAN of Fiez, Chasnov and Ratliff (2020), as a user of the engine writes it: costs are plain
/// functions of flat strategies, derivatives are Diff's.
module MixtureGame =

    let batch, latent, hidden = 256, 16, 32
    let regularisation, rate = 1.0, 1e-4
    let deviation = 0.15

    let private dense into out (weights: Tensor) start (input: Tensor) =
        let matrix =
            weights[start .. start + into * out - 1] |> Tensor.reshape [ into; out ]

        let bias = weights[start + into * out .. start + into * out + out - 1]
        Tensor.matmul input matrix + bias

    /// Numbers in a dense layer.
    let private size into out = (into + 1) * out

    let generatorSize = size latent hidden + size hidden hidden + size hidden 2
    let discriminatorSize = size 2 hidden + size hidden 1

    let generator x z =
        let second = size latent hidden
        let third = second + size hidden hidden

        z
        |> dense latent hidden x 0
        |> tanh
        |> dense hidden hidden x second
        |> tanh
        |> dense hidden 2 x third

    let discriminator y points =
        points
        |> dense 2 hidden y 0
        |> tanh
        |> dense hidden 1 y (size 2 hidden)
        |> Tensor.sigmoid

    /// f1; the follower's cost is its negative.
    let cost (z: Tensor) (real: Tensor) (x: Tensor) (y: Tensor) : Tensor =
        let genuine, fake = discriminator y real, discriminator y (generator x z)
        Tensor.mean (log genuine + log (1.0 - fake))

    let solver = {
        Method = LinearMethod.ConjugateGradient
        Tolerance = 1e-5
        MaxIterations = 5
        WarmStart = false
    }

    let norm (t: Tensor) = sqrt (Tensor.dot t t)

    /// Adam's update of a strategy, its first and second moments; the rate and the corrections come from outside.
    let private adam
        (rate: Tensor)
        (correction: Tensor)
        (gradient: Tensor)
        (strategy: Tensor)
        (mean: Tensor)
        (square: Tensor)
        =
        let mean = 0.9 * mean + 0.1 * gradient
        let square = 0.999 * square + 0.001 * (gradient * gradient)
        [| strategy - rate * mean / (sqrt square / correction + 1e-8); mean; square |]

    /// The leader's total gradient with its parts: D1f1, q = (D21f2)ᵀ (D22f2 + ηI)⁻¹ D2f1, and D2f2.
    let stackelberg f1 f2 x y =
        let value, d1f1 = Diff.fgrad (fun x -> f1 x y) x
        let d2f1 = Diff.grad (f1 x) y
        let value2, d2f2 = Diff.fgrad (f2 x) y

        let w =
            LinearSolve.solve solver (fun v -> Diff.hessianv (f2 x) y v + regularisation * v) d2f1

        let q = Diff.jacobianv (fun y -> Diff.grad (fun x -> f2 x y) x) y w
        d1f1 - q, d2f2, [| value; value2; norm d2f2; norm d1f1; norm q; norm (d1f1 - q) |]

    let simultaneous f1 f2 x y =
        let value, d1f1 = Diff.fgrad (fun x -> f1 x y) x
        let value2, d2f2 = Diff.fgrad (f2 x) y
        d1f1, d2f2, [| value; value2; norm d2f2; norm d1f1 |]

    /// The inputs of a step: strategies and moments, three of each player, then latent points, real points, the
    /// leader's and the follower's rate and the correction of the second moment.
    let inputs = [|
        for count in [ generatorSize; discriminatorSize ] do
            for _ in 1..3 do
                DType.Float32, [| count |]

        DType.Float32, [| batch; latent |]
        DType.Float32, [| batch; 2 |]

        for _ in 1..3 do
            DType.Float32, [||]
    |]

    /// One training step: new strategies and moments in the inputs' order, then the record, one vector.
    let step rule (i: Tensor[]) = [|
        let f1 = cost i[6] i[7]
        let f2 x y = -(f1 x y)
        let leader, follower, record = rule f1 f2 i[0] i[3]
        yield! adam i[8] i[10] leader i[0] i[1] i[2]
        yield! adam i[9] i[10] follower i[3] i[4] i[5]
        Tensor.stack 0 (record: Tensor[])
    |]

    let compile rule =
        Program.compile inputs (Array.create inputs.Length false) (step rule)

    /// PyTorch's own start of a dense layer: uniform within ±1/√(inputs).
    let start seed =
        let random = Random(seed: int)

        let layer into out =
            let bound = 1.0 / sqrt (float into)
            Array.init (size into out) (fun _ -> float32 (bound * (2.0 * random.NextDouble() - 1.0)))

        Array.concat [ layer latent hidden; layer hidden hidden; layer hidden 2 ],
        Array.concat [ layer 2 hidden; layer hidden 1 ]
