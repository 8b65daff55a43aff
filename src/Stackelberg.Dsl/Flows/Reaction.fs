namespace Stackelberg

open System
open Stackelberg.Kernels

/// The answer r(x₁) of all players below the top level: where their total gradients vanish and are stable, found from where they
/// stand as Diff.argmin finds a minimum, many points in one program. For one thread.
[<Sealed>]
type internal Reaction(game: Game, width: int) =

    let d = game.Dimension
    let top = game.Offsets[game.Levels[0]]
    let n = d - top

    /// From nearby three to five steps are needed.
    let limit = 100

    /// The answers, and the Jacobians of the total gradients below the top in those players' own strategies there.
    let run =
        let conjecture =
            if game.Levels.Length = 2 then
                Conjecture.none
            else
                Linearisation.exactly game Conjecture.bestResponse

        let settings = {
            Root.settings with
                IsMinimised = true
                MaxSteps = limit
                // Of several players the Jacobian is not symmetric.
                Solver = LinearSolve.choose n (game.Players.Length - game.Levels[0] = 1) Root.settings.Solver
        }

        let make () =
            Program.compile [| DType.Float64, [| width; d |] |] [| false |] (fun points ->
                let at = Expression.variable points[0].Trace DType.Float64 [| d |]
                let leaders = Tensor.slice 0 0 top at

                let gradients below =
                    let joint = Tensor.concat 0 [ leaders; below ]
                    Tensor.slice 0 top n (Tensor.cast DType.Float64 (Field.joint conjecture game joint))

                let answer = Root.find "Reaction" settings gradients (Tensor.slice 0 top n at)
                Batching.many [| at |] points width [| answer; Diff.jacobian gradients answer |])

        (game.Once ("reaction", width) make).CreateRun()

    let points, answers, jacobians = run.Input 0, run.Output 0, run.Output 1

    let isStable at =
        let A = Array2D.init n n (fun i j -> jacobians[at * n * n + i * n + j])

        if n = 1 then
            A[0, 0] > 0.0
        else
            Finite.matrix A
            && (A
                |> Dense.symmetricPart
                |> Dense.eigenvalues
                |> Array.forall (fun value -> value.Real > 0.0))

    /// Replaces the strategies below the top of some rows, of length d each, by the answer; by NaN where no stable one is
    /// found.
    member _.Solve(rows: float[], first: int, count: int) =
        Array.blit rows (first * d) points 0 (count * d)
        // There the search ends at once.
        Array.fill points (count * d) ((width - count) * d) nan
        run.Execute()
        let mutable at = 0

        for report in run.Solves do
            if report.IsRoot && at < width then
                if at < count then
                    let isFound = report.Status = SolveStatus.Converged && isStable at

                    for i in 0 .. n - 1 do
                        rows[(first + at) * d + top + i] <- if isFound then answers[at * n + i] else nan

                at <- at + 1

    /// The same of so many rows, in batches that threads share.
    static member Answers(game: Game, rows: float[]) : float[] =
        let answers, count = Array.copy rows, rows.Length / game.Dimension
        // Points of one batch.
        let width = min 256 count

        Concurrently.chunks width count (fun () -> Reaction(game, width)) (fun reaction _ first size ->
            reaction.Solve(answers, first, size))

        answers
