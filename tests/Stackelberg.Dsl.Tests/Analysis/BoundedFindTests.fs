/// Costs that are linear or flat, in boxes and without: Newton's steps alone have nothing to go by there.
module Stackelberg.Dsl.Tests.BoundedFindTests

open System
open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

let private both = [ Concept.Nash; Concept.Stackelberg ]

let private found concept (start: float list) game =
    match game |> Equilibrium.find concept (Tensor.ofList start) with
    | Ok report -> report
    | Error failure -> failwith $"{Game.name game} {concept} from {start}: {failure}"

let private isAt (expected: float list) (report: Report) =
    Check.close 1e-9 (Array.ofList expected) (report.Point.ToArray())

let private unit name =
    Player.scalar name |> Player.bounded 0.0 1.0

let private x, y, free = unit "x", unit "y", Player.scalar "free"

[<Fact>]
let ``costs linear in a bounded strategy lead to their corner from everywhere`` () =
    let corner =
        game "corner" {
            leader x (fun q -> 2.0 * q[x] - q[y])
            follower y (fun q -> -3.0 * q[y] + q[x] * q[y])
        }

    for start in [ [ 0.5; 0.5 ]; [ 0.0; 0.0 ]; [ 1.0; 0.0 ]; [ 1.0; 1.0 ]; [ 1e-9; 1e-9 ] ] do
        for concept in both do
            corner |> found concept start |> isAt [ 0.0; 1.0 ]

[<Fact>]
let ``a leader whose cost does not depend on its own strategy stays where it is`` () =
    let jump =
        game "jump" {
            leader free (fun q -> q[x] + 0.0 * q[free])
            follower x (fun q -> -q[x])
        }

    for concept in both do
        jump |> found concept [ 0.3; 0.2 ] |> isAt [ 0.3; 1.0 ]

[<Fact>]
let ``linear programmes answer as followers`` () =
    let many = Player.vector "many" 5 |> Player.bounded 0.0 1.0
    let prices = Tensor.ofList [ 1.0; -1.0; 2.0; -0.5; -3.0 ]

    let programme =
        game "linear programme" {
            leader free (fun q -> (q[free] - Tensor.sum q[many]) ** 2.0)
            follower many (fun q -> Tensor.dot prices q[many])
        }

    for start in [ 0.5; 0.0; 1.0 ] do
        for concept in both do
            programme
            |> found concept (0.0 :: List.replicate 5 start)
            |> isAt [ 3.0; 0.0; 1.0; 0.0; 1.0; 1.0 ]

[<Theory>]
[<InlineData(1e-6)>]
[<InlineData(1.0)>]
[<InlineData(1e6)>]
let ``a linear cost's unit does not matter`` (unit: float) =
    let wide = Player.scalar "wide" |> Player.bounded -50.0 20.0

    let scaled =
        game "scaled" {
            leader wide (fun q -> unit * q[wide])
            follower y (fun q -> (q[y] - 0.25) ** 2.0 / unit)
        }

    for concept in both do
        scaled |> found concept [ 3.0; 0.9 ] |> isAt [ -50.0; 0.25 ]

[<Fact>]
let ``the lasso by split variables is solved to its optimality conditions`` () =
    let n, d, λ = 12, 4, 0.5
    let random = Random 11
    let A = Array2D.init n d (fun _ _ -> 2.0 * random.NextDouble() - 1.0)

    let b =
        Array.init n (fun i -> A[i, 0] * 1.5 - A[i, 2] * 0.7 + 0.1 * random.NextDouble())

    let u, v =
        Player.vector "u" d |> Player.bounded 0.0 infinity, Player.vector "v" d |> Player.bounded 0.0 infinity

    let fit (q: Strategies) =
        let rest = Tensor.matmul (Tensor.ofArray2D A) (q[u] - q[v]) - Tensor.ofArray b
        0.5 * Tensor.dot rest rest + λ * (Tensor.sum q[u] + Tensor.sum q[v])

    let lasso = Game.simultaneous "lasso" [ u, fit; v, fit ]

    let point =
        (lasso |> found Concept.Nash (List.replicate (2 * d) 1.0)).Point.ToArray()

    let w = Array.init d (fun j -> point[j] - point[d + j])

    let gradient =
        Array.init d (fun j ->
            Seq.sumBy
                (fun i -> A[i, j] * (Seq.sumBy (fun k -> A[i, k] * w[k]) (seq { 0 .. d - 1 }) - b[i]))
                (seq { 0 .. n - 1 }))

    for j in 0 .. d - 1 do
        // −λ sign w where w is not zero, at most λ in size where it is.
        if abs w[j] > 1e-9 then
            Check.closeNumber 1e-8 (-λ * float (sign w[j])) gradient[j]
        else
            Assert.InRange(gradient[j], -λ - 1e-9, λ + 1e-9)

[<Fact>]
let ``a cost that is flat far out is followed to its minimum`` () =
    // log cosh, with slope 1 and second derivative 0 to working precision beyond 20.
    let flat (t: Tensor) = Tensor.softplus (2.0 * t) - t

    let pair =
        Game.twoPlayer "flat" (fun x y -> flat (x - 3.0) + 0.0 * y) (fun x y -> flat (y - x))

    for start in [ 20.0; -50.0; 1e4 ] do
        for concept in both do
            match pair |> Equilibrium.find concept (Tensor.ofList [ start; -start ]) with
            | Ok report -> isAt [ 3.0; 3.0 ] report
            // The Stackelberg field is not defined where the follower's second derivative is 0.
            | Error failure -> Assert.True((concept = Concept.Stackelberg), $"{start}: {failure}")

[<Fact>]
let ``a Huber cost's linear part is no obstacle`` () =
    let huber (t: Tensor) =
        Tensor.where (Tensor.less (abs t) (Tensor.scalar 1.0)) (0.5 * t * t) (abs t - 0.5)

    let single = Game.simultaneous "Huber" [ free, (fun q -> huber (q[free] - 2.0)) ]

    for start in [ 2.5; 40.0; -1e5 ] do
        single |> found Concept.Nash [ start ] |> isAt [ 2.0 ]

[<Fact>]
let ``a D-optimal design is found as a game of one player`` () =
    let random = Random 1
    let n, k = 10, 3

    let rows =
        Array.init n (fun _ -> Tensor.ofArray (Array.init k (fun _ -> 2.0 * random.NextDouble() - 1.0)))

    let design = Player.vector "design" n |> Player.bounded 0.0 1.0

    let information (w: Tensor) =
        Seq.fold
            (fun sum i -> sum + w[i] * Tensor.outer rows[i] rows[i])
            (Tensor.zeros [ k; k ])
            (seq { 0 .. n - 1 })

    let cost (q: Strategies) =
        -(Tensor.logDeterminant (information q[design]))
        + float k * Tensor.sum q[design]

    let optimal =
        Game.simultaneous "design" [ design, cost ]
        |> found Concept.Nash (List.replicate n 0.1)

    let w = optimal.Point.ToArray()
    // Kiefer and Wolfowitz: the weights sum to 1, and xᵢᵀ M⁻¹ xᵢ ≤ k with equality where wᵢ > 0.
    Check.closeNumber 1e-8 1.0 (Array.sum w)

    let M =
        Matrix<float>.Build.DenseOfRowMajor(k, k, (information optimal.Point).ToArray())

    for i in 0 .. n - 1 do
        let row = Vector<float>.Build.Dense(rows[i].ToArray())
        let variance = row * M.Solve row
        Assert.InRange(variance, 0.0, float k + 1e-7)

        if w[i] > 1e-9 then
            Check.closeNumber 1e-7 (float k) variance

/// Every point of a box at which M z + q is complementary, by trying all sets of entries at the bounds.
let private solutions (M: float[,]) (q: float[]) (lower: float[]) (upper: float[]) = [
    let d = q.Length

    for code in 0 .. pown 3 d - 1 do
        let place = Array.init d (fun i -> code / pown 3 i % 3 - 1)
        let inside = [| 0 .. d - 1 |] |> Array.filter (fun i -> place[i] = 0)

        let z =
            Array.init d (fun i ->
                if place[i] < 0 then lower[i]
                elif place[i] > 0 then upper[i]
                else 0.0)

        if inside.Length > 0 then
            let right =
                inside
                |> Array.map (fun i -> -q[i] - Seq.sumBy (fun j -> M[i, j] * z[j]) (seq { 0 .. d - 1 }))

            let block =
                Matrix<float>.Build.Dense(inside.Length, inside.Length, (fun i j -> M[inside[i], inside[j]]))

            let solved = block.Solve(Vector<float>.Build.Dense right)
            inside |> Array.iteri (fun k i -> z[i] <- solved[k])

        let w i =
            q[i] + Seq.sumBy (fun j -> M[i, j] * z[j]) (seq { 0 .. d - 1 })

        let isRight i =
            if place[i] < 0 then w i > 0.0
            elif place[i] > 0 then w i < 0.0
            else z[i] > lower[i] && z[i] < upper[i]

        if Seq.forall isRight (seq { 0 .. d - 1 }) then
            z
]

[<Fact>]
let ``random bounded quadratic and linear games are solved as by trying all active sets`` () =
    let random = Random 23
    let number () = 2.0 * random.NextDouble() - 1.0

    for trial in 1..150 do
        let d = 2 + trial % 3
        let rank = trial % (d + 1)
        let factor = Array2D.init rank d (fun _ _ -> number ())

        // A positive semidefinite part of any rank, 0 for a linear programme, and a skew one between the two players.
        let cut = 1 + trial % (d - 1)
        let couple = Array2D.init d d (fun _ _ -> number ())

        let M =
            Array2D.init d d (fun i j ->
                let symmetric =
                    if (i < cut) = (j < cut) then
                        Seq.sumBy (fun k -> factor[k, i] * factor[k, j]) (seq { 0 .. rank - 1 })
                    else
                        0.0

                let skew =
                    if i < cut && j >= cut then couple[i, j]
                    elif j < cut && i >= cut then -couple[j, i]
                    else 0.0

                symmetric + skew)

        let q = Array.init d (fun _ -> 2.0 * number ())
        let lower = Array.init d (fun _ -> number () - 1.0)
        let upper = Array.init d (fun i -> lower[i] + 0.5 + random.NextDouble())

        let a =
            Player.vector "a" cut |> Player.boundedEach lower[.. cut - 1] upper[.. cut - 1]

        let b = Player.vector "b" (d - cut) |> Player.boundedEach lower[cut..] upper[cut..]

        let part (rows: int list) (columns: int list) =
            Tensor.ofArray2D (Array2D.init rows.Length columns.Length (fun i j -> M[rows[i], columns[j]]))

        let first, second = [ 0 .. cut - 1 ], [ cut .. d - 1 ]

        let cost own mine others other (q0: float[]) (q: Strategies) =
            0.5 * Tensor.dot q[own] (Tensor.matmul (part mine mine) q[own])
            + Tensor.dot q[own] (Tensor.matmul (part mine others) q[other])
            + Tensor.dot (Tensor.ofArray q0) q[own]

        let quadratic =
            Game.simultaneous $"quadratic {trial}" [
                a, cost a first second b q[.. cut - 1]
                b, cost b second first a q[cut..]
            ]

        let known = solutions M q lower upper

        let start =
            List.init d (fun i -> lower[i] + random.NextDouble() * (upper[i] - lower[i]))

        let point = (quadratic |> found Concept.Nash start).Point.ToArray()

        let nearest =
            known
            |> List.map (fun z -> Array.map2 (fun a b -> abs (a - b)) z point |> Array.max)
            |> List.fold min infinity

        // A monotone problem has one solution, or a set of them if a degenerate active set was passed over.
        if not known.IsEmpty then
            Assert.True(nearest <= 1e-7, $"{Game.name quadratic}: {nearest}")
