namespace Stackelberg

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open Stackelberg.Kernels

/// Whether values that are no symbols are the same numbers.
module internal SameNumbers =

    /// Longer arrays are compared by identity: reading them would take as long as using them.
    let private readUpTo = 4096

    let private bytes (t: Tensor) : ReadOnlySpan<byte> =
        let count = Shape.count t.Shape

        match t.Data with
        | :? (float32[]) as data -> MemoryMarshal.AsBytes(ReadOnlySpan(data, t.Offset, count))
        | data -> MemoryMarshal.AsBytes(ReadOnlySpan((data :?> float[]), t.Offset, count))

    let private isShort (t: Tensor) =
        not (isNull t.Data) && Shape.count t.Shape <= readUpTo

    /// Bit by bit, so that −0 is not 0, and a NaN itself.
    let equal (a: Tensor) (b: Tensor) =
        NodeComparer.SameValue(a, b)
        || (not a.IsSymbolic
            && not b.IsSymbolic
            && a.DType = b.DType
            && isShort a
            && isShort b
            && Shape.same a.Shape b.Shape
            && (bytes a).SequenceEqual(bytes b))

    let hash (t: Tensor) =
        if t.IsConstant then
            t.Value.GetHashCode()
        elif isShort t then
            let mutable hash = HashCode()
            hash.AddBytes(bytes t)
            hash.ToHashCode()
        else
            RuntimeHelpers.GetHashCode t.Data + t.Offset

/// An expression of given variables, whatever symbols it happens to be written in: equal ones ask for the same program.
[<Sealed; AllowNullLiteral>]
type internal Canonical(variables: Tensor[], isLate: bool[], results: Tensor[]) as this =

    /// The symbols that are made of others, arguments first, in an order that only the structure decides.
    let symbols = List<Tensor>()

    /// Where each symbol stands: the variables from −1 down, the others from 0 up.
    let positions = Dictionary<Tensor, int>(HashIdentity.Reference)

    /// No variable of an outer transform stands in it.
    let mutable isClosed = true

    let walk (root: Tensor) =
        let pending = Stack<struct (Tensor * int)>()
        pending.Push(struct (root, 0))

        while pending.Count > 0 do
            let struct (t, next) = pending.Pop()

            if t.IsSymbolic && not (positions.ContainsKey t) then
                if next < t.Args.Length then
                    pending.Push(struct (t, next + 1))
                    pending.Push(struct (t.Args[next], 0))
                else
                    isClosed <- isClosed && not t.Op.Kind.IsVariable
                    positions[t] <- symbols.Count
                    symbols.Add t

    do
        variables |> Array.iteri (fun i variable -> positions[variable] <- -1 - i)
        Array.iter walk results

    let hash =
        let mutable hash = HashCode()

        let add (t: Tensor) =
            hash.Add(if t.IsSymbolic then positions[t] else SameNumbers.hash t)

        for variable in variables do
            hash.Add(int variable.DType)

            for extent in variable.Shape do
                hash.Add extent

        for late in isLate do
            hash.Add late

        for t in symbols do
            hash.Add t.Op.Name

            for attribute in t.Op.Attributes do
                hash.Add attribute

            for arg in t.Args do
                add arg

        for result in results do
            add result

        hash.ToHashCode()

    member _.Variables = variables
    member _.Results = results
    member _.IsClosed = isClosed
    member _.Symbols = symbols
    member private _.Positions = positions
    member private _.IsLate = isLate
    member private _.Hash = hash

    override _.GetHashCode() = hash

    override _.Equals other =
        match other with
        | :? Canonical as other when not (Object.ReferenceEquals(this, other)) ->
            let sameVariable (a: Tensor) (b: Tensor) =
                a.DType = b.DType && Shape.same a.Shape b.Shape

            let sameValue (a: Tensor) (b: Tensor) =
                if a.IsSymbolic && b.IsSymbolic then
                    positions[a] = other.Positions[b]
                else
                    SameNumbers.equal a b

            let sameSymbol (a: Tensor) (b: Tensor) =
                a.Args.Length = b.Args.Length
                && NodeComparer.SameOp(a.Op, b.Op)
                && Array.forall2 sameValue a.Args b.Args

            hash = other.Hash
            && isClosed
            && other.IsClosed
            && variables.Length = other.Variables.Length
            && results.Length = other.Results.Length
            && symbols.Count = other.Symbols.Count
            && isLate.AsSpan().SequenceEqual(other.IsLate.AsSpan())
            && Array.forall2 sameVariable variables other.Variables
            && Seq.forall2 sameSymbol symbols other.Symbols
            && Array.forall2 sameValue results other.Results
        | other -> Object.ReferenceEquals(this, other)
