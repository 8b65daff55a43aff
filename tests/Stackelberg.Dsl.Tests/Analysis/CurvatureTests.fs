module Stackelberg.Dsl.Tests.CurvatureTests

open Stackelberg
open Xunit

/// A general-sum game of vectors whose third derivatives do not vanish; the follower's curvature is above 1.
let private curved =
    let x, y = Player.vector "x" 3, Player.vector "y" 4

    let mixing =
        Tensor.ofArray2D (Array2D.init 3 4 (fun i j -> sin (float (1 + i + 2 * j))))

    game "curved" {
        leader x (fun q ->
            Tensor.sum (q[x] * q[x] * q[x])
            + Tensor.sum (Tensor.matmul q[x] mixing * sin q[y])
            + 0.5 * Tensor.sum (q[y] ** 4))

        follower y (fun q ->
            Tensor.sum (cosh q[y])
            + Tensor.sum (Tensor.matmul (cos q[x]) mixing * q[y] * q[y]) * 0.05
            + Tensor.sum (Tensor.matmul q[x] mixing * q[y]))
    }

let private at = Array.init 7 (fun i -> cos (float (3 * i)))

let private matrix (t: Tensor) rows columns =
    let values, width = t.ToArray(), t.Shape[1]

    [|
        for i: int in rows do
            for j: int in columns do
                values[i * width + j]
    |]

[<Fact>]
let ``the matrices are those of the game's own Jacobians, with and without regularisation`` () =
    let x = Tensor.ofArray at
    let regularisations = [| 0.0; 0.7 |]

    for curvature in Curvature.At(regularisations, curved, at) do
        let conjecture =
            Conjecture.regularized curvature.Regularisation
            |> Conjecture.withSolver Solver.dense

        let J, JS = Game.J curved x, Game.jacobian conjecture curved x
        Check.close 1e-12 (J.ToArray()) (Check.entries curvature.J)
        let ones, twos = [ 0..2 ], [ 3..6 ]
        Check.close 1e-12 (matrix J ones ones) (Check.entries curvature.LeaderHessian)
        Check.close 1e-12 (matrix J twos twos) (Check.entries curvature.FollowerHessian)

        let block (m: Tensor) rows columns =
            Tensor.ofArray (matrix m rows columns)
            |> Tensor.reshape [ List.length rows; List.length columns ]

        let answer = Tensor.solve (block J twos twos) (block J twos ones)

        let total = block JS ones ones - Tensor.matmul (block JS ones twos) answer

        Check.close 1e-11 (total.ToArray()) (Check.entries curvature.TotalHessian)

        let raised =
            Tensor.solve (block J twos twos + curvature.Regularisation * Tensor.eye 4) (block J twos ones)

        let schur = block J ones ones - Tensor.matmul (block J ones twos) raised
        Check.close 1e-12 (schur.ToArray()) (Check.entries curvature.SchurJ)

[<Fact>]
let ``in a zero-sum game without regularisation all three second-order matrices are one at a critical point``
    ()
    =
    let saddle =
        Game.zeroSum "saddle" (fun x y -> 3.0 * x * x + 4.0 * x * y - 2.0 * y * y + x * x * y)

    for curvature in Curvature.At([| 0.0 |], saddle, [| 0.0; 0.0 |]) do
        // 6 − 4 · (−1/4) · 4 = 10.
        Check.close 1e-14 [| 10.0 |] (Check.entries curvature.TotalHessian)
        Check.close 1e-14 [| 10.0 |] (Check.entries curvature.SchurJ)
        Check.close 1e-14 [| 10.0 |] (Check.entries curvature.PublishedSecondOrder)

[<Fact>]
let ``wrong games and numbers are told`` () =
    Assert.Equal(
        "Curvature.At: regularisations holds -1, but finite numbers of at least 0 are needed.",
        Check.argumentMessage (fun () -> Curvature.At([| -1.0 |], curved, at) |> ignore)
    )

    let nash =
        Game.simultaneous "nash" [ Player.scalar "a", (fun q -> q[Player.scalar "a"] ** 2) ]

    Assert.Contains(
        "but one leader and one follower are needed",
        Check.argumentMessage (fun () -> Curvature.At([| 0.0 |], nash, [| 1.0 |]) |> ignore)
    )

/// A game of longer vectors: m = 110, n = 105, whose follower's curvature is above 1.
let private long =
    let x, y = Player.vector "x" 110, Player.vector "y" 105

    let mixing =
        Tensor.ofArray2D (Array2D.init 110 105 (fun i j -> sin (float (1 + 7 * i + 3 * i * j)) / 10.0))

    let weights = Tensor.ofArray (Array.init 110 (fun i -> 0.05 * float (i - 10)))

    game "long" {
        leader x (fun q ->
            Tensor.sum (weights * q[x] * q[x])
            + 0.1 * Tensor.sum (q[x] * q[x] * q[x])
            + Tensor.sum (Tensor.matmul q[x] mixing * sin q[y])
            + 0.1 * Tensor.sum (q[y] ** 4))

        follower y (fun q ->
            Tensor.sum (cosh q[y])
            + Tensor.sum (Tensor.matmul (cos q[x]) mixing * q[y] * q[y]) * 0.05
            + Tensor.sum (Tensor.matmul q[x] mixing * q[y]))
    }

[<Fact>]
let ``the ends of the spectra by products are those of the matrices`` () =
    let at = Array.init 215 (fun i -> 0.3 * cos (float (3 * i)))

    let settings = {
        Eigenvalues.settings with
            Count = 3
            Which = Which.BothEnds
    }

    let η = 0.7
    let ends = CurvatureEnds.At(settings, η, long, at, (fun _ -> ()))
    let exact = Curvature.At([| η |], long, at)[0]

    let same (matrix: float[,]) (found: Eigenpairs) =
        let values = Curvature.Eigenvalues matrix |> Array.map _.Real |> Array.sort
        let real = found.Values |> Array.map _.Real |> Array.sort
        Assert.Equal(EigenEnding.Converged, found.Ending)
        Check.close 1e-7 (Array.append values[..2] values[values.Length - 3 ..]) real

    same exact.LeaderHessian ends.LeaderHessian
    same exact.FollowerHessian ends.FollowerHessian
    same exact.J ends.J
    same exact.SchurJ ends.SchurJ
    // Along the regularised reaction, from the dense Jacobian of the regularised field.
    let JS =
        Game.jacobian
            (Conjecture.regularized η |> Conjecture.withSolver Solver.dense)
            long
            (Tensor.ofArray at)

    let raised = Tensor.ofArray2D exact.FollowerHessian + η * Tensor.eye 105

    let J = Game.J long (Tensor.ofArray at)
    let answer = Tensor.solve raised J[110..214, 0..109]
    let total = JS[0..109, 0..109] - Tensor.matmul JS[0..109, 110..214] answer
    let values = total.ToArray()
    same (Array2D.init 110 110 (fun i j -> values[110 * i + j])) ends.TotalHessian
