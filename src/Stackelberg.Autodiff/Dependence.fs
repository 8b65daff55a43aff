namespace Stackelberg

open System.Collections.Generic

/// Which part of an expression depends on given variables.
module internal Dependence =

    let private reference = HashIdentity.Reference<Tensor>

    /// Every symbol below the roots that is no older than the oldest of the variables, oldest first: arguments
    /// come before what is made of them.
    let private reachable oldest (roots: seq<Tensor>) =
        let seen = HashSet<Tensor>(reference)
        let pending = Stack<Tensor>()

        let visit (t: Tensor) =
            if t.IsSymbolic && t.Id >= oldest && seen.Add t then
                pending.Push t

        Seq.iter visit roots

        while pending.Count > 0 do
            Array.iter visit (pending.Pop().Args)

        let found = Array.ofSeq seen
        Array.sortInPlaceBy (fun (t: Tensor) -> t.Id) found
        found

    /// All symbols below the roots, arguments first.
    let all (roots: seq<Tensor>) = reachable 0L roots

    /// The symbols below the roots that depend on one of the variables, arguments first, variables included; and
    /// a set of the same.
    let on (variables: Tensor[]) (roots: seq<Tensor>) : struct (Tensor[] * HashSet<Tensor>) =
        let oldest =
            variables |> Array.fold (fun oldest v -> min oldest v.Id) System.Int64.MaxValue

        let dependent = HashSet<Tensor>(variables, reference)

        let found =
            reachable oldest roots
            |> Array.filter (fun t ->
                dependent.Contains t
                || (Array.exists dependent.Contains t.Args && dependent.Add t))

        struct (found, dependent)
