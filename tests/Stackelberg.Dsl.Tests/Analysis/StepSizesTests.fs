module Stackelberg.Dsl.Tests.StepSizesTests

open System
open System.Numerics
open FsCheck
open FsCheck.FSharp
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit
open Stackelberg.Tests

let private pair μ b = [| Complex(μ, b); Complex(μ, -b) |]

[<Fact>]
let ``the best simultaneous rate of one pair is μ/L², with contraction √(1 − 1/κ²)`` () =
    for μ, b in [ 1.0, 10.0; 0.6, 1.2; 3.0, 0.0; 1e-3, 1.0 ] do
        let squared = μ * μ + b * b
        let size = StepSizes.best StepLaw.Simultaneous (pair μ b)
        Check.closeNumber 1e-14 (μ / squared * squared) (size.Rate * squared)
        Check.closeNumber 1e-12 (sqrt (1.0 - μ * μ / squared)) size.Contraction

[<Fact>]
let ``the best simultaneous rate of a convex problem is 2/(L + μ), with contraction (κ − 1)/(κ + 1)`` () =
    // Real eigenvalues: gradient descent's classical rate.
    let size =
        StepSizes.best StepLaw.Simultaneous [| Complex(1.0, 0.0); Complex(2.0, 0.0); Complex(9.0, 0.0) |]

    Check.closeNumber 1e-14 0.2 size.Rate
    Check.closeNumber 1e-14 0.8 size.Contraction

[<Fact>]
let ``closed forms of single eigenvalues`` () =
    // Real λ = 1: extragradient 1 − s + s² is least at 1/2. Purely imaginary λ = i: |1 − i s − s²|² = 1 − s² + s⁴.
    let real, turning = [| Complex.One |], pair 0.0 1.0
    Check.closeNumber 1e-9 0.75 (StepSizes.best StepLaw.Extragradient real).Contraction
    let size = StepSizes.best StepLaw.Extragradient turning
    Check.closeNumber 1e-9 (sqrt 0.75) size.Contraction
    // The scan finds a smooth minimum's place to the root of rounding.
    Check.closeNumber 1e-6 (sqrt 0.5) size.Rate
    // Heavy ball on one positive eigenvalue: η = 1, β = 0 ends in one step or two; the double root costs a root of rounding.
    Assert.InRange((StepSizes.best StepLaw.NegativeMomentum real).Contraction, 0.0, 1e-4)
    // Simultaneous play on a bilinear game contracts for no rate, nor does heavy ball, both players at once.
    Assert.Equal(1.0, (StepSizes.best StepLaw.Simultaneous turning).Contraction)
    Assert.Equal(1.0, (StepSizes.best StepLaw.NegativeMomentum turning).Contraction)
    Assert.True((StepSizes.best StepLaw.Optimistic turning).Contraction < 1.0)

    Assert.Equal(
        "simultaneous: no constant rate contracts",
        string (StepSizes.best StepLaw.Simultaneous turning)
    )

[<Fact>]
let ``heavy ball's best step on a convex problem is Polyak's`` () =
    // Eigenvalues in [μ, L]: contraction (√κ − 1)/(√κ + 1), η = (2/(√L + √μ))², β = its square.
    let μ, L = 1.0, 100.0

    let size =
        StepSizes.best StepLaw.NegativeMomentum [| Complex(μ, 0.0); Complex(L, 0.0) |]

    let expected = 9.0 / 11.0
    // A double root moves by the root of a change in β: the scan's last range is 1e-13.
    Check.closeNumber 1e-5 expected size.Contraction
    Check.closeNumber 1e-4 ((2.0 / 11.0) ** 2.0) size.Rate
    Check.closeNumber 1e-4 (expected * expected) size.Momentum

[<Fact>]
let ``no rate nearby is better than the best`` () =
    let eigenvalue =
        Gen.zip (Gen.choose (1, 1000)) (Gen.choose (0, 1000))
        |> Gen.map (fun (a, b) -> Complex(float a / 100.0, float b / 100.0))

    let spectra = eigenvalue |> Gen.nonEmptyListOf |> Gen.map Array.ofList

    let property spectrum =
        [
            StepLaw.Simultaneous
            StepLaw.Extragradient
            StepLaw.Optimistic
            StepLaw.NegativeMomentum
        ]
        |> List.forall (fun law ->
            let size = StepSizes.best law spectrum
            let at η β = StepSizes.contraction law η β spectrum

            let others =
                [ 0.5; 0.9; 0.99; 1.01; 1.1; 2.0 ]
                |> List.map (fun factor -> at (factor * size.Rate) size.Momentum)

            let momenta =
                if law = StepLaw.NegativeMomentum then
                    [ -0.05; -0.005; 0.005; 0.05 ]
                    |> List.map (fun change -> at size.Rate (size.Momentum + change))
                else
                    []

            abs (at size.Rate size.Momentum - size.Contraction) < 1e-12
            && List.forall (fun other -> other >= size.Contraction - 1e-9) (others @ momenta))

    Law.check 25 (Prop.forAll (Arb.fromGen spectra) property)

/// [[μ, b], [−b, μ]], and [[0, b'], [−b', 2 μ]] of the same eigenvalues μ ± i b.
let private even μ b = array2D [ [ μ; b ]; [ -b; μ ] ]

let private uneven μ b =
    let c = sqrt (μ * μ + b * b)
    array2D [ [ 0.0; c ]; [ -c; 2.0 * μ ] ]

[<Fact>]
let ``alternating play contracts by (κ − 1)/(κ + 1) where both players have one curvature, and not by the spectrum alone``
    ()
    =
    for μ, b in [ 1.0, 10.0; 0.6, 1.2; 2.0, 1.0 ] do
        let L = sqrt (μ * μ + b * b)
        let η = 2.0 / (L + μ)
        let expected = (L - μ) / (L + μ)
        // A double eigenvalue: rounding moves it by its root.
        Check.closeNumber 1e-7 expected (StepSizes.alternatingContraction η [| 1; 1 |] (even μ b))
        let best = StepSizes.bestAlternating [| 1; 1 |] (even μ b)
        Check.closeNumber 1e-6 expected best.Contraction
        Check.closeNumber 1e-5 η best.Rate

        // Below that rate: 1 − ημ.
        Check.closeNumber
            1e-12
            (1.0 - 0.5 * η * μ)
            (StepSizes.alternatingContraction (0.5 * η) [| 1; 1 |] (even μ b))

        // The same spectrum otherwise divided between the players: √(1 − 2ημ) while the roots are complex.
        let small = 0.1 / L

        Check.closeNumber
            1e-12
            (sqrt (1.0 - 2.0 * small * μ))
            (StepSizes.alternatingContraction small [| 1; 1 |] (uneven μ b))

[<Fact>]
let ``the duopoly's step sizes`` () =
    let nash = Tensor.ofList [ 92.0 / 3.0; 101.0 / 3.0 ]
    let sizes = TestGames.duopoly.Game |> StepSizes.ofGame Concept.Nash nash

    let named name =
        sizes |> Array.find (fun size -> size.Rule = name)

    // J = [[2, 1], [1, 2]] has the eigenvalues 1 and 3.
    Check.closeNumber 1e-14 0.5 (named "simultaneous").Rate
    Check.closeNumber 1e-14 0.5 (named "simultaneous").Contraction
    Check.closeNumber 1e-12 (1.0 / log 2.0) (named "simultaneous").Steps
    Assert.Equal(infinity, (named "proximal point").Rate)
    Assert.Equal(0.0, (named "proximal point").Contraction)
    // Gauss–Seidel at η = 1/2 solves each player's equation in turn: radius 1/4; over-relaxed it is (2 − √3)².
    Check.closeNumber
        1e-12
        0.25
        (StepSizes.alternatingContraction 0.5 [| 1; 1 |] (array2D [ [ 2.0; 1.0 ]; [ 1.0; 2.0 ] ]))

    Check.closeNumber 1e-5 ((2.0 - sqrt 3.0) ** 2.0) (named "alternating").Contraction
    Assert.Equal(6, sizes.Length)

    let leading =
        TestGames.duopoly.Game
        |> StepSizes.ofGame Concept.Stackelberg (Tensor.ofList [ 46.0; 26.0 ])

    Assert.Equal(5, leading.Length)
    // J_S = [[1.5, 1], [1, 2]]: eigenvalues (7 ± √17)/4, so η = 4/7, ρ = √17/7.
    Check.closeNumber 1e-12 (4.0 / 7.0) leading[0].Rate
    Check.closeNumber 1e-12 (sqrt 17.0 / 7.0) leading[0].Contraction

[<Fact>]
let ``a wrong argument is told with what is needed`` () =
    let message (action: unit -> obj) =
        Check.argumentMessage (fun () -> action () |> ignore)

    Assert.Equal(
        "StepSizes.best: spectrum is empty, but at least one eigenvalue is needed.",
        message (fun () -> StepSizes.best StepLaw.Simultaneous [||])
    )

    Assert.Equal(
        "StepSizes.bestAlternating: dimensions is 1, 2, but numbers of at least 1 that add up to 2 are needed, the entries of each player.",
        message (fun () -> StepSizes.bestAlternating [| 1; 2 |] (even 1.0 1.0))
    )

    Assert.Contains(
        "rate is -1",
        message (fun () -> StepSizes.contraction StepLaw.Optimistic -1.0 0.0 (pair 1.0 1.0))
    )

/// The least of a law's factors on a grid of rates, the exponents spaced evenly.
let private bruteForce law (scale: float) spectrum =
    Seq.init 4001 (fun i -> 1e-6 * 4e6 ** (float i / 4000.0) / scale)
    |> Seq.map (fun η -> StepSizes.contraction law η 0.0 spectrum)
    |> Seq.min

/// Up to eight eigenvalues, of sizes and angles of every kind; few left of the axis.
let private randomSpectrum (random: Random) =
    Array.init (1 + random.Next 8) (fun _ ->
        let size = 10.0 ** (4.0 * random.NextDouble() - 2.0)

        let angle =
            match random.Next 4 with
            | 0 -> 0.0
            | 1 -> Math.PI / 2.0
            | 2 -> random.NextDouble() * Math.PI / 2.0
            | _ -> Math.PI / 2.0 + 0.1 * (random.NextDouble() - 0.5)

        Complex.FromPolarCoordinates(size, angle))

[<Fact>]
let ``of three thousand random spectra no grid has a better rate than the best`` () =
    Law.forSeeds 3000 (fun seed ->
        let random = Random seed
        let spectrum = randomSpectrum random
        let scale = spectrum |> Array.map _.Magnitude |> Array.max

        for law in [ StepLaw.Simultaneous; StepLaw.Extragradient; StepLaw.Optimistic ] do
            let size = StepSizes.best law spectrum
            let least = bruteForce law scale spectrum

            if least < size.Contraction - 1e-9 then
                failwith $"{law}: {size.Contraction} where {least} is possible"

            if size.Contraction < 1.0 then
                let found = StepSizes.contraction law size.Rate 0.0 spectrum
                Assert.Equal(size.Contraction, found, 1e-12))

[<Fact>]
let ``negative momentum: of random spectra no grid has a better rate and momentum than the best`` () =
    Law.forSeeds 60 (fun seed ->
        let spectrum = randomSpectrum (Random seed)
        let scale = spectrum |> Array.map _.Magnitude |> Array.max
        let size = StepSizes.best StepLaw.NegativeMomentum spectrum

        let least =
            Seq.min (
                seq {
                    for i in 0..120 do
                        for j in 0..120 do
                            let η = 1e-5 * 4e5 ** (float i / 120.0) / scale
                            let β = tanh (float (j - 60) / 12.0)
                            StepSizes.contraction StepLaw.NegativeMomentum η β spectrum
                }
            )

        if least < size.Contraction - 1e-9 then
            failwith $"{size.Contraction} where {least} is possible")

[<Fact>]
let ``alternating: of random games no grid has a better rate than the best`` () =
    Law.forSeeds 200 (fun seed ->
        let random = Random seed
        let dimensions = [| 1 + random.Next 2; 1 + random.Next 2 |]
        let d = Array.sum dimensions
        let entry _ _ = 4.0 * random.NextDouble() - 2.0
        let jacobian = Array2D.init d d entry

        // Half of them stable.
        if random.Next 2 = 0 then
            for i in 0 .. d - 1 do
                jacobian[i, i] <- jacobian[i, i] + 3.0

        let size = StepSizes.bestAlternating dimensions jacobian

        let least =
            Seq.init 1501 (fun i -> 1e-4 * 1e6 ** (float i / 1500.0))
            |> Seq.map (fun η -> StepSizes.alternatingContraction η dimensions jacobian)
            |> Seq.min

        if least < size.Contraction - 1e-9 then
            failwith $"{size.Contraction} where {least} is possible")

[<Fact>]
let ``alternating: units of the players' strategies do not change the best rate`` () =
    let plain = array2D [ [ 1.0; 2.0 ]; [ -2.0; 1.0 ] ]
    // The same in units of which the second player's is a million times the first's.
    let other = array2D [ [ 1.0; 2e6 ]; [ -2e-6; 1.0 ] ]

    let a, b =
        StepSizes.bestAlternating [| 1; 1 |] plain, StepSizes.bestAlternating [| 1; 1 |] other

    Check.closeNumber 1e-6 a.Rate b.Rate
    Check.closeNumber 1e-6 a.Contraction b.Contraction

[<Fact>]
let ``a rate that contracts is found however slowly it does`` () =
    for law in [ StepLaw.Extragradient; StepLaw.Optimistic ] do
        // The slow pair turns a million times as slowly as the fast one.
        for slow in [ 1e-4; 1e-6; 1e-7 ] do
            let size = StepSizes.best law [| Complex(1.0, 0.0); Complex(0.0, slow) |]
            Assert.InRange(size.Contraction, 0.5, Math.BitDecrement 1.0)
            Assert.InRange(size.Rate, 0.1, 4.0)

    // The best of simultaneous play is 1 − 1/(2κ²).
    let size = StepSizes.best StepLaw.Simultaneous [| Complex(1e-9, 1.0) |]
    Assert.InRange(size.Contraction, 0.9999999, Math.BitDecrement 1.0)
    Assert.DoesNotContain("no constant rate", string size)

[<Fact>]
let ``step sizes are given at critical points alone`` () =
    let away = Tensor.ofList [ 30.0; 33.0 ]

    let message =
        Check.argumentMessage (fun () ->
            TestGames.duopoly.Game |> StepSizes.ofGame Concept.Nash away |> ignore)

    Assert.StartsWith(
        "StepSizes.ofGame: x is [30, 33], which is no critical point of x1x2: the field's norm there is 2.828",
        message.Replace("duopoly", "x1x2")
    )

    // Of a box's corner, the entries that are free.
    let x = Player.scalar "x" |> Player.bounded 0.0 1.0
    let y = Player.scalar "y"

    let corner =
        Game.simultaneous "corner" [
            x, (fun q -> q[x] + 100.0 * q[x] ** 2)
            y, (fun q -> q[y] ** 2 + q[x] * q[y])
        ]

    let sizes = corner |> StepSizes.ofGame Concept.Nash (Tensor.ofList [ 0.0; 0.0 ])
    Check.closeNumber 1e-9 0.5 sizes[0].Rate
    Check.closeNumber 1e-6 0.5 sizes[1].Rate
