/// Remark 3 of arXiv 1906.01217 over 1,000 random games with a potential that is known, and as many without one.
module Stackelberg.Dsl.Tests.StackelbergPotentialTests

open System
open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

/// f2 = ½ yᵀQy + yᵀBx + ¼ (v·x)⁴ and f1 = f2 − (D₂f2)ᵀy + ½ xᵀCx + ½ ‖D₂f2‖²: the total derivative of f1 is the derivative
/// of f2 + ½ xᵀCx in x, so that ω_S is that function's gradient. skew adds skew · xᵀMy, M without zero, to f1.
let private potentialGame skew seed =
    let random = Random(seed: int)
    let m, n = 1 + random.Next 2, 1 + random.Next 2
    let x, y = Player.vector "x" m, Player.vector "y" n
    let q, b = Draw.withSpectrum random 0.2 2.0 n, Draw.matrix random n m
    let c = Draw.symmetric random m + 1.0 * CreateMatrix.DenseIdentity m
    let v = Tensor.ofArray (Array.init m (fun _ -> Draw.uniform random -1.0 1.0))
    let mixed = CreateMatrix.Dense(m, n, (fun _ _ -> Draw.uniform random 0.5 1.0))

    let f2 (s: Strategies) =
        0.5 * Draw.form q s[y] s[y]
        + Draw.form b s[y] s[x]
        + 0.25 * Tensor.dot v s[x] ** 4

    let slope (s: Strategies) =
        Tensor.matmul (Draw.tensor q) s[y] + Tensor.matmul (Draw.tensor b) s[x]

    let f1 (s: Strategies) =
        let u = slope s

        f2 s - Tensor.dot u s[y]
        + 0.5 * Draw.form c s[x] s[x]
        + 0.5 * Tensor.dot u u
        + skew * Draw.form mixed s[x] s[y]

    /// The gradient of f2 + ½ xᵀCx, by hand.
    let gradient (at: float[]) =
        let xs, ys = CreateVector.Dense at[.. m - 1], CreateVector.Dense at[m..]
        let v = CreateVector.Dense(v.ToArray())
        let along = v * xs
        let first = b.Transpose() * ys + (along ** 3) * v + c * xs
        Array.append (first.ToArray()) ((q * ys + b * xs).ToArray())

    Game.create "potential" [ [ x, f1 ]; [ y, f2 ] ], gradient

[<Fact>]
let ``Remark 3: ω_S is the potential's gradient, J_S symmetric, and every attractor a Stackelberg point`` () =
    let found =
        Draw.forSeeds 1000 (fun seed ->
            let game, gradient = potentialGame 0.0 seed
            let at = Array.init game.Dimension (fun i -> 0.3 + 0.1 * float i)
            Check.close 1e-9 (gradient at) ((Game.omegaS game (Tensor.ofArray at)).ToArray())
            let potential = StackelbergPotential.around 1.0 game (Tensor.ofArray at)
            Assert.Equal(Verdict.Yes, potential.IsPotential)
            Assert.InRange(potential.Mixed, 0.0, 1e-10)
            Assert.InRange(potential.Whole, 0.0, 1e-10)
            Equilibrium.classify game (Tensor.zeros [ game.Dimension ]))

    let stable =
        found |> Array.filter (fun report -> report.IsStableStackelberg = Verdict.Yes)

    for report in stable do
        Assert.Equal(Verdict.Yes, report.IsDifferentialStackelberg)

    Assert.InRange(stable.Length, 100, 900)

[<Fact>]
let ``Remark 3: with another mixed derivative there is no potential`` () =
    Draw.forSeeds 1000 (fun seed ->
        let game, _ = potentialGame 0.1 seed

        let potential =
            StackelbergPotential.around 1.0 game (Tensor.zeros [ game.Dimension ])

        Assert.Equal(Verdict.No, potential.IsPotential)
        Assert.True(potential.Mixed > 1e-4, $"{potential.Mixed}"))
    |> ignore

[<Fact>]
let ``worked example: x² − x y + y²/2`` () =
    let game =
        Game.twoPlayer "g" (fun x y -> x * x - 0.5 * y * y) (fun x y -> 0.5 * y * y - x * y)

    let found = StackelbergPotential.around 1.0 game (Tensor.zeros [ 2 ])
    Assert.Equal(Verdict.Yes, found.IsPotential)
    Assert.Equal(16, found.Samples)

    Assert.Equal(
        "J_S is symmetric at the point and at 16 others within 1: Stackelberg play follows a gradient",
        string found
    )
    // A game that is symmetric at the point alone: D₂(Df₁) − D₁₂f₂ = x + y.
    let bent =
        Game.twoPlayer "bent" (fun x y -> x * x - 0.5 * y * y + 0.5 * x * y * y) (fun x y ->
            0.5 * y * y - x * y)

    Assert.Equal(Verdict.Yes, (StackelbergPotential.around 0.0 bent (Tensor.zeros [ 2 ])).IsPotential)
    Assert.Equal(Verdict.No, (StackelbergPotential.around 1.0 bent (Tensor.zeros [ 2 ])).IsPotential)

[<Fact>]
let ``wrong arguments are told`` () =
    let message radius game x =
        Check.argumentMessage (fun () -> StackelbergPotential.around radius game x |> ignore)

    Assert.Equal(
        "StackelbergPotential.around: radius is -1, but a finite number of at least 0 is needed.",
        message -1.0 TestGames.duopoly.Game (Tensor.zeros [ 2 ])
    )

    Assert.Contains(
        "x holds NaN at entry 0 (x1)",
        message 1.0 TestGames.duopoly.Game (Tensor.ofList [ nan; 0.0 ])
    )

    let a, b = Player.scalar "a", Player.scalar "b"

    Assert.Contains(
        "has 2 players on 1 levels",
        message
            1.0
            (Game.simultaneous "peers" [ a, (fun q -> q[a]); b, (fun q -> q[b]) ])
            (Tensor.zeros [ 2 ])
    )
