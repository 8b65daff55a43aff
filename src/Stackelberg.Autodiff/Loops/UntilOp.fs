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

        let state = {
            Type = dtype
            Extents = [| n |]
            Place = target.Place
            Strides = [| 1 |]
        }

        let variables = body.Variables
        let values = Array.append [| state |] operands[1..]
        let firstReport = emitter.Reports
        let condition = emitter.Body(variables, values, [| until.Condition |], [| flag |])
        let steps = emitter.Body(variables, values, [| body.Next |], [| next |])

        Steps.Until(
            dtype,
            limit,
            n,
            operands[0].Place,
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
        let n = body.Length

        /// The loop of as many steps as were taken.
        let known (args: Tensor[]) (result: Tensor) : ScanLoop = {
            Body = body
            Count = limit
            IsBackward = false
            Keep = keep
            Taken = Structure.reshape Shape.scalar (Slice.slice 0 n 1 result)
            Start = args[0]
            Inputs = [||]
            Holes = args[1..]
        }

        let forward _ (args: Tensor[]) result (tangents: Tensor[]) : Tensor =
            let found = ScanOp.forward (known args result) (Array.append [| null |] tangents)

            if isNull found.Final then
                Expression.zeros body.DType [| n + 1 |]
            else
                Slice.around 0 0 1 found.Final

        let reverse _ (args: Tensor[]) result ct (wanted: bool[]) : Tensor[] =
            (ScanOp.reverse (known args result) (Slice.slice 0 0 n ct) (Array.append [| false |] wanted))[1..]

        let program =
            lazy
                (let trace = Trace()

                 let args =
                     Array.append [| body.State |] body.Holes
                     |> Array.map (fun t -> Expression.variable trace t.DType t.Shape)

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
            Kernel = Nested((fun args -> (program.Value.Call args)[0]), emit until limit)
            Batch = fun _ args -> batch until limit keep args
        }

    /// Every entry ends where its own condition holds, and keeps its state from then on; the loop ends with the last one.
    and private batch (until: UntilBody) limit keep (args: Tensor[]) : Tensor =
        let body = until.Body
        let extent, n = args[0].Shape[0], body.Length
        let shared = args[1..] |> Array.map Batched.sharedOrConstant

        let variable (t: Tensor) shape =
            Expression.variable body.Trace t.DType shape

        let holes =
            Array.map2
                (fun (hole: Tensor) shared ->
                    if isNull shared then
                        variable hole (Array.append [| extent |] hole.Shape)
                    else
                        hole)
                body.Holes
                shared

        let varied =
            Array.zip body.Holes holes
            |> Array.filter (fun (from, into) -> not (Object.ReferenceEquals(from, into)))

        let state = variable body.State [| extent * (n + 1) |]
        let both = Structure.reshape [| extent; n + 1 |] state
        let states, counts = Slice.slice 1 0 n both, Slice.slice 1 n 1 both

        let found =
            Batching.many
                (Array.append [| body.State |] (Array.map fst varied))
                (Array.append [| states |] (Array.map snd varied))
                extent
                [| body.Next; until.Condition |]

        let isDone = Elementwise.notEqual found[1] (Elementwise.number found[1] 0.0)
        let column = Structure.reshape [| extent; 1 |] isDone

        let next =
            Elementwise.where (Structure.broadcastTo [| extent; n |] column) states found[0]

        let counted = Elementwise.where column counts (counts + 1.0)
        let left = Elementwise.equal isDone (Elementwise.number isDone 0.0)

        let allDone =
            Elementwise.equal (Structure.sumAll left) (Elementwise.number left 0.0)

        let wide =
            LoopBody(
                state,
                [||],
                holes,
                Structure.reshape state.Shape (Concat.concat 1 [| next; counted |]),
                [||],
                [||]
            )

        let start =
            Concat.concat 1 [| args[0]; Expression.constant body.DType [| extent; 1 |] 0.0 |]
            |> Structure.reshape state.Shape

        let values =
            Array.mapi (fun i shared -> if isNull shared then args[i + 1] else shared) shared

        Expression.apply (ofBody (UntilBody(wide, allDone)) limit keep) (Array.append [| start |] values)
        |> Slice.slice 0 0 (extent * (n + 1))
        |> Structure.reshape [| extent; n + 1 |]
