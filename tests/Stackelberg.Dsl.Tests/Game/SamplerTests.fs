module Stackelberg.Dsl.Tests.SamplerTests

open System
open FsCheck
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private fill (sampler: Sampler) seed draw batch =
    let into = Array.zeroCreate sampler.Batches[batch].Count
    sampler.Open(seed, 1UL).Fill(draw, batch, into)
    into

let private digits =
    Sampler.rows 3 [|
        struct ("image", [| 2 |], Array.init 20 float32)
        struct ("label", [||], Array.init 10 float32)
    |]

[<Fact>]
let ``a draw is the same in whatever order it is asked for, and differs from other draws and seeds`` () =
    for (source: Sampler) in [ Sampler.normal "z" [ 4; 3 ]; Sampler.uniform "u" [ 5 ]; digits ] do
        let draws = source.Open(7UL, 1UL)

        let at draw =
            let into = Array.zeroCreate source.Batches[0].Count
            draws.Fill(draw, 0, into)
            into

        let second, first = at 1L, at 0L
        Assert.Equal<float[]>(fill source 7UL 0L 0, first)
        Assert.Equal<float[]>(fill source 7UL 1L 0, second)
        Assert.NotEqual<float[]>(first, second)
        Assert.NotEqual<float[]>(fill source 9UL 0L 0, first)

[<Fact>]
let ``single precision rows and function draws are the double ones, rounded`` () =
    let scaled =
        Sampler.ofFunction "s" [ 6 ] (fun random into ->
            random.FillUniform(into, 0, 6)

            for i in 0..5 do
                into[i] <- 10.0 * into[i])

    for sampler in [ scaled; digits ] do
        let singles = Array.zeroCreate<float32> 6
        sampler.Open(3UL, 1UL).FillSingle(2L, 0, singles)
        Assert.Equal<float32[]>(fill sampler 3UL 2L 0 |> Array.map float32, singles)

[<Fact>]
let ``an epoch shows every row at most once, images with their labels, and epochs differ`` () =
    // Ten rows in batches of three: three batches an epoch, one row left out.
    let epoch e = [|
        for draw in 3L * e .. 3L * e + 2L do
            let images, labels = fill digits 5UL draw 0, fill digits 5UL draw 1

            for row in 0..2 do
                Assert.Equal(2.0 * labels[row], images[2 * row])
                Assert.Equal(2.0 * labels[row] + 1.0, images[2 * row + 1])

            yield! labels
    |]

    Assert.Equal(9, (epoch 0L |> Array.distinct).Length)
    Assert.Equal(9, (epoch 1L |> Array.distinct).Length)
    Assert.NotEqual<float[]>(epoch 0L, epoch 1L)

[<Fact>]
let ``joined samplers are independent, and one draw of a sampler can be held fast`` () =
    let both = Sampler.all [ Sampler.normal "a" [ 8 ]; Sampler.normal "b" [ 8 ] ]
    Assert.NotEqual<float[]>(fill both 1UL 0L 0, fill both 1UL 0L 1)
    let held = Sampler.at 1UL 5L both

    for batch in 0..1 do
        Assert.Equal<float[]>(fill both 1UL 5L batch, fill held 9UL 2L batch)

/// f1 = mean (z x − r)², f2 = mean (y − r)²: the follower finds the mean of r.
let private stochastic =
    let x, y = Player.scalar "x", Player.scalar "y"

    game "regression" {
        samples (Sampler.all [ Sampler.normal "z" [ 50 ]; Sampler.uniform "r" [ 50 ] ])
        leader x (fun q -> Tensor.mean ((q.Sample "z" * q[x] - q.Sample "r") ** 2))
        follower y (fun q -> Tensor.mean ((q[y] - q.Sample "r") ** 2) + 0.5 * q[x] * q[y])
    }

let private byHand (game: Game) seed draw (x: float[]) =
    let z, r = fill game.Sampler seed draw 0, fill game.Sampler seed draw 1
    let n = float z.Length

    [|
        Array.sum (Array.map2 (fun z r -> 2.0 * z * (z * x[0] - r)) z r) / n
        2.0 * x[1] - 2.0 * Array.average r + 0.5 * x[0]
    |]

[<Fact>]
let ``the field of a stochastic game is that of one draw, chosen by its sampler`` () =
    let x = [| 0.3; -0.7 |]

    let omega game =
        (Game.omega game (Tensor.ofArray x)).ToArray()

    Check.close 1e-14 (byHand stochastic 0UL 0L x) (omega stochastic)

    let other = stochastic |> Game.withSampler (Sampler.at 4UL 11L stochastic.Sampler)

    Check.close 1e-14 (byHand stochastic 4UL 11L x) (omega other)

    let jitted = Diff.jit (Game.omega stochastic)
    Check.close 1e-14 (byHand stochastic 0UL 0L x) ((jitted (Tensor.ofArray x)).ToArray())

[<Fact>]
let ``every step of a run reads the next draw of its seed`` () =
    let start = [| 0.3; -0.7 |]

    let run =
        stochastic
        |> Learn.run
            Rule.simultaneous
            {
                Learn.settings with
                    Steps = 4
                    Seed = 6UL
            }
            (Tensor.ofArray start)

    let mutable x = start

    for step in 0..3 do
        Check.close 1e-14 x run.Trajectory[step]
        x <- Array.map2 (fun x g -> x - 0.1 * g) x (byHand stochastic 6UL (int64 step) x)

    Check.close 1e-14 x (run.Final.ToArray())

[<Fact>]
let ``a game in single precision computes what the double one does, up to rounding`` () =
    let single = stochastic |> Game.withPrecision DType.Float32
    let x = Tensor.ofList [ 0.3; -0.7 ]
    // Single numbers have 24 bits and the draws are other ones: the same draw is read as data.
    let data =
        Sampler.all [
            for batch in [ "z"; "r" ] do
                Sampler.constant
                    batch
                    (Tensor.ofArray (Array.init 50 (fun i -> sin (float (i + batch.Length)))))
        ]

    let both: Game list = [ stochastic; single ] |> List.map (Game.withSampler data)

    for map in
        [
            Game.omega
            Game.omegaS
            Game.costs
            (fun game x -> Tensor.flatten (Game.JS game x))
        ] do
        Check.close 1e-6 ((map both[0] x).ToArray()) ((map both[1] x).ToArray())

    Assert.Equal(DType.Float32, both[1].Precision)

[<Fact>]
let ``wrong samplers and costs are told`` () =
    let x = Player.scalar "x"

    let message cost sampler =
        Check.invalidMessage (fun () ->
            game "wrong" {
                samples sampler
                leader x cost
            }
            |> ignore)

    Assert.Contains(
        "Strategies.Sample: name is real, but the game's sampler draws z; ask for one of these.",
        message (fun q -> Tensor.mean (q.Sample "real" * q[x])) (Sampler.normal "z" [ 3 ])
    )

    Assert.Contains(
        "is real, but the game has no sampler; give it one",
        message (fun q -> Tensor.mean (q.Sample "real" * q[x])) Sampler.none
    )

    Assert.Equal(
        "Sampler: batches holds 2 batches called z; give each a name of its own.",
        Check.argumentMessage (fun () ->
            Sampler.all [ Sampler.normal "z" [ 3 ]; Sampler.uniform "z" [ 3 ] ] |> ignore)
    )

    Assert.Equal(
        "Sampler.rows: data has 2 rows, but a batch needs 3; take a smaller batch.",
        Check.argumentMessage (fun () ->
            Sampler.rows 3 [| struct ("x", [| 2 |], Array.zeroCreate 4) |] |> ignore)
    )

    Assert.Contains(
        "The cost of x is Float64, but the game computes in Float32",
        Check.invalidMessage (fun () ->
            game "wrong" {
                precision DType.Float32
                leader x (fun q -> Tensor.cast DType.Float64 q[x])
            }
            |> ignore)
    )
