// Covariance estimation: a linear generator against a quadratic discriminator.
#load "../Plane.fsx"
#load "../../games/covariance.fsx"

open System
open System.IO
open System.Numerics
open MathNet.Numerics.LinearAlgebra.Double
open Stackelberg
open Stackelberg.Figures
open Stackelberg.Files
open Plane

// The published figures show these sizes, and of the last another entry.
let shown = [ 3, 0; 9, 0; 25, 1 ]

// Indices count from 1, the start, as in the published code.
let snapshots = [ 2; 3; 11; 101; 1001; 5000; 9999 ]
let thresholds = [ "1e-1"; "1e-2"; "1e-4"; "1e-6"; "1e-8"; "1e-10" ]

// The spectra are checked up to this size, and all eigenvalues of them up to the smaller one.
let largestSpectrum, largestFullSpectrum = 10, 3

// A run leaves about so many rows in metrics.csv; all its errors are in trajectory.npz.
let rowsOfMetrics = 100

// Every step keeps a row of up to 1250 numbers.
let mostSteps = 100_000

/// The game of one size, with the published Σ and start; its joint strategy holds V, then W, row by row.
type Size = {
    D: int
    Game: Game
    Sigma: float[]
    Start: float[]
    /// V = U, W = 0; the spectra are the same at all other equilibria.
    Equilibrium: float[]
}

/// A run's errors, and one entry of V and of W.
type History = {
    Error: float[]
    SymmetricW: float[]
    V: float[]
    W: float[]
}

let published penalty d =
    let file = Path.Combine(__SOURCE_DIRECTORY__, "starts.csv")
    let rows = (CsvTable.Read file).Rows |> Seq.filter (fun row -> int row[0] = d)

    let matrix name =
        let entries = Array.zeroCreate (d * d)

        for row in rows |> Seq.filter (fun row -> row[1] = name) do
            entries[int row[2] * d + int row[3]] <- parse row[4]

        entries

    let u = Tensor.ofArray (matrix "U") |> Tensor.reshape [ d; d ]
    let sigma = Tensor.matmul u u.T

    {
        D = d
        Game = Covariance.create d (penalty * float d) sigma
        Sigma = sigma.ToArray()
        Start = Array.append (matrix "V0") (matrix "W0")
        Equilibrium = Array.append (matrix "U") (Array.zeroCreate (d * d))
    }

/// V and W of a joint strategy, or of a field's value there.
let partV size (x: float[]) = x[.. size.D * size.D - 1]
let partW size (x: float[]) = x[size.D * size.D ..]

/// The Frobenius norm.
let norm (values: float[]) =
    sqrt (values |> Array.sumBy (fun value -> value * value))

/// ‖V Vᵀ − Σ‖.
let error size (v: float[]) =
    let d = size.D
    let mutable sum = 0.0

    for i in 0 .. d - 1 do
        for j in 0..i do
            let mutable difference = -size.Sigma[i * d + j]

            for k in 0 .. d - 1 do
                difference <- difference + v[i * d + k] * v[j * d + k]

            sum <- sum + (if i = j then 1.0 else 2.0) * difference * difference

    sqrt sum

/// ‖(W + Wᵀ)/2‖.
let symmetric size x =
    let d, w = size.D, partW size x
    norm (Array.init (d * d) (fun k -> (w[k] + w[k % d * d + k / d]) / 2.0))

let foundStart (run: ExperimentRun) size =
    let name, x = $"d{size.D}/start", Tensor.ofArray size.Start
    run.Context.Part name
    let costs = (Game.costs size.Game x).ToArray()
    let omega = (Game.omega size.Game x).ToArray()
    run.Found($"{name}/f1", costs[0])
    run.Found($"{name}/f2", costs[1])
    run.Found($"{name}/normD1f1", norm (partV size omega))
    run.Found($"{name}/normD2f1", error size size.Start)
    run.Found($"{name}/normD2f2", norm (partW size omega))
    run.Found($"{name}/normDf1", norm (partV size ((Game.omegaS size.Game x).ToArray())))

/// Numbers in ascending order: name/0, name/1, ….
let foundAscending (run: ExperimentRun) name (values: float[]) =
    for index, value in Array.indexed (Array.sort values) do
        run.Found($"{name}/{index}", value)

let foundSpectra (run: ExperimentRun) size name (report: Report) =
    Found.spectrum run.Context $"{name}/eigJ" report.EigenvaluesJ
    Found.spectrum run.Context $"{name}/eigJS" report.EigenvaluesJS
    foundAscending run $"{name}/schurJ" (report.EigenvaluesSchurJ |> Array.map _.Real)
    foundAscending run $"{name}/totalHessian" (report.EigenvaluesTotalHessian |> Array.map _.Real)

    // B, the derivative of V Vᵀ, is the lower left block of J.
    let n = size.D * size.D

    let jacobian =
        (Game.J size.Game report.Point).ToArray() |> Array.chunkBySize (2 * n)

    let b = (DenseMatrix.OfRowArrays jacobian[n..]).SubMatrix(0, n, 0, n)

    // With the greatest entry scaled to about 1 by a power of two, which rounds nothing.
    let exponent = Math.ILogB(b.Enumerate() |> Seq.map abs |> Seq.max)
    let found = b.Map(fun entry -> Math.ScaleB(entry, -exponent)).Svd false
    foundAscending run $"{name}/singularValue" [| for s in found.S -> Math.ScaleB(s, exponent) |]

let foundEquilibrium (run: ExperimentRun) size =
    if size.D <= largestSpectrum then
        let name = $"d{size.D}/equilibrium"
        run.Context.Part name
        let report = Equilibrium.classify size.Game (Tensor.ofArray size.Equilibrium)
        let largest (values: Complex[]) = values |> Array.map _.Real |> Array.max
        run.Found($"{name}/f1", report.Costs[0])
        run.Found($"{name}/f2", report.Costs[1])
        run.Found($"{name}/zeroModes", float report.ZeroModesJS)

        for field, values in [ "eigJ", report.EigenvaluesJ; "eigJS", report.EigenvaluesJS ] do
            run.Found($"{name}/{field}/maxIm", values |> Array.map (_.Imaginary >> abs) |> Array.max)
            run.Found($"{name}/{field}/minRe", values |> Array.map _.Real |> Array.min)

        run.Found($"{name}/schurJMax", largest report.EigenvaluesSchurJ)
        run.Found($"{name}/totalHessianMax", largest report.EigenvaluesTotalHessian)

        if size.D <= largestFullSpectrum then
            foundSpectra run size name report

// The whole path would fill the disk: what is looked at is kept of it.
let play (run: ExperimentRun) size tau side =
    let name, rate = $"d{size.D}/tau{tau}/{side.Key}", run.Settings.Double "rate"
    let stage = $"d = {size.D}, τ = {tau}, {side.Title}"
    run.Context.Report(stage, 0.0)

    let settings = {
        Learn.settings with
            Rates = [
                Rate.exponential rate (1.0 - 1e-5)
                Rate.exponential (float tau * rate) (1.0 - 1e-7)
            ]
            Steps = run.Settings.Int "steps"
            Progress = run.Context.Follow stage
            Cancellation = run.Cancellation
    }

    let played = Learn.run side.Rule settings (Tensor.ofArray size.Start) size.Game
    run.Cancellation.ThrowIfCancellationRequested()
    let path = played.Trajectory

    run.Context.Outcome(name, played)

    let isThis (d, _) = d = size.D

    let entry =
        (shown |> List.tryFind isThis |> Option.defaultValue (0, 0) |> snd)
        * (size.D + 1)

    let history = {
        Error = path |> Array.map (error size)
        SymmetricW = path |> Array.map (symmetric size)
        V = column entry path
        W = column (size.D * size.D + entry) path
    }

    run.Context.Series($"{name}/error", history.Error)
    run.Context.Series($"{name}/symW", history.SymmetricW)
    run.Context.Series($"{name}/v", history.V)
    run.Context.Series($"{name}/w", history.W)

    for step in 0 .. max 1 (path.Length / rowsOfMetrics) .. path.Length - 1 do
        let row = [|
            struct ("error", history.Error[step])
            struct ("symW", history.SymmetricW[step])
        |]

        run.Context.Metric(name, int64 step, row)

    for index in snapshots |> List.filter (fun index -> index <= path.Length) do
        let x = path[index - 1]
        run.Found($"{name}/error/{index}", history.Error[index - 1])
        run.Found($"{name}/symW/{index}", history.SymmetricW[index - 1])
        run.Found($"{name}/normW/{index}", norm (partW size x))
        run.Found($"{name}/V00/{index}", x[0])
        run.Found($"{name}/W00/{index}", x[size.D * size.D])

    run.Found($"{name}/errorMax", Array.max history.Error)

    for what, values in [ "error", history.Error; "symW", history.SymmetricW ] do
        // Indices count from 1.
        foundSettling run $"{name}/{what}" (Array.append [| infinity |] values) thresholds

    history

/// One panel for each size that is shown.
let panels draw caption quantity (pairs: (int * int * History * History) list) =
    Figure(
        [|
            for d, entry, equal, first in pairs do
                let x, y: Axis * Axis = quantity entry

                Panel(
                    List.toArray (draw equal first),
                    Title = $"/{{d}} = {d}",
                    X = x,
                    Y = y,
                    Width = 240.0,
                    Height = 260.0
                )
        |],
        SharedLegend = true,
        Caption = caption
    )

/// The errors of both rules over the indices 1, 2, ….
let errors =
    let curve (values: float[]) colour opacity label dash : Series =
        let x = Array.init values.Length (fun k -> float (k + 1))
        Line(x, values, Colour = colour, Label = label, Dash = dash, Width = 0.9, Opacity = opacity)

    let draw equal first = [
        curve equal.Error Palette.Blue 0.6 "Σ − /{VV}^{⊤}, simultaneous" Dash.Solid
        curve equal.SymmetricW Palette.Sky 0.6 "½(/{W} + /{W}^{⊤}), simultaneous" Dash.Dashed
        curve first.Error Palette.Vermilion 1.0 "Σ − /{VV}^{⊤}, Stackelberg" Dash.Solid
        curve first.SymmetricW Palette.Orange 1.0 "½(/{W} + /{W}^{⊤}), Stackelberg" Dash.Dashed
    ]

    panels
        draw
        "Frobenius norms of the generator's and the discriminator's errors, which vanish at the equilibria."
        (fun _ -> Axis "Iterations", Axis("Error", Log = true, Min = Nullable 1e-10, Max = Nullable 1e3))

/// One entry of V against the same of W.
let paths =
    let line history colour label : Series =
        Line(history.V, history.W, Colour = colour, Label = label, Width = 1.0, ArrowEvery = 90.0)

    let last history colour size label =
        ring [| [| Array.last history.V; Array.last history.W |] |] Marker.Circle colour size label

    let draw equal first = [
        line equal Palette.Blue "simultaneous play"
        line first Palette.Vermilion "Stackelberg play"
        last equal Palette.Blue 11.0 "end, simultaneous"
        last first Palette.Vermilion 7.0 "end, Stackelberg"
        Points(
            equal.V[0],
            equal.W[0],
            Marker = Marker.Cross,
            Colour = Palette.Black,
            Label = "start",
            Size = 9.0
        )
    ]

    let axis matrix entry =
        Axis("/{" + matrix + "}_{" + $"{entry + 1}{entry + 1}" + "}")

    panels draw "One diagonal entry of each matrix, the one that the published figure shows." (fun entry ->
        axis "V" entry, axis "W" entry)

let study (run: ExperimentRun) =
    let s = run.Settings
    let sizes, taus = s.Ints "d", s.Ints "tau"

    let histories =
        dict [
            for d in sizes do
                let size = published (s.Double "penalty") d
                run.Context.Report($"d = {d}, derivatives", 0.0)
                foundStart run size
                foundEquilibrium run size

                for tau in taus do
                    run.Context.Part $"d{d}/tau{tau}"

                    for side in both do
                        (d, tau, side.Key), play run size tau side
        ]

    for tau in taus do
        match
            [
                for d, entry in shown do
                    if Array.contains d sizes then
                        d, entry, histories[d, tau, simultaneous.Key], histories[d, tau, leading.Key]
            ]
        with
        | [] -> ()
        | pairs ->
            run.Context.Figure($"errors-tau{tau}", errors pairs)
            run.Context.Figure($"paths-tau{tau}", paths pairs)

let covariance =
    experiment "covariance" {

        source
            "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games, covariance-estimation.ipynb"

        version 1
        setting (selects "d" "2,3,9,10,25" "the sizes of Σ")
        setting (selects "tau" "2,1" "the follower's rate over the leader's")
        setting "rate" 0.015 (SettingType.Above 0.0) "the leader's first rate"
        setting "penalty" 0.2 (SettingType.Above 0.0) "λ/d in the term λ/2 tr WᵀW of the discriminator's cost"
        setting "steps" 9998 (SettingType.Whole(1, mostSteps)) "updates of each run"
        seedIs SettingKind.Neutral
        seedUnused nothingDrawn
        compute study
    }
