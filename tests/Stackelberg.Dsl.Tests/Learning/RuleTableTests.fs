/// All rules on the games with known outcome: which converge, to what, and how fast against the derivative of the rule's
/// own step.
module Stackelberg.Dsl.Tests.RuleTableTests

open Stackelberg
open Stackelberg.Dsl.Tests.TestGames
open Xunit

/// A game, where all its runs begin, at which rate, its known equilibria, and how the runs that do not end at the Nash point
/// end, by the rule's name.
type private Row = {
    Game: Game
    Start: float[]
    Rate: float
    Nash: float[]
    Stackelberg: float[]
    /// Rules whose fixed point is the Stackelberg equilibrium.
    Leading: string list
    /// Rules with fixed points of their own.
    Elsewhere: string list
    /// Rules that do not converge.
    Not: string list
}

let private stackelberg, ridge =
    "stackelberg (bestResponse)", "follow-the-ridge (bestResponse)"

/// Rules whose fixed points are neither ω = 0 nor ω_S = 0 in general-sum games.
let private ownPoints = [
    "stackelberg (regularized 1)"
    "implicit conjectures (bestResponse)"
    "stackelberg (gradientStep 0.1)"
    "LOLA 0.1"
    "LOLA at the moved point 0.1"
    "stackelberg (unrolled 5 0.1)"
    "first-order LOLA 0.1"
    "DARTS 0.1"
    "DARTS by differences 0.1"
    "fully first-order 10 (5 inner steps)"
]

let private penalty = "penalty 10 (10 inner steps of 0.1)"

/// Rules that come nearer as 1/k, not by a factor a step.
let private sublinear = [
    "Halpern's simultaneous"
    "extra anchored gradient"
    "uniform average of simultaneous"
]

let private bome, barrier =
    "BOME 0.5 (10 inner steps of 0.1)", "dynamic barrier 0.5 (10 inner steps of 0.1)"

/// Their direction jumps where the follower's gap is 0 and the leader's gradient is not: at constant rates they go around.
let private jumping = [ bome; barrier ]
let private origin = [| 0.0; 0.0 |]

let private rows = [
    {
        Game = duopoly.Game
        Start = [| 20.0; 20.0 |]
        Rate = 0.1
        Nash = [| 92.0 / 3.0; 101.0 / 3.0 |]
        Stackelberg = [| 46.0; 26.0 |]
        Leading = [ stackelberg; "best response"; ridge ]
        Elsewhere = ownPoints
        // f1 + λ (f2 − v) is not bounded below.
        Not = penalty :: jumping @ sublinear
    }
    {
        Game = torus.Game
        Start = [| -0.6; 1.2 |]
        Rate = 0.1
        Nash = [| -0.7833061253964111; 1.1822813210982472 |]
        Stackelberg = [| -0.5252279507149731; 1.2464644148932447 |]
        Leading = [ stackelberg; "best response"; ridge ]
        Elsewhere = penalty :: ownPoints
        Not = jumping @ sublinear
    }
    {
        Game = (polynomial 0.15 0.25).Game
        Start = [| 12.0; -5.0 |]
        Rate = 0.05
        Nash = [| 12.188575649030788; -5.423167761844848 |]
        Stackelberg = [| 12.188575649030788; -5.423167761844848 |]
        Leading = []
        Elsewhere = []
        // Far away the costs are flat: the penalty method drifts.
        Not = penalty :: barrier :: sublinear
    }
    {
        Game = (bimatrix 1.0).Game
        Start = [| -0.4; -0.2 |]
        Rate = 0.02
        Nash = [| -0.42478683905264814; -0.38634926063061376 |]
        Stackelberg = [| -0.4144303593172676; -0.16065497828396003 |]
        Leading = [ stackelberg ]
        // Surgery rests where Jᵀ (JᵀJ + λ I)⁻¹ Jᵀ ω = −ω, too.
        Elsewhere = penalty :: "local symplectic surgery 0.0001" :: ownPoints
        // With an answer that is exact the leader's step sees D²f1 = 179.5: 1 − 0.02 · 179.5 is beyond −1.
        Not = "best response" :: ridge :: jumping @ sublinear
    }
    {
        // The origin is a Stackelberg, not a Nash equilibrium.
        Game = TestGames.ridge 1
        Start = [| 0.5; 0.7 |]
        Rate = 0.05
        Nash = origin
        Stackelberg = origin
        Leading = []
        Elsewhere = []
        Not = [
            "simultaneous"
            "alternating"
            "extragradient"
            "optimistic"
            "momentum -0.2"
            "alternating with momentum -0.2"
            "proximal point"
            "competitive gradient descent"
            "implicit conjectures (bestResponse)"
            "stackelberg (gradientStep 0.1)"
            "LOLA 0.1"
            "look-ahead 0.1"
            // Its p = ‖ω‖² makes the step jump at ‖ω‖ = b, around which it goes.
            "stable opponent shaping 0.1"
            "double follow-the-ridge"
            "aligned symplectic adjustment 1"
            "local symplectic surgery 0.0001"
            penalty
            "first-order look-ahead 0.1"
            "extrapolation from the past"
            "Nesterov's momentum 0.2"
            "exponential average 0.99 of simultaneous"
            "DARTS 0.1"
            "DARTS by differences 0.1"
            yield! sublinear
        ]
    }
    {
        // The origin is no Stackelberg equilibrium, but attracts simultaneous play.
        Game = TestGames.ridge 2
        Start = [| 0.5; 0.7 |]
        Rate = 0.05
        Nash = origin
        Stackelberg = origin
        Leading = []
        Elsewhere = []
        Not = [
            stackelberg
            "stackelberg (regularized 1)"
            "two-timescale 4 simultaneous"
            "best response"
            "implicit conjectures (bestResponse)"
            "stackelberg (unrolled 5 0.1)"
            "follow-the-ridge (none)"
            ridge
            "double follow-the-ridge"
            "local symplectic surgery 0.0001"
            penalty
            "fully first-order 10 (5 inner steps)"
            yield! jumping
            yield! sublinear
        ]
    }
]

/// Steps that the slowest rule needs: two-timescale play on the bimatrix game contracts by 0.99901 a step.
let private limit = 25000

let private follow rule row steps =
    row.Game
    |> Learn.run
        rule
        {
            Learn.settings with
                Steps = steps
                Rates = [ Rate.constant row.Rate ]
                Stop = Stop.UpdateBelow 1e-13
        }
        (Tensor.ofArray row.Start)

let private distance (a: float[]) (b: float[]) =
    sqrt (Array.fold2 (fun sum x y -> sum + (x - y) * (x - y)) 0.0 a b)

/// The contraction factor of a run, and over how many steps: of its distances from its end between 1e-4 and 1e-10, by least squares of
/// their logarithms, so that a turning run's ups and downs cancel.
let private measured (fixedPoint: float[]) (run: Run) =
    let distances = run.Trajectory |> Array.map (distance fixedPoint)
    let first = distances |> Array.findIndex (fun error -> error < 1e-4)
    let last = distances |> Array.findIndex (fun error -> error < 1e-10)

    let logs = distances[first..last] |> Array.mapi (fun k error -> float k, log error)

    let mean f = logs |> Array.averageBy f
    let k, l = mean fst, mean snd

    let slope =
        mean (fun (i, error) -> (i - k) * (error - l))
        / mean (fun (i, _) -> (i - k) * (i - k))

    exp slope, last - first

[<Fact>]
let ``every rule on every game: whether it converges, to what, and as fast as its step's derivative says``
    ()
    =
    for row in rows do
        for rule in Rule.all |> Array.filter (fun rule -> rule.Preconditioners.Length = 0) do
            let say problem =
                Assert.Fail $"{row.Game.Name}, {rule.Name}: {problem}"

            let run = follow rule row limit
            let last = run.Final.ToArray()
            let map = StepMap(rule, [ Rate.constant row.Rate ], row.Game)

            if List.contains rule.Name row.Not then
                if run.Outcome.IsConverged then
                    say $"{run}, but it should not converge"
            else
                // Where the run ends, one step from there, is the fixed point to its last digits.
                if distance last (Array.truncate last.Length (map.Apply(map.At last))) > 1e-10 then
                    say $"{run} is no fixed point"

                let known =
                    if List.contains rule.Name row.Leading then row.Stackelberg
                    elif List.contains rule.Name row.Elsewhere then last
                    else row.Nash

                // A run that stops at updates of 1e-13 and contracts by 0.999 is 1e-10 from its end.
                if distance last known > 1e-8 then
                    say $"{run} is not at ({known[0]}, {known[1]})"

                if
                    List.contains rule.Name row.Elsewhere
                    && min (distance last row.Nash) (distance last row.Stackelberg) < 1e-4
                then
                    say $"{run} is a known equilibrium, but should not be"

                let ρ = map.SpectralRadius(last)
                let factor, steps = measured last run

                // Within 1 %, and what is left of a turn in the few steps of the fastest rules.
                if not (abs (factor - ρ) <= (0.01 + 0.2 / float steps) * ρ) then
                    say $"contracts by {factor}, but the derivative of its step has spectral radius {ρ}"

[<Fact>]
let ``a rule that does not converge has a step that does not contract at the equilibrium`` () =
    // Two contract there, but not from where their runs begin: near it ε gives alignment its positive sign, p is 0.
    let localAttractions = [ "stable opponent shaping 0.1"; "aligned symplectic adjustment 1" ]

    for row in rows |> List.filter (fun row -> row.Game.Name.StartsWith "ridge") do
        for rule in Rule.all do
            if
                List.contains rule.Name row.Not
                && not (List.contains rule.Name localAttractions)
                && not (List.contains rule.Name sublinear)
                && isNull (rule.Refuses row.Game)
            then
                let ρ =
                    try
                        StepMap(rule, [ Rate.constant row.Rate ], row.Game).SpectralRadius(origin)
                    with :? System.InvalidOperationException when rule.Name = "best response" ->
                        // The follower has no best answer.
                        infinity

                if ρ < 1.0 then
                    Assert.Fail $"{row.Game.Name}, {rule.Name}: spectral radius {ρ}"
