namespace Stackelberg

open System
open System.Collections.Concurrent
open Stackelberg.Kernels

/// Functions compiled on their first call for each number type and shape of their arguments.
module internal Jit =

    /// What decides which program serves a call.
    [<CustomEquality; NoComparison; Struct>]
    type private Signature = {
        Types: DType[]
        Shapes: int[][]
    } with

        override a.GetHashCode() =
            let mutable hash = HashCode()

            for shape in a.Shapes do
                hash.Add shape.Length

                for extent in shape do
                    hash.Add extent

            hash.ToHashCode()

        override a.Equals other =
            match other with
            | :? Signature as b -> (a :> IEquatable<Signature>).Equals b
            | _ -> false

        interface IEquatable<Signature> with
            member a.Equals b =
                a.Types.AsSpan().SequenceEqual(b.Types.AsSpan())
                && Array.forall2 Shape.same a.Shapes b.Shapes

    /// Null where f uses a symbol of an outer transform, whose value only that transform knows.
    let private compile (f: Tensor[] -> Tensor[]) (signature: Signature) : Program =
        let trace = Trace()

        let inputs = Array.map2 (Expression.variable trace) signature.Types signature.Shapes

        let results = f (Array.copy inputs)

        let isForeign (t: Tensor) =
            t.Op.Kind.IsVariable
            && not (Array.exists (fun input -> Object.ReferenceEquals(t, input)) inputs)

        if Array.exists isForeign (Dependence.all results) then
            Unchecked.defaultof<Program>
        else
            Program.OfExpressions(inputs, Array.map (fun _ -> false) inputs, results)

    let many (f: Tensor[] -> Tensor[]) : Tensor[] -> Tensor[] =
        let programs = ConcurrentDictionary<Signature, Lazy<Program>>()
        let make = Func<Signature, Lazy<Program>>(fun key -> lazy compile f key)

        fun (arguments: Tensor[]) ->
            if Array.exists (fun (t: Tensor) -> t.IsSymbolic) arguments then
                f arguments
            else
                let key = {
                    Types = Array.map (fun (t: Tensor) -> t.DType) arguments
                    Shapes = Array.map (fun (t: Tensor) -> t.Shape) arguments
                }

                match box (programs.GetOrAdd(key, make).Value) with
                | null -> f arguments
                | program -> (program :?> Program).Call arguments
