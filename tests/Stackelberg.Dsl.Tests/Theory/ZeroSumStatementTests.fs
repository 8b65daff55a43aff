/// The statements of section 2.2.1 of arXiv 1906.01217, each over 1,000 random zero-sum games: against eigenvalues by MathNet of
/// matrices that the games are made from.
module Stackelberg.Dsl.Tests.ZeroSumStatementTests

open System
open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

/// The second derivatives of f = ½ xᵀAx + xᵀBy − ½ yᵀCy + ¼ (v·(x, y))³ at the origin.
type private Saddle = {
    A: Matrix<float>
    B: Matrix<float>
    C: Matrix<float>
    Game: Game
}

let private saddle (random: Random) (a: Matrix<float>) (b: Matrix<float>) (c: Matrix<float>) =
    let x, y = Player.vector "x" a.RowCount, Player.vector "y" c.RowCount

    let v =
        Tensor.ofArray (Array.init (a.RowCount + c.RowCount) (fun _ -> Draw.uniform random -1.0 1.0))

    let f (q: Strategies) =
        let x, y = q[x], q[y]

        0.5 * Draw.form a x x + Draw.form b x y - 0.5 * Draw.form c y y
        + 0.25 * Tensor.dot v (Tensor.concat 0 [ x; y ]) ** 3

    {
        A = a
        B = b
        C = c
        Game = Game.create "saddle" [ [ x, f ]; [ y, (fun q -> -(f q)) ] ]
    }

let private origin (game: Game) = Tensor.zeros [ game.Dimension ]

/// Σ with entries of both signs, away from zero, m × n.
let private diagonal (random: Random) m n =
    CreateMatrix.Dense(
        m,
        n,
        fun i j ->
            if i = j then
                (if random.Next 2 = 0 then 1.0 else -1.0) * Draw.uniform random 0.1 2.0
            else
                0.0
    )

/// B = W₁ Σ W₂ᵀ, A and C in the same bases; about half of A's eigenvalues are negative.
let private aligned seed =
    let random = Random(seed: int)
    let m, n = 1 + random.Next 3, 1 + random.Next 3
    let w1, w2 = Draw.orthonormal random m, Draw.orthonormal random n

    let inBasis (w: Matrix<float>) (values: float[]) =
        w * CreateMatrix.DenseOfDiagonalArray values * w.Transpose()

    let a = inBasis w1 (Array.init m (fun _ -> Draw.uniform random -1.0 1.0))
    let c = inBasis w2 (Array.init n (fun _ -> Draw.uniform random 0.05 2.0))
    saddle random a (w1 * diagonal random m n * w2.Transpose()) c

let private generic seed =
    let random = Random(seed: int)
    let m, n = 1 + random.Next 3, 1 + random.Next 3
    let shift = Draw.uniform random -0.5 2.0
    let a = Draw.symmetric random m + shift * CreateMatrix.DenseIdentity m
    let c = Draw.symmetric random n + 1.0 * CreateMatrix.DenseIdentity n
    saddle random a (2.0 * Draw.matrix random m n) c

/// By MathNet alone.
let private isAttractor (s: Saddle) =
    Draw.leastRealPart (Draw.blocks [ [ s.A; s.B ]; [ -s.B.Transpose(); s.C ] ]) > 1e-6

let private isStackelberg (s: Saddle) =
    Draw.leastEigenvalue s.C > 1e-6
    && Draw.leastEigenvalue (s.A + s.B * s.C.Inverse() * s.B.Transpose()) > 1e-6

let private isNash (s: Saddle) =
    Draw.leastEigenvalue s.A > 1e-6 && Draw.leastEigenvalue s.C > 1e-6

/// Eigenvalues nearer to zero than this are left out: their verdicts may be undecided.
let private isClear (s: Saddle) =
    let isAway value = abs value > 1e-6

    isAway (Draw.leastEigenvalue s.A)
    && isAway (Draw.leastEigenvalue s.C)
    && isAway (Draw.leastRealPart (Draw.blocks [ [ s.A; s.B ]; [ -s.B.Transpose(); s.C ] ]))

let private looked make (statement: Game -> Tensor -> Statement) =
    Draw.forSeeds 1000 (fun seed ->
        let s = make seed
        s, statement s.Game (origin s.Game))
    |> Array.filter (fst >> isClear)

/// The random games, by both statements that are tested on them.
let private generics =
    lazy
        (looked generic (fun game x -> ZeroSum.alignedCoupling game x)
         |> Array.map (fun (s, aligned) -> s, aligned, ZeroSum.convexConcave s.Game (origin s.Game)))

let private verdictOf (statement: Statement) word =
    (statement.Conditions
     |> Array.find (fun condition -> condition.Words.Contains(word: string)))
        .Verdict

[<Fact>]
let ``Proposition 4 of arXiv 1906.01217: with an aligned coupling every attractor with C > 0 is a Stackelberg point``
    ()
    =
    let cases = looked aligned ZeroSum.alignedCoupling

    for s, statement in cases do
        Assert.Equal(Verdict.Yes, verdictOf statement "eigenvectors")
        Assert.Equal(Verdict.ofBool (isAttractor s), statement.AreNeededMet)

        Assert.Equal(
            Verdict.ofBool (isAttractor s && isStackelberg s),
            Verdict.all [ statement.AreNeededMet; statement.IsConcluded ]
        )

        if isAttractor s then
            Assert.True(isStackelberg s)
            Assert.Equal(Verdict.Yes, statement.IsConcluded)

    // The printed κ-condition is met by a part of them only, and no more is excluded than it excludes.
    let attractors =
        cases |> Array.filter (fun (s, _) -> isAttractor s && not (isNash s))

    let printed =
        attractors
        |> Draw.count (fun (_, statement) -> statement.IsApplicable = Verdict.Yes)

    Assert.True(attractors.Length >= 100, $"{attractors.Length} non-Nash attractors")
    Assert.True(printed > 0 && printed < attractors.Length, $"{printed} of {attractors.Length}")

[<Fact>]
let ``a coupling without the structure is told, whatever else holds`` () =
    for s, statement, _ in generics.Value do
        if s.A.RowCount > 1 || s.C.RowCount > 1 then
            Assert.Equal(Verdict.No, verdictOf statement "eigenvectors")
        else
            // Two numbers are always aligned.
            Assert.Equal(Verdict.Yes, verdictOf statement "eigenvectors")

    // Any B is aligned with multiples of the identity.
    let random = Random 1
    let identity = CreateMatrix.DenseIdentity<float> 3
    let s = saddle random (0.5 * identity) (Draw.matrix random 3 3) (2.0 * identity)
    Assert.Equal(Verdict.Yes, verdictOf (ZeroSum.alignedCoupling s.Game (origin s.Game)) "eigenvectors")

let private realisable isAxial seed =
    let random = Random(seed: int)
    let n = 1 + random.Next 3
    let m = 1 + random.Next 3
    let w = Draw.orthonormal random n

    let c =
        w
        * CreateMatrix.DenseOfDiagonalArray(Array.init n (fun _ -> Draw.uniform random 0.05 2.0))
        * w.Transpose()

    let b =
        if isAxial then
            diagonal random m n * w.Transpose()
        else
            Draw.matrix random m n

    saddle random (CreateMatrix.Dense(m, m, 0.0)) b c

[<Fact>]
let ``Propositions 5 and 6 of arXiv 1906.01217: a realisable GAN's attractor with C > 0 is a Stackelberg point, aligned or not``
    ()
    =
    let cases =
        Draw.forSeeds 1000 (fun seed ->
            let s = realisable (seed % 2 = 0) seed
            s, ZeroSum.realizable s.Game (origin s.Game), ZeroSum.realizableAligned s.Game (origin s.Game))

    for s, necessary, sufficient in cases do
        // J = [[0, B], [−Bᵀ, C]] is right of the axis exactly if B has full row rank.
        let isWide = s.B.RowCount <= s.B.ColumnCount

        for found in [ necessary; sufficient ] do
            if isWide && s.B.Svd(false).S.Minimum() > 1e-3 then
                Assert.True(isAttractor s && isStackelberg s)
                Assert.Equal(Verdict.Yes, found.AreNeededMet)
                Assert.Equal(Verdict.Yes, found.IsConcluded)
            elif not isWide then
                // A null vector: neither an attractor nor a differential Stackelberg point.
                Assert.NotEqual(Verdict.Yes, found.AreNeededMet)

        // The necessary condition holds at all of them.
        Assert.Equal(Verdict.Yes, necessary.Conclusions[0].Verdict)

    let met =
        cases
        |> Draw.count (fun (_, necessary, _) -> necessary.IsApplicable = Verdict.Yes)

    Assert.InRange(met, 300, 900)

    let applicable isAxial =
        cases
        |> Array.indexed
        |> Draw.count (fun (seed, (s, _, sufficient)) ->
            (seed % 2 = 0) = isAxial
            && s.C.RowCount > 1
            && sufficient.IsApplicable = Verdict.Yes)

    // Without the structure Proposition 6 as printed never applies.
    Assert.True(applicable true > 100)
    Assert.Equal(0, applicable false)

[<Fact>]
let ``Proposition 5 of arXiv 1906.01217: with singular C the necessary condition holds, and J_S is open`` () =
    // f = x (y₁ + y₂) − ½ y₁²: C = diag(1, 0), and J is right of the axis.
    let x, y = Player.scalar "x", Player.vector "y" 2

    let f (q: Strategies) =
        q[x] * (q[y].[0] + q[y].[1]) - 0.5 * q[y].[0] * q[y].[0]

    let game = Game.create "singular" [ [ x, f ]; [ y, (fun q -> -(f q)) ] ]
    let found = ZeroSum.realizable game (Tensor.zeros [ 3 ])
    Assert.Equal(Verdict.Yes, found.IsApplicable)
    Assert.Equal(Verdict.Yes, found.Conclusions[0].Verdict)
    Check.closeNumber 1e-12 1.0 found.Conclusions[0].Value
    Assert.Equal(Verdict.Undecided, found.Conclusions[1].Verdict)

[<Fact>]
let ``Corollary 1 of arXiv 1906.01217: scalar attractors with C > 0 are Stackelberg points`` () =
    let scalar seed =
        let random = Random(seed: int)

        let one low high =
            CreateMatrix.Dense(1, 1, Draw.uniform random low high)

        saddle random (one -1.0 1.0) (one -2.0 2.0) (one -0.5 1.0)

    let cases = looked scalar ZeroSum.scalarAttractor

    for s, statement in cases do
        let isMet = isAttractor s && s.C[0, 0] > 0.0
        Assert.Equal(Verdict.ofBool isMet, statement.AreNeededMet)
        Assert.Equal(Verdict.ofBool (isMet && not (isNash s)), statement.IsApplicable)

        if isMet then
            Assert.True(isStackelberg s)
            Assert.Equal(Verdict.Yes, statement.IsConcluded)

    let applicable =
        cases |> Draw.count (fun (_, found) -> found.IsApplicable = Verdict.Yes)

    Assert.True(applicable >= 50, $"{applicable}")

    // Attractors whose C is not positive definite: no Stackelberg points, and the corollary does not speak of them.
    let others = cases |> Draw.count (fun (s, _) -> isAttractor s && s.C[0, 0] < 0.0)
    Assert.True(others >= 20, $"{others}")

[<Fact>]
let ``Remark 2 of arXiv 1906.01217: with A > 0 Nash and Stackelberg points are the same`` () =
    let cases = generics.Value |> Array.map (fun (s, _, statement) -> s, statement)

    for s, statement in cases do
        let isConvex = Draw.leastEigenvalue s.A > 0.0
        Assert.Equal(Verdict.ofBool isConvex, statement.IsApplicable)
        Assert.Equal(Verdict.ofBool (isNash s = isStackelberg s), statement.IsConcluded)

        if isConvex then
            Assert.Equal(isNash s, isStackelberg s)

    let isApplicable (_, found: Statement) = found.IsApplicable = Verdict.Yes
    Assert.True(Draw.count isApplicable cases >= 100)
    // Without A > 0 they differ often.
    Assert.True(cases |> Draw.count (fun (_, found) -> found.IsConcluded = Verdict.No) >= 50)

[<Fact>]
let ``worked example: the scalar counterexample of the κ-conditions`` () =
    let game = Game.zeroSum "g" (fun x y -> -0.045 * x * x + 0.1 * x * y - 0.05 * y * y)
    let found = ZeroSum.alignedCoupling game (Tensor.zeros [ 2 ])
    Assert.Equal(Verdict.No, found.IsApplicable)
    Assert.Equal(Verdict.Yes, found.AreNeededMet)
    Assert.Equal(Verdict.Yes, found.IsConcluded)
    Check.closeNumber 1e-12 -0.089 (Array.last found.Conditions).Value
    Check.closeNumber 1e-12 0.01 found.Conclusions[0].Value

    Assert.Equal(
        "Fiez, Chasnov and Ratliff (arXiv 1906.01217), Corollary 1\n"
        + "  if   both players choose one number: yes (2)\n"
        + "  if   x is a stable critical point of simultaneous play: yes (0.005)\n"
        + "  if   x is no differential Nash point: yes, not needed\n"
        + "  if   C = −D₂²f > 0: yes (0.1)\n"
        + "  then x is a differential Stackelberg point: yes (0.01)\n"
        + "  then x is a stable critical point of Stackelberg play: yes (0.01)\n"
        + "  note Nash points need not be excluded: J's determinant is C times the Schur complement",
        string (ZeroSum.scalarAttractor game (Tensor.zeros [ 2 ]))
    )

[<Fact>]
let ``games of another kind are refused`` () =
    let message game =
        Check.argumentMessage (fun () -> ZeroSum.convexConcave game (Tensor.zeros [ 2 ]) |> ignore)

    let bounded = Player.scalar "x" |> Player.bounded -1.0 1.0
    let y = Player.scalar "y"
    let f (q: Strategies) = q[bounded] * q[y]

    Assert.Equal(
        "ZeroSum.convexConcave: game is bounded, which has bounded players or constraints, but the statement is of strategies without bounds; leave them out.",
        message (Game.create "bounded" [ [ bounded, f ]; [ y, (fun q -> -(f q)) ] ])
    )

    Assert.Contains("is not zero-sum", message TestGames.duopoly.Game)
