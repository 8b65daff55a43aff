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

    let private emit
        (body: LoopBody)
        count
        isBackward
        (emitter: Emitter)
        (operands: Operand[])
        (target: Operand)
        =
        let dtype, n = target.Type, body.Length
        let inputCount = body.Inputs.Length
        let next = emitter.Work(dtype, n)

        let slot (entries: Place) (t: Tensor) =
            let size = Shape.count t.Shape
            BatchSlot(emitter.Work(dtype, size), entries, size)

        let inputs = body.Inputs |> Array.mapi (fun i t -> slot operands[2 + i].Place t)

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
                    [| dense target.Place [| n |] dtype |]
                    Array.map2
                        (fun (slot: BatchSlot) (t: Tensor) -> dense slot.One t.Shape dtype)
                        inputs
                        body.Inputs
                    operands[2 + inputCount ..]
                ],
                Array.concat [ [| body.Next |]; body.Outputs; body.Sums ],
                Array.append [| next |] (Array.append outputs sums |> Array.map _.One)
            )

        Steps.Scan(
            dtype,
            count,
            isBackward,
            operands[0].Place,
            n,
            operands[1].Place,
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

    let private rowsOf (count: int) (t: Tensor) = Array.append [| count |] t.Shape

    let private argumentsOf (loop: ScanLoop) =
        Array.concat [ [| loop.Taken; loop.Start |]; loop.Inputs; loop.Holes ]

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

        let state = variable [| body.Length |]

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
        let inputCount = body.Inputs.Length

        let loopOf (args: Tensor[]) = {
            Body = body
            Count = count
            IsBackward = isBackward
            Keep = keep
            Taken = args[0]
            Start = args[1]
            Inputs = args[2 .. 1 + inputCount]
            Holes = args[2 + inputCount ..]
        }

        let program =
            lazy
                (let trace = Trace()
                 let variable (t: Tensor) shape = Expression.variable trace t.DType shape

                 let args =
                     Array.concat [
                         [| variable body.State Shape.scalar; variable body.State body.State.Shape |]
                         body.Inputs |> Array.map (fun t -> variable t (rowsOf count t))
                         body.Holes |> Array.map (fun t -> variable t t.Shape)
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
                    (fun _ args _ tangents -> LoopVector.ofParts count body (forward (loopOf args) tangents)),
                    (fun _ args _ ct wanted -> reverse (loopOf args) ct wanted)
                )
            Infer = fun _ -> struct (body.DType, [| LoopVector.length count body |])
            Simplify = fun _ -> null
            Kernel = Nested((fun args -> (program.Value.Call args)[0]), emit body count isBackward)
            Batch = fun _ args -> batch (loopOf args) args
        }

    /// Tangents of the results for those of the op's arguments.
    and forward (loop: ScanLoop) (tangents: Tensor[]) : LoopResults =
        let body = loop.Body

        let moving (variables: Tensor[]) first =
            Array.zip variables tangents[first .. first + variables.Length - 1]
            |> Array.filter (snd >> isZero >> not)
            |> Array.unzip

        let inputs, alongInputs = moving body.Inputs 2
        let holes, alongHoles = moving body.Holes (2 + body.Inputs.Length)

        let start =
            if isNull tangents[1] then
                Expression.zeros body.DType body.State.Shape
            else
                tangents[1]

        let rule (state: Tensor) (rows: Tensor[]) (shared: Tensor[]) =
            let variables, directions =
                [|
                    body.State, state
                    yield! Array.zip inputs rows
                    yield! Array.zip holes shared
                |]
                |> Array.filter (snd >> isZero >> not)
                |> Array.unzip

            let along (t: Tensor) : Tensor =
                if variables.Length = 0 then
                    null
                else
                    match Forward.tangent variables directions t with
                    | found when isZero found -> null
                    | found -> found

            {
                Final = along body.Next
                Outputs = Array.map along body.Outputs
                Sums = Array.map along body.Sums
            }

        LoopDerivative.run run loop true start alongInputs alongHoles rule

    and reverse (loop: ScanLoop) (ct: Tensor) (wanted: bool[]) : Tensor[] =
        if loop.Keep < loop.Count then
            ofSegments loop ct wanted
        else
            let body = loop.Body

            let pick first (variables: Tensor[]) =
                [| 0 .. variables.Length - 1 |] |> Array.filter (fun i -> wanted[first + i])

            let inputs = pick 2 body.Inputs
            let holes = pick (2 + body.Inputs.Length) body.Holes
            let cotangents = LoopVector.parts loop.Count body ct

            /// The results that a cotangent comes from.
            let present (values: Tensor[]) =
                [| 0 .. values.Length - 1 |] |> Array.filter (fun i -> not (isZero values[i]))

            let outputs, sums = present cotangents.Outputs, present cotangents.Sums
            let at (all: Tensor[]) (some: int[]) = some |> Array.map (fun i -> all[i])

            let flat (t: Tensor) =
                Structure.reshape [| Shape.count t.Shape |] t

            let variables =
                Array.concat [ [| body.State |]; at body.Inputs inputs; at body.Holes holes ]

            let rule (next: Tensor) (rows: Tensor[]) (shared: Tensor[]) =
                let roots, cts =
                    [|
                        body.Next, next
                        yield! Array.zip (at body.Outputs outputs) rows
                        yield! Array.zip (at body.Sums sums) shared
                    |]
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
                        |> Array.map (fun t -> if isZero t then null else t)

                {
                    Final = found[0]
                    Outputs = found[1 .. inputs.Length]
                    Sums =
                        found[1 + inputs.Length ..]
                        |> Array.map (fun t -> if isNull t then null else Cast.cast body.DType t)
                }

            let states =
                run {
                    loop with
                        Body =
                            LoopBody(body.State, body.Inputs, body.Holes, body.Next, [| body.State |], [||])
                }

            // The states are inputs of the way back.
            let back = {
                loop with
                    Body =
                        LoopBody(
                            body.State,
                            Array.append [| body.State |] body.Inputs,
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
            results[1] <- found.Final
            Array.iter2 (fun i t -> results[2 + i] <- t) inputs found.Outputs

            Array.iter2
                (fun i (t: Tensor) ->
                    if not (isNull t) then
                        results[2 + body.Inputs.Length + i] <- Cast.cast body.Holes[i].DType t)
                holes
                found.Sums

            results

    /// The same through a loop of segments, so that only the states between segments are kept.
    and private ofSegments (loop: ScanLoop) (ct: Tensor) (wanted: bool[]) : Tensor[] =
        let args = argumentsOf loop
        let variables = args |> Array.map Expression.bindLike
        let given = 2 + loop.Body.Inputs.Length

        let results =
            segmented run {
                loop with
                    Taken = if loop.Taken.IsConstant then loop.Taken else variables[0]
                    Start = variables[1]
                    Inputs = variables[2 .. given - 1]
                    Holes = variables[given..]
            }

        let asked = [| 1 .. args.Length - 1 |] |> Array.filter (fun i -> wanted[i])

        let found =
            Reverse.cotangents
                (asked |> Array.map (fun i -> variables[i]))
                (LoopVector.ofParts loop.Count loop.Body results)
                ct
            |> Substitution.many variables args

        let all = Array.create<Tensor> args.Length null
        Array.iter2 (fun i t -> all[i] <- t) asked found
        all

    and private batch (loop: ScanLoop) (args: Tensor[]) : Tensor =
        let body = loop.Body
        let extent = args[0].Shape[0]
        let shared = args |> Array.map Batched.sharedOrConstant
        let isShared i = not (isNull shared[i])

        let variable (t: Tensor) shape =
            Expression.variable body.Trace t.DType shape

        let withAxis (t: Tensor) = Array.append [| extent |] t.Shape

        /// A variable's stand-in for all entries, and the value behind it.
        let widen first (rows: int) (variables: Tensor[]) =
            variables
            |> Array.mapi (fun i t ->
                if isShared (first + i) then
                    struct (t, t, shared[first + i])
                else
                    let value = args[first + i]

                    let value =
                        if rows = 0 then
                            value
                        else
                            Permute.permute [| 1; 0; yield! [| 2 .. value.Shape.Length - 1 |] |] value

                    struct (t, variable t (withAxis t), value))

        let inputs = widen 2 1 body.Inputs
        let holes = widen (2 + body.Inputs.Length) 0 body.Holes
        let state = variable body.State [| extent * body.Length |]
        let states = Structure.reshape [| extent; body.Length |] state

        let varied = [|
            body.State, states

            for struct (from, into, _) in Array.append inputs holes do
                if not (obj.ReferenceEquals(from, into)) then
                    from, into
        |]

        let roots =
            Array.concat [ [| body.Next |]; body.Outputs; body.Sums ]
            |> Batching.many (Array.map fst varied) (Array.map snd varied) extent

        // Entries that take fewer steps than others keep their state.
        let struct (roots, inputs, holes, taken) =
            if isShared 0 then
                struct (roots, inputs, holes, shared[0])
            else
                let row, taken = variable body.State Shape.scalar, variable body.State [| extent |]
                let isActive = Elementwise.less (Structure.broadcastTo [| extent |] row) taken

                let where (t: Tensor) (other: Tensor) =
                    let condition =
                        Structure.reshape
                            (Array.append [| extent |] (Array.create (t.Shape.Length - 1) 1))
                            isActive

                    Elementwise.where (Structure.broadcastTo t.Shape condition) t other

                let chosen =
                    roots
                    |> Array.mapi (fun i t ->
                        where t (if i = 0 then states else Expression.zeros t.DType t.Shape))

                let rows =
                    Expression.dense DType.Float64 [| loop.Count |] (Array.init loop.Count float) 0
                    |> Cast.cast body.DType

                struct (chosen,
                        Array.append inputs [| struct (row, row, rows) |],
                        Array.append holes [| struct (taken, taken, args[0]) |],
                        Extremum.maximum [| 0 |] args[0])

        let first (struct (_, into: Tensor, _)) = into
        let value (struct (_, _, value: Tensor)) = value
        let outputCount = body.Outputs.Length

        let wide =
            LoopBody(
                state,
                Array.map first inputs,
                Array.map first holes,
                Structure.reshape state.Shape roots[0],
                roots[1..outputCount],
                roots[1 + outputCount ..]
            )

        let start =
            if isShared 1 then
                Batched.lift extent shared[1]
            else
                args[1]

        let found =
            run {
                loop with
                    Body = wide
                    Taken = taken
                    Start = Structure.reshape state.Shape start
                    Inputs = Array.map value inputs
                    Holes = Array.map value holes
            }

        let rowsLast (t: Tensor) =
            Permute.permute [| 1; 0; yield! [| 2 .. t.Shape.Length - 1 |] |] t
            |> Structure.reshape [| extent; Shape.count t.Shape / max extent 1 |]

        let sumsLast (t: Tensor) =
            Structure.reshape [| extent; Shape.count t.Shape / max extent 1 |] t

        Array.concat [
            [| Structure.reshape [| extent; body.Length |] found.Final |]
            Array.map rowsLast found.Outputs
            Array.map sumsLast found.Sums
        ]
        |> Concat.concat 1
