/// Games whose gradients and Hessians are known in closed form, and every rule's step on them in dense matrices, straight
/// from the rule's formula: what the library's steps are compared with.
module Stackelberg.Dsl.Tests.HandRules

open System
open MathNet.Numerics.LinearAlgebra
open Stackelberg

type private V = Vector<float>
type private M = Matrix<float>

let private vector (values: float seq) : V =
    Vector<float>.Build.DenseOfEnumerable values

/// f_i = ½ xᵀA_i x + b_iᵀx + Σ_k c_ik sin(u_kᵀx), for players that share the entries of x in order.
type HandGame = {
    Game: Game
    /// The entries of each player.
    Own: int[][]
    /// The entries of the players below the top level.
    Below: int[]
    Cost: int -> V -> float
    Gradient: int -> V -> V
    Hessian: int -> V -> M
}

/// A game of players of these dimensions, the first of whom leads all others; with waves of so many times their height.
let withWaves (height: float) (seed: int) (dimensions: int list) : HandGame =
    let random = Random seed
    let d = List.sum dimensions

    let uniform scale =
        scale * (2.0 * random.NextDouble() - 1.0)

    let players = dimensions |> List.mapi (fun i n -> Player.vector $"p{i + 1}" n)
    let starts = List.scan (+) 0 dimensions

    let own =
        dimensions
        |> List.mapi (fun i n -> [| starts[i] .. starts[i] + n - 1 |])
        |> Array.ofList

    /// Convex enough in a player's own entries that answers are unique.
    let matrix i =
        let raw = Matrix<float>.Build.Dense(d, d, (fun _ _ -> uniform 0.6))
        let raised = Array.init d (fun k -> if Array.contains k own[i] then 3.0 else 0.0)
        (raw + raw.Transpose()) + Matrix<float>.Build.DenseOfDiagonalArray raised

    let A = Array.init own.Length matrix

    let b =
        Array.init own.Length (fun _ -> vector (Array.init d (fun _ -> uniform 1.0)))

    let waves = Array.init 3 (fun _ -> vector (Array.init d (fun _ -> uniform 1.0)))

    let c =
        Array.init own.Length (fun _ -> Array.init waves.Length (fun _ -> height * uniform 0.5))

    let cost i (q: Strategies) =
        let x = players |> List.map (fun player -> q[player]) |> Tensor.concat 0
        let tensor (values: V) = Tensor.ofArray (values.ToArray())
        let quadratic = Tensor.matmul (Tensor.ofArray2D (A[i].ToArray())) x

        Array.fold2
            (fun sum (u: V) weight -> sum + weight * sin (Tensor.dot (tensor u) x))
            (0.5 * Tensor.dot x quadratic + Tensor.dot (tensor b[i]) x)
            waves
            c[i]

    let seats = players |> List.mapi (fun i player -> player, cost i)

    {
        Game = Game.create $"hand {dimensions}" [ [ seats.Head ]; seats.Tail ]
        Own = own
        Below = [| own[0].Length .. d - 1 |]
        Cost =
            fun i x ->
                Array.fold2
                    (fun sum (u: V) weight -> sum + weight * sin (u * x))
                    (0.5 * (x * (A[i] * x)) + b[i] * x)
                    waves
                    c[i]
        Gradient =
            fun i x ->
                Array.fold2
                    (fun sum (u: V) weight -> sum + weight * cos (u * x) * u)
                    (A[i] * x + b[i])
                    waves
                    c[i]
        Hessian =
            fun i x ->
                Array.fold2
                    (fun sum (u: V) weight -> sum - weight * sin (u * x) * u.OuterProduct u)
                    A[i]
                    waves
                    c[i]
    }

/// The same with waves of height 1.
let create = withWaves 1.0

let private pick (entries: int[]) (v: V) =
    vector (entries |> Array.map (fun i -> v[i]))

let private block (rows: int[]) (columns: int[]) (m: M) : M =
    Matrix<float>.Build.Dense(rows.Length, columns.Length, (fun i j -> m[rows[i], columns[j]]))

let private put (entries: int[]) (part: V) (v: V) : V =
    let result = v.Clone()
    entries |> Array.iteri (fun k i -> result[i] <- part[k])
    result

let private ownerOf (hand: HandGame) entry =
    hand.Own |> Array.findIndex (Array.contains entry)

let private omega (hand: HandGame) (x: V) : V =
    vector (Array.init x.Count (fun i -> (hand.Gradient (ownerOf hand i) x)[i]))

let private jacobian (hand: HandGame) (x: V) : M =
    let hessians = hand.Own |> Array.mapi (fun i _ -> hand.Hessian i x)
    Matrix<float>.Build.Dense(x.Count, x.Count, (fun i j -> (hessians[ownerOf hand i])[i, j]))

let private diagonalBlocks (hand: HandGame) (J: M) : M =
    Matrix<float>
        .Build.Dense(
            J.RowCount,
            J.ColumnCount,
            (fun i j -> if ownerOf hand i = ownerOf hand j then J[i, j] else 0.0)
        )

let private identity n : M = Matrix<float>.Build.DenseIdentity n

/// Player i's total gradient where it believes that the entries L answer with the derivative Dr̂ (|L| × |own|).
let private along (hand: HandGame) i (L: int[]) (x: V) (answer: M) : V =
    let g = hand.Gradient i x
    pick hand.Own[i] g + answer.Transpose() * pick L g

let private bestAnswer η (hand: HandGame) i (L: int[]) (x: V) : M =
    let J = jacobian hand x
    let raised: M = block L L J + η * identity L.Length
    -raised.Solve(block L hand.Own[i] J)

let private oneStep γ (hand: HandGame) i (L: int[]) (x: V) : M =
    -γ * block L hand.Own[i] (jacobian hand x)

/// The moved point and the derivative of its entries L, after k steps.
let private unroll k γ (hand: HandGame) i (L: int[]) (x: V) : V * M =
    Seq.fold
        (fun (at: V, slope: M) _ ->
            let J: M = jacobian hand at
            let g: V = pick L (omega hand at)
            put L (pick L at - γ * g) at, slope - γ * (block L hand.Own[i] J + block L L J * slope))
        (x, Matrix<float>.Build.Dense(L.Length, hand.Own[i].Length))
        (seq { 1..k })

let private unrolledGradient k γ hand i L x =
    let at, slope = unroll k γ hand i L x
    along hand i L at slope

/// The field in which the top player has a total gradient and the others partial ones.
let private leading (total: HandGame -> int -> int[] -> V -> V) (hand: HandGame) (x: V) =
    put hand.Own[0] (total hand 0 hand.Below x) (omega hand x)

/// The field in which every player has a total gradient.
let private mutual (total: HandGame -> int -> int[] -> V -> V) (hand: HandGame) (x: V) =
    hand.Own
    |> Array.indexed
    |> Array.fold
        (fun field (i, own) ->
            let others =
                [| 0 .. x.Count - 1 |] |> Array.filter (fun e -> not (Array.contains e own))

            put own (total hand i others x) field)
        x

let private anticipating answer hand i L x = along hand i L x (answer hand i L x)

/// Steps from x at rates Γ, given as a map of (point, memory).
let private remembering
    (start: V -> 'm)
    (step: int -> HandGame -> V -> V * 'm -> V * 'm)
    count
    hand
    (Γ: V)
    (x: V)
    =
    Seq.scan (fun state k -> step k hand Γ state) (x, start x) (seq { 1..count })
    |> Seq.map (fst >> fun (v: V) -> v.ToArray())
    |> Array.ofSeq

let private plain (field: HandGame -> V -> V) =
    remembering ignore (fun _ hand Γ (x, ()) -> x - Γ.PointwiseMultiply(field hand x), ())

let private stepping (step: HandGame -> V -> V -> V) =
    remembering ignore (fun _ hand Γ (x, ()) -> step hand Γ x, ())

let private fixedPoint (map: V -> V) (x: V) =
    Seq.fold (fun z _ -> map z) x (seq { 1..3000 })

let private alternating β =
    remembering (fun x -> 0.0 * x) (fun _ hand Γ (x, velocity) ->
        let next =
            hand.Own
            |> Array.fold
                (fun (next: V) own ->
                    let moved = x + β * velocity - Γ.PointwiseMultiply(omega hand next)
                    put own (pick own moved) next)
                x

        next, next - x)

let private answered (hand: HandGame) (x: V) =
    fixedPoint (fun z -> put hand.Below (pick hand.Below (z - 0.1 * omega hand z)) z) x

let private ahead α (hand: HandGame) (x: V) =
    let ω, J = omega hand x, jacobian hand x
    ω - α * (J - diagonalBlocks hand J) * ω

let private shapes (hand: HandGame) (x: V) =
    omega hand x - mutual (anticipating (oneStep 1.0)) hand x

let private shaping α a b (hand: HandGame) (x: V) =
    let ω, ξ0, χ = omega hand x, ahead α hand x, shapes hand x
    let slope = -α * (χ * ξ0)

    let p1 =
        if slope >= 0.0 then
            1.0
        else
            min 1.0 (-a * (ξ0 * ξ0) / slope)

    let p2 = if ω.L2Norm() < b then ω * ω else 1.0
    ξ0 - α * min p1 p2 * χ

let private adjusted λ isAligned (hand: HandGame) (x: V) =
    let ω, J = omega hand x, jacobian hand x
    let adjustment = 0.5 * (J - J.Transpose()).Transpose() * ω
    let gradH = J.Transpose() * ω

    let sign =
        if isAligned then
            float (sign ((ω * gradH) * (adjustment * gradH) / float x.Count + 0.1))
        else
            1.0

    ω + λ * sign * adjustment

let private surgery ξ (hand: HandGame) (x: V) =
    let ω, J = omega hand x, jacobian hand x
    let λ = ξ * (1.0 - exp (-(ω * ω)))
    let gram = J.Transpose() * J + λ * identity x.Count
    0.5 * (ω + J.Transpose() * gram.Solve(J.Transpose() * ω))

let private ridge total (hand: HandGame) (Γ: V) (x: V) =
    let J, L, top = jacobian hand x, hand.Below, hand.Own[0]
    let moved = x - Γ.PointwiseMultiply(total hand x)
    let turn = (block L L J).Solve(block L top J * pick top (moved - x))
    put L (pick L moved - turn) moved

let private doubleRidge (hand: HandGame) (Γ: V) (x: V) =
    let J = jacobian hand x
    let B = diagonalBlocks hand J
    let move = -Γ.PointwiseMultiply(omega hand x)
    x + (identity x.Count + B.Solve(J - B)).Solve move

/// Gradient steps of the follower on its cost, from z and with x's leader.
let private answers (hand: HandGame) steps (rate: V) (x: V) (z: V) =
    let top, L = hand.Own[0], hand.Own[1]

    Seq.fold
        (fun (z: V) _ -> put L (pick L (z - rate.PointwiseMultiply(hand.Gradient 1 z))) z)
        (put top (pick top x) z)
        (seq { 1..steps })

let private constant (x: V) (rate: float) = 0.0 * x + rate

/// f₁'s gradient with λ times that of f₂ − f₂ at the answer, which is held.
let private penalised λ (hand: HandGame) (x: V) (answer: V) =
    let top = hand.Own[0]
    let g = hand.Gradient 0 x + λ * hand.Gradient 1 x
    put top (pick top (g - λ * hand.Gradient 1 answer)) g

let private penalty λ steps rate =
    remembering id (fun _ hand Γ (x, answer) ->
        let answer = answers hand steps (constant x rate) x answer
        x - Γ.PointwiseMultiply(penalised λ hand x answer), answer)

let private fullyFirstOrder λ δ steps =
    remembering id (fun k hand Γ (x, answer) ->
        let top, L = hand.Own[0], hand.Own[1]
        let λ = λ + δ * float (k - 1)
        let answer = answers hand steps Γ x answer

        let moved =
            Seq.fold
                (fun (x: V) _ ->
                    put L (pick L (x - Γ.PointwiseMultiply(hand.Gradient 1 x + hand.Gradient 0 x / λ))) x)
                x
                (seq { 1..steps })

        put top (pick top (x - Γ.PointwiseMultiply(penalised λ hand moved answer))) moved, answer)

let private barrier fall (hand: HandGame) (Γ: V) (x: V) (answer: V) =
    let f: V = hand.Gradient 0 x
    let q: V = penalised 1.0 hand x answer - f
    let φ: float = fall (q * q) (hand.Cost 1 x - hand.Cost 1 answer)
    x - Γ.PointwiseMultiply(f + max 0.0 ((φ - f * q) / (q * q)) * q)

let private darts (field: HandGame -> V -> V) (hand: HandGame) (Γ: V) (x: V) =
    let top, L = hand.Own[0], hand.Below
    let led = put top (pick top (x - Γ.PointwiseMultiply(field hand x))) x
    put L (pick L (led - Γ.PointwiseMultiply(field hand led))) led

let private differences ξ (hand: HandGame) (x: V) =
    let top, L = hand.Own[0], hand.Own[1]
    let g = omega hand x
    let after = put L (pick L (x - ξ * g)) x
    let v = put top (0.0 * pick top x) (hand.Gradient 0 after)
    let ε = 0.01 / v.L2Norm()

    let product =
        (hand.Gradient 1 (x + ε * v) - hand.Gradient 1 (x - ε * v)) / (2.0 * ε)

    put top (pick top (hand.Gradient 0 after - ξ * product)) g

/// Adam's direction for the k-th gradient, its moments written out.
let private adam k (g: V) (m: V, v: V) =
    let m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g.PointwiseMultiply g
    let corrected = v / (1.0 - 0.999 ** float k)

    (m / (1.0 - 0.9 ** float k)).PointwiseDivide(corrected.PointwiseSqrt() + 1e-8), (m, v)

let private mean (points: V list) =
    List.reduce (+) points / float points.Length

/// Every rule with the points of a run by hand, from (how many steps, the game, rates, start).
let rules: (Rule * (int -> HandGame -> V -> V -> float[][])) list =
    let best = anticipating (bestAnswer 0.0)

    [
        Rule.simultaneous, plain omega
        Rule.stackelberg Conjecture.bestResponse, plain (leading best)
        Rule.stackelberg (Conjecture.regularized 1.0), plain (leading (anticipating (bestAnswer 1.0)))
        Rule.stackelberg (Conjecture.gradientStep 0.3), plain (leading (anticipating (oneStep 0.3)))
        Rule.stackelberg (Conjecture.lookAhead 0.3), plain (leading (unrolledGradient 1 0.3))
        Rule.unrolled 4 0.2, plain (leading (unrolledGradient 4 0.2))
        Rule.alternating, alternating 0.0
        Rule.alternatingMomentum -0.3, alternating -0.3
        Rule.twoTimescale 3.0 Rule.simultaneous,
        stepping (fun hand Γ x ->
            let factors =
                put hand.Below (vector (Array.create hand.Below.Length 3.0)) (0.0 * x + 1.0)

            x - factors.PointwiseMultiply(Γ).PointwiseMultiply(omega hand x))
        Rule.ttur 3.0,
        remembering (fun x -> 0.0 * x, 0.0 * x) (fun k hand Γ (x, moments) ->
            let direction, moments = adam k (omega hand x) moments

            let factors =
                put hand.Below (vector (Array.create hand.Below.Length 3.0)) (0.0 * x + 1.0)

            x - factors.PointwiseMultiply(Γ).PointwiseMultiply direction, moments)
        Rule.extragradient,
        stepping (fun hand Γ x ->
            let middle = x - Γ.PointwiseMultiply(omega hand x)
            x - Γ.PointwiseMultiply(omega hand middle))
        Rule.optimistic,
        remembering id (fun _ hand Γ (x, last) ->
            x - Γ.PointwiseMultiply(2.0 * omega hand x - omega hand last), x)
        Rule.momentum -0.3,
        remembering id (fun _ hand Γ (x, last) -> x - Γ.PointwiseMultiply(omega hand x) - 0.3 * (x - last), x)
        Rule.proximalPoint,
        stepping (fun hand Γ x -> fixedPoint (fun z -> x - Γ.PointwiseMultiply(omega hand z)) x)
        Rule.consensus 0.4,
        plain (fun hand x -> omega hand x + 0.4 * (jacobian hand x).Transpose() * omega hand x)
        Rule.competitive,
        stepping (fun hand Γ x ->
            let J = jacobian hand x
            let Γs = Matrix<float>.Build.DenseOfDiagonalVector Γ

            x
            - (identity x.Count + Γs * (J - diagonalBlocks hand J)).Solve(Γs * omega hand x))
        Rule.bestResponse,
        stepping (fun hand Γ x ->
            let z = answered hand x
            let top = hand.Own[0]

            put top (pick top (z - Γ.PointwiseMultiply(leading best hand z))) z
            |> answered hand)
        Rule.implicitConjectures Conjecture.bestResponse, plain (mutual best)
        Rule.lola 0.3, plain (mutual (anticipating (oneStep 0.3)))
        Rule.lolaMoved 0.3, plain (mutual (unrolledGradient 1 0.3))
        Rule.lookAhead 0.3,
        plain (
            mutual (fun hand i L x ->
                pick hand.Own[i] (hand.Gradient i (put L (pick L (x - 0.3 * omega hand x)) x)))
        )
        Rule.stableOpponentShaping 0.3, plain (shaping 0.3 0.5 0.1)
        Rule.stableOpponentShapingWith 0.2 0.9 0.3, plain (shaping 0.3 0.2 0.9)
        Rule.firstOrderLookAhead 0.3, plain (ahead 0.3)
        Rule.firstOrderLola 0.3, plain (fun hand x -> ahead 0.3 hand x - 0.3 * shapes hand x)
        Rule.followTheRidge Conjecture.none, stepping (ridge omega)
        Rule.followTheRidge Conjecture.bestResponse, stepping (ridge (leading best))
        Rule.doubleFollowTheRidge, stepping doubleRidge
        Rule.symplecticAdjustment 0.7, plain (adjusted 0.7 false)
        Rule.alignedSymplecticAdjustment 0.7, plain (adjusted 0.7 true)
        Rule.symplecticSurgery 0.5, plain (surgery 0.5)
        Rule.penalty 2.0 3 0.1, penalty 2.0 3 0.1
        Rule.fullyFirstOrder 2.0 0.0 1, fullyFirstOrder 2.0 0.0 1
        Rule.fullyFirstOrder 2.0 0.5 3, fullyFirstOrder 2.0 0.5 3
        Rule.bome 0.5 3 0.1,
        stepping (fun hand Γ x ->
            answers hand 3 (constant x 0.1) x x
            |> barrier (fun square _ -> 0.5 * square) hand Γ x)
        Rule.dynamicBarrier 0.5 3 0.1,
        remembering id (fun _ hand Γ (x, answer) ->
            let answer = answers hand 3 (constant x 0.1) x answer
            barrier (fun square gap -> 0.5 * min gap square) hand Γ x answer, answer)
        Rule.darts 0.3, stepping (darts (leading (unrolledGradient 1 0.3)))
        Rule.dartsByDifferences 0.3, stepping (darts (differences 0.3))
        Rule.extrapolationFromThePast,
        remembering (fun x -> 0.0 * x) (fun _ hand Γ (x, last) ->
            let g = omega hand (x - Γ.PointwiseMultiply last)
            x - Γ.PointwiseMultiply g, g)
        Rule.optimisticAdam,
        remembering (fun x -> 0.0 * x, (0.0 * x, 0.0 * x)) (fun k hand Γ (x, (last, moments)) ->
            let direction, moments = adam k (omega hand x) moments
            let last = if k = 1 then direction else last
            x - Γ.PointwiseMultiply(2.0 * direction - last), (direction, moments))
        Rule.nesterov 0.3,
        remembering id (fun _ hand Γ (x, last) ->
            let ahead = x + 0.3 * (x - last)
            ahead - Γ.PointwiseMultiply(omega hand ahead), x)
        Rule.halpern Rule.simultaneous,
        remembering id (fun k hand Γ (x, start) ->
            (start + float k * (x - Γ.PointwiseMultiply(omega hand x))) / float (k + 1), start)
        Rule.extraAnchoredGradient,
        remembering id (fun k hand Γ (x, start) ->
            let from = x + (start - x) / float (k + 1)
            let middle = from - Γ.PointwiseMultiply(omega hand x)
            from - Γ.PointwiseMultiply(omega hand middle), start)
        // The points that an average is of, the last one first.
        Rule.averagedUniformly Rule.simultaneous,
        remembering (fun x -> [ x ]) (fun k hand Γ (_, points) ->
            let points = points[0] - Γ.PointwiseMultiply(omega hand points[0]) :: points
            mean (List.truncate k points), points)
        Rule.averagedUniformly (Rule.momentum 0.3),
        remembering (fun x -> [ x; x ]) (fun k hand Γ (_, points) ->
            let z = points[0]
            let next = z - Γ.PointwiseMultiply(omega hand z) + 0.3 * (z - points[1])
            let points = next :: points
            mean (List.truncate k points), points)
        Rule.averagedExponentially 0.9 Rule.simultaneous,
        remembering id (fun _ hand Γ (x, z) ->
            let z = z - Γ.PointwiseMultiply(omega hand z)
            0.9 * x + 0.1 * z, z)
    ]
