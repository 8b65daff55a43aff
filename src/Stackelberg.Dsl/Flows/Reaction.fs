namespace Stackelberg

open System
open MathNet.Numerics.LinearAlgebra
open Stackelberg.Kernels

/// The answer r(x₁) of all players below the top level: where their total gradients vanish and are stable, found by
/// Newton from where they stand, many points in one program. For one thread.
[<Sealed>]
type internal Reaction(game: Game, width: int) =

    let d = game.Dimension
    let top = game.Offsets[game.Levels[0]]
    let n = d - top

    /// Newton steps at most; from nearby three to five are needed.
    let limit = 100

    /// A step below this share of the answer's size is the last: Newton squares its error.
    let lastBelow = 1e-9

    /// A step is shortened to this share of the answer's size, at least of 1: no farther is the linear model believed.
    let longest = 0.5

    /// How short a step may become before a point is given up.
    let shortest = 1e-6

    /// The total gradients below the top, and their Jacobian in those players' own strategies.
    let run =
        let conjecture =
            if game.Levels.Length = 2 then
                Conjecture.none
            else
                Linearisation.exactly game Conjecture.bestResponse

        let make () =
            Program.compile [| DType.Float64, [| width; d |] |] [| false |] (fun points ->
                let at = Expression.variable points[0].Trace DType.Float64 [| d |]
                let leaders = Tensor.slice 0 0 top at

                let gradients below =
                    let joint = Tensor.concat 0 [ leaders; below ]
                    Tensor.slice 0 top n (Tensor.cast DType.Float64 (Field.joint conjecture game joint))

                let below = Tensor.slice 0 top n at
                Batching.many [| at |] points width [| gradients below; Diff.jacobian gradients below |])

        (game.Once ("reaction", width) make).CreateRun()

    let points, gradients, jacobians = run.Input 0, run.Output 0, run.Output 1

    /// Where each point's Newton step began, the step, its share that is tried, and the gradient's norm at its begin.
    let from, step =
        Array.zeroCreate<float>(width * n), Array.zeroCreate<float>(width * n)

    let share, norms = Array.create width 1.0, Array.create width infinity
    let isPositive = Array.create width false
    let isOpen = Array.create width false

    let normOf (values: float[]) at =
        let mutable sum = 0.0

        for i in at .. at + n - 1 do
            sum <- sum + values[i] * values[i]

        sqrt sum

    /// −A⁻¹ G, with A's symmetric part raised where it is not positive definite, so that the step goes down and not to
    /// a saddle; and whether it was positive definite.
    let newton at =
        let A = Array2D.init n n (fun i j -> jacobians[at * n * n + i * n + j])
        let G = Array.sub gradients (at * n) n

        if n = 1 then
            let a = A[0, 0]
            a > 0.0, [| -G[0] / abs a |]
        else
            let least =
                A |> Dense.symmetricPart |> Dense.eigenvalues |> Array.map _.Real |> Array.min

            let matrix = CreateMatrix.DenseOfArray A

            let raised =
                if least > 0.0 then
                    matrix
                else
                    let raise = -2.0 * least + 1e-3 * Dense.norm A
                    matrix + CreateMatrix.DenseDiagonal(n, n, raise)

            least > 0.0, (raised.LU().Solve(CreateVector.DenseOfArray G)).ToArray() |> Array.map (~-)

    let close at isFound =
        isOpen[at] <- false

        if not isFound then
            for i in 0 .. n - 1 do
                points[at * d + top + i] <- nan

    /// Goes the share of the step from where it began.
    let tryStep at =
        for i in 0 .. n - 1 do
            points[at * d + top + i] <- from[at * n + i] + share[at] * step[at * n + i]

    /// Takes the point as the begin of a further step; the last one, if it is short.
    let advance at norm =
        let positive, δ = newton at

        if not (Array.forall Double.IsFinite δ) then
            close at (norm = 0.0)
        else
            for i in 0 .. n - 1 do
                from[at * n + i] <- points[at * d + top + i]

            let size = max 1.0 (normOf from (at * n))
            let length = sqrt (Array.sumBy (fun part -> part * part) δ)
            let kept = min 1.0 (longest * size / length)
            Array.iteri (fun i part -> step[at * n + i] <- kept * part) δ
            share[at] <- 1.0
            norms[at] <- norm
            isPositive[at] <- positive
            tryStep at

            if length <= lastBelow * size then
                close at positive

    let look at =
        let norm = normOf gradients (at * n)

        if not (Double.IsFinite norm) || (isPositive[at] && norm > norms[at]) then
            share[at] <- 0.5 * share[at]
            if share[at] < shortest then close at false else tryStep at
        else
            advance at norm

    /// Replaces the strategies below the top of some rows, of length d each, by the answer; by NaN where Newton finds none.
    member _.Solve(rows: float[], first: int, count: int) =
        for at in 0 .. width - 1 do
            let row = first + (if at < count then at else 0)
            Array.blit rows (row * d) points (at * d) d
            isOpen[at] <- at < count
            norms[at] <- infinity
            isPositive[at] <- false
            share[at] <- 1.0
            // Until a first step is made, a point that is not finite is not halved but given up.
            Array.blit rows (row * d + top) from (at * n) n
            Array.fill step (at * n) n nan

        let mutable steps = 0

        while steps < limit && Array.contains true isOpen do
            run.Execute()

            for at in 0 .. count - 1 do
                if isOpen[at] then
                    look at

            steps <- steps + 1

        for at in 0 .. count - 1 do
            if isOpen[at] then
                close at false

            Array.blit points (at * d) rows ((first + at) * d) d
