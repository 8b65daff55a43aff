namespace Stackelberg

open System

/// Loops whose state is a derivative: a tangent that goes along with the state, or a cotangent that comes back, part by
/// part. Parts that stay zero are left out. Zeros by selection (see Selection in Tensor.fs) go along as a mask beside the
/// parts that have any: what a choice left out in one step stays zero in all others, whatever it is multiplied with there.
module internal LoopDerivative =

    open Elementwise

    /// From derivatives of the state's parts, of rows and of what is the same for all steps to those of the results; null
    /// where zero, on either side.
    type Rule = Tensor[] -> Tensor[] -> Tensor[] -> LoopResults

    let private isFull (mask: Tensor) =
        not mask.IsSymbolic
        && (if mask.IsConstant then
                mask.Value <> 0.0
            else
                Array.forall ((<>) 0.0) (mask.ToArray()))

    /// Whether both are known, and a mask chooses nothing that the other one does not.
    let private isWithin (outer: Tensor) (mask: Tensor) =
        not (mask.IsSymbolic || outer.IsSymbolic)
        && Array.forall2 (fun inner outer -> inner = 0.0 || outer <> 0.0) (mask.ToArray()) (outer.ToArray())

    let private isZero (t: Tensor) = isNull t || t.IsStructuralZero

    let private orNull (t: Tensor) = if isZero t then null else t

    let private keep (mask: Tensor) (t: Tensor) =
        if isFull mask then t else Selection.keep mask t

    /// Whether the numbers are known, and the same.
    let private isSame (a: Tensor) (b: Tensor) =
        not (a.IsSymbolic || b.IsSymbolic)
        && a.ToArray().AsSpan().SequenceEqual(b.ToArray())

    /// Steps that are tried by hand before a loop is run for them.
    let private mostTried = 16

    /// The end of a loop of known numbers that reads nothing but its state: it is at its end where a step changes nothing.
    /// ValueNone if it is not such a loop, or does not come to rest soon.
    let private atRest
        (taken: Tensor)
        (variables: Tensor[])
        (start: Tensor[])
        (next: Tensor[])
        : Tensor[] voption =
        let isClosed =
            taken.IsConstant
            && Array.forall (fun (t: Tensor) -> not t.IsSymbolic) start
            && Dependence.all next
               |> Array.forall (fun t -> not t.Op.Kind.IsVariable || Array.contains t variables)

        let rec run tried (now: Tensor[]) =
            if float tried >= taken.Value then
                ValueSome now
            elif tried = mostTried then
                ValueNone
            else
                let later = Substitution.many variables now next

                if Array.forall2 isSame now later then
                    ValueSome now
                else
                    run (tried + 1) later

        if isClosed then run 0 start else ValueNone

    /// A derivative's own variable, the mask that goes with it, and what the rule sees.
    [<Struct>]
    type private Marked = {
        Variable: Tensor
        /// null for none.
        MaskVariable: Tensor
        Seen: Tensor
        Value: Tensor
        MaskValue: Tensor
    }

    /// <summary>Runs a rule along a loop.</summary>
    /// <param name="scan">How loops are run.</param>
    /// <param name="loop">The loop that the rule differentiates, with values for what the rule's results read besides
    /// derivatives.</param>
    /// <param name="carriesState">Whether the loop's own state goes along; if not, its parts are among the inputs.</param>
    /// <param name="start">The derivatives of the state's parts at first; null where zero.</param>
    /// <param name="inputs">Derivatives with a row for each step.</param>
    /// <param name="holes">Derivatives that are the same for all steps.</param>
    /// <param name="rule">The rule; it is given symbols of one step.</param>
    /// <returns>The derivatives of the state at last, rows and sums; null where zero.</returns>
    let run
        (scan: ScanLoop -> LoopResults)
        (loop: ScanLoop)
        (carriesState: bool)
        (start: Tensor[])
        (inputs: Tensor[])
        (holes: Tensor[])
        (rule: Rule)
        : LoopResults =
        let body = loop.Body
        let start = Array.map orNull start
        let shapeOf i = body.State[i].Shape

        let variable (shape: int[]) dtype =
            Expression.variable body.Trace dtype shape

        let marked (rowOf: int[] -> int[]) (value: Tensor) =
            let mask = Selection.mask value
            let own = variable (rowOf value.Shape) value.DType

            if isFull mask then
                {
                    Variable = own
                    MaskVariable = null
                    Seen = own
                    Value = value
                    MaskValue = null
                }
            else
                let ownMask = variable (rowOf value.Shape) value.DType

                {
                    Variable = own
                    MaskVariable = ownMask
                    Seen = Selection.keep ownMask own
                    Value = value
                    MaskValue = mask
                }

        let inputs = inputs |> Array.map (marked (fun shape -> shape[1..]))
        let holes = holes |> Array.map (marked id)
        let seen (marks: Marked[]) = marks |> Array.map _.Seen

        let pairs (marks: Marked[]) =
            marks
            |> Array.collect (fun m -> [|
                m.Variable, m.Value

                if not (isNull m.MaskVariable) then
                    m.MaskVariable, m.MaskValue
            |])

        let startMask =
            start
            |> Array.mapi (fun i t ->
                if isNull t then
                    Expression.constant body.DType (shapeOf i) 0.0
                else
                    Selection.mask t)

        let moving = start |> Array.mapi (fun i _ -> variable (shapeOf i) body.DType)
        let carried = start |> Array.mapi (fun i _ -> variable (shapeOf i) body.DType)

        /// The rule's results while some parts move, and of these some with a mask of their own; the others keep the start's.
        let attempt (moves: bool[]) (masked: bool[]) =
            let state =
                Array.init start.Length (fun i ->
                    if not moves[i] then null
                    elif masked[i] then Selection.keep carried[i] moving[i]
                    else keep startMask[i] moving[i])

            rule state (seen inputs) (seen holes)

        let maskOf i (t: Tensor) =
            if isZero t then
                Expression.constant body.DType (shapeOf i) 0.0
            else
                Selection.mask t

        /// More parts move and more have masks until no step makes it more. A known mask that no step changes needs none.
        let rec settle (moves: bool[]) (masked: bool[]) : struct (bool[] * bool[] * LoopResults) =
            let results = attempt moves masked

            let moving =
                Array.map2 (fun moves next -> moves || not (isZero next)) moves results.Final

            let nowMasked =
                Array.init moves.Length (fun i ->
                    masked[i]
                    || moving[i]
                       && (startMask[i].IsSymbolic && not (isFull startMask[i])
                           || not (isWithin startMask[i] (maskOf i results.Final[i]))))

            if moving = moves && nowMasked = masked then
                struct (moves, masked, results)
            else
                settle moving nowMasked

        let struct (moves, masked, results) =
            settle (start |> Array.map (isNull >> not)) (Array.create start.Length false)

        if
            not (Array.contains true moves)
            && Array.forall isZero (Array.append results.Outputs results.Sums)
        then
            {
                Final = Array.create start.Length null
                Outputs = Array.map orNull results.Outputs
                Sums = Array.map orNull results.Sums
            }
        else
            let orZeros i (t: Tensor) =
                if isZero t then
                    Expression.zeros body.DType (shapeOf i)
                else
                    t

            let inputs = Array.append (Array.zip body.Inputs loop.Inputs) (pairs inputs)
            let holes = Array.append (Array.zip body.Holes loop.Holes) (pairs holes)

            /// A loop of some parts of a state, with as much of the differentiated loop's own state as they need.
            let along (own: (Tensor * Tensor * Tensor)[]) (outputs: Tensor[]) (sums: Tensor[]) =
                let variableOf (part, _, _) = part
                let startOf (_, start, _) = start
                let nextOf (_, _, next) = next

                let isNeeded =
                    if carriesState then
                        Array.concat [ Array.map nextOf own; outputs; sums ]
                        |> LoopParts.needed body.State body.Next
                    else
                        Array.create start.Length false

                let idle = Expression.constant body.DType [||] 0.0

                let parts = [|
                    yield! own

                    for i in 0 .. start.Length - 1 do
                        if isNeeded[i] then
                            body.State[i], loop.Start[i], body.Next[i]

                    // A loop needs a state, if only an idle one.
                    if own.Length = 0 && not (Array.contains true isNeeded) then
                        variable [||] body.DType, idle, idle
                |]

                {
                    loop with
                        Body =
                            LoopBody(
                                Array.map variableOf parts,
                                Array.map fst inputs,
                                Array.map fst holes,
                                Array.map nextOf parts,
                                outputs,
                                sums
                            )
                        Start = Array.map startOf parts
                        Inputs = Array.map snd inputs
                        Holes = Array.map snd holes
                }
                |> LoopParts.pruned
                |> scan

            let only (flags: bool[]) =
                [| 0 .. flags.Length - 1 |] |> Array.filter (fun i -> flags[i])

            let movingOnes, maskedOnes = only moves, only masked

            let masks =
                maskedOnes
                |> Array.map (fun i -> carried[i], startMask[i], maskOf i results.Final[i])

            let present (results: Tensor[]) =
                only (results |> Array.map (isZero >> not))

            let outputs, sums = present results.Outputs, present results.Sums
            let at (all: Tensor[]) = Array.map (fun i -> all[i])

            let found =
                along
                    (Array.append
                        (movingOnes
                         |> Array.map (fun i -> moving[i], orZeros i start[i], orZeros i results.Final[i]))
                        masks)
                    (at results.Outputs outputs)
                    (at results.Sums sums)

            // The masks of the results come from a loop of their own: they do not depend on the derivatives, which
            // are to stay linear in what they begin with. Often nothing in it is a symbol, and it is run here and now.
            let selected (all: Tensor[]) =
                Array.filter (fun i -> not (isFull (Selection.mask all[i])))

            let maskedOutputs, maskedSums =
                selected results.Outputs outputs, selected results.Sums sums

            let foundMasks =
                if masks.Length + maskedOutputs.Length + maskedSums.Length = 0 then
                    {
                        Final = [||]
                        Outputs = [||]
                        Sums = [||]
                    }
                else
                    let known =
                        if maskedOutputs.Length + maskedSums.Length = 0 then
                            let part, start, next = Array.unzip3 masks
                            atRest loop.Taken part start next
                        else
                            ValueNone

                    match known with
                    | ValueSome final -> {
                        Final = final
                        Outputs = [||]
                        Sums = [||]
                      }
                    | ValueNone ->
                        along
                            masks
                            (at results.Outputs maskedOutputs |> Array.map Selection.mask)
                            (at results.Sums maskedSums |> Array.map Selection.mask)

            /// Found values in their places, each kept by its mask if it has one.
            let spread count (places: int[]) (values: Tensor[]) (maskPlaces: int[]) (masks: Tensor[]) =
                let all = Array.create<Tensor> count null
                Array.iteri (fun k i -> all[i] <- values[k]) places
                Array.iteri (fun k i -> all[i] <- keep masks[k] all[i]) maskPlaces
                all

            {
                Final =
                    spread start.Length movingOnes found.Final maskedOnes foundMasks.Final
                    |> Array.mapi (fun i t -> if isNull t || masked[i] then t else keep startMask[i] t)
                Outputs = spread results.Outputs.Length outputs found.Outputs maskedOutputs foundMasks.Outputs
                Sums = spread results.Sums.Length sums found.Sums maskedSums foundMasks.Sums
            }
