namespace Stackelberg

open System
open System.Runtime.ExceptionServices

/// Work that is shared among threads.
module internal Concurrently =

    /// What one thread raises is raised as it is, without the others' of the same cause.
    let plainly (work: unit -> unit) =
        try
            work ()
        with :? AggregateException as error ->
            ExceptionDispatchInfo.Throw(error.Flatten().InnerExceptions[0])
