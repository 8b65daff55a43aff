module Stackelberg.Dsl.Tests.EquilibriumTests

open System
open System.Numerics
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.Reference
open Stackelberg.Dsl.Tests.TestGames
open Xunit

let private tensorOf (x1, x2) = Tensor.ofList [ x1; x2 ]

let private sorted (values: (float * float)[]) =
    values |> Array.sort |> Array.collect (fun (re, im) -> [| re; im |])

let private parts (values: Complex[]) =
    values |> Array.map (fun value -> value.Real, value.Imaginary) |> sorted

let private verdictOf kind (row: CriticalPoints.CriticalPoint) =
    if List.contains kind row.Kinds then
        Verdict.Yes
    else
        Verdict.No

/// The reference prints double eigenvalues of defective matrices with errors of 5e-8.
let private spectrumTolerance (row: CriticalPoints.CriticalPoint) =
    if row.Game.StartsWith "ridge" then 1e-7 else 1e-9

[<Fact>]
let ``every critical point of the published games has the reference's derivatives, spectra and kind`` () =
    for row in CriticalPoints.all do
        let report = Equilibrium.classify (named row.Game) (tensorOf row.Point)
        Check.closeNumber 1e-9 row.D11f1 report.PlayerHessians[0].[0, 0]
        Check.closeNumber 1e-9 row.D22f2 report.PlayerHessians[1].[0, 0]
        Check.closeNumber 1e-9 row.SchurJ report.SchurJ[0, 0]
        Check.closeNumber 1e-9 row.TotalHessian report.TotalHessian[0, 0]
        Check.close (spectrumTolerance row) (sorted row.EigenvaluesJ) (parts report.EigenvaluesJ)
        Check.close (spectrumTolerance row) (sorted row.EigenvaluesJS) (parts report.EigenvaluesJS)

        let both =
            row.Game.StartsWith "polynomial"
            || row.Game.StartsWith "ridge"
            || row.Game = "bimatrix 0"

        let isVertexOfTorus =
            row.Game = "torus"
            && abs (fst row.Point) > 0.0
            && abs row.D22f2 <> 1.3
            && row.Kinds.IsEmpty

        if row.Concept = Concept.Nash || both || isVertexOfTorus then
            Assert.Equal(Verdict.Yes, report.IsCriticalOmega)
            // Two points of the torus have D11 f1 = 0: whether they are differential Nash is open.
            let expected =
                if row.Game = "torus" && abs row.D11f1 < 1e-12 then
                    Verdict.Undecided
                else
                    verdictOf "DNE" row

            Assert.Equal(expected, report.IsDifferentialNash)
            Assert.Equal(verdictOf "simgrad" row, report.IsStableSimgrad)
        else
            Assert.Equal(Verdict.No, report.IsCriticalOmega)
            Assert.Equal(Verdict.No, report.IsDifferentialNash)
            Assert.Equal(Verdict.No, report.IsStableSimgrad)

        if row.Concept = Concept.Stackelberg || both || isVertexOfTorus then
            Assert.Equal(Verdict.Yes, report.IsCriticalOmegaS)
            Assert.Equal(verdictOf "DSE" row, report.IsDifferentialStackelberg)
            Assert.Equal(verdictOf "stack" row, report.IsStableStackelberg)
        else
            Assert.Equal(Verdict.No, report.IsCriticalOmegaS)
            Assert.Equal(Verdict.No, report.IsDifferentialStackelberg)
            Assert.Equal(Verdict.No, report.IsStableStackelberg)

[<Fact>]
let ``Newton steps find every critical point from twenty random starts around it`` () =
    let random = Random 5

    for row in CriticalPoints.all do
        // The bimatrix game's Stackelberg field has poles nearby.
        let distance = if row.Game.StartsWith "bimatrix" then 0.1 else 0.3
        let game = named row.Game

        for _ in 1..20 do
            let angle = 2.0 * Math.PI * random.NextDouble()

            let start =
                tensorOf (fst row.Point + distance * cos angle, snd row.Point + distance * sin angle)

            match game |> Equilibrium.find row.Concept start with
            | Ok report ->
                Check.close 1e-10 [| fst row.Point; snd row.Point |] (report.Point.ToArray())

                Assert.InRange(
                    (if row.Concept = Concept.Nash then
                         report.ResidualOmega
                     else
                         report.ResidualOmegaS),
                    0.0,
                    1e-11
                )
            | Error failure -> Assert.Fail $"{row.Game} {row.Point} from {start}: {failure}"

[<Fact>]
let ``the covariance game's equilibria are found, undecided for their rotations`` () =
    for d in [ 3; 9 ] do
        let known = randomCovariance (40 + d) d
        let n = d * d
        // Near an equilibrium: V the Cholesky factor of Σ, disturbed.
        let factor =
            (MathNet.Numerics.LinearAlgebra.Matrix<float>.Build.DenseOfRowMajor(d, d, known.Sigma.ToArray()))
                .Cholesky()
                .Factor

        let v = Tensor.ofArray2D (factor.ToArray()) + 0.05 * normalMatrix 41 d d

        let start =
            Game.joint known.Game [ known.V, v; known.W, 0.05 * normalMatrix 42 d d ]

        for concept in [ Concept.Nash; Concept.Stackelberg ] do
            match known.Game |> Equilibrium.find concept start with
            | Error failure -> Assert.Fail $"{failure}"
            | Ok report ->
                let v = (Game.strategies known.Game report.Point).[known.V]
                let w = (Game.strategies known.Game report.Point).[known.W]
                Check.close 1e-10 (known.Sigma.ToArray()) ((Tensor.matmul v v.T).ToArray())
                Check.close 1e-9 (Array.zeroCreate n) (w.ToArray())
                Assert.Equal(d * (d - 1) / 2, report.ZeroModesJ)
                Assert.Equal(d * (d - 1) / 2, report.ZeroModesJS)
                Assert.Equal(Verdict.Yes, report.IsCriticalOmega)
                Assert.Equal(Verdict.Yes, report.IsCriticalOmegaS)
                Assert.Equal(Verdict.Undecided, report.IsDifferentialNash)
                Assert.Equal(Verdict.Undecided, report.IsDifferentialStackelberg)
                Assert.Equal(Verdict.Undecided, report.IsStableSimgrad)
                Assert.Equal(Verdict.Undecided, report.IsStableStackelberg)

                // Bᵀ B / λ and 2 Bᵀ B / λ for B: v ↦ v Vᵀ + V vᵀ.
                let schur, total =
                    Tensor.ofArray2D report.SchurJ, Tensor.ofArray2D report.TotalHessian

                Check.closeTensor 1e-9 (2.0 * schur) total

[<Fact>]
let ``the published covariance game of dimension 25 is solved from a disturbed equilibrium in a few steps``
    ()
    =
    let d = 25
    let known = randomCovariance 65 d
    let disturbed = normalMatrix 65 d d + 0.05 * normalMatrix 66 d d

    let start =
        Game.joint known.Game [ known.V, disturbed; known.W, 0.05 * normalMatrix 67 d d ]

    match known.Game |> Equilibrium.find Concept.Stackelberg start with
    | Error failure -> Assert.Fail $"{failure}"
    | Ok report ->
        let q = Game.strategies known.Game report.Point
        let size (t: Tensor) = sqrt (float (Tensor.sum (t * t)))
        Assert.InRange(size (Tensor.matmul q[known.V] q[known.V].T - known.Sigma), 0.0, 1e-10)
        Assert.InRange(size q[known.W], 0.0, 1e-10)
        Assert.Equal(d * (d - 1) / 2, report.ZeroModesJ)
        Assert.Equal(d * (d - 1) / 2, report.ZeroModesJS)
        Assert.Equal(Verdict.Undecided, report.IsDifferentialNash)
        Assert.Equal(Verdict.Undecided, report.IsDifferentialStackelberg)
        Assert.Equal(Verdict.Undecided, report.IsStableStackelberg)

[<Fact>]
let ``the covariance spectra of the reference`` () =
    let matrix = Tensor.ofArray2D

    let known =
        covariance (Tensor.matmul (matrix CovarianceStart.u) (matrix CovarianceStart.u).T)
    // V = U is a root of Σ, and the spectra are those of every root.
    let x =
        Game.joint known.Game [ known.V, matrix CovarianceStart.u; known.W, Tensor.zeros [ 3; 3 ] ]

    let report = Equilibrium.classify known.Game x

    Check.close
        1e-8
        (Array.concat [
            Array.zeroCreate 3
            [| 2.04354167; 8.93267342; 15.82180517; 40.85780702; 47.74693877; 79.67207236 |]
        ])
        (report.EigenvaluesSchurJ |> Array.map _.Real)

    Check.close
        1e-8
        (Array.concat [
            Array.zeroCreate 3
            [|
                0.6
                0.6
                0.6
                1.20924703
                1.2156756
                1.21844292
                1.25153803
                1.30241443
                1.32177084
                1.32177084
            |]
            [| 8.23025899; 15.17026715; 40.23936409; 47.13126317; 79.06282533 |]
        ])
        (report.EigenvaluesJS |> Array.map _.Real)

    Check.closeNumber 1e-8 0.83974512 (report.EigenvaluesJS |> Array.map _.Imaginary |> Array.max)
    Check.closeNumber 1e-8 6.90747736 (report.EigenvaluesJ |> Array.map _.Imaginary |> Array.max)

[<Fact>]
let ``a point that is not critical is nothing`` () =
    let report = Equilibrium.classify duopoly.Game (Tensor.ofList [ 40.0; 20.0 ])
    Assert.Equal(Verdict.No, report.IsCriticalOmega)
    Assert.Equal(Verdict.No, report.IsDifferentialNash)
    Assert.Equal(Verdict.No, report.IsDifferentialStackelberg)
    Assert.Equal(Verdict.No, report.IsStableSimgrad)
    Assert.Equal(Verdict.No, report.IsStableStackelberg)

[<Fact>]
let ``two followers must be stable in their own game, whatever their own curvatures`` () =
    let a, b, c = Player.scalar "a", Player.scalar "b", Player.scalar "c"

    let followers coupling =
        game "followers" {
            leader a (fun q -> q[a] * q[a])
            follower b (fun q -> q[b] * q[b] + coupling * q[b] * q[c])
            follower c (fun q -> q[c] * q[c] + coupling * q[b] * q[c])
        }

    let report coupling =
        Equilibrium.classify (followers coupling) (Tensor.zeros [ 3 ])

    Assert.Equal(Verdict.Yes, (report 1.0).IsDifferentialStackelberg)
    Assert.Equal(Verdict.Undecided, (report 2.0).IsDifferentialStackelberg)
    Assert.Equal(Verdict.No, (report 3.0).IsDifferentialStackelberg)
    // Nash asks for each player's own curvature only.
    Assert.Equal(Verdict.Yes, (report 3.0).IsDifferentialNash)
    Assert.Equal(Verdict.No, (report 3.0).IsStableSimgrad)

[<Fact>]
let ``in a chain every level is tested along the reactions below it`` () =
    let a, b, c = Player.scalar "a", Player.scalar "b", Player.scalar "c"

    // c answers b by −k b, so the middle player minimises b² (1 − k²) along that reaction.
    let chain k =
        game "chain" {
            leader a (fun q -> q[a] * q[a] + q[a] * q[b])
            follower b (fun q -> q[b] * q[b] + k * q[b] * q[c])
            level
            follower c (fun q -> 0.5 * q[c] * q[c] + k * q[b] * q[c])
        }

    let report k =
        Equilibrium.classify (chain k) (Tensor.zeros [ 3 ])

    Assert.Equal(Verdict.Yes, (report 0.5).IsDifferentialStackelberg)
    Assert.Equal(Verdict.Undecided, (report 1.0).IsDifferentialStackelberg)
    Assert.Equal(Verdict.No, (report 2.0).IsDifferentialStackelberg)
    Check.closeNumber 1e-12 2.0 (report 0.5).TotalHessian[0, 0]

[<Fact>]
let ``a game of one level has its Nash points as Stackelberg points`` () =
    let a, b = Player.scalar "a", Player.scalar "b"

    let peers =
        Game.simultaneous "peers" [
            a, (fun q -> q[a] * q[a] + 3.0 * q[a] * q[b])
            b, (fun q -> q[b] * q[b] + 3.0 * q[a] * q[b])
        ]

    let report = Equilibrium.classify peers (Tensor.zeros [ 2 ])
    Assert.Equal(Verdict.Yes, report.IsDifferentialNash)
    Assert.Equal(Verdict.Yes, report.IsDifferentialStackelberg)
    Assert.Equal(Verdict.No, report.IsStableSimgrad)
    Assert.Equal(Verdict.No, report.IsStableStackelberg)

let private capacity bound =
    let a, b = Player.scalar "a", Player.scalar "b" |> Player.bounded 0.0 bound

    game "capacity" {
        leader a (fun q -> -(95.0 - q[a] - q[b]) * q[a])
        follower b (fun q -> -(98.0 - q[a] - q[b]) * q[b])
    }

[<Fact>]
let ``in a box a held follower does not react, and the tests act on the free entries`` () =
    let report = Equilibrium.classify (capacity 20.0) (Tensor.ofList [ 37.5; 20.0 ])
    Assert.Equal(Verdict.Yes, report.IsCriticalOmegaS)
    Assert.Equal(Verdict.Yes, report.IsDifferentialStackelberg)
    Assert.Equal(Verdict.Yes, report.IsStableStackelberg)
    // Without reaction the leader's and the Nash player's conditions are the same.
    Assert.Equal(Verdict.Yes, report.IsDifferentialNash)
    Assert.Equal<int[]>([| 1 |], report.HeldEntries)
    Assert.True report.IsStrictlyComplementary
    Check.closeNumber 1e-12 2.0 report.TotalHessian[0, 0]
    Assert.Equal(1, report.EigenvaluesJS.Length)
    Assert.Contains("held by a bound", string report)

    for concept in [ Concept.Nash; Concept.Stackelberg ] do
        match capacity 20.0 |> Equilibrium.find concept (Tensor.ofList [ 30.0; 10.0 ]) with
        | Ok found -> Check.close 1e-10 [| 37.5; 20.0 |] (found.Point.ToArray())
        | Error failure -> Assert.Fail $"{failure}"

[<Fact>]
let ``without strict complementarity second-order verdicts stay open`` () =
    // The unbounded equilibrium lies exactly on the bound.
    let report = Equilibrium.classify (capacity 26.0) (Tensor.ofList [ 46.0; 26.0 ])
    Assert.Equal(Verdict.Yes, report.IsCriticalOmegaS)
    Assert.False report.IsStrictlyComplementary
    Assert.Equal(Verdict.Undecided, report.IsDifferentialStackelberg)
    Assert.Equal(Verdict.Undecided, report.IsStableStackelberg)

[<Fact>]
let ``a bound that is left inwards holds nothing`` () =
    let report = Equilibrium.classify (capacity 60.0) (Tensor.ofList [ 46.0; 0.0 ])
    Assert.Empty report.HeldEntries
    Assert.Equal(Verdict.No, report.IsCriticalOmegaS)

[<Fact>]
let ``a follower without curvature leaves Stackelberg verdicts open`` () =
    let flat = Game.twoPlayer "flat" (fun x y -> x * x + x * y) (fun x y -> x * y)
    let report = Equilibrium.classify flat (Tensor.ofList [ 1.0; 1.0 ])
    Assert.Equal(Verdict.Undecided, report.IsCriticalOmegaS)
    Assert.Equal(Verdict.Undecided, report.IsDifferentialStackelberg)

    match flat |> Equilibrium.find Concept.Stackelberg (Tensor.ofList [ 1.0; 1.0 ]) with
    | Error(FindFailure.SingularFollower condition as failure) ->
        Assert.Equal(0.0, condition)
        Assert.Contains("singular at the start", string failure)
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``a field without a zero is a failure that says where it stalled`` () =
    // ω = (2 x y² + 1 …): the gradient (x² + 1, y) never vanishes in its first entry.
    let game =
        Game.twoPlayer "no zero" (fun x y -> x ** 3.0 / 3.0 + x + 0.0 * y) (fun x y -> 0.5 * y * y + 0.0 * x)

    match game |> Equilibrium.find Concept.Nash (Tensor.ofList [ 1.0; 1.0 ]) with
    | Error(FindFailure.Stalled(_, residual, point) as failure) ->
        Check.closeNumber 1e-6 1.0 residual
        Check.close 1e-3 [| 0.0; 0.0 |] point
        Assert.Contains("Start nearer to an equilibrium", string failure)
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``a start at which the field is not finite is a failure`` () =
    let game =
        Game.twoPlayer "log" (fun x y -> log x + 0.0 * y) (fun x y -> y * y + 0.0 * x)

    match game |> Equilibrium.find Concept.Nash (Tensor.ofList [ 0.0; 1.0 ]) with
    | Error failure ->
        Assert.Equal(
            "not finite at the start: the gradient of x1 (divide in the cost of x1 made Infinity of 1, 0 in a scalar, which is result 0). Start elsewhere",
            string failure
        )
    | Ok report -> Assert.Fail $"{report}"

[<Fact>]
let ``angles come back wrapped`` () =
    let start = Tensor.ofList [ -0.5 + 4.0 * Math.PI; 1.2 ]

    match torus.Game |> Equilibrium.find Concept.Stackelberg start with
    | Ok report -> Check.close 1e-10 [| -0.5252279507149731; 1.2464644148932447 |] (report.Point.ToArray())
    | Error failure -> Assert.Fail $"{failure}"

[<Fact>]
let ``arguments that do not fit are named`` () =
    let classify values =
        Check.argumentMessage (fun () -> Equilibrium.classify duopoly.Game (Tensor.ofList values) |> ignore)

    Assert.Equal(
        "Equilibrium.classify: x has shape [1], but [2] is needed (the joint strategy of duopoly: x1 [], x2 []).",
        classify [ 1.0 ]
    )

    Assert.Equal(
        "Equilibrium.classify: x holds NaN at entry 0 (x1), but every entry must be finite; give another point.",
        classify [ nan; 1.0 ]
    )

    Assert.Equal(
        "Equilibrium.find: start has shape [1], but [2] is needed (the joint strategy of duopoly: x1 [], x2 []).",
        Check.argumentMessage (fun () ->
            duopoly.Game |> Equilibrium.find Concept.Nash (Tensor.ofList [ 1.0 ]) |> ignore)
    )

[<Fact>]
let ``a game that is too large to decompose is refused before anything is computed`` () =
    let many = Player.vector "weights" 5000

    let large =
        Game.simultaneous "large" [ many, (fun q -> Tensor.sum (q[many] * q[many])) ]

    Assert.Equal(
        "Equilibrium.classify: game has dimension 5000 (the joint strategy of large: weights [5000]), but at most 4000 is possible: d × d matrices are decomposed. Equilibrium.classifyLarge says what can be said without them.",
        Check.argumentMessage (fun () -> Equilibrium.classify large (Tensor.zeros [ 5000 ]) |> ignore)
    )

[<Fact>]
let ``a tolerance can be widened`` () =
    let rough = Tensor.ofList [ 46.0001; 26.0 ]
    Assert.Equal(Verdict.No, (Equilibrium.classify duopoly.Game rough).IsCriticalOmegaS)

    let wide = {
        Equilibrium.tolerances with
            Critical = 1e-4
    }

    Assert.Equal(Verdict.Yes, (Equilibrium.classifyWith wide duopoly.Game rough).IsCriticalOmegaS)

[<Fact>]
let ``the report card reads as it should`` () =
    let report = Equilibrium.classify duopoly.Game (Tensor.ofList [ 46.0; 26.0 ])

    Assert.Equal(
        String.Join(
            "\n",
            [
                "duopoly at (46, 26)"
                "  costs                        -1058, -676"
                "  residual of omega            23 (critical: no; not there yet: a critical point lies about 15.3 away, the next Newton step; Equilibrium.find goes there)"
                "  residual of omega_S          0 (critical: yes)"
                "  differential Nash            no"
                "  differential Stackelberg     yes"
                "  stable, simultaneous play    no"
                "  stable, Stackelberg play     yes"
                "  eigenvalues of J             1, 3"
                "  eigenvalues of J_S           0.7192236, 2.780776"
                "  own second derivatives       x1: 2; x2: 2"
                "  Schur complement of J        1.5"
                "  total second derivative      1"
                "  potential                    J is symmetric here, as in a potential game"
            ]
        ),
        string report
    )

[<Fact>]
let ``a fold of the reaction curve is not taken for a critical point`` () =
    // Where D22f2 vanishes ω_S takes every value nearby, and J_S is unbounded; the polynomial game has 9 critical
    // points in this box, all with residuals of rounding.
    let game = (polynomial 0.15 0.25).Game

    let found =
        [
            for i in 0..11 do
                for k in 0..11 do
                    Tensor.ofList [
                        -16.0 + 32.0 * (float i + 0.37) / 12.0
                        -16.0 + 32.0 * (float k + 0.61) / 12.0
                    ]
        ]
        |> List.choose (fun start ->
            match Equilibrium.refine Concept.Stackelberg start game with
            | Ok report -> Some report
            | Error _ -> None)

    let largest = found |> List.map (fun report -> report.ResidualOmegaS) |> List.max
    Assert.InRange(found.Length, 20, 144)
    Assert.InRange(largest, 0.0, 1e-5)
