/// The games of the published experiments with their derivatives by hand: what the library derives is compared with these.
module Stackelberg.Dsl.Tests.TestGames

open System
open Stackelberg

/// Partial derivatives of a game of two scalar players, as far as J_S needs them.
type Partials = {
    /// D1 f1, D2 f1.
    First1: float * float
    /// D11 f1, D12 f1, D22 f1.
    Second1: float * float * float
    /// D2 f2.
    First2: float
    /// D12 f2, D22 f2.
    Second2: float * float
    /// D112 f2, D122 f2, D222 f2.
    Third2: float * float * float
}

/// A game of two scalar players and its partial derivatives at (x1, x2).
type HandGame = {
    Game: Game
    At: float -> float -> Partials
    /// Where random points are drawn: the followers' curvature stays away from zero.
    Box: (float * float) * (float * float)
}

let duopoly = {
    Game =
        Game.twoPlayer "duopoly" (fun q1 q2 -> -(100.0 - q1 - q2 - 5.0) * q1) (fun q1 q2 ->
            -(100.0 - q1 - q2 - 2.0) * q2)
    At =
        fun q1 q2 -> {
            First1 = 2.0 * q1 + q2 - 95.0, q1
            Second1 = 2.0, 1.0, 0.0
            First2 = q1 + 2.0 * q2 - 98.0
            Second2 = 1.0, 2.0
            Third2 = 0.0, 0.0, 0.0
        }
    Box = (0.0, 60.0), (0.0, 60.0)
}

let θ1 = Player.angle "θ1"
let θ2 = Player.angle "θ2"

let torus =
    let φ, α1, α2 = Math.PI / 8.0, 1.0, 1.3

    {
        Game =
            game "torus" {
                leader θ1 (fun θ -> -α1 * cos (θ[θ1] - φ) + cos (θ[θ1] - θ[θ2]))
                follower θ2 (fun θ -> -α2 * cos (θ[θ2] - φ) + cos (θ[θ2] - θ[θ1]))
            }
        At =
            fun x y ->
                let s, c = sin (x - y), cos (x - y)

                {
                    First1 = α1 * sin (x - φ) - s, s
                    Second1 = α1 * cos (x - φ) - c, c, -c
                    First2 = α2 * sin (y - φ) + s
                    Second2 = c, α2 * cos (y - φ) - c
                    Third2 = -s, s, -α2 * sin (y - φ) - s
                }
        // There α2 cos(y − φ) − cos(x − y) is between 0.4 and 2.1.
        Box = (2.0, 3.0), (-0.3, 0.6)
    }

/// f = −e^(−0.01 (x² + y²)) ((a x² + y)² + (b y² + x)²).
let polynomial a b =
    let choose n k =
        if n = 3 && (k = 1 || k = 2) then 3.0
        elif n = 2 && k = 1 then 2.0
        else 1.0

    /// The k-th derivative of e^(−0.01 x²) over itself.
    let exponential k x =
        let g = -0.02

        match k with
        | 0 -> 1.0
        | 1 -> g * x
        | 2 -> g + g * g * x * x
        | _ -> 3.0 * g * g * x + g * g * g * x * x * x

    let squares i j x y =
        let u, v = a * x * x + y, b * y * y + x

        match i, j with
        | 0, 0 -> u * u + v * v
        | 1, 0 -> 4.0 * a * x * u + 2.0 * v
        | 0, 1 -> 2.0 * u + 4.0 * b * y * v
        | 2, 0 -> 4.0 * a * u + 8.0 * a * a * x * x + 2.0
        | 1, 1 -> 4.0 * a * x + 4.0 * b * y
        | 0, 2 -> 2.0 + 4.0 * b * v + 8.0 * b * b * y * y
        | 2, 1 -> 4.0 * a
        | 1, 2 -> 4.0 * b
        | 0, 3 -> 24.0 * b * b * y
        | _ -> 0.0

    /// Leibniz: the derivative of −f, i times in x and j times in y.
    let d i j x y =
        let scale = exp (-0.01 * (x * x + y * y))

        scale
        * List.sum [
            for k in 0..i do
                for l in 0..j do
                    choose i k
                    * choose j l
                    * exponential k x
                    * exponential l y
                    * squares (i - k) (j - l) x y
        ]

    {
        Game =
            Game.zeroSum (System.FormattableString.Invariant $"polynomial {a} {b}") (fun x y ->
                -exp(-0.01 * (x * x + y * y))
                * ((a * x ** 2.0 + y) ** 2.0 + (b * y ** 2.0 + x) ** 2.0))
        At =
            fun x y -> {
                First1 = -(d 1 0 x y), -(d 0 1 x y)
                Second1 = -(d 2 0 x y), -(d 1 1 x y), -(d 0 2 x y)
                First2 = d 0 1 x y
                Second2 = d 1 1 x y, d 0 2 x y
                Third2 = d 2 1 x y, d 1 2 x y, d 0 3 x y
            }
        Box = (-3.0, 3.0), (-1.0, 1.5)
    }

/// A = I, B = [[1/2, 1], [1, 1/2]], softmax policies of temperature 2.5 and shift b, ridge 0.1.
let bimatrix shift =
    let k = 5.0
    let δ = 2.0 * shift

    let policy (x: Tensor) = 1.0 / (1.0 + exp (-(k * x + δ)))

    let cost1 (x1: Tensor) (x2: Tensor) =
        let p, q = policy x1, policy x2
        p * q + (1.0 - p) * (1.0 - q) + 0.05 * x1 * x1

    let cost2 (x1: Tensor) (x2: Tensor) =
        let p, q = policy x1, policy x2

        0.5 * p * q
        + p * (1.0 - q)
        + (1.0 - p) * q
        + 0.5 * (1.0 - p) * (1.0 - q)
        + 0.05 * x2 * x2

    /// The policy and its first three derivatives.
    let derivatives x =
        let p = 1.0 / (1.0 + exp (-(k * x + δ)))
        let r = p * (1.0 - p)
        p, k * r, k * k * r * (1.0 - 2.0 * p), k * k * k * r * (1.0 - 6.0 * p + 6.0 * p * p)

    {
        Game = Game.twoPlayer $"bimatrix {shift}" cost1 cost2
        At =
            fun x y ->
                let p, p1, p2, _ = derivatives x
                let q, q1, q2, q3 = derivatives y

                {
                    First1 = (2.0 * q - 1.0) * p1 + 0.1 * x, (2.0 * p - 1.0) * q1
                    Second1 = (2.0 * q - 1.0) * p2 + 0.1, 2.0 * p1 * q1, (2.0 * p - 1.0) * q2
                    First2 = (0.5 - p) * q1 + 0.1 * y
                    Second2 = -p1 * q1, (0.5 - p) * q2 + 0.1
                    Third2 = -p2 * q1, -p1 * q2, (0.5 - p) * q3
                }
        Box = (-1.0, 1.0), (0.2, 1.0)
    }

/// Follow-the-Ridge, Wang, Zhang and Ba (2020): three zero-sum games without hand derivatives.
let ridge =
    function
    | 1 -> Game.zeroSum "ridge 1" (fun x y -> -3.0 * x ** 2.0 - y ** 2.0 + 4.0 * x * y)
    | 2 -> Game.zeroSum "ridge 2" (fun x y -> 3.0 * x ** 2.0 + y ** 2.0 + 4.0 * x * y)
    | _ ->
        Game.zeroSum "ridge 3" (fun x y ->
            (0.4 * x ** 2.0 - 0.1 * (y - 3.0 * x + 0.05 * x ** 3.0) ** 2.0 - 0.01 * y ** 4.0)
            * exp (-0.01 * (x ** 2.0 + y ** 2.0)))

let handGames = [
    duopoly
    torus
    polynomial 0.15 0.25
    polynomial 0.3 0.5
    bimatrix 1.0
    bimatrix 0.0
]

/// The two-player games by name.
let named name =
    match handGames |> List.tryFind (fun known -> known.Game.Name = name) with
    | Some known -> known.Game
    | None -> ridge (int (name.Substring 6))

/// Covariance estimation: f1 = Σ_ij W_ij (Σ − V Vᵀ)_ij, f2 = −f1 + (λ/2) ‖W‖², λ = d/5.
type Covariance = {
    Game: Game
    V: Player
    W: Player
    Sigma: Tensor
    λ: float
}

let covariance (sigma: Tensor) =
    let d = sigma.Shape[0]
    let V, W = Player.ofShape "V" [ d; d ], Player.ofShape "W" [ d; d ]
    let λ = float d / 5.0

    let f1 (q: Strategies) =
        Tensor.sum (q[W] * (sigma - Tensor.matmul q[V] q[V].T))

    {
        Game =
            game "covariance" {
                leader V f1
                follower W (fun q -> -(f1 q) + λ / 2.0 * Tensor.sum (q[W] * q[W]))
            }
        V = V
        W = W
        Sigma = sigma
        λ = λ
    }

/// Standard normal numbers, the same on every machine.
let normals (seed: int) count =
    let random = Random seed

    Array.init count (fun _ ->
        sqrt (-2.0 * log (1.0 - random.NextDouble()))
        * cos (2.0 * Math.PI * random.NextDouble()))

let normalMatrix seed rows columns =
    Tensor.ofArray (normals seed (rows * columns))
    |> Tensor.reshape [ rows; columns ]

/// A covariance game whose Σ is U Uᵀ with U normal.
let randomCovariance seed d =
    let u = normalMatrix seed d d
    covariance (Tensor.matmul u u.T)
