// A charged particle in a magnetic field: the leader sets the field B, the follower the speed v of the launch.
// Both costs follow the particle through 411 steps of Euler's method, one loop whose body is compiled once. The follower
// wants it to end at 2 on the x axis, the leader at (1, −1); a strong field and a fast launch cost something (made here).
#load "Prelude.fsx"

open Prelude
open Stackelberg

let steps, time = 411, 1.5
let h = time / float steps
let target1, target2 = Tensor.ofList [ 1.0; -1.0 ], Tensor.ofList [ 2.0; 0.0 ]
let priceOfField, priceOfSpeed = 0.05, 0.1

/// Where the particle ends: x⁺ = x + h w, w⁺ = w + h B (w₂, −w₁), from x = 0 and w = (v, 0).
let ending (field: Tensor) (speed: Tensor) =
    let start = Tensor.zeros [ 2 ], speed * Tensor.ofList [ 1.0; 0.0 ]

    let step (x: Tensor, w: Tensor) =
        x + h * w, w + h * field * Tensor.stack 0 [ w[1]; -w[0] ]

    fst (Loop.scan2 steps step start)

let squared (x: Tensor) = Tensor.dot x x
let field, speed = Player.scalar "B", Player.scalar "v"

let particle =
    game "charged particle" {
        leader field (fun q -> squared (ending q[field] q[speed] - target1) + priceOfField * q[field] ** 2)
        follower speed (fun q -> squared (ending q[field] q[speed] - target2) + priceOfSpeed * q[speed] ** 2)
    }

/// The same end in closed form, as v a(B): with x + i y for the place, w⁺ = (1 − i h B) w, and a = i ((1 − i h B)ⁿ − 1) / B.
let reach (field: Tensor) =
    let n, turn = float steps, atan (h * field)
    let length = (1.0 + (h * field) ** 2) ** (n / 2.0)
    Tensor.stack 0 [ length * sin (n * turn) / field; (length * cos (n * turn) - 1.0) / field ]

/// The follower's best speed, whose cost is quadratic in it.
let answer field =
    Tensor.dot (reach field) target2 / (squared (reach field) + priceOfSpeed)

/// The leader's best field against that answer, by Newton's method.
let best =
    let cost field =
        squared (answer field * reach field - target1) + priceOfField * field ** 2

    Loop.scan 30 (fun field -> field - Diff.diff cost field / Diff.diffn 2 cost field) (Tensor.scalar 1.0)

let b, v = Tensor.scalar 0.8, Tensor.scalar 1.3
let miss = ending b v - v * reach b
check "the loop's end less the closed form's" (float (sqrt (squared miss))) 0.0 1e-12

for order in 1..3 do
    let derivative f = Diff.diffn order f b
    let along (e: Tensor -> Tensor) = derivative (fun b -> Tensor.sum (e b))

    check
        $"derivative {order} by the field"
        (float (along (fun b -> ending b v)))
        (float (along (fun b -> v * reach b)))
        1e-10

match particle |> Equilibrium.find Concept.Stackelberg (Tensor.ofList [ 1.0; 1.0 ]) with
| Ok report ->
    printfn
        $"field {float report.Point[0]:G6}, speed {float report.Point[1]:G6}: it ends at {ending report.Point[0] report.Point[1]}"
| Error failure -> stop $"{failure}"

let known =
    particle
    |> Known.game "closed form derived here" [ 1.0; 1.0 ] 0.05 [
        Known.point [ float best; float (answer best) ] [
            Trait.DifferentialStackelberg
            Trait.StableStackelberg
        ]
    ]

printfn $"{Equilibrium.classify particle (Tensor.ofArray known.Points[0].Point)}"
checkKnown known
