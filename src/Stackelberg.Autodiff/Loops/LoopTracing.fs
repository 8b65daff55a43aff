namespace Stackelberg

open System
open System.Collections.Generic
open Stackelberg.Kernels

/// A user's functions of one step made into a body: called once, with symbols.
module internal LoopTracing =

    /// What is known of one part of a state, an input or an output.
    [<Struct>]
    type Part = { DType: DType; Shape: int[] }

    let partOf (t: Tensor) = { DType = t.DType; Shape = t.Shape }

    type Traced = {
        Body: LoopBody
        /// A further result of one step, for until's condition; null if there is none.
        Condition: Tensor
        State: Part[]
        Outputs: Part[]
        /// The values behind the body's holes.
        Captured: Tensor[]
    }

    /// The state in the loop's number type, and back.
    let pack dtype (parts: Tensor[]) : Tensor[] = Array.map (Cast.cast dtype) parts

    let unpack (parts: Part[]) (values: Tensor[]) : Tensor[] =
        Array.map2 (fun part (t: Tensor) -> Cast.cast part.DType t) parts values

    /// A part's name in a message.
    let private named what count i =
        if count = 1 then
            what
        else
            (invariant $"part {i} of {what}")

    let private checkNext func (state: Tensor[]) (next: Tensor[]) =
        if isNull next then
            Shape.wrong
                func
                "the body gives null for the next state, but it needs one like the state it is given."

        if next.Length <> state.Length then
            Shape.wrong
                func
                (invariant
                    $"the body gives {next.Length} parts of the next state, but the state has {state.Length}; give one for each, in the same order.")

        Array.iteri2
            (fun i (now: Tensor) (next: Tensor) ->
                let what = named "the next state" state.Length i

                if isNull next then
                    Shape.wrong
                        func
                        (invariant $"{what} is null, but a tensor of shape {Shape.show now.Shape} is needed.")

                if not (Shape.same now.Shape next.Shape) then
                    Shape.wrong
                        func
                        (invariant
                            $"{what} has shape {Shape.show next.Shape}, but {Shape.show now.Shape} is needed (the start's shape: every step begins with what the last one gave); reshape or broadcast one of the two.")

                if now.DType <> next.DType then
                    Shape.wrong
                        func
                        (invariant
                            $"{what} is {next.DType}, but {now.DType} is needed (the start's type); convert one of the two with Tensor.cast."))
            state
            next

    /// Values of the expressions that do not depend on the variables, and stand directly below what does.
    let private captured isEager (variables: Tensor[]) (roots: Tensor[]) =
        let struct (nodes, dependent) = Dependence.on variables roots

        /// A transpose that only products read stays a view inside the body; captured, it would be copied.
        let behindViews (t: Tensor) =
            let isReadByProducts =
                nodes
                |> Seq.filter (fun reader -> Array.contains t reader.Args)
                |> Seq.forall _.Op.Kind.IsBilinear

            if
                t.IsSymbolic
                && t.Op.Kernel.IsView
                && t.Args[0].IsSymbolic
                && t.Op.Kind.IsLinear
                && Shape.count t.Shape = Shape.count t.Args[0].Shape
                && isReadByProducts
            then
                t.Args[0]
            else
                t

        nodes
        |> Seq.collect _.Args
        |> Seq.append roots
        |> Seq.filter (fun t ->
            if t.IsSymbolic then
                not (dependent.Contains t)
            // Arrays that a body is given anew at each call would make a program of their own.
            else
                isEager && not (isNull t.Data))
        |> Seq.map behindViews
        |> Seq.distinctBy _.Id
        |> Array.ofSeq

    /// <summary>Reads a body.</summary>
    /// <param name="func">The function that error messages name.</param>
    /// <param name="start">The state's parts.</param>
    /// <param name="given">Values that the loop is given besides.</param>
    /// <param name="rows">One row of each input, and of what else has a row for each step.</param>
    /// <param name="step">From a state and a row of each input to the next state and the outputs.</param>
    /// <param name="condition">Of a state, or null.</param>
    let trace
        func
        (start: Tensor[])
        (given: Tensor[])
        (rows: Part[])
        (step: Tensor[] -> Tensor[] -> struct (Tensor[] * Tensor[]))
        (condition: Tensor[] -> Tensor)
        : Traced =
        if start.Length = 0 then
            Shape.wrong func "the state has no parts, but at least one tensor is needed."

        let trace = Trace()

        let variable (part: Part) =
            Expression.variable trace part.DType part.Shape

        let state = start |> Array.map (partOf >> variable)
        let inputs = rows |> Array.map variable
        let struct (next, outputs) = step (Array.copy state) (Array.copy inputs)
        checkNext func state next

        for output in outputs do
            if isNull output then
                Shape.wrong func "an output of the body is null, but a tensor is needed."

        let condition =
            match box condition with
            | null -> null
            | _ ->
                let found = condition (Array.copy state)

                if isNull found || Shape.count found.Shape <> 1 then
                    let given = if isNull found then "null" else Shape.show found.Shape

                    Shape.wrong
                        func
                        (invariant
                            $"the condition has shape {given}, but a scalar [] is needed (1 where the loop is to end, 0 elsewhere); take one entry, or Tensor.min or max of all.")

                found

        let results =
            Array.concat [ next; outputs; (if isNull condition then [||] else [| condition |]) ]

        let dtype =
            if
                Seq.exists
                    (fun (t: Tensor) -> t.DType = DType.Float64)
                    (Seq.concat [ start; inputs; outputs ])
            then
                DType.Float64
            else
                DType.Float32

        let variables = Array.append state inputs

        let isEager =
            Seq.forall (fun (t: Tensor) -> not t.IsSymbolic) (Seq.append start given)
            && Dependence.all results
               |> Seq.forall (fun t -> not t.Op.Kind.IsVariable || Array.contains t variables)

        let captured = captured isEager variables results
        let inner = Trace()
        let parts = state |> Array.map partOf

        let innerState =
            parts |> Array.map (fun part -> Expression.variable inner dtype part.Shape)

        let innerInputs =
            inputs |> Array.map (fun t -> Expression.variable inner dtype t.Shape)

        let holes =
            captured |> Array.map (fun t -> Expression.variable inner t.DType t.Shape)

        let found =
            Substitution.many
                (Array.concat [ state; inputs; captured ])
                (Array.concat [
                    unpack parts innerState
                    Array.map2 (fun (t: Tensor) own -> Cast.cast t.DType own) inputs innerInputs
                    holes
                ])
                results

        let innerOutputs = found[state.Length .. state.Length + outputs.Length - 1]

        {
            Body =
                LoopBody(
                    innerState,
                    innerInputs,
                    holes,
                    pack dtype found[.. state.Length - 1],
                    Array.map (Cast.cast dtype) innerOutputs,
                    [||]
                )
            Condition =
                if isNull condition then
                    null
                else
                    Structure.reshape Shape.scalar (Cast.cast dtype (Array.last found))
            State = parts
            Outputs = outputs |> Array.map partOf
            Captured = captured
        }
