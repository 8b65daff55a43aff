/// The three functions of Follow-the-Ridge (Wang, Zhang and Ba 2020) with the settings of its published code: rate 0.05, for
/// symplectic adjustment 0.01 with λ = 1, consensus with 0.1. The players' rules there and here are the same; its code
/// takes pseudo-inverses where D₂²f₂ is singular, which no run here meets.
module Stackelberg.Dsl.Tests.FollowTheRidgeTests

open Stackelberg
open Stackelberg.Dsl.Tests.TestGames
open Xunit

let private rules =
    Map [
        "FR", (Rule.followTheRidge Conjecture.none, 0.05)
        "GDA", (Rule.simultaneous, 0.05)
        "EG", (Rule.extragradient, 0.05)
        "CO", (Rule.consensus 0.1, 0.05)
        "SGA", (Rule.symplecticAdjustment 1.0, 0.01)
        // Not in the published code.
        "STACK", (Rule.stackelberg Conjecture.bestResponse, 0.05)
        "OGDA", (Rule.optimistic, 0.05)
    ]

let private start =
    function
    | 1 -> [ 5.0; 7.0 ]
    | 2 -> [ 6.0; 5.0 ]
    | _ -> [ 7.0; 5.0 ]

/// Function, rule, z[1], z[10], z[1000] and after how many steps ‖z‖ < 1e-6: 0 for never, −1 and null where the reference
/// computation (numpy, float64) does not say.
let private endPoints = [
    1, "FR", [| 5.1; 7.5 |], [| 4.067915135; 7.089794949 |], [| 1.173986857e-43; 2.342730101e-43 |], 185
    1, "GDA", [| 5.1; 7.3 |], [| 3.536921537; 8.724406457 |], [| -8.858077601e+43; -8.808678943e+43 |], 0
    1, "EG", [| 5.07; 7.29 |], [| 1.918527693; 7.597369665 |], [| -8.991792139e+47; -8.949718625e+47 |], 0
    1, "CO", [| 4.92; 7.4 |], [| 3.682858634; 7.573468267 |], [| 2.164651734e-34; 6.444873759e-34 |], 233
    1, "SGA", [| 4.78; 7.14 |], [| 3.540154756; 6.357235611 |], [| 6.899050831e-12; 1.261441167e-11 |], 591
    1, "STACK", [| 4.5; 7.3 |], [| 1.7433922; 6.314953971 |], [| 8.739356259e-46; 1.954314267e-43 |], 182
    1, "OGDA", [| 5.1; 7.3 |], null, [| -8.124221086e+47; -8.086078733e+47 |], -1
    2, "FR", [| 3.2; 12.3 |], [| -64.60776673; 173.3091553 |], [| -7.619518513e+44; 1.528102588e+45 |], 0
    2, "GDA", [| 3.2; 6.7 |], [| -6.431180117; 10.26664296 |], [| -4.262086943e-43; 4.281313527e-43 |], 193
    2, "EG", [| 3.7; 6.31 |], [| -5.195067774; 9.478645073 |], [| -2.12087075e-38; 2.132970739e-38 |], 215
    2, "CO", [| 0.84; 5.24 |], [| -2.943967715; 4.365414319 |], [| -4.937460141e-12; 7.309940087e-12 |], 576
    2, "SGA", [| 4.08; 3.1 |], [| 0.3946212521; -0.4224515548 |], [| 6.31112759e-10; -1.051854598e-09 |], 669
    2, "STACK", [| 6.6; 6.7 |], [| 15.56245476; 41.26408459 |], [| 1.481959751e+42; 2.706821939e+44 |], 0
    2, "OGDA", [| 3.2; 6.7 |], null, [| -1.895533723e-38; 1.906292221e-38 |], -1
    3,
    "FR",
    [| 6.934420334; 4.855541311 |],
    [| 5.924610348; 4.09112352 |],
    [| -8.406526818e-05; -0.0001681291069 |],
    0
    3, "GDA", [| 6.934420334; 4.843702849 |], [| 5.905226325; 3.834264385 |], [| 1.693133988; 2.36638782 |], 0
    3, "EG", [| 6.925441651; 4.85298555 |], [| 5.799405095; 3.909011101 |], [| 1.704476627; 2.372460153 |], 0
    3, "CO", [| 6.94623833; 4.82794577 |], [| 6.065709342; 3.758234273 |], [| 2.037953583; 2.534743597 |], 0
    3,
    "SGA",
    [| 6.980728909; 4.971323171 |],
    [| 6.776337738; 4.739497329 |],
    [| 1.774022771; 2.366028588 |],
    0
    3,
    "STACK",
    [| 6.906205522; 4.843702849 |],
    [| 5.517900461; 3.862657013 |],
    [| -1.941554766e-07; 0.005451611686 |],
    0
    3, "OGDA", [| 6.934420334; 4.843702849 |], null, [| 1.704489137; 2.37247048 |], -1
]

[<Fact>]
let ``end points of seven rules on the three functions, to the printed digits`` () =
    for k, name, first, tenth, last, steps in endPoints do
        let rule, rate = rules[name]

        let settings = {
            Learn.settings with
                Steps = 1000
                Rates = [ Rate.constant rate ]
        }

        let run = ridge k |> Learn.run rule settings (Tensor.ofList (start k))

        /// Ten significant digits are printed.
        let same what (expected: float[]) (actual: float[]) =
            Array.iter2
                (fun (expected: float) actual ->
                    if not (abs (actual - expected) <= 1e-9 * abs expected) then
                        Assert.Fail $"ridge {k}, {name}, {what}: {expected:R} printed, {actual:R} here")
                expected
                actual

        same "z[1]" first run.Trajectory[1]

        if not (isNull tenth) then
            same "z[10]" tenth run.Trajectory[10]

        same "z[1000]" last run.Trajectory[1000]

        if steps >= 0 then
            let norm (z: float[]) = sqrt (z[0] * z[0] + z[1] * z[1])

            let reached =
                run.Trajectory
                |> Array.tryFindIndex (fun z -> norm z < 1e-6)
                |> Option.defaultValue 0

            Assert.Equal(steps, reached)

[<Fact>]
let ``at its end Follow-the-Ridge is at a Stackelberg equilibrium, and leaves what is none`` () =
    let ρ k =
        StepMap(Rule.followTheRidge Conjecture.none, [ Rate.constant 0.05 ], ridge k).SpectralRadius [|
            0.0
            0.0
        |]

    // The derivative of its step is similar to I − γ diag(Schur complement, D₂²f₂): (2, 2), (−2, −2) and (0.8, 0.2).
    // A double eigenvalue is known to the root of a rounding.
    Check.closeNumber 1e-7 0.9 (ρ 1)
    Check.closeNumber 1e-7 1.1 (ρ 2)
    Check.closeNumber 1e-7 0.99 (ρ 3)

[<Fact>]
let ``with several followers and in general-sum games its rest points are the Stackelberg equilibria`` () =
    let first, a, b = Player.scalar "first", Player.scalar "a", Player.scalar "b"
    let margin cost (q: Strategies) = 100.0 - q[first] - q[a] - q[b] - cost

    let cournot =
        game "cournot" {
            leader first (fun q -> -(margin 5.0 q) * q[first])
            follower a (fun q -> -(margin 2.0 q) * q[a])
            follower b (fun q -> -(margin 2.0 q) * q[b])
        }

    let run =
        cournot
        |> Learn.run
            (Rule.followTheRidge Conjecture.bestResponse)
            {
                Learn.settings with
                    Stop = Stop.UpdateBelow 1e-12
            }
            (Tensor.ofList [ 20.0; 20.0; 10.0 ])

    Assert.True(run.Outcome.IsConverged, run.ToString())
    // The closed form for costs (5, 2, 2) and demand 100.
    Check.close 1e-10 [| 44.5; 107.0 / 6.0; 107.0 / 6.0 |] (run.Final.ToArray())
