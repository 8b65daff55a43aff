namespace Stackelberg

open System
open System.Runtime.ExceptionServices
open System.Threading.Tasks
open Stackelberg.Kernels

/// Work that is shared among threads.
module internal Concurrently =

    /// What one thread raises is raised as it is, without the others' of the same cause.
    let plainly (work: unit -> unit) =
        try
            work ()
        with :? AggregateException as error ->
            ExceptionDispatchInfo.Throw(error.Flatten().InnerExceptions[0])

    /// How wide the chunks of so many things are, none wider than the widest.
    let width (widest: int) (count: int) =
        let chunks = (count + widest - 1) / widest
        (count + chunks - 1) / chunks

    /// Work on so many things in chunks, which threads share; which they are does not depend on the number of threads.
    /// <param name="prepare">What a thread works with.</param>
    /// <param name="work">On a chunk: that, its number, the first of its things and how many they are.</param>
    let chunks width count (prepare: unit -> 'a) (work: 'a -> int -> int -> int -> unit) =
        plainly (fun () ->
            Parallel.For(
                0,
                (count + width - 1) / width,
                ParallelOptions(MaxDegreeOfParallelism = Parallelism.Threads),
                prepare,
                (fun chunk _ with' ->
                    work with' chunk (chunk * width) (min width (count - chunk * width))
                    with'),
                ignore
            )
            |> ignore)
