namespace Stackelberg

open Stackelberg.Kernels

/// A loop of a given number of steps as one op, whose derivatives are loops again: forward one over the state and its
/// tangent, reverse one that runs backwards from states that were kept.
module internal ScanOp =

    let private dense place shape dtype : Operand = {
        Type = dtype
        Extents = shape
        Place = place
        Strides = Shape.strides shape
    }

    /// The parts of a state one after the other from a place on.
    let stateAt dtype (place: Place) (parts: Tensor[]) : Operand[] =
        let starts = Array.scan (fun at (t: Tensor) -> at + Shape.count t.Shape) 0 parts
        parts |> Array.mapi (fun i t -> dense (place.Plus starts[i]) t.Shape dtype)

    let startOf (operands: Operand[]) =
        operands
        |> Array.map (fun operand -> LoopPart(operand.Place, Shape.count operand.Extents))

    let private emit
        (body: LoopBody)
        count
        isBackward
        (emitter: Emitter)
        (operands: Operand[])
        (target: Operand)
        =
        let dtype, n = target.Type, body.Length
        let partCount, inputCount = body.State.Length, body.Inputs.Length
        let next = emitter.Work(dtype, n)

        let slot (entries: Place) (t: Tensor) =
            let size = Shape.count t.Shape
            BatchSlot(emitter.Work(dtype, size), entries, size)

        let inputs =
            body.Inputs |> Array.mapi (fun i t -> slot operands[1 + partCount + i].Place t)

        let mutable at = target.Place.Plus n

        let placed rows (t: Tensor) =
            let here = slot at t
            at <- at.Plus(rows * here.Count)
            here

        let outputs = body.Outputs |> Array.map (placed count)
        let sums = body.Sums |> Array.map (placed 1)
        let firstReport = emitter.Reports

        let steps =
            emitter.Body(
                body.Variables,
                Array.concat [
                    stateAt dtype target.Place body.State
                    Array.map2
                        (fun (slot: BatchSlot) (t: Tensor) -> dense slot.One t.Shape dtype)
                        inputs
                        body.Inputs
                    operands[1 + partCount + inputCount ..]
                ],
                body.Results,
                Array.append
                    (stateAt dtype next body.State |> Array.map _.Place)
                    (Array.append outputs sums |> Array.map _.One)
            )

        Steps.Scan(
            dtype,
            count,
            isBackward,
            operands[0].Place,
            n,
            startOf operands[1..partCount],
            target.Place,
            next,
            steps,
            inputs,
            outputs,
            sums,
            firstReport,
            emitter.Reports - firstReport
        )

    /// Up to this many numbers every state is kept: 64 kB of doubles.
    let private keptEntries = 1 <<< 13

    /// The rows between two states that are kept, where nobody has said.
    let keepFor count length =
        if count * length <= keptEntries then
            max count 1
        else
            int (ceil (sqrt (float count)))

    let private argumentsOf (loop: ScanLoop) =
        Array.append [| loop.Taken |] loop.Values

    let private withValues (loop: ScanLoop) (values: Tensor[]) =
        let parts, rows = loop.Body.State.Length, loop.Body.Inputs.Length

        {
            loop with
                Start = values[.. parts - 1]
                Inputs = values[parts .. parts + rows - 1]
                Holes = values[parts + rows ..]
        }

    let private number (like: Tensor) (value: float) =
        Expression.constant like.DType Shape.scalar value

    /// How many steps each of a row of segments takes, as [segments].
    let private segmentLengths (loop: ScanLoop) segments : Tensor =
        let length = loop.Keep

        let starts =
            Expression.dense
                DType.Float64
                [| segments |]
                (Array.init segments (fun i -> float (i * length)))
                0
            |> Cast.cast loop.Taken.DType

        Elementwise.minimum
            (Elementwise.maximum (loop.Taken - starts) (number loop.Taken 0.0))
            (number loop.Taken (float length))

    /// The same loop as one of segments, each of which is a loop of Keep rows that keeps every state.
    let private segmented (scan: ScanLoop -> LoopResults) (loop: ScanLoop) : LoopResults =
        let body, length = loop.Body, loop.Keep
        let segments = (loop.Count + length - 1) / length
        let rows = segments * length

        let padded (t: Tensor) =
            if rows = loop.Count then
                t
            else
                let rest =
                    Expression.constant t.DType (Array.updateAt 0 (rows - loop.Count) t.Shape) 0.0

                Concat.concat 0 [| t; rest |]

        let cut (t: Tensor) =
            Structure.reshape (Array.append [| segments; length |] t.Shape[1..]) (padded t)

        let variable (shape: int[]) =
            Expression.variable body.Trace body.DType shape

        let state = body.State |> Array.map (fun t -> variable t.Shape)

        let inputs =
            body.Inputs |> Array.map (fun t -> variable (Array.append [| length |] t.Shape))

        let isEven = loop.Taken.IsConstant && loop.Taken.Value = float rows
        let own = variable Shape.scalar

        let inner =
            scan {
                loop with
                    Count = length
                    Taken = if isEven then number loop.Taken (float length) else own
                    Start = state
                    Inputs = inputs
                    Holes = body.Holes
            }

        let outer =
            LoopBody(
                state,
                (if isEven then inputs else Array.append inputs [| own |]),
                body.Holes,
                inner.Final,
                inner.Outputs,
                inner.Sums
            )

        let values = loop.Inputs |> Array.map cut

        let found =
            scan {
                loop with
                    Body = outer
                    Count = segments
                    Keep = segments
                    Taken = Elementwise.ceiling (loop.Taken / float length)
                    Inputs =
                        if isEven then
                            values
                        else
                            Array.append values [| segmentLengths loop segments |]
            }

        let joined (t: Tensor) =
            Structure.reshape (Array.append [| rows |] t.Shape[2..]) t
            |> Slice.slice 0 0 loop.Count

        {
            found with
                Outputs = Array.map joined found.Outputs
        }

    let private isZero (t: Tensor) = isNull t || t.IsStructuralZero

    let rec run (loop: ScanLoop) : LoopResults =
        Expression.apply (ofBody loop.Body loop.Count loop.IsBackward loop.Keep) (argumentsOf loop)
        |> LoopVector.parts loop.Count loop.Body

    and ofBody (body: LoopBody) count isBackward keep : Op =
        let loopOf (args: Tensor[]) =
            withValues
                {
                    Body = body
                    Count = count
                    IsBackward = isBackward
                    Keep = keep
                    Taken = args[0]
                    Start = [||]
                    Inputs = [||]
                    Holes = [||]
                }
                args[1..]

        let program =
            lazy
                (let trace = Trace()

                 let variable rows (t: Tensor) =
                     Expression.variable trace t.DType (Array.append rows t.Shape)

                 let args =
                     Array.concat [
                         [| Expression.variable trace body.DType Shape.scalar |]
                         Array.map (variable [||]) body.State
                         Array.map (variable [| count |]) body.Inputs
                         Array.map (variable [||]) body.Holes
                     ]

                 Program.OfExpressions(
                     args,
                     Array.create args.Length false,
                     [| Expression.apply (ofBody body count isBackward keep) args |]
                 ))

        {
            Name = "scan"
            Attributes = [| count; System.Convert.ToInt32 isBackward; keep |]
            Template = body
            Kind =
                Implicit(
                    (fun _ args _ tangents ->
                        LoopVector.ofParts count body (forward (loopOf args) tangents[1..])),
                    (fun _ args _ ct wanted -> Array.append [| null |] (reverse (loopOf args) ct wanted[1..]))
                )
            Infer = fun _ -> struct (body.DType, [| LoopVector.length count body |])
            Simplify = fun _ -> null
            Kernel =
                Nested(
                    (fun args -> (program.Value.Call args)[0]),
                    emit body count isBackward,
                    (fun args ->
                        let loop = loopOf args
                        let taken = min count (int (Tensor.op_Explicit loop.Taken))
                        LoopParts.runs body isBackward taken loop.Start loop.Inputs loop.Holes)
                )
            Batch = fun _ args -> batch (loopOf args) args
        }

    /// Tangents of the results for those of the loop's values, null where zero.
    and forward (loop: ScanLoop) (tangents: Tensor[]) : LoopResults =
        let body = loop.Body
        let parts = body.State.Length

        let moving (variables: Tensor[]) first =
            Array.zip variables tangents[first .. first + variables.Length - 1]
            |> Array.filter (snd >> isZero >> not)
            |> Array.unzip

        let inputs, alongInputs = moving body.Inputs parts
        let holes, alongHoles = moving body.Holes (parts + body.Inputs.Length)

        let rule (state: Tensor[]) (rows: Tensor[]) (shared: Tensor[]) =
            let variables, directions =
                Array.concat [ Array.zip body.State state; Array.zip inputs rows; Array.zip holes shared ]
                |> Array.filter (snd >> isNull >> not)
                |> Array.unzip

            let along (t: Tensor) : Tensor =
                if variables.Length = 0 then
                    null
                else
                    Forward.tangent variables directions t

            {
                Final = Array.map along body.Next
                Outputs = Array.map along body.Outputs
                Sums = Array.map along body.Sums
            }

        LoopDerivative.run run loop true tangents[.. parts - 1] alongInputs alongHoles rule

    /// Cotangents of the loop's values that are wanted, for that of the vector of its results; null where zero.
    and reverse (loop: ScanLoop) (ct: Tensor) (wanted: bool[]) : Tensor[] =
        if loop.Keep < loop.Count then
            ofSegments loop ct wanted
        else
            let body = loop.Body
            let parts, rows = body.State.Length, body.Inputs.Length

            let pick first (variables: Tensor[]) =
                [| 0 .. variables.Length - 1 |] |> Array.filter (fun i -> wanted[first + i])

            let inputs, holes = pick parts body.Inputs, pick (parts + rows) body.Holes
            let cotangents = LoopVector.parts loop.Count body ct

            /// The results that a cotangent comes from.
            let present (values: Tensor[]) =
                [| 0 .. values.Length - 1 |] |> Array.filter (fun i -> not (isZero values[i]))

            let outputs, sums = present cotangents.Outputs, present cotangents.Sums

            let at (all: Tensor[]) (some: int[]) = some |> Array.map (fun i -> all[i])

            let flat (t: Tensor) =
                Structure.reshape [| Shape.count t.Shape |] t

            let variables =
                Array.concat [ body.State; at body.Inputs inputs; at body.Holes holes ]

            let rule (next: Tensor[]) (rows: Tensor[]) (shared: Tensor[]) =
                let roots, cts =
                    Array.concat [
                        Array.zip body.Next next
                        Array.zip (at body.Outputs outputs) rows
                        Array.zip (at body.Sums sums) shared
                    ]
                    |> Array.filter (fun (root, ct) ->
                        root.IsSymbolic && Shape.count root.Shape > 0 && not (isZero ct))
                    |> Array.unzip

                let found: Tensor[] =
                    if roots.Length = 0 then
                        Array.create variables.Length null
                    else
                        Reverse.cotangents
                            variables
                            (Concat.concat 0 (Array.map flat roots))
                            (Concat.concat 0 (Array.map flat cts))

                found
                |> Array.map (fun t -> if isZero t then null else Cast.cast body.DType t)
                |> LoopResults.ofAll parts inputs.Length

            let states =
                run {
                    loop with
                        Body = LoopBody(body.State, body.Inputs, body.Holes, body.Next, body.State, [||])
                }

            // The states are inputs of the way back.
            let back = {
                loop with
                    Body =
                        LoopBody(
                            body.State,
                            Array.append body.State body.Inputs,
                            body.Holes,
                            body.Next,
                            [||],
                            [||]
                        )
                    IsBackward = not loop.IsBackward
                    Inputs = Array.append states.Outputs loop.Inputs
            }

            let found =
                LoopDerivative.run
                    run
                    back
                    false
                    cotangents.Final
                    (at cotangents.Outputs outputs)
                    (at cotangents.Sums sums)
                    rule

            let results = Array.create<Tensor> wanted.Length null
            Array.blit found.Final 0 results 0 parts
            Array.iter2 (fun i t -> results[parts + i] <- t) inputs found.Outputs

            Array.iter2
                (fun i (t: Tensor) ->
                    if not (isNull t) then
                        results[parts + rows + i] <- Cast.cast body.Holes[i].DType t)
                holes
                found.Sums

            results

    /// The same through a loop of segments, so that only the states between segments are kept.
    and private ofSegments (loop: ScanLoop) (ct: Tensor) (wanted: bool[]) : Tensor[] =
        let values = loop.Values
        let variables = values |> Array.map Expression.bindLike
        let taken = Expression.bindLike loop.Taken

        let results =
            segmented
                run
                (withValues
                    {
                        loop with
                            Taken = if loop.Taken.IsConstant then loop.Taken else taken
                    }
                    variables)

        let asked = [| 0 .. values.Length - 1 |] |> Array.filter (fun i -> wanted[i])

        let found =
            Reverse.cotangents
                (asked |> Array.map (fun i -> variables[i]))
                (LoopVector.ofParts loop.Count loop.Body results)
                ct
            |> Substitution.many (Array.append [| taken |] variables) (argumentsOf loop)

        let all = Array.create<Tensor> values.Length null
        Array.iter2 (fun i t -> all[i] <- t) asked found
        all

    and private batch (loop: ScanLoop) (args: Tensor[]) : Tensor =
        let body = loop.Body
        let extent = args[0].Shape[0]
        let taken = Batched.sharedOrConstant args[0]

        let wide (t: Tensor) =
            Expression.variable body.Trace t.DType (Array.append [| extent |] t.Shape)

        /// A variable's stand-in for all entries, and the value behind it.
        let widen (arrange: Tensor -> Tensor) (t: Tensor) (value: Tensor) =
            match Batched.sharedOrConstant value with
            | null -> struct (t, wide t, arrange value)
            | shared -> struct (t, t, shared)

        let rowsFirst (t: Tensor) =
            Permute.permute [| 1; 0; yield! [| 2 .. t.Shape.Length - 1 |] |] t

        let inputs = Array.map2 (widen rowsFirst) body.Inputs loop.Inputs
        let holes = Array.map2 (widen id) body.Holes loop.Holes
        let state = body.State |> Array.map wide

        let varied = [|
            yield! Array.zip body.State state

            for struct (from, into, _) in Array.append inputs holes do
                if not (obj.ReferenceEquals(from, into)) then
                    from, into
        |]

        let roots =
            Batching.many (Array.map fst varied) (Array.map snd varied) extent body.Results

        // Entries that take fewer steps than others keep their state.
        let struct (roots, inputs, holes, taken) =
            if not (isNull taken) then
                struct (roots, inputs, holes, taken)
            else
                let own shape =
                    Expression.variable body.Trace body.DType shape

                let row, most = own Shape.scalar, own [| extent |]

                let isActive = Elementwise.less (Structure.broadcastTo [| extent |] row) most

                let where (t: Tensor) (other: Tensor) =
                    let condition =
                        Structure.reshape
                            (Array.append [| extent |] (Array.create (t.Shape.Length - 1) 1))
                            isActive

                    Elementwise.where (Structure.broadcastTo t.Shape condition) t other

                let chosen =
                    roots
                    |> Array.mapi (fun i t ->
                        where
                            t
                            (if i < state.Length then
                                 state[i]
                             else
                                 Expression.zeros t.DType t.Shape))

                let rows =
                    Expression.dense DType.Float64 [| loop.Count |] (Array.init loop.Count float) 0
                    |> Cast.cast body.DType

                struct (chosen,
                        Array.append inputs [| struct (row, row, rows) |],
                        Array.append holes [| struct (most, most, args[0]) |],
                        Extremum.maximum [| 0 |] args[0])

        let first (struct (_, into: Tensor, _)) = into
        let value (struct (_, _, value: Tensor)) = value

        let results = LoopResults.ofAll state.Length body.Outputs.Length roots

        let found =
            run {
                loop with
                    Body =
                        LoopBody(
                            state,
                            Array.map first inputs,
                            Array.map first holes,
                            results.Final,
                            results.Outputs,
                            results.Sums
                        )
                    Taken = taken
                    Inputs = Array.map value inputs
                    Holes = Array.map value holes
            }

        let flat (t: Tensor) =
            Structure.reshape [| extent; Shape.count t.Shape / max extent 1 |] t

        Array.concat [
            Array.map flat found.Final
            Array.map (rowsFirst >> flat) found.Outputs
            Array.map flat found.Sums
        ]
        |> Concat.concat 1
