/// The laws of Grosse and Zhang's lecture, Differentiable Games, for the rules as they are: the spectral radius of the
/// derivative of each rule's own step. The lecture has the orders in κ and the best steps μ/L² and roughly 1/L; the closed forms
/// of alternating play, the proximal point's radius and competitive gradient descent are derived from the steps themselves.
module Stackelberg.Dsl.Tests.LectureLawTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

/// f = ½ μ x² + b x y − ½ μ y², whose ω has the Jacobian [[μ, b], [−b, μ]], eigenvalues μ ± i b.
let private saddle (μ: float) (b: float) =
    Game.zeroSum $"saddle {μ} {b}" (fun x y -> μ / 2.0 * x * x + b * x * y - μ / 2.0 * y * y)

let private radiusAt (point: float[]) rule rate game =
    StepMap(rule, [ Rate.constant rate ], game).SpectralRadius point

let private radius rule rate game = radiusAt [| 0.0; 0.0 |] rule rate game

let private pairs = [ 1.0, 10.0; 0.6, 1.2; 0.01, 1.0; 2.0, 0.5 ]

[<Fact>]
let ``simultaneous play: √(1 − 1/κ²) at η = μ/L²`` () =
    for μ, b in pairs do
        let squared = μ * μ + b * b

        Check.closeNumber
            1e-6
            (sqrt (1.0 - μ * μ / squared))
            (radius Rule.simultaneous (μ / squared) (saddle μ b))

[<Fact>]
let ``alternating play: (κ − 1)/(κ + 1) at η = 2/(L + μ)`` () =
    for μ, b in pairs do
        let L = sqrt (μ * μ + b * b)
        Check.closeNumber 1e-6 ((L - μ) / (L + μ)) (radius Rule.alternating (2.0 / (L + μ)) (saddle μ b))

[<Fact>]
let ``proximal point: 1/√((1 + ημ)² + η²b²)`` () =
    for μ, b in pairs do
        for η in [ 0.01; 0.3; 5.0 ] do
            let expected = 1.0 / sqrt ((1.0 + η * μ) ** 2.0 + (η * b) ** 2.0)
            Check.closeNumber 1e-6 expected (radius Rule.proximalPoint η (saddle μ b))

[<Fact>]
let ``competitive gradient descent on a bilinear game: 1/√(1 + η²α²)`` () =
    for α in [ 0.1; 1.0; 30.0 ] do
        for η in [ 0.01; 0.2; 1.0 ] do
            let game = Game.zeroSum $"bilinear {α}" (fun x y -> α * x * y)
            Check.closeNumber 1e-6 (1.0 / sqrt (1.0 + (η * α) ** 2.0)) (radius Rule.competitive η game)

/// The laws with the rules that obey them.
let private ruled = [
    StepLaw.Simultaneous, Rule.simultaneous
    StepLaw.Extragradient, Rule.extragradient
    StepLaw.Optimistic, Rule.optimistic
    StepLaw.NegativeMomentum, Rule.momentum -0.3
    StepLaw.ProximalPoint, Rule.proximalPoint
]

[<Fact>]
let ``every law is its rule's, on a game whose spectrum it reads`` () =
    let game, at = TestGames.duopoly.Game, [| 92.0 / 3.0; 101.0 / 3.0 |]

    let games = [ saddle 1.0 10.0, [| 0.0; 0.0 |]; game, at; TestGames.ridge 2, [| 0.0; 0.0 |] ]

    for game, point in games do
        let J = Game.J game (Tensor.ofArray point)
        let jacobian = Array2D.init 2 2 (fun i j -> float J[i, j])
        let spectrum = Dense.eigenvalues jacobian

        for rate in [ 0.01; 0.1; 0.4 ] do
            for law, rule in ruled do
                let expected = StepSizes.contraction law rate -0.3 spectrum
                // Ridge 2 has a double eigenvalue, which rounding moves by its root.
                Check.closeNumber 1e-6 expected (radiusAt point rule rate game)

            let expected = StepSizes.alternatingContraction rate [| 1; 1 |] jacobian
            Check.closeNumber 1e-6 expected (radiusAt point Rule.alternating rate game)

/// The contraction factor of a run over many turns: the slope of log ‖x‖ between two of its points.
let private measured rule rate steps game =
    let run =
        Learn.run
            rule
            {
                Learn.settings with
                    Steps = steps
                    Rates = [ Rate.constant rate ]
            }
            (Tensor.ofList [ 1.0; 0.3 ])
            game

    let norm k =
        log (sqrt (Array.sumBy (fun x -> x * x) run.Trajectory[k]))

    // The least-squares line over the second half of the steps.
    let first = steps / 2
    let count = float (steps - first + 1)
    let middle = float (first + steps) / 2.0
    let mean = Seq.averageBy norm [ first..steps ]

    let slope =
        Seq.sumBy (fun k -> (float k - middle) * (norm k - mean)) [ first..steps ]

    exp (slope * 12.0 / (count * (count * count - 1.0)))

[<Fact>]
let ``runs shrink as the radius says, within 1 percent of the rate`` () =
    let μ, b = 1.0, 3.0
    let game = saddle μ b
    let L = sqrt (μ * μ + b * b)

    let cases = [
        for law, rule in ruled do
            match law with
            | StepLaw.ProximalPoint -> rule, 0.1
            | StepLaw.NegativeMomentum -> rule, 0.1
            | _ -> rule, (StepSizes.best law [| Numerics.Complex(μ, b) |]).Rate

        // Not at its optimum, where the derivative is not diagonalisable.
        Rule.alternating, 1.5 / (L + μ)
        Rule.competitive, 0.1
    ]

    for rule, rate in cases do
        let expected = radius rule rate game
        // So many steps that the distance falls to about 1e-80, through many turns; to 1e-9 where an inner iteration
        // of tolerance 1e-12 ends the fall.
        let fall = if rule = Rule.proximalPoint then 20.0 else 180.0
        let actual = measured rule rate (int (-fall / log expected)) game
        let ratio = log actual / log expected

        Assert.True(
            ratio > 0.99 && ratio < 1.01,
            $"{rule} at {rate}: {actual}, but {expected} by its derivative"
        )

[<Fact>]
let ``at its optimum alternating play is not diagonalisable, and its runs lag behind the law as k ρ^k`` () =
    let μ, b = 1.0, 3.0
    let L = sqrt 10.0
    let η = 2.0 / (L + μ)
    let map = StepMap(Rule.alternating, [ Rate.constant η ], saddle μ b)
    let derivative = map.Jacobian [| 0.0; 0.0 |]
    let ρ = (L - μ) / (L + μ)
    // M + ρ I is nilpotent, and not zero.
    let shifted =
        Array2D.mapi (fun i j entry -> if i = j then entry + ρ else entry) derivative

    let squared =
        Array2D.init 2 2 (fun i j -> shifted[i, 0] * shifted[0, j] + shifted[i, 1] * shifted[1, j])

    Assert.InRange(Dense.norm squared, 0.0, 1e-12)
    Assert.InRange(Dense.norm shifted, 0.1, 10.0)
    // From 50 to 100 steps the distance is divided by ρ^50 / 2, up to a few percent.
    let distance = measured Rule.alternating η 100 (saddle μ b)
    Assert.True(log distance / log ρ < 0.99)

/// Eigenvalues μ, L = 1 and μ ± i √(L² − μ²): the leader's first two entries are alone, its third turns with the follower.
let private family κ =
    let μ = 1.0 / κ
    let b = sqrt (1.0 - μ * μ)
    let x, y = Player.vector "x" 3, Player.scalar "y"

    let f (q: Strategies) =
        let x, y = q[x], q[y]

        μ / 2.0 * x[0] ** 2.0 + 0.5 * x[1] ** 2.0 + μ / 2.0 * x[2] ** 2.0 + b * x[2] * y
        - μ / 2.0 * y ** 2.0

    Game.create $"family {κ}" [ [ x, f ]; [ y, (fun q -> -(f q)) ] ]

[<Fact>]
let ``steps grow with κ as κ², κ^1.5 with negative momentum, and κ for alternating, extragradient and optimistic play``
    ()
    =
    let κs = [| 10.0; 20.0; 40.0; 80.0; 160.0; 320.0; 640.0 |]

    let names = [|
        "simultaneous"
        "alternating"
        "extragradient"
        "optimistic"
        "negative momentum"
    |]

    let ruleOf (size: StepSize) =
        match size.Rule with
        | "simultaneous" -> Rule.simultaneous
        | "alternating" -> Rule.alternating
        | "extragradient" -> Rule.extragradient
        | "optimistic" -> Rule.optimistic
        | _ -> Rule.momentum size.Momentum

    /// 1/(−ln ρ) of every rule with its best parameters, ρ being that of the derivative of the rule's step.
    let stepsOf κ =
        let game = family κ
        let sizes = game |> StepSizes.ofGame Concept.Nash (Tensor.zeros [ 4 ])

        names
        |> Array.map (fun name ->
            let size = sizes |> Array.find (fun size -> size.Rule = name)
            let ρ = radiusAt (Array.zeroCreate 4) (ruleOf size) size.Rate game
            // The alternating derivative has a double eigenvalue there; 1e-6 of it is 0.1 % of 1 − ρ at κ = 640.
            Check.closeNumber 1e-6 size.Contraction ρ

            if name = "alternating" then
                Check.closeNumber 1e-6 ((κ - 1.0) / (κ + 1.0)) ρ

            -1.0 / log ρ)

    let steps = κs |> Array.map stepsOf
    let exponents = [| 2.0; 1.0; 1.0; 1.0; 1.5 |]

    for k in 0 .. names.Length - 1 do
        // Over the upper half of the range, where the next term in 1/κ is below 2 %.
        let measured = log (steps[6].[k] / steps[3].[k]) / log 8.0
        Assert.InRange(measured, exponents[k] - 0.02, exponents[k] + 0.02)
