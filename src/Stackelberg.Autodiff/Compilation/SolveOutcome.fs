namespace Stackelberg

open System
open System.Collections.Generic
open Stackelberg.Kernels

/// What becomes of the reports of solves that are not part of a program's run: numbers that are handed out, and constants
/// that are computed while a function is traced.
[<Sealed; AbstractClass>]
type internal SolveOutcome private () =

    [<ThreadStatic; DefaultValue>]
    static val mutable private collected: List<SolveReport>

    /// Whether the answer is wrong without being seen to be: an answer that is NaN says so itself.
    static member IsSilentFailure(report: SolveReport) =
        match report.Status with
        | SolveStatus.NotRun
        | SolveStatus.Converged
        | SolveStatus.Ended -> false
        | SolveStatus.Breakdown -> not (Double.IsNaN report.Residual)
        | _ -> true

    /// The reports of the solves that an action makes by the way, for a program to carry.
    static member Collect(action: unit -> 'T) : struct ('T * SolveReport[]) =
        let outer = SolveOutcome.collected
        let own = List<SolveReport>()
        SolveOutcome.collected <- own

        try
            let result = action ()
            struct (result, own.ToArray())
        finally
            SolveOutcome.collected <- outer

    /// Fails where a solve did, unless a program carries its report.
    static member Need (func: string) (reports: SolveReport[]) =
        match reports |> Array.tryFind SolveOutcome.IsSilentFailure with
        | Some report when report.IsRoot -> raise (InvalidOperationException(invariant $"{func}: {report}."))
        | Some report when report.Status = SolveStatus.OutOfSteps ->
            raise (
                InvalidOperationException(
                    invariant
                        $"Loop.until: {report}. The reports of a compiled program (Program.compile, ProgramRun.Solves) come with the state that was reached."
                )
            )
        | Some report ->
            raise (
                InvalidOperationException(
                    invariant
                        $"{func}: a linear solve did not converge: {report}. Solver.auto takes another method where the first one fails; the reports of a compiled program (Program.compile, ProgramRun.Solves) come with whatever answer there is."
                )
            )
        | None -> ()

    /// Numbers are handed out that solves have made.
    static member HandOut(reports: SolveReport[]) =
        if reports.Length > 0 then
            match SolveOutcome.collected with
            | null -> SolveOutcome.Need "LinearSolve.solve" reports
            | collected -> collected.AddRange reports
