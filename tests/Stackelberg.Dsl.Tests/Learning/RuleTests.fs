module Stackelberg.Dsl.Tests.RuleTests

open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Xunit
open Stackelberg.Tests

/// What a rule's name says before its parameters.
let private family (rule: Rule) =
    rule.Name |> Seq.takeWhile (System.Char.IsDigit >> not) |> System.String.Concat

[<Fact>]
let ``every rule's first steps are those of its formula, for scalars, vectors and three players`` () =
    let rates = [ 0.03; 0.05; 0.04 ]

    for dimensions in [ [ 1; 1 ]; [ 2; 3 ]; [ 6; 5 ]; [ 1; 2; 2 ] ] do
        let hand = HandRules.create 5 dimensions
        let x = TestGames.normals 7 (List.sum dimensions)
        let start, rates = Tensor.ofArray x, List.take dimensions.Length rates

        let Γ =
            List.map2 (fun n rate -> Array.create n rate) dimensions rates |> Array.concat

        for rule, byHand in HandRules.rules do
            if isNull (rule.Refuses hand.Game) then
                let settings = {
                    Learn.settings with
                        Steps = 3
                        Rates = rates |> List.map Rate.constant
                }

                let run = hand.Game |> Learn.run rule settings start
                let build = Vector<float>.Build
                let expected = byHand 3 hand (build.Dense Γ) (build.Dense x)

                try
                    Assert.Equal(4, run.Trajectory.Length)
                    // Inner iterations end at 1e-10 and less, relatively; iterative solves of more than 8 unknowns at 1e-12.
                    Array.iter2 (Check.close 1e-9) expected run.Trajectory
                with error ->
                    Assert.Fail $"{rule.Name} on {dimensions}, {run.Outcome}: {error.Message}"

[<Fact>]
let ``rules without inner iterations keep twelve digits over five steps, with quadratic costs and with others``
    ()
    =
    for height in [ 0.0; 1.0 ] do
        let hand = HandRules.withWaves height 11 [ 2; 3 ]
        let x = TestGames.normals 13 5

        for rule, byHand in HandRules.rules do
            if not (List.contains rule.Name [ Rule.proximalPoint.Name; Rule.bestResponse.Name ]) then
                let settings = {
                    Learn.settings with
                        Steps = 5
                        Rates = [ Rate.constant 0.04 ]
                }

                let run = hand.Game |> Learn.run rule settings (Tensor.ofArray x)
                let build = Vector<float>.Build
                let expected = byHand 5 hand (build.Dense(5, 0.04)) (build.Dense x)

                try
                    Array.iter2 (Check.close 1e-12) expected run.Trajectory
                with error ->
                    Assert.Fail $"{rule.Name}, waves of {height}, {run.Outcome}: {error.Message}"

[<Fact>]
let ``every rule of the table has a step by hand, a name of its own and a source`` () =
    let known = HandRules.rules |> List.map (fst >> family) |> Set.ofList
    Assert.Equal(Rule.all.Length, (Rule.all |> Array.distinctBy _.Name).Length)

    for rule in Rule.all do
        Assert.Contains(family rule, known)
        Assert.NotEqual<string>("", rule.Source)

/// This file's folder, to find the README from.
let private here =
    let rec up (folder: System.IO.DirectoryInfo) =
        if System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "Stackelberg.Dsl.sln")) then
            folder.FullName
        else
            up folder.Parent

    up (System.IO.DirectoryInfo System.AppContext.BaseDirectory)

[<Fact>]
let ``the table of the README has a row for every rule of the module, and no others`` () =
    let readme =
        System.IO.File.ReadAllText(System.IO.Path.Combine(here, "src", "Stackelberg.Dsl", "README.md"))

    let table =
        readme.Substring(readme.IndexOf("| Rule |", System.StringComparison.Ordinal)).Split('\n')
        |> Array.takeWhile (fun line -> line.StartsWith '|')
        |> Array.skip 2

    /// The functions that a row is about: the first word of each name in its first cell.
    let shown =
        table
        |> Array.collect (fun line ->
            line.Split('|').[1].Split(',')
            |> Array.map (fun call -> call.Trim().Trim('`').Split(' ').[0]))

    // Making rules, and changing any, is told in words; these two only take other limits of an inner iteration.
    let inWords = [
        "create"
        "withState"
        "requiring"
        "preconditioned"
        "proximalPointWith"
        "bestResponseWith"
    ]

    let rules =
        typeof<Rule>.Assembly.GetType("Stackelberg.RuleModule").GetMethods()
        |> Array.filter (fun found -> found.IsStatic && found.ReturnType = typeof<Rule>)
        |> Array.map (fun found -> found.Name.Replace("get_", ""))
        |> Array.map (fun name -> name.Substring(0, 1).ToLowerInvariant() + name.Substring 1)
        |> Array.filter (fun name -> not (List.contains name inWords))

    Assert.Equal<string[]>(Array.sort rules, Array.sort shown)

    for line in table do
        Assert.Equal(6, line.Split('|').Length)

// Wrong use

let private hand3 = (HandRules.create 5 [ 1; 2; 2 ]).Game
let private zeros (game: Game) = Tensor.zeros [ Game.dimension game ]

let private refusal rule game =
    Check.argumentMessage (fun () -> game |> Learn.run rule Learn.settings (zeros game) |> ignore)

[<Fact>]
let ``a rule that cannot play a game says why, and what to take instead`` () =
    Assert.Equal(
        "Learn.run: penalty 1 (2 inner steps of 0.1) is defined for two players, but hand [1; 2; 2] has 3; take Rule.simultaneous or Rule.stackelberg, or merge players.",
        refusal (Rule.penalty 1.0 2 0.1) hand3
    )

    let a, b = Player.scalar "a", Player.scalar "b" |> Player.bounded -1.0 1.0

    let costs = [
        a, (fun (q: Strategies) -> q[a] * q[b])
        b, (fun (q: Strategies) -> q[b] * q[b])
    ]

    let oneLevel = Game.simultaneous "flat" costs

    Assert.Equal(
        "Learn.run: two-timescale 2 simultaneous makes lower levels faster, but all players of flat are on one level; give Rates one schedule for each player instead.",
        refusal (Rule.simultaneous |> Rule.twoTimescale 2.0) oneLevel
    )

    Assert.Equal(
        "Learn.run: follow-the-ridge (none) needs leaders and followers on two levels, but flat has 1; take Rule.simultaneous or Rule.stackelberg, or put the players on two levels.",
        refusal (Rule.followTheRidge Conjecture.none) oneLevel
    )

    Assert.StartsWith(
        "Learn.run: best response needs followers, but all players of flat are on one level",
        refusal Rule.bestResponse oneLevel
    )

    Assert.Equal(
        "Learn.run: simultaneous solves equations that know no bounds, but b of flat is bounded; take Rule.stackelberg or Rule.extragradient, which heed bounds, or write the bound into the cost.",
        refusal (Rule.requiring [ Requirement.Unbounded ] Rule.simultaneous) oneLevel
    )

[<Fact>]
let ``parameters out of range are told`` () =
    let message make =
        Check.argumentMessage (fun () -> make () |> ignore<Rule>)

    Assert.Equal(
        "Rule.twoTimescale: τ is 0, but a finite number above 0 is needed.",
        message (fun () -> Rule.twoTimescale 0.0 Rule.simultaneous)
    )

    Assert.Equal(
        "Rule.momentum: β is 1, but a number in (−1, 1) is needed.",
        message (fun () -> Rule.momentum 1.0)
    )

    Assert.Equal(
        "Conjecture.unrolled: k is 0, but at least 1 is needed.",
        message (fun () -> Rule.unrolled 0 0.1)
    )

    for make in
        [
            fun () -> Rule.alternatingMomentum nan
            fun () -> Rule.consensus -1.0
            fun () -> Rule.lola -1.0
            fun () -> Rule.lolaMoved infinity
            fun () -> Rule.lookAhead -0.1
            fun () -> Rule.stableOpponentShaping nan
            fun () -> Rule.symplecticAdjustment -1.0
            fun () -> Rule.alignedSymplecticAdjustment -1.0
            fun () -> Rule.symplecticSurgery 0.0
            fun () -> Rule.penalty 0.0 1 1.0
            fun () -> Rule.penalty 1.0 0 1.0
            fun () -> Rule.ttur -1.0
            fun () -> Rule.proximalPointWith 0.0 5
            fun () -> Rule.bestResponseWith 1e-9 0
            fun () -> Rule.stableOpponentShapingWith 0.0 0.1 0.1
            fun () -> Rule.stableOpponentShapingWith 0.5 1.0 0.1
            fun () -> Rule.stableOpponentShapingWith 0.5 0.1 -0.1
            fun () -> Rule.firstOrderLola nan
            fun () -> Rule.firstOrderLookAhead -1.0
            fun () -> Rule.fullyFirstOrder 0.0 0.0 1
            fun () -> Rule.fullyFirstOrder 1.0 -1.0 1
            fun () -> Rule.fullyFirstOrder 1.0 0.0 0
            fun () -> Rule.bome 0.0 1 0.1
            fun () -> Rule.bome 0.5 0 0.1
            fun () -> Rule.dynamicBarrier 0.5 1 0.0
            fun () -> Rule.darts -0.1
            fun () -> Rule.dartsByDifferences infinity
            fun () -> Rule.nesterov 1.0
            fun () -> Rule.averagedExponentially 1.0 Rule.simultaneous
            fun () -> Rule.optimisticAdamWith 1.0 0.9 0.0
        ] do
        Assert.Contains(" is needed.", message make)

[<Fact>]
let ``an inner iteration that fails ends the run with what happened and what to try`` () =
    // f2 = −y⁴ + x y has no least value in y.
    let unbounded =
        Game.twoPlayer "unbounded" (fun x y -> x * x + y) (fun x y -> x * y - y ** 4)

    let run =
        unbounded
        |> Learn.run (Rule.bestResponseWith 1e-10 7) Learn.settings (Tensor.ofList [ 1.0; 2.0 ])

    match run.Outcome with
    | Outcome.InnerFailed(1, "the followers' best response", 7, residual) -> Assert.True(residual > 1.0)
    | other -> Assert.Fail $"{other}"

    Assert.Equal<float[]>([| 1.0; 2.0 |], run.Final.ToArray())

    Assert.StartsWith(
        "the followers' best response did not converge in step 1: the residual is ",
        string run.Outcome
    )

    Assert.EndsWith(
        "(try smaller Rates, another start, or a greater limit or tolerance of the rule's inner iteration)",
        string run.Outcome
    )

[<Fact>]
let ``a failure at a point between two steps is told as what it is`` () =
    // The middle of an extragradient step leaves the numbers, the point before it does not.
    let steep = Game.zeroSum "steep" (fun x y -> exp (x * x) + x * y)

    let run =
        steep
        |> Learn.run Rule.extragradient Learn.settings (Tensor.ofList [ 5.0; 0.0 ])

    Assert.True(run.Outcome.IsNotFinite, run.ToString())

[<Fact>]
let ``the answer of a single follower is a minimum, wherever the iteration begins`` () =
    // f2 = (y² − 1)² has minima at ±1 and a maximum at 0.
    let doubleWell =
        Game.twoPlayer "double well" (fun x y -> x * x + 0.0 * y) (fun x y -> (y * y - 1.0) ** 2 + 0.0 * x)

    for start, answer in [ 0.01, 1.0; -0.3, -1.0; 0.5, 1.0; 3.0, 1.0 ] do
        let run =
            doubleWell
            |> Learn.run Rule.bestResponse { Learn.settings with Steps = 1 } (Tensor.ofList [ 1.0; start ])

        Assert.True(run.Outcome.IsOutOfSteps, run.ToString())
        Check.closeNumber 1e-9 answer (run.Final.ToArray()[1])

[<Fact>]
let ``conjugate gradients on a Hessian that is not positive definite are counted in the rules' inner solves``
    ()
    =
    let x, y = Player.vector "x" 2, Player.vector "y" 12

    // The follower's second derivatives have one negative eigenvalue.
    let saddle =
        game "saddle" {
            leader x (fun q -> Tensor.sum (q[x] * q[x]) + Tensor.sum q[y] * Tensor.sum q[x])

            follower y (fun q ->
                0.5
                * Tensor.sum (
                    Tensor.ofArray (Array.init 12 (fun i -> if i = 0 then -1.0 else 1.0 + float i))
                    * q[y]
                    * q[y]
                )
                + Tensor.sum q[y] * Tensor.sum q[x]
                + 0.1 * Tensor.sum (sin q[y]) * Tensor.sum q[y])
        }

    let run solver =
        saddle
        |> Learn.run
            (Rule.followTheRidge (Conjecture.none |> Conjecture.withSolver solver))
            {
                Learn.settings with
                    Steps = 3
                    Rates = [ Rate.constant 0.01 ]
            }
            (Tensor.ofArray (Array.init 14 (fun i -> 0.1 * cos (float i))))

    let short = run Solver.cg
    Assert.Equal(3L, short.Solves.NegativeCurvature)
    Assert.Contains("3 of 3 inner solves fell short (3 met negative curvature", short.ToString())
    Assert.Equal(0L, (run Solver.minres).Solves.FellShort)

[<Fact>]
let ``in a chain of three firms the best response of all below is found at once`` () =
    let a, b, c = Player.scalar "a", Player.scalar "b", Player.scalar "c"

    let profit (q: Strategies) own cost =
        (100.0 - q[a] - q[b] - q[c] - cost) * q[own]

    let chain =
        Game.create "chain" [
            [ a, (fun q -> -(profit q a 5.0)) ]
            [ b, (fun q -> -(profit q b 2.0)) ]
            [ c, (fun q -> -(profit q c 2.0)) ]
        ]

    let run =
        chain
        |> Learn.run
            Rule.bestResponse
            {
                Learn.settings with
                    Stop = Stop.UpdateBelow 1e-12
            }
            (Tensor.ofList [ 20.0; 20.0; 10.0 ])

    Assert.True(run.Outcome.IsConverged, run.ToString())
    // Closed form for costs (5, 2, 2) and demand 100; the followers are at their answers from the first step on.
    Check.close 1e-9 [| 43.0; 27.5; 13.75 |] (run.Final.ToArray())
    let q = run.Trajectory[1]
    Check.closeNumber 1e-9 ((98.0 - q[0]) / 2.0) q[1]
    Check.closeNumber 1e-9 ((98.0 - q[0]) / 4.0) q[2]

[<Fact>]
let ``every rule plays a game in single precision`` () =
    let duopoly = TestGames.duopoly.Game
    let single = Game.withPrecision DType.Float32 duopoly

    for rule in Rule.all do
        let final game =
            let run =
                game
                |> Learn.run rule { Learn.settings with Steps = 5 } (Tensor.ofList [ 20.0; 30.0 ])

            Assert.True(run.Outcome.IsOutOfSteps, run.ToString())
            run.Final.ToArray()

        // Single precision has 7 digits, of which a few operations lose one or two.
        Check.close 1e-4 (final duopoly) (final single)

[<Fact>]
let ``no rule's step allocates`` () =
    for rule in Rule.all do
        let learning =
            TestGames.duopoly.Game
            |> Learn.start
                rule
                {
                    Learn.settings with
                        Steps = 10_000
                        RecordEvery = 0
                }
                (Tensor.ofList [ 20.0; 30.0 ])

        let bytes = Allocation.least (fun () -> learning.Advance 200)
        Assert.False(learning.IsFinished, rule.Name)

        if bytes <> 0L then
            Assert.Fail $"{rule.Name}: {bytes} bytes in 200 steps"

// Laws of the derivatives of steps

/// A random general-sum game of two scalar players: Dᵢfᵢ = J x, row by row.
let private linear (j: float[]) =
    Game.twoPlayer "linear" (fun x y -> 0.5 * j[0] * x * x + j[1] * x * y) (fun x y ->
        j[2] * x * y + 0.5 * j[3] * y * y)

/// tr and det of (I − M)/γ, M the derivative of a rule's step at the origin.
let private slopes rule (γ: float) j =
    let map = StepMap(rule, [ Rate.constant γ ], linear j)
    // The maps are affine.
    let M = map.Jacobian(map.At [| 0.0; 0.0 |])
    let a, b, c, d = 1.0 - M[0, 0], -M[0, 1], -M[1, 0], 1.0 - M[1, 1]
    (a + d) / γ, (a * d - b * c) / (γ * γ)

[<Fact>]
let ``what attracts Follow-the-Ridge, double Follow-the-Ridge and symplectic surgery, on random games`` () =
    let entry =
        FsCheck.FSharp.Gen.choose (-300, 300)
        |> FsCheck.FSharp.Gen.map (fun n -> float n / 100.0)

    let games =
        FsCheck.FSharp.Gen.arrayOfLength 4 entry
        |> FsCheck.FSharp.Gen.filter (fun j ->
            abs j[0] > 0.1 && abs j[3] > 0.1 && abs (j[0] * j[3] - j[1] * j[2]) > 0.1)
        |> FsCheck.FSharp.Arb.fromGen

    FsCheck.FSharp.Prop.forAll games (fun j ->
        let same (trace, determinant) (actualTrace, actualDeterminant) =
            // Divisions by entries of 0.1 cost two or three digits of sixteen.
            Check.close 1e-10 [| trace; determinant |] [| actualTrace; actualDeterminant |]

        let schur = j[0] - j[1] * j[2] / j[3]
        // Similar to diag(Schur(J), D₂²f₂), to diag(D₁²f₁, D₂²f₂), and equal to ½ (J + Jᵀ).
        same (schur + j[3], schur * j[3]) (slopes (Rule.followTheRidge Conjecture.none) 0.1 j)
        same (j[0] + j[3], j[0] * j[3]) (slopes Rule.doubleFollowTheRidge 0.1 j)

        // λ grows from 0 at the origin: differences of 1 see it, ξ makes it small.
        let mean = (j[1] + j[2]) / 2.0
        let trace, determinant = slopes (Rule.symplecticSurgery 1e-13) 0.1 j
        Check.close 1e-8 [| j[0] + j[3]; j[0] * j[3] - mean * mean |] [| trace; determinant |])
    |> Law.holds
