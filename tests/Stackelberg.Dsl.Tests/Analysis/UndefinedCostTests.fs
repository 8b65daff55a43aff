module Stackelberg.Dsl.Tests.UndefinedCostTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

/// A leader's cost that is no finite number at 0, where its derivatives are finite and say minimum, or are not finite
/// either; and what it is there.
let private costs: (string * (Tensor -> Tensor) * string) list = [
    "log of a negative", (fun x -> log (-1.0 - x * x)), "NaN"
    "sqrt of a negative", (fun x -> x * x + sqrt (x - 1.0)), "NaN"
    "0/0", (fun x -> x * x + 0.0 * x / (x * x)), "NaN"
    "a power of a negative", (fun x -> x * x + (x - 2.0) ** 0.5), "NaN"
    "a constant NaN", (fun x -> x * x + nan), "NaN"
    "an infinite constant", (fun x -> x * x + infinity), "Infinity"
    "minus an infinite constant", (fun x -> x * x - infinity), "-Infinity"
    "a pole", (fun x -> x * x + 1.0 / (x * x)), "Infinity"
    "log 0", (fun x -> x * x + log (x * x)), "-Infinity"
    "infinity less infinity", (fun x -> x * x + (infinity - exp (x + 1e3))), "NaN"
]

let private leads name cost =
    Game.twoPlayer name (fun x _ -> cost x) (fun _ y -> y * y)

let private follows name cost =
    Game.twoPlayer name (fun x _ -> x * x) (fun _ y -> cost y)

let private plays name cost =
    let x, y = Player.scalar "x1", Player.scalar "x2"
    Game.simultaneous name [ (x, (fun q -> cost q[x])); (y, (fun q -> q[y] * q[y])) ]

let private all = [
    for name, cost, value in costs do
        leads name cost, 1, value
        follows name cost, 2, value
        plays name cost, 1, value
]

let private zero = Tensor.ofList [ 0.0; 0.0 ]

let private verdicts (report: Report) = [
    report.IsCriticalOmega
    report.IsCriticalOmegaS
    report.IsDifferentialNash
    report.IsDifferentialStackelberg
    report.IsStableSimgrad
    report.IsStableStackelberg
]

let private needUndecided (game: Game) (player: int) value (verdicts: Verdict list) (doubts: Doubt[]) =
    for verdict in verdicts do
        Assert.True((verdict = Verdict.Undecided), $"{game.Name}: {verdict}")

    Assert.NotEmpty doubts

    for doubt in doubts do
        Assert.Equal($"the cost of x{player} is {value} there", doubt.Of)

[<Fact>]
let ``where a cost is no finite number every verdict is undecided, and the reason names the player and the value``
    ()
    =
    for game, player, value in all do
        let report = Equilibrium.classify game zero
        needUndecided game player value (verdicts report) report.Doubts
        Assert.Equal(Verdict.Undecided, Known.verdict Trait.DifferentialNash report)

[<Fact>]
let ``without matrices it is the same`` () =
    for game, player, value in all do
        let report = Equilibrium.classifyLarge game zero

        needUndecided
            game
            player
            value
            [
                report.IsCriticalOmega
                report.IsCriticalOmegaS
                report.IsDifferentialNash
                report.IsStableSimgrad
                report.IsStableStackelberg
            ]
            report.Doubts

[<Fact>]
let ``with raised curvature it is the same`` () =
    for name, cost, value in costs do
        let game = leads name cost
        let report = Equilibrium.classifyRegularized 1.0 game zero

        needUndecided
            game
            1
            value
            [
                report.IsCritical
                report.IsStable
                report.IsPrintedTestMet
                report.IsTrueTestMet
                report.IsDifferentialStackelberg
            ]
            report.Doubts

/// Its derivatives are finite, so that searches and runs come to it.
let private logOfNegative () =
    leads "log" (fun x -> log (-1.0 - x * x))

[<Fact>]
let ``searches that come to such a point call it undecided`` () =
    let game = logOfNegative ()

    for concept in [ Concept.Nash; Concept.Stackelberg ] do
        for find in [ Equilibrium.find; Equilibrium.refine ] do
            match find concept (Tensor.ofList [ 0.1; 0.2 ]) game with
            | Ok report -> needUndecided game 1 "NaN" (verdicts report) report.Doubts
            | Error failure -> Assert.Fail $"{failure}"

        let box = Tensor.ofList [ -2.0; -2.0 ], Tensor.ofList [ 2.0; 2.0 ]
        let found = Equilibrium.findAll concept box game
        let report = Assert.Single found.Points
        needUndecided game 1 "NaN" (verdicts report) report.Doubts
        Assert.Contains("undecided: the cost of x1 is NaN there", string found)
        Assert.DoesNotContain("attractor", string found)

[<Fact>]
let ``runs that come to such a point say so, and a comparison's rows do`` () =
    let game = logOfNegative ()
    let start = Tensor.ofList [ 0.1; 0.2 ]

    let run =
        game
        |> Learn.run
            (Rule.stackelberg Conjecture.bestResponse)
            {
                Learn.settings with
                    Rates = [ Rate.constant 0.1 ]
                    Stop = Stop.UpdateBelow 1e-12
            }
            start

    needUndecided game 1 "NaN" (verdicts run.Report) run.Report.Doubts
    Assert.Contains("a point of undecided kind: the cost of x1 is NaN there", string run)

    for row in
        Comparison.run
            {
                Comparison.settings with
                    Rules = Rule.all[..3]
                    Steps = 2000
            }
            start
            game do
        if row.Ending = RuleEnding.Converged then
            Assert.Equal("undecided", row.Kind)

[<Fact>]
let ``a run without a report says so as well`` () =
    let n = 60
    let x, y = Player.vector "x" n, Player.scalar "y"

    let game =
        Game.simultaneous "many" [ (x, (fun q -> Tensor.dot q[x] q[x] + nan)); (y, (fun q -> q[y] * q[y])) ]

    let run =
        game
        |> Learn.run Rule.simultaneous { Learn.settings with Steps = 10 } (Tensor.ones [ n + 1 ])

    Assert.Null run.Report
    Assert.Contains("; the cost of x is NaN there", string run)

[<Fact>]
let ``critical ratio, potential, step sizes, zero sums and the leader's advantage have no answer there`` () =
    let game = logOfNegative ()
    let ratio = Equilibrium.criticalRatio game zero
    Assert.Equal(Verdict.Undecided, ratio.IsFinite)
    Assert.Equal("the cost of x1 is NaN there", ratio.Reason)
    Assert.Equal(Verdict.Undecided, (Equilibrium.potential 0.1 game zero).IsPotential)

    let sizes =
        Check.argumentMessage (fun () -> StepSizes.ofGame Concept.Nash zero game |> ignore)

    Assert.Contains("the cost of x1 is NaN there", sizes)
    let zeroSum = Game.zeroSum "log" (fun x y -> log (-1.0 - x * x) - y * y)

    Assert.Contains(
        "is not zero-sum",
        Check.argumentMessage (fun () -> Equilibrium.zeroSumCondition zeroSum zero |> ignore)
    )

    match Equilibrium.leaderAdvantage (Tensor.ofList [ 0.1; 0.2 ]) game with
    | Ok advantage ->
        Assert.Equal(Leadership.Undecided, advantage.Leadership)
        Assert.Contains("a cost is not finite", string advantage)
    | Error failure -> Assert.Fail $"{failure}"

[<Fact>]
let ``a cost that is finite at the point is judged, whatever it is beside it`` () =
    // x log x − x: NaN below 0, its minimum at 1.
    let game = leads "entropy" (fun x -> x * log x - x)
    let report = Equilibrium.classify game (Tensor.ofList [ 1.0; 0.0 ])
    Assert.Equal(Verdict.Yes, report.IsDifferentialNash)
    Assert.Empty report.Doubts
