/// What calls allocate, measured so that no load on the machine shows.
module Stackelberg.Tests.Allocation

open System

/// How often a call is measured at most.
let private tries = 20

/// Bytes that a call allocates on this thread: the least of many tries, for whatever the run-time does beside it (tiers of
/// compiled code, call stubs, a collection that other threads ask for and that cuts off this one's room) only adds. What
/// the call allocates itself, it allocates every time.
let least (call: unit -> unit) : int64 =
    call ()

    let measure _ =
        let before = GC.GetAllocatedBytesForCurrentThread()
        call ()
        GC.GetAllocatedBytesForCurrentThread() - before

    let rec search left found =
        if left = 0 || found = 0L then
            found
        else
            search (left - 1) (min found (measure ()))

    search (tries - 1) (measure ())
