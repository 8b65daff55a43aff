namespace Stackelberg

open System
open System.Collections.Generic

/// What a loop does once: expressions of a state, of one row of each input, and of the values that are the same for all
/// steps (holes). Nothing else stands in it, so bodies are equal if they are the same expressions of their variables.
[<AllowNullLiteral>]
type internal LoopBody
    (state: Tensor, inputs: Tensor[], holes: Tensor[], next: Tensor, outputs: Tensor[], sums: Tensor[]) =

    let canonical =
        lazy
            (let variables = Array.concat [ [| state |]; inputs; holes ]

             Canonical(
                 variables,
                 Array.create variables.Length false,
                 Array.concat [ [| next |]; outputs; sums ]
             ))

    /// [n].
    member _.State = state
    /// One row of each.
    member _.Inputs = inputs
    member _.Holes = holes
    /// The next state, [n].
    member _.Next = next
    /// What becomes a row of each output.
    member _.Outputs = outputs
    /// What is added up over all steps.
    member _.Sums = sums
    member _.Length = state.Shape[0]
    member _.Trace = state.Trace
    member _.DType = state.DType

    member _.Variables = Array.concat [ [| state |]; inputs; holes ]
    member private _.Canonical = canonical.Value

    override body.Equals other =
        match other with
        | :? LoopBody as other when not (Object.ReferenceEquals(body, other)) ->
            inputs.Length = other.Inputs.Length
            && outputs.Length = other.Outputs.Length
            && body.Canonical.Equals other.Canonical
        | other -> Object.ReferenceEquals(body, other)

    // Expressions are hashed by the names of their ops.
    override _.GetHashCode() = next.Shape[0]

/// A body with the values behind its inputs and holes: a loop to be.
type internal ScanLoop = {
    Body: LoopBody
    /// The most steps: rows of each input and output.
    Count: int
    /// Whether the last row comes first.
    IsBackward: bool
    /// The rows between two states that a reverse derivative keeps; Count keeps every state.
    Keep: int
    /// How many rows are run, [].
    Taken: Tensor
    /// [n].
    Start: Tensor
    /// [Count; …].
    Inputs: Tensor[]
    Holes: Tensor[]
}

/// What a loop gives: its last state, rows, and sums.
[<Struct>]
type internal LoopResults = {
    Final: Tensor
    Outputs: Tensor[]
    Sums: Tensor[]
}

/// The results of a loop as one vector, since an op has one result: the state, the rows of each output, the sums.
module internal LoopVector =

    let private flat (t: Tensor) =
        Structure.reshape [| Shape.count t.Shape |] t

    let length count (body: LoopBody) =
        let size (t: Tensor) = Shape.count t.Shape
        body.Length + count * Array.sumBy size body.Outputs + Array.sumBy size body.Sums

    /// The results out of the vector, or their cotangents out of its cotangent.
    let parts count (body: LoopBody) (vector: Tensor) : LoopResults =
        let mutable at = 0

        let take (shape: int[]) =
            let length = Shape.count shape
            at <- at + length
            Structure.reshape shape (Slice.slice 0 (at - length) length vector)

        let final = take [| body.Length |]

        let outputs =
            body.Outputs |> Array.map (fun t -> take (Array.append [| count |] t.Shape))

        {
            Final = final
            Outputs = outputs
            Sums = body.Sums |> Array.map (fun t -> take t.Shape)
        }

    /// The vector of given results; a null is zero.
    let ofParts count (body: LoopBody) (results: LoopResults) : Tensor =
        let orZeros shape (t: Tensor) =
            if isNull t then
                Expression.zeros body.DType [| Shape.count shape |]
            else
                flat t

        Array.concat [
            [| orZeros [| body.Length |] results.Final |]
            Array.map2
                (fun (t: Tensor) found -> orZeros (Array.append [| count |] t.Shape) found)
                body.Outputs
                results.Outputs
            Array.map2 (fun (t: Tensor) found -> orZeros t.Shape found) body.Sums results.Sums
        ]
        |> Array.filter (fun t -> t.Shape[0] > 0)
        |> Concat.concat 0

module internal LoopParts =

    /// Variables of a vector's consecutive pieces, written as slices of it.
    let slices (vector: Tensor) (lengths: int[]) =
        let starts = Array.scan (+) 0 lengths
        Array.mapi (fun i length -> Slice.slice 0 starts[i] length vector) lengths

    /// The loop without the inputs and holes that its body does not read.
    let pruned (loop: ScanLoop) : ScanLoop =
        let body = loop.Body
        let roots = Array.concat [ [| body.Next |]; body.Outputs; body.Sums ]
        let read = HashSet<Tensor>(Dependence.all roots, HashIdentity.Reference)

        let keep (variables: Tensor[]) (values: Tensor[]) =
            Array.zip variables values |> Array.filter (fst >> read.Contains) |> Array.unzip

        let inputs, inputValues = keep body.Inputs loop.Inputs
        let holes, holeValues = keep body.Holes loop.Holes

        {
            loop with
                Body = LoopBody(body.State, inputs, holes, body.Next, body.Outputs, body.Sums)
                Inputs = inputValues
                Holes = holeValues
        }
