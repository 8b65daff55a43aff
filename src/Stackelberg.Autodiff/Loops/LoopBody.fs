namespace Stackelberg

open System
open System.Collections.Generic

/// What a loop does once: expressions of a state in parts, of one row of each input, and of the values that are the same
/// for all steps (holes). Nothing else stands in it, so bodies are equal if they are the same expressions of their
/// variables.
[<AllowNullLiteral>]
type internal LoopBody
    (state: Tensor[], inputs: Tensor[], holes: Tensor[], next: Tensor[], outputs: Tensor[], sums: Tensor[]) =

    let canonical =
        lazy
            (let variables = Array.concat [ state; inputs; holes ]

             Canonical(variables, Array.create variables.Length false, Array.concat [ next; outputs; sums ]))

    /// At least one part.
    member _.State = state
    /// One row of each.
    member _.Inputs = inputs
    member _.Holes = holes
    /// The next state, part by part.
    member _.Next = next
    /// What becomes a row of each output.
    member _.Outputs = outputs
    /// What is added up over all steps.
    member _.Sums = sums
    member _.Trace = state[0].Trace
    /// The number type of all but holes.
    member _.DType = state[0].DType
    /// Numbers of the whole state.
    member _.Length = state |> Array.sumBy (fun t -> Shape.count t.Shape)

    member _.Variables = Array.concat [ state; inputs; holes ]
    member _.Results = Array.concat [ next; outputs; sums ]
    member private _.Canonical = canonical.Value

    override body.Equals other =
        match other with
        | :? LoopBody as other when not (Object.ReferenceEquals(body, other)) ->
            state.Length = other.State.Length
            && inputs.Length = other.Inputs.Length
            && outputs.Length = other.Outputs.Length
            && body.Canonical.Equals other.Canonical
        | other -> Object.ReferenceEquals(body, other)

    // Expressions are hashed by the names of their ops.
    override _.GetHashCode() = state.Length + outputs.Length

/// A body with the values behind its variables: a loop to be.
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
    Start: Tensor[]
    /// [Count; …].
    Inputs: Tensor[]
    Holes: Tensor[]
} with

    /// The body's variables that can move, and the values behind them: all but Taken.
    member loop.Values = Array.concat [ loop.Start; loop.Inputs; loop.Holes ]

    /// The arguments of its op.
    member loop.Arguments = Array.append [| loop.Taken |] loop.Values

    /// The same loop with other values behind the variables.
    member loop.With(values: Tensor[]) =
        let parts, rows = loop.Body.State.Length, loop.Body.Inputs.Length

        {
            loop with
                Start = values[.. parts - 1]
                Inputs = values[parts .. parts + rows - 1]
                Holes = values[parts + rows ..]
        }

/// What a loop gives: its last state, rows, and sums.
[<Struct>]
type internal LoopResults = {
    Final: Tensor[]
    Outputs: Tensor[]
    Sums: Tensor[]
} with

    member results.All = Array.concat [ results.Final; results.Outputs; results.Sums ]

/// Results by their place among all: the state's parts first, then rows, then sums.
module internal LoopResults =

    let ofAll parts outputs (all: Tensor[]) = {
        Final = all[.. parts - 1]
        Outputs = all[parts .. parts + outputs - 1]
        Sums = all[parts + outputs ..]
    }

/// The results of a loop as one vector, since an op has one result: the state's parts, the rows of each output, the sums.
module internal LoopVector =

    let private shapes count (body: LoopBody) =
        Array.concat [
            body.State |> Array.map _.Shape
            body.Outputs |> Array.map (fun t -> Array.append [| count |] t.Shape)
            body.Sums |> Array.map _.Shape
        ]

    let length count (body: LoopBody) =
        shapes count body |> Array.sumBy Shape.count

    /// The results out of the vector, or their cotangents out of its cotangent.
    let parts count (body: LoopBody) (vector: Tensor) : LoopResults =
        let shapes = shapes count body
        let starts = Array.scan (fun at shape -> at + Shape.count shape) 0 shapes

        shapes
        |> Array.mapi (fun i shape ->
            Structure.reshape shape (Slice.slice 0 starts[i] (Shape.count shape) vector))
        |> LoopResults.ofAll body.State.Length body.Outputs.Length

    /// The vector of given results; a null is zero.
    let ofParts count (body: LoopBody) (results: LoopResults) : Tensor =
        Array.map2
            (fun shape (t: Tensor) ->
                let flat = [| Shape.count shape |]

                if isNull t then
                    Expression.zeros body.DType flat
                else
                    Structure.reshape flat t)
            (shapes count body)
            results.All
        |> Array.filter (fun t -> t.Shape[0] > 0)
        |> Concat.concat 0

module internal LoopParts =

    /// The loop without the inputs and holes that its body does not read.
    let pruned (loop: ScanLoop) : ScanLoop =
        let body = loop.Body

        let read = HashSet<Tensor>(Dependence.all body.Results, HashIdentity.Reference)

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

    /// Which parts of a state must go along for some expressions: those that are read, and those that the next ones of these
    /// read in turn.
    let needed (state: Tensor[]) (next: Tensor[]) (roots: Tensor[]) : bool[] =
        let needed = Array.create state.Length false

        let rec visit roots =
            let read =
                HashSet<Tensor>(Dependence.all (Seq.filter (isNull >> not) roots), HashIdentity.Reference)

            for i in 0 .. state.Length - 1 do
                if read.Contains state[i] && not needed[i] then
                    needed[i] <- true
                    visit [| next[i] |]

        visit roots
        needed

    /// The runs of a loop's body on numbers, as many as there are; each state is computed once it is asked for.
    let runs
        (body: LoopBody)
        (isBackward: bool)
        (taken: int)
        (start: Tensor[])
        (inputs: Tensor[])
        (holes: Tensor[])
        =
        let row k (t: Tensor) =
            Structure.reshape t.Shape[1..] (Slice.slice 0 k 1 t)

        (0, start)
        |> Seq.unfold (fun (run, now) ->
            if run >= taken then
                None
            else
                let k = if isBackward then taken - 1 - run else run
                let values = Array.concat [ now; Array.map (row k) inputs; holes ]

                let found = {
                    Variables = body.Variables
                    Values = values
                    Results = body.Results
                }

                Some(found, (run + 1, Substitution.many body.Variables values body.Next)))
