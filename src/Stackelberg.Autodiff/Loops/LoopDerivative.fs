namespace Stackelberg

/// Loops whose state is a derivative: a tangent that goes along with the state, or a cotangent that comes back. Zeros by
/// selection (see Selection in Tensor.fs) go with it as a mask of the state's shape, where there are any: what a choice
/// left out in one step stays zero in all others, whatever it is multiplied with there.
module internal LoopDerivative =

    open Elementwise

    /// Tangents or cotangents of the body's results for those of its arguments; null where zero.
    type Rule = Tensor -> Tensor[] -> Tensor[] -> LoopResults

    let private isFull (mask: Tensor) =
        not mask.IsSymbolic
        && (if mask.IsConstant then
                mask.Value <> 0.0
            else
                Array.forall ((<>) 0.0) (mask.ToArray()))

    /// Whether a mask is known, and chooses nothing that another one does not.
    let private isWithin (outer: Tensor) (mask: Tensor) =
        not (mask.IsSymbolic || outer.IsSymbolic)
        && Array.forall2 (fun inner outer -> inner = 0.0 || outer <> 0.0) (mask.ToArray()) (outer.ToArray())

    let private isEmpty (mask: Tensor) =
        not mask.IsSymbolic && Array.forall ((=) 0.0) (mask.ToArray())

    let private maskOf dtype shape (t: Tensor) =
        if isNull t then
            Expression.constant dtype shape 0.0
        else
            Selection.mask t

    let private keep (mask: Tensor) (t: Tensor) =
        if isFull mask then t
        elif isEmpty mask then Expression.zeros t.DType t.Shape
        else Selection.keep mask t

    /// <summary>Runs a rule along a loop.</summary>
    /// <param name="scan">How loops are run.</param>
    /// <param name="loop">The loop that the rule differentiates, with values for what the rule's results read besides
    /// derivatives.</param>
    /// <param name="carriesState">Whether the loop's own state goes along; if not, it is one of the inputs.</param>
    /// <param name="start">The derivative of the state at first.</param>
    /// <param name="inputs">Derivatives with a row for each step.</param>
    /// <param name="holes">Derivatives that are the same for all steps.</param>
    /// <param name="rule">The rule; it is given symbols of one step.</param>
    /// <returns>The derivative of the state at last, rows and sums; null where zero.</returns>
    let run
        (scan: ScanLoop -> LoopResults)
        (loop: ScanLoop)
        (carriesState: bool)
        (start: Tensor)
        (inputs: Tensor[])
        (holes: Tensor[])
        (rule: Rule)
        : LoopResults =
        let body = loop.Body
        let dtype = body.DType

        let variable (shape: int[]) dtype =
            Expression.variable body.Trace dtype shape

        let length = start.Shape[0]
        let moving = variable [| length |] dtype

        /// A variable for each value, with one for its mask if it needs one: that variable, the masked one, the mask's.
        let marked (rowOf: int[] -> int[]) (values: Tensor[]) =
            values
            |> Array.map (fun value ->
                let mask = Selection.mask value
                let v = variable (rowOf value.Shape) value.DType

                if isFull mask then
                    struct (v, v, [||])
                else
                    let m = variable (rowOf value.Shape) value.DType
                    struct (v, Selection.keep m v, [| m, mask |]))

        let markedInputs = marked (fun shape -> shape[1..]) inputs
        let markedHoles = marked id holes

        let masked values =
            values |> Array.map (fun struct (_, masked, _) -> masked)

        let pairs values marked =
            Array.append
                (Array.map2 (fun value (struct (v, _, _)) -> v, value) values marked)
                (marked |> Array.collect (fun struct (_, _, masks) -> masks))

        let attempt mask =
            rule (keep mask moving) (masked markedInputs) (masked markedHoles)

        let nextMask (results: LoopResults) = maskOf dtype [| length |] results.Final

        // A known mask that no step changes needs no memory; any other goes along.
        let startMask = Selection.mask start

        let struct (results, fixedMask, carried) =
            let known =
                if startMask.IsSymbolic then
                    ValueNone
                else
                    let results = attempt startMask

                    if isWithin startMask (nextMask results) then
                        ValueSome results
                    else
                        ValueNone

            match known with
            | ValueSome results -> struct (results, startMask, null)
            | ValueNone ->
                let carried = variable [| length |] dtype
                struct (attempt carried, null, carried)

        let orZeros shape (t: Tensor) =
            if isNull t then Expression.zeros dtype shape else t

        /// Of a loop that is linear in its state the derivative does not ask where it is taken.
        let readsState =
            carriesState
            && Array.concat [ [| results.Final; nextMask results |]; results.Outputs; results.Sums ]
               |> Seq.filter (isNull >> not)
               |> Dependence.all
               |> Array.contains body.State

        // The pieces of the new loop's state: the old one, the derivative, its mask.
        let pieces = [|
            if readsState then
                body.State, loop.Start, body.Next

            if not (isNull carried) || not (isEmpty fixedMask) then
                moving, start, orZeros [| length |] results.Final

            if not (isNull carried) then
                carried, startMask, nextMask results
        |]

        if
            pieces.Length = 0
            && Array.forall isNull (Array.append results.Outputs results.Sums)
        then
            {
                Final = null
                Outputs = results.Outputs
                Sums = results.Sums
            }
        else
            /// What is kept of a result: where it stands, and where its mask does.
            let place (masks: ResizeArray<Tensor>) (plain: ResizeArray<Tensor>) (t: Tensor) =
                if isNull t then
                    struct (-1, -1)
                else
                    plain.Add t
                    let mask = Selection.mask t

                    if isFull mask then
                        struct (plain.Count - 1, -1)
                    else
                        masks.Add mask
                        struct (plain.Count - 1, masks.Count - 1)

            let outputs, outputMasks = ResizeArray(), ResizeArray()
            let sums, sumMasks = ResizeArray(), ResizeArray()
            let outputPlaces = results.Outputs |> Array.map (place outputMasks outputs)
            let sumPlaces = results.Sums |> Array.map (place sumMasks sums)

            // A loop needs a state, if only an idle one.
            let pieces =
                if pieces.Length > 0 then
                    pieces
                else
                    let idle = Expression.constant dtype [| 1 |] 0.0
                    [| variable [| 1 |] dtype, idle, idle |]

            let lengths = pieces |> Array.map (fun (piece, _, _) -> piece.Shape[0])
            let state = variable [| Array.sum lengths |] dtype

            let inputs =
                Array.append (Array.zip body.Inputs loop.Inputs) (pairs inputs markedInputs)

            let holes = Array.append (Array.zip body.Holes loop.Holes) (pairs holes markedHoles)

            let roots =
                Array.concat [
                    [| Concat.concat 0 (pieces |> Array.map (fun (_, _, next) -> next)) |]
                    outputs.ToArray()
                    outputMasks.ToArray()
                    sums.ToArray()
                    sumMasks.ToArray()
                ]
                |> Substitution.many
                    (pieces |> Array.map (fun (piece, _, _) -> piece))
                    (LoopParts.slices state lengths)

            let outputCount = outputs.Count + outputMasks.Count

            let found =
                {
                    loop with
                        Body =
                            LoopBody(
                                state,
                                Array.map fst inputs,
                                Array.map fst holes,
                                roots[0],
                                roots[1..outputCount],
                                roots[1 + outputCount ..]
                            )
                        Start = Concat.concat 0 (pieces |> Array.map (fun (_, start, _) -> start))
                        Inputs = Array.map snd inputs
                        Holes = Array.map snd holes
                }
                |> LoopParts.pruned
                |> scan

            let parts = LoopParts.slices found.Final lengths

            let pieceOf (variable: Tensor) =
                match
                    pieces
                    |> Array.tryFindIndex (fun (piece, _, _) -> obj.ReferenceEquals(piece, variable))
                with
                | Some i -> parts[i]
                | None -> null

            let pick (values: Tensor[]) first (struct (plain, mask)) : Tensor =
                if plain < 0 then null
                elif mask < 0 then values[plain]
                else keep values[first + mask] values[plain]

            {
                Final =
                    match pieceOf moving, carried with
                    | null, _ -> null
                    | final, null -> keep fixedMask final
                    | final, carried -> keep (pieceOf carried) final
                Outputs = outputPlaces |> Array.map (pick found.Outputs outputs.Count)
                Sums = sumPlaces |> Array.map (pick found.Sums sums.Count)
            }
