namespace Stackelberg

open System
open System.Collections.Generic
open Stackelberg.Kernels

/// What a program consists of: immutable, and shared by all programs of equal expressions.
[<ReferenceEquality>]
type internal Compiled = {
    /// What it computes.
    Expression: Canonical
    /// What runs before the late inputs are needed.
    Prepare: Step[]
    /// What runs again for new late inputs.
    Apply: Step[]
    Memory: Memory
    FirstInput: int
    /// The number of threads that its working memory was laid out for.
    Threads: int
}

/// Compiled expressions, for equal expressions to come. The latest are kept; an older one is found as long as a program
/// uses it. Safe to use from several threads.
[<Sealed>]
type internal ProgramCache(capacity: int) =

    /// Enough for the programs of some games and of their analyses.
    static let shared = ProgramCache 128

    [<ThreadStatic; DefaultValue>]
    static val mutable private compilations: int

    /// What has a data set in it is found only as long as it is used.
    let mostConstants = 1L <<< 20

    let gate = obj ()
    let entries = Dictionary<int, List<WeakReference<Compiled>>>()

    /// The latest, oldest first.
    let kept = LinkedList<Compiled>()

    let keep (compiled: Compiled) =
        let isLatest =
            not (isNull kept.Last) && Object.ReferenceEquals(kept.Last.Value, compiled)

        if not isLatest && compiled.Memory.ConstantElements <= mostConstants then
            kept.Remove compiled |> ignore
            kept.AddLast compiled |> ignore

            if kept.Count > capacity then
                kept.RemoveFirst()

    let lookUp (key: Canonical) : Compiled voption =
        match entries.TryGetValue(key.GetHashCode()) with
        | true, list ->
            let mutable found = ValueNone

            for i in list.Count - 1 .. -1 .. 0 do
                match list[i].TryGetTarget() with
                | true, known when key.Equals known.Expression && known.Threads >= Parallelism.Threads ->
                    found <- ValueSome known
                | true, _ -> ()
                | false, _ -> list.RemoveAt i

            if list.Count = 0 then
                entries.Remove(key.GetHashCode()) |> ignore

            found
        | _ -> ValueNone

    /// Forgets what nobody uses any more; each key with a hash of its own leaves an empty entry behind.
    let sweep () =
        for hash in Array.ofSeq entries.Keys do
            let list = entries[hash]
            list.RemoveAll(fun entry -> not (fst (entry.TryGetTarget()))) |> ignore

            if list.Count = 0 then
                entries.Remove hash |> ignore

    let mutable sweepAt = 4 * capacity

    let add (compiled: Compiled) =
        let hash = compiled.Expression.GetHashCode()

        match entries.TryGetValue hash with
        | true, list -> list.Add(WeakReference<Compiled> compiled)
        | _ -> entries[hash] <- List [ WeakReference<Compiled> compiled ]

        if entries.Count > sweepAt then
            sweep ()
            sweepAt <- 2 * entries.Count + 4 * capacity

    /// The cache of the process.
    static member Shared = shared

    /// How many expressions the current thread has compiled.
    static member Compilations = ProgramCache.compilations

    /// What an equal expression was compiled to, or what this one is.
    member _.GetOrAdd(key: Canonical, compile: unit -> Compiled) : Compiled =
        let known =
            if key.IsClosed then
                lock gate (fun () ->
                    let found = lookUp key
                    ValueOption.iter keep found
                    found)
            else
                ValueNone

        match known with
        | ValueSome known -> known
        | ValueNone ->
            // Outside the lock: two threads may do it twice, and the first one's is then used.
            let compiled = compile ()
            ProgramCache.compilations <- ProgramCache.compilations + 1

            lock gate (fun () ->
                match lookUp key with
                | ValueSome first -> first
                | ValueNone ->
                    add compiled
                    keep compiled
                    compiled)
