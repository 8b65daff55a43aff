module Stackelberg.Kernels.Tests.PhiloxTests

open System
open Xunit
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory
open Stackelberg.Tests

let private uniforms (philox: Philox) count =
    let numbers: float[] = Array.zeroCreate count
    philox.FillUniform(numbers, 0, count)
    numbers

let private normals (philox: Philox) count =
    let numbers: float[] = Array.zeroCreate count
    philox.FillNormal(numbers, 0, count)
    numbers

/// The first 53 bits of two words, as a uniform number shows them.
let private uniformOf (low: uint32) (high: uint32) =
    float (((uint64 high <<< 32) ||| uint64 low) >>> 11) * Math.Pow(2.0, -53.0)

/// Known answers of Random123 1.14 (kat_vectors), philox4x32 with 10 rounds: key, counter, block.
let private knownAnswers = [
    (0x00000000u, 0x00000000u), [| 0u; 0u; 0u; 0u |], [| 0x6627e8d5u; 0xe169c58du; 0xbc57ac4cu; 0x9b00dbd8u |]
    (0xffffffffu, 0xffffffffu),
    [| 0xffffffffu; 0xffffffffu; 0xffffffffu; 0xffffffffu |],
    [| 0x408f276du; 0x41c83b0eu; 0xa20bc7c6u; 0x6d5451fdu |]
    (0xa4093822u, 0x299f31d0u),
    [| 0x243f6a88u; 0x85a308d3u; 0x13198a2eu; 0x03707344u |],
    [| 0xd16cfe09u; 0x94fdccebu; 0x5001e420u; 0x24126ea1u |]
]

let private join (low: uint32) (high: uint32) = (uint64 high <<< 32) ||| uint64 low

[<Fact>]
let ``blocks are the known answers of Random123`` () =
    for (key0, key1), counter, expected in knownAnswers do
        let block =
            Philox.Block(struct (counter.[0], counter.[1], counter.[2], counter.[3]), key0, key1)

        Assert.Equal(struct (expected.[0], expected.[1], expected.[2], expected.[3]), block)

[<Fact>]
let ``uniform numbers are the blocks' bits, by seed, stream and position`` () =
    for (key0, key1), counter, expected in knownAnswers do
        let pair = join counter.[0] counter.[1]

        // A position counts numbers, two to a block, so pairs from 2⁶³ on cannot be reached.
        if pair < 0x8000000000000000UL then
            let philox =
                Philox(join key0 key1, join counter.[2] counter.[3], Position = pair * 2UL)

            Assert.Equal<float[]>(
                [| uniformOf expected.[0] expected.[1]; uniformOf expected.[2] expected.[3] |],
                uniforms philox 2
            )

[<Fact>]
let ``numbers do not depend on how they are asked for`` () =
    forSeeds 200 (fun seed ->
        let random = Random seed
        let make () = Philox(uint64 seed, 7UL)
        let cuts = Array.init 6 (fun _ -> random.Next 6)
        let total = Array.sum cuts

        [ uniforms; normals ]
        |> List.forall (fun draw ->
            let philox = make ()
            let parts = cuts |> Array.collect (draw philox)
            parts = draw (make ()) total && philox.Position = uint64 total))

[<Fact>]
let ``a position resumes, for uniform and normal numbers alike`` () =
    let philox = Philox(3UL, 4UL)
    let first = Array.append (uniforms philox 3) (normals philox 4)
    let mark = philox.Position
    Assert.Equal(7UL, mark)
    let next = normals philox 5
    let resumed = Philox(3UL, 4UL, Position = mark)
    Assert.Equal<float[]>(next, normals resumed 5)
    resumed.Position <- 0UL
    Assert.Equal<float[]>(first, Array.append (uniforms resumed 3) (normals resumed 4))

[<Fact>]
let ``only the asked elements are written`` () =
    let numbers = Array.create 10 9.0
    Philox(1UL, 1UL).FillUniform(numbers, 2, 5)
    Assert.Equal<float[]>([| 9.0; 9.0 |], numbers.[..1])
    Assert.Equal<float[]>([| 9.0; 9.0; 9.0 |], numbers.[7..])
    Assert.All(numbers.[2..6], fun number -> Assert.InRange(number, 0.0, 1.0))

    for offset, count in [ -1, 2; 0, 11; 9, 2; 3, -1 ] do
        let message =
            Assert
                .Throws<ArgumentException>(fun () -> Philox(1UL, 1UL).FillNormal(numbers, offset, count))
                .Message

        Assert.Contains($"offset is {offset} and count {count}", message)

[<Fact>]
let ``seeds and streams give different numbers`` () =
    let first = [
        for seed, stream in [ 0UL, 0UL; 1UL, 0UL; 0UL, 1UL; 1UL <<< 32, 0UL; 0UL, 1UL <<< 32 ] ->
            (uniforms (Philox(seed, stream)) 1).[0]
    ]

    Assert.Equal(first.Length, (List.distinct first).Length)

let private count = 400_000

let private moment power (numbers: float[]) =
    numbers |> Array.averageBy (fun number -> Math.Pow(number, power))

[<Fact>]
let ``uniform numbers have the moments and the frequencies of the uniform distribution`` () =
    let numbers = uniforms (Philox(17UL, 5UL)) count
    Assert.All(numbers, fun number -> Assert.True(number >= 0.0 && number < 1.0))
    // Four standard errors each.
    let error = 4.0 / sqrt (float count)
    Assert.Equal(0.5, moment 1.0 numbers, error * 0.29)
    Assert.Equal(1.0 / 3.0, moment 2.0 numbers, error * 0.30)

    for _, group in numbers |> Array.groupBy (fun number -> int (number * 20.0)) do
        Assert.Equal(0.05, float group.Length / float count, error * sqrt (0.05 * 0.95))

    let correlation =
        Array.pairwise numbers |> Array.averageBy (fun (a, b) -> (a - 0.5) * (b - 0.5))

    Assert.Equal(0.0, correlation, error / 12.0)

[<Fact>]
let ``normal numbers have the moments and the quantiles of the normal distribution`` () =
    let numbers = normals (Philox(18UL, 6UL)) count
    let error = 4.0 / sqrt (float count)
    Assert.Equal(0.0, moment 1.0 numbers, error)
    Assert.Equal(1.0, moment 2.0 numbers, error * sqrt 2.0)
    Assert.Equal(0.0, moment 3.0 numbers, error * sqrt 15.0)
    Assert.Equal(3.0, moment 4.0 numbers, error * sqrt 96.0)

    // Standard normal probabilities, M. Abramowitz and I. Stegun, table 26.1.
    for x, probability in
        [
            -3.0, 0.00134990
            -2.0, 0.02275013
            -1.0, 0.15865525
            0.0, 0.5
            0.5, 0.69146246
            1.5, 0.93319280
        ] do
        let below = numbers |> Array.sumBy (fun number -> if number <= x then 1.0 else 0.0)
        Assert.Equal(probability, below / float count, error * sqrt (probability * (1.0 - probability)))

[<Fact>]
let ``normal quantiles agree with an independent implementation`` () =
    // Values of CPython's statistics.NormalDist().inv_cdf.
    for probability, expected in
        [
            0.1, -1.2815515655446008
            0.3, -0.5244005127080407
            0.075, -1.4395314709384557
            0.01, -2.3263478740408408
            0.975, 1.9599639845400536
            1e-3, -3.090232306167813
            1e-8, -5.61200124417479
            1e-11, -6.706023155495136
            1e-14, -7.650628092935268
            Math.Pow(2.0, -53.0), -8.209536151601386
        ] do
        Assert.Equal(expected, NormalQuantile.Of probability, 4e-15)

    let probabilities = Array.init 9999 (fun i -> float (i + 1) / 10000.0)

    Assert.All(
        Array.pairwise probabilities,
        fun (a, b) -> Assert.True(NormalQuantile.Of a < NormalQuantile.Of b)
    )

    Assert.Equal(-NormalQuantile.Of 0.25, NormalQuantile.Of 0.75)

[<Fact>]
let ``the logarithm of the tails is right`` () =
    for x in [ 1e-16; 1e-10; 0.001; 0.0749; 0.25; 0.7; 0.7072; 0.9; 0.99999; 1.0 ] do
        Assert.True(distance Stackelberg.DType.Float64 (Math.Log x) (NormalQuantile.Log x) <= 1.0)

[<Fact>]
let ``the first normal numbers never change`` () =
    let bits = normals (Philox(1UL, 2UL)) 4 |> Array.map BitConverter.DoubleToInt64Bits

    Assert.Equal<int64[]>(
        [|
            4593741248860309509L
            -4612768279953697589L
            4607454864585765644L
            -4613489880679490257L
        |],
        bits
    )

[<Fact>]
let ``filling allocates nothing`` () =
    let philox = Philox(1UL, 2UL)
    let numbers: float[] = Array.zeroCreate 100

    let bytes =
        Allocation.least (fun () ->
            philox.FillNormal(numbers, 0, 100)
            philox.FillUniform(numbers, 0, 100))

    Assert.Equal(0L, bytes)

let private singleUniforms (philox: Philox) count =
    let numbers: float32[] = Array.zeroCreate count
    philox.FillUniform(numbers, 0, count)
    numbers

let private singleNormals (philox: Philox) count =
    let numbers: float32[] = Array.zeroCreate count
    philox.FillNormal(numbers, 0, count)
    numbers

[<Fact>]
let ``floats do not depend on how they are asked for`` () =
    forSeeds 200 (fun seed ->
        let random = Random seed
        let make () = Philox(uint64 seed, 7UL)
        let cuts = Array.init 8 (fun _ -> random.Next 40)
        let total = Array.sum cuts

        [ singleUniforms; singleNormals ]
        |> List.forall (fun draw ->
            let philox = make ()
            let parts = cuts |> Array.collect (draw philox)
            parts = draw (make ()) total && philox.Position = uint64 total))

[<Fact>]
let ``floats are the words of blocks beyond those of the doubles`` () =
    let struct (x0, x1, x2, x3) = Philox.Block(struct (5u, 0x80000000u, 9u, 0u), 3u, 0u)

    let words = [| x0; x1; x2; x3 |]

    let uniforms = singleUniforms (Philox(3UL, 9UL, Position = 20UL)) 4
    Assert.Equal<float32[]>(words |> Array.map (fun word -> float32 (word >>> 8) / 16777216.0f), uniforms)

    let expected =
        words
        |> Array.map (fun word ->
            let size = -NormalQuantile.Of((float (word >>> 1) + 0.5) * Math.Pow(2.0, -32.0))
            if word &&& 1u = 1u then -size else size)

    let normals = singleNormals (Philox(3UL, 9UL, Position = 20UL)) 4

    Array.iter2
        (fun (e: float) (n: float32) -> Assert.Equal(e, float n, 1e-6 * (1.0 + abs e)))
        expected
        normals

[<Fact>]
let ``normal floats have the normal distribution's quantiles and moments`` () =
    let count = 1_000_000

    let sorted =
        singleNormals (Philox(11UL, 2UL)) count |> Array.map float |> Array.sort

    Assert.InRange(Array.average sorted, -0.004, 0.004)
    Assert.InRange(sorted |> Array.averageBy (fun x -> x * x), 0.994, 1.006)
    Assert.InRange(sorted |> Array.averageBy (fun x -> x ** 4.0), 2.96, 3.04)

    for p in [ 0.0001; 0.001; 0.01; 0.1; 0.3; 0.5; 0.7; 0.9; 0.99; 0.999; 0.9999 ] do
        let expected = NormalQuantile.Of(p: float)
        let density = exp (-0.5 * expected * expected) / sqrt (2.0 * Math.PI)
        let deviation = sqrt (p * (1.0 - p) / float count) / density
        let found = sorted[int (p * float count)]
        Assert.InRange(found, expected - 4.5 * deviation, expected + 4.5 * deviation)
