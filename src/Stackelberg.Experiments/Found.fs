namespace Stackelberg

open System
open System.Numerics

/// <summary>Numbers that an experiment hands over under names, in the form that all experiments share.</summary>
[<RequireQualifiedAccess>]
module Found =

    /// <summary>Eigenvalues under <c>name/0/re</c>, <c>name/0/im</c>, …, ordered by their real parts, compared to seven decimals,
    /// then by their imaginary parts.</summary>
    /// <param name="context">Takes them.</param>
    /// <param name="name">The names' first part.</param>
    /// <param name="values">The eigenvalues.</param>
    let spectrum (context: ExperimentContext) (name: string) (values: Complex[]) =
        // Real parts that differ by rounding alone must not decide the order; those that tie stay as they were.
        List.ofArray values
        |> List.sortBy (fun value -> Math.Round(value.Real, 7), value.Imaginary)
        |> List.iteri (fun index value ->
            context.Found(invariant $"{name}/{index}/re", value.Real)
            context.Found(invariant $"{name}/{index}/im", value.Imaginary))

    /// <summary>Entries under <c>name/1</c>, <c>name/2</c>, ….</summary>
    /// <param name="context">Takes them.</param>
    /// <param name="name">The names' first part.</param>
    /// <param name="values">The entries.</param>
    let entries (context: ExperimentContext) (name: string) (values: float[]) =
        values
        |> Array.iteri (fun index value -> context.Found(invariant $"{name}/{index + 1}", value))

    /// <summary>The first index from which on all values lie below a threshold; ∞ if the last does not.</summary>
    /// <param name="values">The values, for instance distances from a limit along a run.</param>
    /// <param name="threshold">The threshold.</param>
    /// <example><code lang="fsharp">Found.settledAt [| 5.0; 0.5; 2.0; 0.9; 0.1 |] 1.0 // 3.0</code></example>
    let settledAt (values: float[]) (threshold: float) =
        match values |> Array.tryFindIndexBack (fun value -> not (value < threshold)) with
        | None -> 0.0
        | Some index when index = values.Length - 1 -> infinity
        | Some index -> float (index + 1)

    /// <summary>What the analysis says of critical points: <c>name/count</c>, and for each, from 0, <c>name/0/x1</c>, <c>f1</c>,
    /// <c>D11f1</c>, <c>eigJ/0/re</c>, <c>isDNE</c> and so on.</summary>
    /// <param name="context">Takes them.</param>
    /// <param name="name">The names' first part.</param>
    /// <param name="reports">The points, in order.</param>
    /// <remarks>A verdict is 1 for yes, 0 for no, and another number where it is undecided. Second derivatives are handed over of
    /// players with one entry.</remarks>
    let points (context: ExperimentContext) (name: string) (reports: Report[]) =
        context.Found((invariant $"{name}/count"), float reports.Length)

        reports
        |> Array.iteri (fun index report ->
            let prefix = (invariant $"{name}/{index}")

            let verdict (name: string) (value: Verdict) =
                context.Found((invariant $"{prefix}/{name}"), float (int value))

            report.Point.ToArray()
            |> Array.iteri (fun k value -> context.Found(invariant $"{prefix}/x{k + 1}", value))

            report.Costs
            |> Array.iteri (fun k value -> context.Found(invariant $"{prefix}/f{k + 1}", value))

            report.PlayerHessians
            |> Array.iteri (fun k hessian ->
                if hessian.Length = 1 then
                    context.Found(invariant $"{prefix}/D{k + 1}{k + 1}f{k + 1}", hessian[0, 0]))

            if not (isNull report.SchurJ) && report.SchurJ.Length = 1 then
                context.Found((invariant $"{prefix}/schurJ"), report.SchurJ[0, 0])

            if not (isNull report.TotalHessian) && report.TotalHessian.Length = 1 then
                context.Found((invariant $"{prefix}/totalHessian"), report.TotalHessian[0, 0])

            spectrum context (invariant $"{prefix}/eigJ") report.EigenvaluesJ
            spectrum context (invariant $"{prefix}/eigJS") report.EigenvaluesJS
            verdict "isDNE" report.IsDifferentialNash
            verdict "isDSE" report.IsDifferentialStackelberg
            verdict "isStableSimgrad" report.IsStableSimgrad
            verdict "isStableStackelberg" report.IsStableStackelberg)
