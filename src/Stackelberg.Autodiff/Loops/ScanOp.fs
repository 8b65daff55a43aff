namespace Stackelberg

open Stackelberg.Kernels

/// A loop of a given number of steps as one op, whose derivatives are loops again: forward one over the state and its
/// tangent, reverse one that runs backwards from states that were kept.
module internal ScanOp =

    let private isZero (t: Tensor) = isNull t || t.IsStructuralZero

    let rec run (loop: ScanLoop) : LoopResults =
        Expression.apply (ofBody loop.Body loop.Count loop.IsBackward loop.Keep) loop.Arguments
        |> LoopVector.parts loop.Count loop.Body

    and ofBody (body: LoopBody) count isBackward keep : Op =
        let loopOf (args: Tensor[]) =
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
                .With
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
                    LoopEmission.emit body count isBackward,
                    (fun args ->
                        let loop = loopOf args
                        let taken = min count (int (Tensor.op_Explicit loop.Taken))
                        LoopParts.runs body isBackward taken loop.Start loop.Inputs loop.Holes)
                )
            Batch = fun _ args -> LoopBatch.batch run (loopOf args)
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
            {
                loop with
                    Taken = if loop.Taken.IsConstant then loop.Taken else taken
            }
                .With
                variables
            |> LoopSegments.segmented run

        let asked = [| 0 .. values.Length - 1 |] |> Array.filter (fun i -> wanted[i])

        let found =
            Reverse.cotangents
                (asked |> Array.map (fun i -> variables[i]))
                (LoopVector.ofParts loop.Count loop.Body results)
                ct
            |> Substitution.many (Array.append [| taken |] variables) loop.Arguments

        let all = Array.create<Tensor> values.Length null
        Array.iter2 (fun i t -> all[i] <- t) asked found
        all
