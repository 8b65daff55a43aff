namespace Stackelberg

open System
open Stackelberg.Kernels

/// A condition on a loop's state, of the body's variables.
type internal UntilBody(body: LoopBody, condition: Tensor) =

    // The condition as a result beside the next state: for comparing both at once.
    let whole =
        lazy (LoopBody(body.State, body.Inputs, body.Holes, body.Next, [| condition |], [||]))

    member _.Body = body
    member _.Condition = condition
    member private _.Whole = whole.Value

    override _.Equals other =
        match other with
        | :? UntilBody as other -> whole.Value.Equals other.Whole
        | _ -> false

    override _.GetHashCode() = body.GetHashCode()

/// A loop that runs until a condition holds, as one op: the last state [n], then how many steps were taken. Its
/// derivatives are those of a loop of so many steps.
module internal UntilOp =

    let private emit (until: UntilBody) limit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
        let body, dtype = until.Body, target.Type
        let n = body.Length
        let next, flag = emitter.Work(dtype, n), emitter.Work(dtype, 1)
        let report = emitter.Report()

        let parts = body.State.Length
        let variables = body.Variables

        let values =
            Array.append (LoopEmission.stateAt dtype target.Place body.State) operands[parts..]

        let firstReport = emitter.Reports
        let condition = emitter.Body(variables, values, [| until.Condition |], [| flag |])

        let steps =
            emitter.Body(
                variables,
                values,
                body.Next,
                LoopEmission.stateAt dtype next body.State |> Array.map _.Place
            )

        Steps.Until(
            dtype,
            limit,
            n,
            LoopEmission.startOf operands[.. parts - 1],
            target.Place,
            next,
            condition,
            flag,
            steps,
            target.Place.Plus n,
            report,
            firstReport,
            emitter.Reports - firstReport
        )

    let rec ofBody (until: UntilBody) limit keep : Op =
        let body = until.Body
        let n, parts = body.Length, body.State.Length

        /// The loop of as many steps as were taken.
        let known (args: Tensor[]) (result: Tensor) : ScanLoop = {
            Body = body
            Count = limit
            IsBackward = false
            Keep = keep
            Taken = Structure.reshape Shape.scalar (Slice.slice 0 n 1 result)
            Start = args[.. parts - 1]
            Inputs = [||]
            Holes = args[parts..]
        }

        let forward _ (args: Tensor[]) result (tangents: Tensor[]) : Tensor =
            let found = ScanOp.forward (known args result) tangents

            if Array.forall isNull found.Final then
                Expression.zeros body.DType [| n + 1 |]
            else
                Slice.around 0 0 1 (LoopVector.ofParts limit body found)

        let reverse _ (args: Tensor[]) result ct (wanted: bool[]) : Tensor[] =
            ScanOp.reverse (known args result) (Slice.slice 0 0 n ct) wanted

        let program =
            lazy
                (let trace = Trace()

                 let args =
                     body.Variables |> Array.map (fun t -> Expression.variable trace t.DType t.Shape)

                 Program.OfExpressions(
                     args,
                     Array.create args.Length false,
                     [| Expression.apply (ofBody until limit keep) args |]
                 ))

        {
            Name = "until"
            Attributes = [| limit; keep |]
            Template = until
            Kind = Implicit(forward, reverse)
            Infer = fun _ -> struct (body.DType, [| n + 1 |])
            Simplify = fun _ -> null
            Kernel =
                Nested(
                    (fun args -> (program.Value.Call args)[0]),
                    emit until limit,
                    (fun args ->
                        let ended = (program.Value.Call args)[0]
                        let taken = int (ended.ToArray()[n])
                        LoopParts.runs body false taken args[.. parts - 1] [||] args[parts..])
                )
            Batch = fun _ args -> batch until limit keep args
        }

    /// Every entry ends where its own condition holds, and keeps its state from then on; the loop ends with the last one.
    and private batch (until: UntilBody) limit keep (args: Tensor[]) : Tensor =
        let body = until.Body
        let extent, parts = args[0].Shape[0], body.State.Length

        let wide (t: Tensor) =
            Expression.variable body.Trace t.DType (Array.append [| extent |] t.Shape)

        let holes, values =
            Array.map2
                (fun hole value ->
                    match Batched.sharedOrConstant value with
                    | null -> wide hole, value
                    | shared -> hole, shared)
                body.Holes
                args[parts..]
            |> Array.unzip

        let varied =
            Array.zip body.Holes holes
            |> Array.filter (fun (from, into) -> not (Object.ReferenceEquals(from, into)))

        let state = body.State |> Array.map wide
        let counts = Expression.variable body.Trace body.DType [| extent |]

        let found =
            Batching.many
                (Array.append body.State (Array.map fst varied))
                (Array.append state (Array.map snd varied))
                extent
                (Array.append body.Next [| until.Condition |])

        let condition = found[parts]
        let zero = Elementwise.number condition 0.0
        let isDone = Elementwise.notEqual condition zero

        let kept (t: Tensor) (next: Tensor) =
            let column =
                Structure.reshape (Array.append [| extent |] (Array.create (t.Shape.Length - 1) 1)) isDone

            Elementwise.where (Structure.broadcastTo t.Shape column) t next

        let left = Structure.sumAll (Elementwise.equal isDone zero)

        let together =
            LoopBody(
                Array.append state [| counts |],
                [||],
                holes,
                Array.append (Array.map2 kept state found[.. parts - 1]) [| kept counts (counts + 1.0) |],
                [||],
                [||]
            )

        let result =
            Expression.apply
                (ofBody (UntilBody(together, Elementwise.equal left zero)) limit keep)
                (Array.concat [
                    args[.. parts - 1]
                    [| Expression.constant body.DType [| extent |] 0.0 |]
                    values
                ])

        (LoopVector.parts limit together (Slice.slice 0 0 together.Length result)).Final
        |> Array.map (fun t -> Structure.reshape [| extent; Shape.count t.Shape / max extent 1 |] t)
        |> Concat.concat 1
