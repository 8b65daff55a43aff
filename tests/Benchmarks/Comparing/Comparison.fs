namespace Stackelberg.Benchmarks

open System

/// A work that is done by us and by a peer.
type Comparison = {
    /// What is computed.
    Work: string
    /// Who else computes it.
    Peer: string
    /// Starts our side; None while the engine lacks what it needs.
    Ours: (unit -> Runner) option
    /// Starts the peer, on the same inputs.
    Theirs: unit -> Runner
    /// Whether the peer is a Python program.
    NeedsPython: bool
    /// Least acceptable ratio of the peer's time to ours, and the one wanted.
    Floor: float
    Aim: float
    /// The largest difference of the results, relative to the largest of them.
    Tolerance: float
}

/// A measured comparison, as the table shows it.
type Measured = {
    Comparison: Comparison
    Ours: float
    Theirs: float
    /// Quartiles of the rounds' own ratios: how much to trust the ratio of the medians.
    Spread: struct (float * float)
    Difference: float
}

[<RequireQualifiedAccess>]
module Comparison =

    /// Rounds are shorter than a scheduler's time slice and many, so that on a busy machine the median round is one
    /// that nobody interrupted.
    let private secondsPerRound = 0.0015

    let private mostRounds = 401
    let private secondsInAll = 6.0

    let private quantile share (values: float[]) =
        let sorted = Array.sort values
        sorted[int (Math.Round(share * float (sorted.Length - 1)))]

    let median values = quantile 0.5 values

    let private difference (a: float[]) (b: float[]) =
        if a.Length <> b.Length then
            invalidOp $"One side gives {a.Length} numbers to compare, the other {b.Length}."

        let scale = b |> Array.fold (fun most value -> max most (abs value)) 1e-300
        Array.fold2 (fun most x y -> max most (abs (x - y))) 0.0 a b / scale

    /// Steps that fill a round, after enough of them that the just-in-time compiler is done.
    let private calibrate (runner: Runner) =
        let clock = Diagnostics.Stopwatch.StartNew()
        let mutable steps, seconds = 1, runner.Run 1

        while clock.Elapsed.TotalSeconds < 0.7 do
            steps <- max 1 (int (Math.Min(1e8, 0.1 / Math.Max(seconds, 1e-10))))
            seconds <- runner.Run steps

        max 1 (int (secondsPerRound / seconds))

    let measure (comparison: Comparison) : Measured option =
        comparison.Ours
        |> Option.map (fun ours ->
            use ours = ours ()
            use theirs = comparison.Theirs()
            let difference = difference (ours.Check()) (theirs.Check())
            let ourSteps, theirSteps = calibrate ours, calibrate theirs

            let round =
                ours.Run ourSteps * float ourSteps + theirs.Run theirSteps * float theirSteps

            let rounds = Math.Clamp(int (secondsInAll / round), 5, mostRounds)

            let times = [|
                for _ in 1..rounds do
                    let a = ours.Run ourSteps
                    let b = theirs.Run theirSteps
                    struct (a, b)
            |]

            let a = times |> Array.map (fun (struct (a, _)) -> a)
            let b = times |> Array.map (fun (struct (_, b)) -> b)
            let ratios = Array.map2 (fun a b -> b / a) a b

            {
                Comparison = comparison
                Ours = median a
                Theirs = median b
                Spread = struct (quantile 0.25 ratios, quantile 0.75 ratios)
                Difference = difference
            })

    let private show seconds =
        if seconds < 1e-6 then $"{seconds * 1e9:F1} ns"
        elif seconds < 1e-3 then $"{seconds * 1e6:F1} µs"
        else $"{seconds * 1e3:F2} ms"

    let private row (cells: string list) = "| " + String.Join(" | ", cells) + " |"

    let header =
        row [
            "work"
            "peer"
            "ours"
            "peer's"
            "ratio"
            "quartiles"
            "floor"
            "aim"
            "difference"
            "ok"
        ]
        + "\n|---|---|---|---|---|---|---|---|---|---|"

    let line (comparison: Comparison) (measured: Measured option) =
        match measured with
        | None ->
            row [
                comparison.Work
                comparison.Peer
                "not yet"
                ""
                ""
                ""
                $"{comparison.Floor}"
                $"{comparison.Aim}"
                ""
                ""
            ]
        | Some m ->
            let ratio = m.Theirs / m.Ours
            let struct (low, high) = m.Spread

            let verdict =
                if not (m.Difference <= comparison.Tolerance) then
                    "**results differ**"
                elif ratio < comparison.Floor then
                    "**below**"
                elif ratio < comparison.Aim then
                    "ok"
                else
                    "aim"

            row [
                comparison.Work
                comparison.Peer
                show m.Ours
                show m.Theirs
                $"{ratio:F2}"
                $"{low:F2} – {high:F2}"
                $"{comparison.Floor}"
                $"{comparison.Aim}"
                $"{m.Difference:G2} ≤ {comparison.Tolerance:G2}"
                verdict
            ]
