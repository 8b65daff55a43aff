module Stackelberg.Dsl.Tests.ConstrainedPointTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Dsl.Tests.Check

let private firm1 = Player.scalar "firm 1"
let private firm2 = Player.scalar "firm 2"

/// The duopoly of arXiv 1906.01217, section 4.1, with a capacity of the follower's.
let private duopoly capacity =
    game "capacity" {
        leader firm1 (fun q -> -(100.0 - q[firm1] - q[firm2] - 5.0) * q[firm1])
        follower firm2 (fun q -> -(100.0 - q[firm1] - q[firm2] - 2.0) * q[firm2])
        subjectTo firm2 "capacity" (fun q -> q[firm2] - capacity)
    }

let private found (result: Result<Report, FindFailure>) =
    match result with
    | Ok report -> report
    | Error failure -> failwith $"{failure}"

let private find concept (start: float list) game =
    game |> Equilibrium.find concept (Tensor.ofList start) |> found

let private yes (verdict: Verdict) = Assert.Equal(Verdict.Yes, verdict)

[<Fact>]
let ``A binding capacity makes the follower's answer constant`` () =
    // max (95 − q1 − 20) q1: q1 = 37.5; the follower would answer 30.25, and its pressure is 98 − q1 − 2 q2 = 20.5.
    let report = duopoly 20.0 |> find Concept.Stackelberg [ 30.0; 10.0 ]
    close 1e-10 [| 37.5; 20.0 |] (report.Point.ToArray())
    yes report.IsDifferentialStackelberg
    let capacity = report.Constraints |> Array.exactlyOne
    Assert.Equal("capacity", capacity.Name)
    Assert.Equal("firm 2", capacity.Player)
    close 1e-10 [| 20.5 |] capacity.Multipliers
    Assert.Equal<int[]>([| 0 |], capacity.Active)
    Assert.Empty capacity.Weak

[<Fact>]
let ``A capacity that does not bind changes nothing`` () =
    let report = duopoly 60.0 |> find Concept.Stackelberg [ 30.0; 10.0 ]
    close 1e-10 [| 46.0; 26.0 |] (report.Point.ToArray())
    yes report.IsDifferentialStackelberg
    close 1e-8 [| 1.0 |] (report.EigenvaluesTotalHessian |> Array.map _.Real)

[<Fact>]
let ``The leader rests on a kink of the follower's answer`` () =
    // f1 = (x − 1)² + y with the answer y = max(0, x): the leader's slopes at x = 0 are −2 and −1 with y ≥ 0 alone; with
    // f1 = x² + 2 x + 3 y they are 2 − 0 > 0 from the right (5) and 2 from the left, and with f1 = −x + 3 y + x² they are −1 and 2.
    let x, y = Player.scalar "x", Player.scalar "y"

    let kinked =
        game "kink" {
            leader x (fun q -> -q[x] + 3.0 * q[y] + q[x] * q[x])
            follower y (fun q -> 0.5 * (q[y] - q[x]) ** 2.0)
            subjectTo y "y ≥ 0" (fun q -> -q[y])
        }

    let report = kinked |> find Concept.Stackelberg [ 0.7; 0.3 ]
    close 1e-9 [| 0.0; 0.0 |] (report.Point.ToArray())
    yes report.IsDifferentialStackelberg
    Assert.Equal<int[]>([| 0 |], report.Constraints[0].Weak)
    Assert.Contains("a kink", string report)

    // Where the slope on one side points down, the kink is no equilibrium.
    let crossed =
        game "no kink" {
            leader x (fun q -> -3.0 * q[x] + 2.0 * q[y] + q[x] * q[x])
            follower y (fun q -> 0.5 * (q[y] - q[x]) ** 2.0)
            subjectTo y "y ≥ 0" (fun q -> -q[y])
        }

    Assert.Equal(Verdict.No, (Equilibrium.classify crossed (Tensor.zeros [ 2 ])).IsDifferentialStackelberg)

[<Fact>]
let ``All points of Bard's example of 1988 are found`` () =
    // Bard 1988, example 1: F = 17 at (1, 0), and a local one, F = 25 at (5, 2).
    let x, y = Player.scalar "x", Player.scalar "y"

    let bard =
        game "Bard 1988, example 1" {
            leader x (fun q -> (q[x] - 5.0) ** 2.0 + (2.0 * q[y] + 1.0) ** 2.0)
            follower y (fun q -> (q[y] - 1.0) ** 2.0 - 1.5 * q[x] * q[y])
            subjectTo x "x ≥ 0" (fun q -> -q[x])

            subjectTo y "polygon" (fun q ->
                Tensor.stack 0 [
                    -3.0 * q[x] + q[y] + 3.0
                    q[x] - 0.5 * q[y] - 4.0
                    q[x] + q[y] - 7.0
                    -q[y]
                ])
        }

    let search =
        bard
        |> Equilibrium.findAllWith
            {
                Equilibrium.search with
                    StartsPerRound = 64
                    QuietRounds = 2
            }
            Concept.Stackelberg
            (Tensor.scalar 0.0, Tensor.scalar 10.0)

    let costs = search.Points |> Array.map (fun report -> report.Costs[0]) |> Array.sort
    close 1e-8 [| 17.0; 25.0 |] costs

[<Fact>]
let ``Rock, paper, scissors on simplices has the uniform point`` () =
    let p, r =
        Player.vector "p" 3 |> Player.simplex, Player.vector "r" 3 |> Player.simplex

    let payoff =
        Tensor.ofArray2D (array2D [ [ 0.0; -1.0; 1.0 ]; [ 1.0; 0.0; -1.0 ]; [ -1.0; 1.0; 0.0 ] ])

    let rps =
        game "rock, paper, scissors" {
            player p (fun q -> Tensor.dot q[p] (Tensor.matmul payoff q[r]))
            player r (fun q -> -(Tensor.dot q[p] (Tensor.matmul payoff q[r])))
        }

    let report = rps |> find Concept.Nash [ 0.5; 0.3; 0.2; 0.2; 0.2; 0.6 ]
    close 1e-10 (Array.create 6 (1.0 / 3.0)) (report.Point.ToArray())
    yes report.IsCriticalOmega
    // Bilinear costs bend nowhere.
    Assert.Equal(Verdict.Undecided, report.IsDifferentialNash)

/// A leader and a follower with random convex quadratic costs, and a polygon for the follower.
let private quadratic (seed: int) n m rows =
    let random stream (shape: int list) =
        let numbers: float[] = Array.zeroCreate (List.fold (*) 1 shape)
        Philox(uint64 seed, stream).FillNormal(numbers, 0, numbers.Length)
        Tensor.reshape shape (Tensor.ofArray numbers)

    let definite stream k =
        let a = random stream [ k; k ]
        Tensor.matmul a (Tensor.transpose a) / float k + Tensor.eye k

    let P, Q, C, D =
        definite 1UL n, definite 2UL m, random 3UL [ m; n ], random 4UL [ n; m ]

    let A, B, b =
        random 5UL [ rows; m ], 0.3 * random 6UL [ rows; n ], 0.5 + abs (random 7UL [ rows ])

    let p, r = random 8UL [ n ], random 9UL [ m ]
    let x, y = Player.vector "x" n, Player.vector "y" m

    let made (scale: float) (unit: float) =
        game "quadratic" {
            leader x (fun q ->
                scale
                * (0.5 * Tensor.dot q[x] (Tensor.matmul P q[x])
                   + Tensor.dot q[x] (Tensor.matmul D q[y])
                   + Tensor.dot p q[x]))

            follower y (fun q ->
                0.5 * Tensor.dot q[y] (Tensor.matmul Q q[y])
                + Tensor.dot q[y] (Tensor.matmul C q[x])
                + Tensor.dot r q[y])

            subjectTo y "polygon" (fun q -> unit * (Tensor.matmul A q[y] + Tensor.matmul B q[x] - b))
        }

    made, (P, Q, C, D, A, B, b, p, r)

[<Fact>]
let ``The answer's derivative and the total curvature are those of the active rows' closed form`` () =
    // y = −Q⁻¹(C x + r + Aᵀλ) on the active rows A y + B x = b: dy/dx from the KKT matrix; total D² = P + D R + (D R)ᵀ.
    let mutable withActive = 0

    for seed in 1..20 do
        let made, (P, Q, C, D, A, B, _, _, _) = quadratic seed 2 3 4
        let game = made 1.0 1.0

        match Equilibrium.find Concept.Stackelberg (Tensor.zeros [ 5 ]) game with
        | Error(FindFailure.RunsAway _)
        | Error(FindFailure.Stuck _) -> ()
        | Error failure -> failwith $"seed {seed}: {failure}"
        | Ok report ->
            let polygon = report.Constraints |> Array.exactlyOne

            if polygon.Weak.Length = 0 && report.IsCriticalOmegaS = Verdict.Yes then
                let k = polygon.Active.Length
                withActive <- withActive + min 1 k
                let some (a: Tensor) = Tensor.gather 0 polygon.Active a

                let matrix, right =
                    if k = 0 then
                        Q, -C
                    else
                        Tensor.concat 0 [
                            Tensor.concat 1 [ Q; Tensor.transpose (some A) ]
                            Tensor.concat 1 [ some A; Tensor.zeros [ k; k ] ]
                        ],
                        Tensor.concat 0 [ -C; -(some B) ]

                let reaction = Tensor.slice 0 0 3 (Tensor.solve matrix right)
                let mixed = Tensor.matmul D reaction
                let total = P + mixed + Tensor.transpose mixed

                let expected = DenseEigenvalues.Symmetric(total.ToArray(), 2)
                close 1e-8 expected (report.EigenvaluesTotalHessian |> Array.map _.Real |> Array.sort)

    Assert.True(withActive >= 5, $"{withActive} of 20 games had active rows")

[<Fact>]
let ``Verdicts do not change with the units of costs and constraints`` () =
    for seed in 1..12 do
        let made, _ = quadratic seed 2 3 4

        match Equilibrium.find Concept.Stackelberg (Tensor.zeros [ 5 ]) (made 1.0 1.0) with
        | Error _ -> ()
        | Ok plain ->
            for scale, unit in [ 1e6, 1.0; 1e-6, 1.0; 1.0, 1e4; 1.0, 1e-4 ] do
                let there = Equilibrium.classify (made scale unit) plain.Point
                Assert.Equal(plain.IsCriticalOmegaS, there.IsCriticalOmegaS)
                Assert.Equal(plain.IsDifferentialStackelberg, there.IsDifferentialStackelberg)
                Assert.Equal<int[]>(plain.Constraints[0].Active, there.Constraints[0].Active)

[<Fact>]
let ``Games without a feasible point or a least cost say so`` () =
    let x, y = Player.scalar "x", Player.scalar "y"

    let infeasible =
        game "infeasible" {
            leader x (fun q -> q[x] * q[x])
            follower y (fun q -> (q[y] - q[x]) ** 2.0)
            subjectTo y "above" (fun q -> 2.0 - q[y])
            subjectTo y "below" (fun q -> q[y] - 1.0)
        }

    match infeasible |> Equilibrium.find Concept.Stackelberg (Tensor.zeros [ 2 ]) with
    | Error(FindFailure.Infeasible(violated, _) as failure) ->
        Assert.Matches("\"(above|below)\" of y is .*, but at most 0 is needed", violated)
        Assert.StartsWith("no feasible point was found", string failure)
    | other -> failwith $"{other}"

    let falling =
        game "falling" {
            player x (fun q -> -q[x])
            subjectTo x "above" (fun q -> -q[x])
        }

    match falling |> Equilibrium.find Concept.Nash (Tensor.ones [ 1 ]) with
    | Error(FindFailure.RunsAway _) -> ()
    | other -> failwith $"{other}"

[<Fact>]
let ``Faults of constraints are told all at once`` () =
    let x, y, stranger = Player.scalar "x", Player.scalar "y", Player.scalar "z"

    let message =
        invalidMessage (fun () ->
            game "faulty" {
                leader x (fun q -> q[x] * q[x])
                follower y (fun q -> q[y] * q[y] + q[x])
                subjectTo stranger "of nobody" (fun q -> q[y])
                subjectTo y "" (fun q -> q[y])
                subjectTo y "twice" (fun q -> q[y])
                subjectTo y "twice" (fun q -> q[y] - 1.0)
            }
            |> ignore)

    Assert.Contains("The constraint \"of nobody\" is for z, who is not a player of this game", message)
    Assert.Contains("A constraint of y has no name", message)
    Assert.Contains("y has two constraints called \"twice\"; rename one.", message)

    let others =
        invalidMessage (fun () ->
            game "faulty" {
                leader x (fun q -> q[x] * q[x])
                follower y (fun q -> q[y] * q[y] + q[x])
                subjectTo y "the leader's" (fun q -> q[x] - 1.0)
                subjectTo y "a matrix" (fun q -> Tensor.reshape [ 1; 1 ] q[y])
            }
            |> ignore)

    Assert.Contains(
        "The constraint \"the leader's\" does not depend on the strategy of y or of anyone below",
        others
    )

    Assert.Contains(
        "The constraint \"a matrix\" of y has shape [1; 1], but a scalar or a vector is needed",
        others
    )

[<Fact>]
let ``A follower's local answer is told from its best one`` () =
    // The answer of (y² − 1)² + 0.2 y near y = 1 is local: the one near −1 costs less.
    let x, y = Player.scalar "x", Player.scalar "y"

    let wells =
        game "two wells" {
            leader x (fun q -> q[x] * q[x] + q[y])
            follower y (fun q -> (q[y] ** 2.0 - 1.0) ** 2.0 + 0.2 * q[y])
        }

    let right = wells |> find Concept.Stackelberg [ 0.0; 1.0 ]
    let local = Equilibrium.globalResponse wells right.Point |> Array.exactlyOne
    Assert.False local.IsBest
    Assert.True(float (Tensor.reshape [] local.Best) < -1.0)
    Assert.Contains("a local answer only", string local)
    let left = wells |> find Concept.Stackelberg [ 0.0; -1.0 ]
    let best = Equilibrium.globalResponse wells left.Point |> Array.exactlyOne
    Assert.True best.IsBest

[<Fact>]
let ``Multipliers that play lead to the constrained point, with the plain and with the augmented Lagrangian``
    ()
    =
    for ρ in [ 0.0; 1.0; 5.0 ] do
        let played = duopoly 20.0 |> Game.withMultipliers ρ
        Assert.Equal("multipliers of capacity of firm 2", played.Players[2].Name)
        Assert.Empty played.Constraints

        for rule in [ Rule.extragradient; Rule.stackelberg Conjecture.bestResponse ] do
            let run =
                played
                |> Learn.run
                    rule
                    {
                        Learn.settings with
                            Steps = 20000
                            Rates = [ Rate.constant 0.02 ]
                    }
                    (Tensor.ofList [ 30.0; 10.0; 0.0 ])

            close 1e-6 [| 37.5; 20.0; 20.5 |] (run.Final.ToArray())

    let refusal =
        argumentMessage (fun () ->
            duopoly 20.0
            |> Learn.run Rule.simultaneous Learn.settings (Tensor.zeros [ 2 ])
            |> ignore)

    Assert.Contains("take Game.withMultipliers 1.0 capacity", refusal)

[<Fact>]
let ``A constrained minimum inside of an expression has the derivatives of its closed form, to order two``
    ()
    =
    let line =
        ConstrainedMinimum.create
            [| 0.0; 0.0 |]
            2
            (fun y p -> 0.5 * Tensor.dot (y - p) (y - p))
            None
            (Some(fun y _ -> Tensor.stack 0 [ Tensor.sum y - 1.0 ]))

    let p = Tensor.ofList [ 1.0; 1.0 ]
    closeTensor 1e-9 (Tensor.ofList [ 0.5; 0.5 ]) (line.Answer p)

    let projection = Tensor.ofArray2D (array2D [ [ 0.5; -0.5 ]; [ -0.5; 0.5 ] ])

    closeTensor 1e-9 projection (Diff.jacobian line.Answer p)
    closeTensor 1e-9 projection (Diff.jit (Diff.jacobian line.Answer) p)

    // min over y of y⁴/4 − p y with y ≤ 1: y = p^(1/3) below 1, and 1 above.
    let capped =
        ConstrainedMinimum.create
            [| 0.5 |]
            1
            (fun y p -> Tensor.sum (y ** 4.0) / 4.0 - Tensor.dot p y)
            (Some(fun y _ -> y - 1.0))
            None

    let answer (p: Tensor) =
        capped.Answer(Tensor.reshape [ 1 ] p) |> Tensor.sum

    for value in [ 0.2; 0.5; 0.9 ] do
        let p = Tensor.scalar value
        closeNumber 1e-8 (value ** (1.0 / 3.0)) (float (answer p))
        closeNumber 1e-8 (value ** (-2.0 / 3.0) / 3.0) (float (Diff.diff answer p))
        closeNumber 1e-7 (-2.0 / 9.0 * value ** (-5.0 / 3.0)) (float (Diff.diff2 answer p))

    closeNumber 1e-8 1.0 (float (answer (Tensor.scalar 3.0)))
    closeNumber 1e-8 0.0 (float (Diff.diff answer (Tensor.scalar 3.0)))

[<Fact>]
let ``A constrained minimum without an answer says which constraint is in the way`` () =
    let none =
        ConstrainedMinimum.create
            [| 0.0 |]
            1
            (fun y p -> Tensor.dot (y - p) (y - p))
            (Some(fun y p -> Tensor.concat 0 [ y - 1.0; 2.0 + p - y ]))
            None

    let message =
        argumentMessage (fun () -> none.Answer(Tensor.ofList [ 0.0 ]) |> ignore)

    Assert.Matches(
        "leave no answer that meets all constraints: entry [01] of the inequalities stays .* away",
        message
    )

    let falling =
        ConstrainedMinimum.create [| 0.0 |] 1 (fun y p -> -(Tensor.dot y p)) (Some(fun y _ -> -y)) None

    Assert.Contains(
        "a cost that falls without an end",
        argumentMessage (fun () -> falling.Answer(Tensor.ofList [ 1.0 ]) |> ignore)
    )

[<Fact>]
let ``A lasso with its parts in a box is found from 0.1`` () =
    // w = u − v with u, v in [0, 10]; the curvature along u + v is 1e-6 alone. One feature is in: (a₁ᵀb − λ) / (a₁ᵀa₁ + 1e-6).
    let λ, parts =
        Player.scalar "λ", Player.vector "u and v" 4 |> Player.bounded 0.0 10.0

    let features =
        Tensor.ofArray2D (array2D [ [ 1.0; 0.2 ]; [ 0.3; 1.0 ]; [ 0.5; -0.4 ] ])

    let lasso =
        game "lasso" {
            leader λ (fun q -> (q[λ] - 0.5) ** 2.0 + 0.0 * Tensor.sum q[parts])

            follower parts (fun q ->
                let w = Tensor.slice 0 0 2 q[parts] - Tensor.slice 0 2 2 q[parts]
                let left = Tensor.matmul features w - Tensor.ofList [ 1.0; 0.1; 0.4 ]

                0.5 * Tensor.dot left left
                + q[λ] * Tensor.sum q[parts]
                + 0.5e-6 * Tensor.dot q[parts] q[parts])
        }

    let report = lasso |> find Concept.Stackelberg [ 0.1; 0.1; 0.1; 0.1; 0.1 ]
    close 1e-9 [| 0.5; 0.73 / 1.340001; 0.0; 0.0; 0.0 |] (report.Point.ToArray())
    yes report.IsDifferentialStackelberg

[<Fact>]
let ``A leader's multiplier through the answer is what its least cost falls by`` () =
    // f1 = (x − 2)² + y with the answer y = x and x ≤ b: 2 (x − 2) + 1 + μ = 0, so that μ = 3 − 2 b; alone it is 4 − 2 b.
    let x, y = Player.scalar "x", Player.scalar "y"

    let limited limit =
        game "limited" {
            leader x (fun q -> (q[x] - 2.0) ** 2.0 + q[y])
            follower y (fun q -> (q[y] - q[x]) ** 2.0)
            subjectTo x "limit" (fun q -> q[x] - limit)
        }

    let report = limited 1.0 |> find Concept.Stackelberg [ 0.0; 0.0 ]
    let limit = report.Constraints |> Array.exactlyOne
    close 1e-9 [| 2.0 |] limit.Multipliers
    close 1e-9 [| 1.0 |] limit.TotalMultipliers
    Assert.Contains("limit of x: multiplier 2; through the followers' answer 1", string report)
    let less = limited 1.001 |> find Concept.Stackelberg [ 0.0; 0.0 ]
    closeNumber 2e-3 1.0 ((report.Costs[0] - less.Costs[0]) / 0.001)

/// The electricity market of games/electricity.fsx with a generator kept out: its answer has a kink at the leader's point.
[<Fact>]
let ``what is judged at a kink does not hang on rounding of a strategy that is zero`` () =
    let limited name =
        Player.scalar name |> Player.bounded 0.0 infinity

    let large, near, dear = limited "large", limited "near", limited "dear"
    let price (q: Strategies) = 100.0 - q[large] - q[near] - q[dear]

    let market =
        game "market" {
            leader large (fun q -> -(price q - 10.0) * q[large])
            follower near (fun q -> -(price q - 20.0) * q[near])
            follower dear (fun q -> -(price q - 45.0) * q[dear])
            subjectTo near "capacity" (fun q -> q[near] - 10.0)
        }

    for off in [ 0.0; 1e-300; 1e-16; 1.3e-14; 1e-10 ] do
        let report = Equilibrium.classify market (Tensor.ofList [ 45.0; 10.0; off ])
        Assert.Equal(Verdict.Yes, report.IsCriticalOmegaS)
        Assert.Equal(Verdict.Yes, report.IsDifferentialStackelberg)
