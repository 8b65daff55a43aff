module Stackelberg.Dsl.Tests.RandomGameTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

/// How many games of each kind; STACKELBERG_GAMES=2000 makes it ten thousand of them.
let private count =
    match Environment.GetEnvironmentVariable "STACKELBERG_GAMES" with
    | null
    | "" -> 40
    | text -> Int32.Parse(text, Globalization.CultureInfo.InvariantCulture)

/// A game of a leader and a follower whose costs are quadratic around a point, with what is known of that point by
/// elimination: nothing here uses the library's derivatives.
type private Known = {
    Game: Game
    /// The critical point of ω and ω_S.
    Point: float[]
    /// How the players' coordinates are scaled.
    Scales: float[]
    IsNash: bool
    IsStackelberg: bool
}

let private eigenvalues (a: float[,]) =
    (MathNet.Numerics.LinearAlgebra.Matrix<float>.Build.DenseOfArray a).Evd().EigenValues.ToArray()
    |> Array.map _.Real

let private normal (random: Random) =
    sqrt (-2.0 * log (1.0 - random.NextDouble()))
    * cos (2.0 * Math.PI * random.NextDouble())

/// Symmetric, of eigenvalues with the signs given and sizes between 0.3 and 3, so that none is near zero.
let private symmetric (random: Random) (n: int) (isDefinite: bool) =
    let m =
        MathNet.Numerics.LinearAlgebra.Matrix<float>.Build.Dense(n, n, (fun _ _ -> normal random))

    let q = m.QR().Q
    let sizes = Array.init n (fun _ -> 0.3 * Math.Pow(10.0, random.NextDouble()))

    if not isDefinite then
        sizes[random.Next n] <- -sizes[0]

    q * MathNet.Numerics.LinearAlgebra.Matrix<float>.Build.DenseOfDiagonalArray sizes * q.Transpose()

/// Both costs are ½ (z − p)ᵀ Q (z − p) plus a cubic, for z = (x, y) in scaled coordinates, times the costs' own scales.
/// <param name="decades">Up to how many decades coordinates and costs are scaled by.</param>
let private quadratic (random: Random) decades : Known =
    let m, n = 1 + random.Next 3, 1 + random.Next 3
    let d = m + n
    let isLeading, isFollowing = random.Next 3 > 0, random.Next 3 > 0
    let build = MathNet.Numerics.LinearAlgebra.Matrix<float>.Build

    let cost own first definite =
        let q = build.Dense(d, d, (fun _ _ -> 0.7 * normal random))
        let q = 0.5 * (q + q.Transpose())
        q.SetSubMatrix(first, first, symmetric random own definite)
        q

    let q1, q2 = cost m 0 isLeading, cost n m isFollowing
    let point = Array.init d (fun _ -> 3.0 * normal random)
    let scale () = Math.Pow(10.0, decades * (2.0 * random.NextDouble() - 1.0))
    let lengths, costs = [| scale (); scale () |], [| scale (); scale () |]
    let scales = Array.init d (fun i -> if i < m then lengths[0] else lengths[1])
    let cubic = Tensor.ofArray (Array.init d (fun _ -> 0.2 * normal random))
    let x, y = Player.vector "x" m, Player.vector "y" n

    let term factor (q: MathNet.Numerics.LinearAlgebra.Matrix<float>) (s: Strategies) =
        let z =
            Tensor.concat 0 [ s[x]; s[y] ] / Tensor.ofArray scales - Tensor.ofArray point

        let q = Tensor.ofArray2D (q.ToArray())

        factor
        * (0.5 * Tensor.dot z (Tensor.matmul q z) + Tensor.sum (cubic * z * z * z))

    let game =
        game "random" {
            leader x (term costs[0] q1)
            follower y (term costs[1] q2)
        }

    let answer =
        -(q2.SubMatrix(m, n, m, n).Inverse() * q2.SubMatrix(m, n, 0, m))

    let total =
        q1.SubMatrix(0, m, 0, m)
        + q1.SubMatrix(0, m, m, n) * answer
        + answer.Transpose() * q1.SubMatrix(m, n, 0, m)
        + answer.Transpose() * q1.SubMatrix(m, n, m, n) * answer

    let bends = eigenvalues (total.ToArray()) |> Array.min

    {
        Game = game
        Point = Array.map2 (*) point scales
        Scales = scales
        IsNash = isLeading && isFollowing
        IsStackelberg = isFollowing && bends > 0.0
    }

let private verdictOf isIt = if isIt then Verdict.Yes else Verdict.No

/// One game after the other, the same for every run of the test; what is wrong is named with its number.
let private each kind (judge: Random -> string voption) =
    let wrong = [
        for number in 1..count do
            match judge (Random(1000 * number + kind)) with
            | ValueSome what -> $"game {number}: {what}"
            | ValueNone -> ()
    ]

    Assert.True(wrong.IsEmpty, String.Join("\n", wrong |> List.truncate 10))

let private regular kind decades =
    let mutable undecided = 0

    each kind (fun random ->
        let known = quadratic random decades
        let report = Equilibrium.classify known.Game (Tensor.ofArray known.Point)
        let verdicts = [ report.IsDifferentialNash; report.IsDifferentialStackelberg ]
        let expected = [ verdictOf known.IsNash; verdictOf known.IsStackelberg ]

        if List.contains Verdict.Undecided verdicts || report.IsCriticalOmega = Verdict.Undecided then
            undecided <- undecided + 1
            ValueNone
        elif report.IsCriticalOmega = Verdict.Yes && report.IsCriticalOmegaS = Verdict.Yes && verdicts = expected then
            ValueNone
        else
            ValueSome $"{expected} expected\n{report}")

    Assert.True(undecided * 50 <= count, $"{undecided} of {count} undecided")

[<Fact>]
let ``regular games get the verdicts that elimination gives`` () = regular 1 0.0

[<Fact>]
let ``verdicts do not change with the units of costs and of coordinates`` () = regular 2 8.0

[<Fact>]
let ``a player off its point by a hundredth is not at an equilibrium, in any units`` () =
    each 3 (fun random ->
        let known = quadratic random (if random.Next 2 = 0 then 0.0 else 8.0)
        let player = random.Next 2
        let first = known.Game.Players[0].Dimension

        let off =
            known.Point
            |> Array.mapi (fun i value ->
                if (i < first) = (player = 0) then
                    value + 0.01 * known.Scales[i] * (3.0 + abs (normal random))
                else
                    value)

        let report = Equilibrium.classify known.Game (Tensor.ofArray off)
        let large = Equilibrium.classifyLarge known.Game (Tensor.ofArray off)

        if
            report.IsCriticalOmega = Verdict.No
            && report.IsDifferentialNash = Verdict.No
            && report.IsDifferentialStackelberg = Verdict.No
            && large.IsDifferentialNash <> Verdict.Yes
            && large.IsCriticalOmegaS <> Verdict.Yes
        then
            ValueNone
        else
            ValueSome $"{report}\n{large}")

[<Fact>]
let ``dense and matrix-free analysis do not contradict each other`` () =
    each 4 (fun random ->
        let known = quadratic random 4.0
        let x = Tensor.ofArray known.Point
        let dense, large = Equilibrium.classify known.Game x, Equilibrium.classifyLarge known.Game x

        let contradicts (a: Verdict) (b: Verdict) =
            a <> b && a <> Verdict.Undecided && b <> Verdict.Undecided

        if
            contradicts dense.IsCriticalOmega large.IsCriticalOmega
            || contradicts dense.IsCriticalOmegaS large.IsCriticalOmegaS
            || contradicts dense.IsDifferentialNash large.IsDifferentialNash
            || contradicts dense.IsStableSimgrad large.IsStableSimgrad
            || contradicts dense.IsStableStackelberg large.IsStableStackelberg
        then
            ValueSome $"{dense}\n{large}"
        else
            ValueNone)

[<Fact>]
let ``a player with a flat direction has no certain equilibrium`` () =
    each 5 (fun random ->
        // ½ (a · (x − p))² with fewer directions a than entries, or a fourth power.
        let n = 2 + random.Next 3
        let x, y = Player.vector "x" n, Player.scalar "y"
        let p = Tensor.ofArray (Array.init n (fun _ -> 3.0 * normal random))
        let a = Tensor.ofArray (Array.init n (fun _ -> normal random))
        let isQuartic = random.Next 2 = 0
        let scale = Math.Pow(10.0, 8.0 * random.NextDouble() - 4.0)

        let game =
            game "flat" {
                leader x (fun q ->
                    let z = q[x] - p

                    if isQuartic then
                        scale * Tensor.sum (z ** 4.0)
                    else
                        scale * Tensor.dot a z ** 2.0)

                follower y (fun q -> (q[y] - q[x][0]) ** 2.0)
            }

        let point = Array.append (p.ToArray()) [| p[0].ToDouble() |]
        let report = Equilibrium.classify game (Tensor.ofArray point)

        if
            report.IsDifferentialNash = Verdict.Undecided
            && report.IsDifferentialStackelberg = Verdict.Undecided
        then
            ValueNone
        else
            ValueSome(string report))

[<Fact>]
let ``a game without an equilibrium has none anywhere`` () =
    each 6 (fun random ->
        let falling: (Tensor -> Tensor)[] = [|
            (fun t -> exp -t)
            (fun t -> Tensor.softplus -t)
            (fun t -> 1.0 / (t * t))
            (fun t -> -(log t))
            (fun t -> Tensor.sigmoid -t)
        |]

        let cost = falling[random.Next falling.Length]
        let n = 1 + random.Next 3
        let x, y = Player.vector "x" n, Player.vector "y" n
        let slope = Math.Pow(10.0, 4.0 * random.NextDouble() - 2.0)
        let scale = Math.Pow(10.0, 12.0 * random.NextDouble() - 6.0)

        let game =
            game "none" {
                leader x (fun q ->
                    let rest = if n > 1 then Tensor.sum ((q[x][1..] - 1.0) ** 2.0) else Tensor.scalar 0.0
                    scale * (cost (slope * q[x][0]) + rest))

                follower y (fun q -> Tensor.sum ((q[y] - q[x]) ** 2.0))
            }

        let far = Math.Pow(10.0, 2.5 * random.NextDouble()) / slope
        let point = Array.init (2 * n) (fun i -> if i % n = 0 then far else 1.0)
        let report = Equilibrium.classify game (Tensor.ofArray point)
        let large = Equilibrium.classifyLarge game (Tensor.ofArray point)

        if
            report.IsCriticalOmega <> Verdict.Yes
            && report.IsDifferentialNash <> Verdict.Yes
            && report.IsDifferentialStackelberg <> Verdict.Yes
            && large.IsDifferentialNash <> Verdict.Yes
        then
            ValueNone
        else
            ValueSome(string report))

[<Fact>]
let ``shifting and rotating a player's coordinates changes no verdict`` () =
    each 7 (fun random ->
        let n = 2 + random.Next 3
        let isMinimum = random.Next 2 = 0
        let q = symmetric random n isMinimum
        let rotation = (symmetric random n true).Evd().EigenVectors
        let shift = Array.init n (fun _ -> normal random * Math.Pow(10.0, 6.0 * random.NextDouble() - 2.0))
        let p = Array.init n (fun _ -> normal random)
        let x, y = Player.vector "x" n, Player.scalar "y"

        let game =
            game "moved" {
                leader x (fun s ->
                    let z =
                        Tensor.matmul (Tensor.ofArray2D (rotation.ToArray())) (s[x] + Tensor.ofArray shift)
                        - Tensor.ofArray p

                    0.5 * Tensor.dot z (Tensor.matmul (Tensor.ofArray2D (q.ToArray())) z)
                    + 0.1 * Tensor.sum (z ** 3.0)
                    + s[y] * Tensor.sum z)

                follower y (fun s -> 0.5 * s[y] ** 2.0)
            }

        let vector = MathNet.Numerics.LinearAlgebra.Vector<float>.Build
        let back = (rotation.Transpose() * vector.DenseOfArray p).ToArray()
        let point = Array.append (Array.map2 (-) back shift) [| 0.0 |]
        let report = Equilibrium.classify game (Tensor.ofArray point)

        if
            report.IsCriticalOmega = Verdict.Yes
            && report.IsDifferentialNash = verdictOf isMinimum
            && report.IsDifferentialStackelberg = verdictOf isMinimum
        then
            ValueNone
        else
            ValueSome $"{isMinimum}\n{report}")
