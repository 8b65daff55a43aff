namespace Stackelberg.Benchmarks

open System
open System.Diagnostics

/// One side of a comparison.
type Runner =
    inherit IDisposable

    /// The numbers on which both sides must agree.
    abstract Check: unit -> float[]

    /// Makes some steps, and gives the seconds that one took.
    abstract Run: steps: int -> float

/// A side in a process of its own.
type Peer =
    inherit Runner

    /// The process's number.
    abstract ProcessId: int

module Runner =

    /// What a loop around a program does with its results.
    let inline copy (from: float[]) (into: float[]) =
        System.ReadOnlySpan(from).CopyTo(System.Span into)

    /// Seconds for one of many calls.
    let time (steps: int) (step: unit -> unit) =
        let clock = Stopwatch.StartNew()

        for _ in 1..steps do
            step ()

        clock.Elapsed.TotalSeconds / float steps

    /// A side in this process.
    let local (check: unit -> float[]) (step: unit -> unit) = {
        new Runner with
            member _.Check() = check ()
            member _.Run steps = time steps step
            member _.Dispose() = ()
    }
