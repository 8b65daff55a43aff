namespace Stackelberg.Benchmarks

open System
open System.IO

/// The greatest resident memory that a process has had, which Linux keeps as VmHWM.
[<RequireQualifiedAccess>]
module PeakMemory =

    /// In MiB.
    /// <param name="processId">The process's number; it must be running.</param>
    let mebibytes (processId: int) =
        File.ReadLines $"/proc/{processId}/status"
        |> Seq.find (fun line -> line.StartsWith("VmHWM", StringComparison.Ordinal))
        |> fun line -> float (line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024.0
