module Stackelberg.Dsl.Tests.FieldTests

open System
open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.TestGames
open Xunit

/// The total derivative written out: Df1 = D1 f1 − a D2 f1 with a = D12 f2 / (D22 f2 + η).
let private handField η (p: Partials) =
    let (d1, d2), (d12, d22) = p.First1, p.Second2
    [| d1 - d12 / (d22 + η) * d2; p.First2 |]

let private handJ (p: Partials) =
    let (d11, d12, _), (e12, e22) = p.Second1, p.Second2
    [| d11; d12; e12; e22 |]

/// ∂(D1 f1 − a D2 f1), with the derivatives of a by the quotient rule.
let private handJS η (p: Partials) =
    let _, d2 = p.First1
    let d11, d12, d22 = p.Second1
    let e12, e22 = p.Second2
    let e112, e122, e222 = p.Third2
    let k = e22 + η
    let a = e12 / k
    let a1, a2 = (e112 * k - e12 * e122) / (k * k), (e122 * k - e12 * e222) / (k * k)
    [| d11 - a1 * d2 - a * d12; d12 - a2 * d2 - a * d22; e12; e22 |]

let private randomPoints hand =
    let random = Random 11
    let (a, b), (c, d) = hand.Box
    Array.init 50 (fun _ -> a + (b - a) * random.NextDouble(), c + (d - c) * random.NextDouble())

let games = TheoryData<string>(handGames |> Seq.map _.Game.Name)

let private handOf name =
    handGames |> List.find (fun hand -> hand.Game.Name = name)

[<Theory; MemberData(nameof games)>]
let ``ω, ω_S, J and J_S agree with derivatives by hand`` name =
    let hand = handOf name

    for x1, x2 in randomPoints hand do
        let p, x = hand.At x1 x2, Tensor.ofList [ x1; x2 ]
        Check.close 1e-10 [| fst p.First1; p.First2 |] ((Game.omega hand.Game x).ToArray())
        Check.close 1e-10 (handField 0.0 p) ((Game.omegaS hand.Game x).ToArray())
        Check.close 1e-10 (handJ p) ((Game.J hand.Game x).ToArray())
        Check.close 1e-10 (handJS 0.0 p) ((Game.JS hand.Game x).ToArray())

[<Theory; MemberData(nameof games)>]
let ``the regularised field and its Jacobian agree with derivatives by hand`` name =
    let hand, conjecture = handOf name, Conjecture.regularized 0.7

    for x1, x2 in randomPoints hand do
        let p, x = hand.At x1 x2, Tensor.ofList [ x1; x2 ]
        Check.close 1e-10 (handField 0.7 p) ((Game.field conjecture hand.Game x).ToArray())
        Check.close 1e-10 (handJS 0.7 p) ((Game.jacobian conjecture hand.Game x).ToArray())

[<Theory; MemberData(nameof games)>]
let ``Schur complements agree with derivatives by hand`` name =
    let hand = handOf name

    for x1, x2 in randomPoints hand do
        let p, x = hand.At x1 x2, Tensor.ofList [ x1; x2 ]
        let schur (m: float[]) = [| m[0] - m[1] / m[3] * m[2] |]
        Check.close 1e-10 (schur (handJ p)) ((Game.schurJ hand.Game x).ToArray())
        Check.close 1e-10 (schur (handJS 0.0 p)) ((Game.totalHessian hand.Game x).ToArray())

[<Fact>]
let ``fields at symbols agree with fields at numbers, and differentiate to the Jacobian`` () =
    for hand in handGames do
        let x = Tensor.ofList [ fst (fst hand.Box) + 0.3; fst (snd hand.Box) + 0.2 ]
        Check.closeTensor 1e-12 (Game.JS hand.Game x) (Diff.jacobian (Game.omegaS hand.Game) x)
        Check.closeTensor 1e-12 (Game.omegaS hand.Game x) (Diff.jit (Game.omegaS hand.Game) x)
        Check.closeTensor 1e-12 (Game.costs hand.Game x) (Diff.jit (Game.costs hand.Game) x)
        Check.closeTensor 1e-10 (Diff.jacobian (Game.omegaS hand.Game) x) (Diff.jit (Game.JS hand.Game) x)

[<Fact>]
let ``the leader's total derivative is the derivative of its cost along the reaction curve`` () =
    // f2 = (y − sin x)² has the reaction r(x) = sin x everywhere, so Df1(x, r(x)) = d/dx f1(x, sin x).
    let f1 (x: Tensor) (y: Tensor) = x * y + y ** 3.0
    let game = Game.twoPlayer "curve" f1 (fun x y -> (y - sin x) ** 2.0)
    let along (x: Tensor) = f1 x (sin x)

    for x in [ -1.0; 0.2; 2.5 ] do
        let at = Tensor.ofList [ x; sin x ]
        Check.closeNumber 1e-12 (float (Diff.grad along (Tensor.scalar x))) (float (Game.omegaS game at).[0])

        Check.closeNumber
            1e-12
            (float (Diff.hessian (fun (t: Tensor) -> along t[0]) (Tensor.ofList [ x ])).[0, 0])
            (float (Game.totalHessian game at).[0, 0])

[<Fact>]
let ``the covariance game's fields agree with the closed forms`` () =
    for d in [ 2; 3; 9 ] do
        let known = randomCovariance d d
        let v, w = normalMatrix 20 d d, normalMatrix 21 d d
        let x = Game.joint known.Game [ known.V, v; known.W, w ]
        let sym, gap = w + w.T, known.Sigma - Tensor.matmul v v.T
        let first = -(Tensor.matmul sym v)
        let second = -gap + known.λ * w
        let total = first - 2.0 / known.λ * Tensor.matmul gap v

        let join a b =
            Game.joint known.Game [ known.V, a; known.W, b ]

        Check.closeTensor 1e-10 (join first second) (Game.omega known.Game x)
        Check.closeTensor 1e-10 (join total second) (Game.omegaS known.Game x)

        // The directional derivatives of the same closed forms.
        let dv, dw = normalMatrix 22 d d, normalMatrix 23 d d
        let direction = Game.joint known.Game [ known.V, dv; known.W, dw ]
        let dGap = -(Tensor.matmul dv v.T + Tensor.matmul v dv.T)
        let dFirst = -(Tensor.matmul (dw + dw.T) v) - Tensor.matmul sym dv
        let dSecond = -dGap + known.λ * dw
        let dTotal = dFirst - 2.0 / known.λ * (Tensor.matmul dGap v + Tensor.matmul gap dv)
        Check.closeTensor 1e-10 (join dFirst dSecond) (Tensor.matmul (Game.J known.Game x) direction)
        Check.closeTensor 1e-10 (join dTotal dSecond) (Tensor.matmul (Game.JS known.Game x) direction)

/// A game of quadratic costs ½ uᵀ Qᵢ u + cᵢᵀ u, and its total gradients as affine maps M u + m, found by recursion on
/// dense matrices.
let private quadratic seed (shape: int list list) =
    let dimensions = List.concat shape
    let d = List.sum dimensions
    let starts = List.scan (+) 0 dimensions
    let count = dimensions.Length
    let names = List.init count (fun i -> Player.vector $"player {i}" dimensions[i])

    let q =
        Array.init count (fun i ->
            let m = Matrix<float>.Build.DenseOfRowMajor(d, d, normals (seed + i) (d * d))
            m + m.Transpose() + 8.0 * Matrix<float>.Build.DenseIdentity d)

    let c =
        Array.init count (fun i -> Vector<float>.Build.Dense(normals (seed + 50 + i) d))

    let cost i (s: Strategies) =
        let u = Tensor.concat 0 (names |> List.map (fun name -> s[name]))
        let matrix = Tensor.ofArray2D (q[i].ToArray())

        0.5 * Tensor.dot u (Tensor.matmul matrix u)
        + Tensor.dot (Tensor.ofArray (c[i].ToArray())) u

    let mutable next = 0

    let levels =
        shape
        |> List.map (
            List.map (fun _ ->
                let i = next
                next <- next + 1
                names[i], cost i)
        )

    let firstBelow level =
        shape |> List.take (level + 1) |> List.sumBy List.length

    let levelOf i =
        shape
        |> List.scan (fun total level -> total + level.Length) 0
        |> List.findIndexBack (fun first -> first <= i)

    let rows i (m: Matrix<float>) =
        m.SubMatrix(starts[i], dimensions[i], 0, d)

    let rec total i : Matrix<float> * Vector<float> =
        let level = levelOf i
        let own, own0 = rows i q[i], c[i].SubVector(starts[i], dimensions[i])

        if level = shape.Length - 1 then
            own, own0
        else
            let lower = [ firstBelow level .. count - 1 ]
            let from = starts[firstBelow level]
            let stacked = lower |> List.map total
            let g = stacked |> List.map fst |> List.reduce (fun a b -> a.Stack b)
            let inLower = g.SubMatrix(0, d - from, from, d - from)
            let inOwn = g.SubMatrix(0, d - from, starts[i], dimensions[i])
            let factor = inOwn.Transpose() * inLower.Transpose().Inverse()

            own - factor * q[i].SubMatrix(from, d - from, 0, d),
            own0 - factor * c[i].SubVector(from, d - from)

    let parts = List.init count total
    let jacobian = parts |> List.map fst |> List.reduce (fun a b -> a.Stack b)

    let constant =
        parts
        |> List.collect (snd >> List.ofSeq)
        |> Array.ofList
        |> Vector<float>.Build.Dense

    Game.create "quadratic" levels, jacobian, constant

[<Fact>]
let ``several followers, chains and levels of several players agree with dense linear algebra`` () =
    for shape in
        [
            [ [ 2 ]; [ 2; 1 ] ]
            [ [ 1 ]; [ 1 ]; [ 1 ] ]
            [ [ 2 ]; [ 1; 2 ]; [ 2 ] ]
            [ [ 1; 2 ]; [ 2; 2 ] ]
            [ [ 3 ]; [ 7; 6 ] ]
        ] do
        let game, jacobian, constant = quadratic 30 shape
        let x = normals 40 game.Dimension
        let expected = jacobian * Vector<float>.Build.Dense x + constant
        Check.close 1e-10 (expected.ToArray()) ((Game.omegaS game (Tensor.ofArray x)).ToArray())
        Check.close 1e-10 (Check.entries (jacobian.ToArray())) ((Game.JS game (Tensor.ofArray x)).ToArray())

[<Fact>]
let ``a game of one level anticipates nothing`` () =
    let a, b = Player.scalar "a", Player.scalar "b"

    let game =
        Game.simultaneous "peers" [
            a, (fun q -> q[a] * q[a] * q[b])
            b, (fun q -> q[b] * q[b] + q[a] * q[b])
        ]

    let x = Tensor.ofList [ 2.0; 3.0 ]
    Check.closeTensor 0.0 (Tensor.ofList [ 12.0; 8.0 ]) (Game.omega game x)
    Check.closeTensor 0.0 (Game.omega game x) (Game.omegaS game x)
    Check.closeTensor 0.0 (Game.J game x) (Game.schurJ game x)

[<Fact>]
let ``an entry of a follower that its bound stops does not react`` () =
    let a, b = Player.scalar "a", Player.scalar "b" |> Player.bounded 0.0 20.0

    let game =
        game "capacity" {
            leader a (fun q -> -(95.0 - q[a] - q[b]) * q[a])
            follower b (fun q -> -(98.0 - q[a] - q[b]) * q[b])
        }

    // At the bound f2 still falls: D1 f1 = 2 a + b − 95 alone.
    Check.closeTensor 1e-14 (Tensor.ofList [ -15.0; -28.0 ]) (Game.omegaS game (Tensor.ofList [ 30.0; 20.0 ]))

    Check.closeTensor
        1e-14
        (Tensor.ofArray2D (array2D [ [ 2.0; 1.0 ]; [ 1.0; 2.0 ] ]))
        (Game.JS game (Tensor.ofList [ 30.0; 20.0 ]))
    // Inside the box the reaction −1/2 is back.
    Check.closeTensor 1e-14 (Tensor.ofList [ -40.0; -48.0 ]) (Game.omegaS game (Tensor.ofList [ 30.0; 10.0 ]))
    // At the bound, but drawn inwards.
    Check.closeTensor 1e-14 (Tensor.ofList [ 30.0; 12.0 ]) (Game.omegaS game (Tensor.ofList [ 70.0; 20.0 ]))

[<Fact>]
let ``a conjecture says which one it is, and compares by what it says`` () =
    Assert.Equal("regularized 0.5", (Conjecture.regularized 0.5).Name)
    Assert.Equal(Conjecture.regularized 0.5, Conjecture.regularized 0.5)
    Assert.NotEqual(Conjecture.regularized 0.5, Conjecture.regularized 0.25)
    Assert.NotEqual(Conjecture.bestResponse, Conjecture.bestResponse |> Conjecture.withSolver Solver.gmres)

    Assert.Equal(
        "Conjecture.regularized: η is -1, but a finite number of at least 0 is needed.",
        Check.argumentMessage (fun () -> Conjecture.regularized -1.0 |> ignore)
    )

[<Fact>]
let ``every solver gives the same field`` () =
    let known = randomCovariance 4 4
    let x = Tensor.ofArray (normals 9 32)
    let expected = Game.omegaS known.Game x

    for solver in [ Solver.dense; Solver.cg; Solver.gmres; Solver.warmStarted Solver.cg ] do
        let field =
            Game.field (Conjecture.bestResponse |> Conjecture.withSolver solver) known.Game

        Check.closeTensor 1e-10 expected (field x)
