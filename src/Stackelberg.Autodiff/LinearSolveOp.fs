namespace Stackelberg

open System
open Stackelberg.Kernels

/// The solution of one system, and of a batch of systems that are solved one by one, each to its own end.
module internal LinearSolveOp =

    let private dense place shape dtype : Operand = {
        Type = dtype
        Extents = shape
        Place = place
        Strides = Shape.strides shape
    }

    /// The step that solves one system.
    let private step (body: LinearBody) (emitter: Emitter) dtype b (holes: Operand[]) x guess report =
        let solver, shape = body.Solver, body.Argument.Shape
        let n = Shape.count shape
        let v, av = emitter.Work(dtype, n), emitter.Work(dtype, n)
        let work = emitter.Work(dtype, solver.Method.WorkLength n)

        let steps (map: LinearBody) =
            emitter.Body(
                Array.append [| map.Argument |] map.Holes,
                Array.append [| dense v shape dtype |] holes,
                [| map.Result |],
                [| av |]
            )

        let transposed =
            if solver.Method.NeedsTranspose then
                steps body.Transposed
            else
                null

        Steps.LinearSolve(
            dtype,
            solver.Method,
            n,
            steps body,
            transposed,
            v,
            av,
            b,
            x,
            guess,
            work,
            solver.Tolerance,
            solver.MaxIterations,
            report
        )

    /// The value of an op on arrays: by a program that is its expression over variables in the place of its arguments.
    let private evaluation (program: Lazy<Program>) (args: Tensor[]) = (program.Value.Call args)[0]

    let private programOf (op: Op) (args: Tensor[]) =
        Program.OfExpressions(args, Array.create args.Length false, [| Expression.apply op args |])

    let private simplify batchAxes (op: Op) (args: Tensor[]) =
        if args[0].IsStructuralZero then
            args[0]
        elif args[0].LeavesOut then
            Selected.whole batchAxes (Expression.apply { op with Simplify = fun _ -> null }) args
        else
            null

    let private moving (tangents: Tensor[]) = [|
        for i in 1 .. tangents.Length - 1 do
            if not (isNull tangents[i]) then
                i
    |]

    let private asked (wanted: bool[]) = [|
        for i in 1 .. wanted.Length - 1 do
            if wanted[i] then
                i
    |]

    /// A dx = db − dA x, from db and dA x, null where they are zero.
    let private right (x: Tensor) (db: Tensor) (moved: Tensor) : Tensor =
        match db, moved with
        | null, null -> Expression.zeros x.DType x.Shape
        | null, moved -> -moved
        | db, null -> db
        | db, moved -> db - moved

    // A(c) x = b gives A dx = db − dA(c; dc) x; with the cotangent C of x: of b it is w = A⁻ᵀ C, of c it is
    // −∂/∂c ⟨w, A(c) x⟩.
    let rec ofBody (body: LinearBody) : Op =
        let emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
            let guess =
                if body.Solver.WarmStart then
                    Nullable(emitter.State(target.Type, Shape.count body.Argument.Shape))
                else
                    Nullable()

            let report = emitter.Report()
            step body emitter target.Type operands[0].Place operands[1..] target.Place guess report

        let program =
            lazy
                (let right =
                    Expression.variable body.Argument.Trace body.Argument.DType body.Argument.Shape

                 programOf (ofBody body) (Array.append [| right |] body.Holes))

        let atSolution (args: Tensor[]) (x: Tensor) (t: Tensor) =
            Substitution.one body.Argument x t
            |> fun t -> (Substitution.many body.Holes args[1..] [| t |])[0]

        let forward op (args: Tensor[]) x (tangents: Tensor[]) : Tensor =
            let moving = moving tangents

            let moved: Tensor =
                Forward.tangent
                    (moving |> Array.map (fun i -> body.Holes[i - 1]))
                    (moving |> Array.map (fun i -> tangents[i]))
                    body.Result

            let moved = if isNull moved then null else atSolution args x moved
            Expression.apply op (Array.updateAt 0 (right x tangents[0] moved) args)

        let reverse _ (args: Tensor[]) x ct (wanted: bool[]) : Tensor[] =
            let w: Tensor = Expression.apply (ofBody body.Transposed) (Array.updateAt 0 ct args)
            let asked = asked wanted

            let found =
                Reverse.cotangents (asked |> Array.map (fun i -> body.Holes[i - 1])) body.Result w

            let results = Array.create<Tensor> args.Length null
            results[0] <- w

            Array.iter2
                (fun i (t: Tensor) ->
                    if not (isNull t) then
                        results[i] <- -(atSolution args x t))
                asked
                found

            results

        let batch (args: Tensor[]) =
            let shared = args[1..] |> Array.map Batched.shared

            let values =
                Array.map2 (fun shared given -> if isNull shared then given else shared) shared args[1..]

            Expression.apply
                (ofBatch body args[0].Shape[0] (shared |> Array.map (isNull >> not)))
                (Array.append args[..0] values)

        {
            Name = "linearSolve"
            Attributes = [||]
            Template = body
            Kind = Implicit(forward, reverse)
            Infer = fun args -> struct (args[0].DType, args[0].Shape)
            Simplify = fun args -> simplify 0 (ofBody body) args
            Kernel = Nested(evaluation program, emit, (fun _ -> Seq.empty))
            Batch = fun _ args -> batch args
        }

    /// As many systems: b with one more axis at the front, and of the values behind the holes those that are not shared.
    and ofBatch (body: LinearBody) extent (isShared: bool[]) : Op =
        let trace = body.Argument.Trace
        let shape, n = body.Argument.Shape, Shape.count body.Argument.Shape
        let holes = body.Holes
        let withAxis (t: Tensor) = Array.append [| extent |] t.Shape
        let sharedOnes = [| 0 .. holes.Length - 1 |] |> Array.filter (fun i -> isShared[i])

        let variedOnes =
            [| 0 .. holes.Length - 1 |] |> Array.filter (fun i -> not isShared[i])

        let emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
            let dtype = target.Type

            let slot entries count =
                BatchSlot(emitter.Work(dtype, count), entries, count)

            let b, x = slot operands[0].Place n, slot target.Place n
            let given = Array.sub operands 1 holes.Length

            let varied =
                variedOnes
                |> Array.map (fun i -> slot given[i].Place (Shape.count holes[i].Shape))

            variedOnes
            |> Array.iteri (fun k i -> given[i] <- dense varied[k].One holes[i].Shape dtype)

            let guesses =
                if body.Solver.WarmStart then
                    [| slot (emitter.State(dtype, extent * n)) n |]
                else
                    [||]

            let guess =
                match guesses with
                | [| guess |] -> Nullable guess.One
                | _ -> Nullable()

            let reports = Array.init extent (fun _ -> emitter.Report())
            let solve = step body emitter dtype b.One given x.One guess (Array.last reports)

            Steps.Repeated(
                dtype,
                extent,
                [| solve |],
                Array.concat [ [| b |]; varied; guesses ],
                Array.append [| x |] guesses,
                reports[0]
            )

        let program =
            lazy
                (let batched (t: Tensor) =
                    Expression.variable trace t.DType (withAxis t)

                 let args =
                     holes |> Array.mapi (fun i hole -> if isShared[i] then hole else batched hole)

                 programOf (ofBatch body extent isShared) (Array.append [| batched body.Argument |] args))

        /// Expressions of one system at its solution x and of further variables, for all systems.
        let everywhere
            (args: Tensor[])
            x
            (variables: Tensor[])
            (values: Tensor[])
            (roots: Tensor[])
            : Tensor[] =
            let shared = sharedOnes |> Array.map (fun i -> args[i + 1])
            let varied = variedOnes |> Array.map (fun i -> args[i + 1])
            let pick (which: int[]) = which |> Array.map (fun i -> holes[i])

            roots
            |> Substitution.many (pick sharedOnes) shared
            |> Batching.many
                (Array.concat [ [| body.Argument |]; pick variedOnes; variables ])
                (Array.concat [ [| x |]; varied; values ])
                extent

        let forward op (args: Tensor[]) x (tangents: Tensor[]) : Tensor =
            let moving = moving tangents
            let moved = moving |> Array.map (fun i -> holes[i - 1])

            let directions =
                moved |> Array.map (fun hole -> Expression.variable trace hole.DType hole.Shape)

            let along =
                moving
                |> Array.map (fun i ->
                    if isShared[i - 1] then
                        Batched.lift extent tangents[i]
                    else
                        tangents[i])

            let moved =
                match Forward.tangent moved directions body.Result with
                | null -> null
                | moved -> (everywhere args x directions along [| moved |])[0]

            Expression.apply op (Array.updateAt 0 (right x tangents[0] moved) args)

        let reverse _ (args: Tensor[]) (x: Tensor) ct (wanted: bool[]) : Tensor[] =
            let w: Tensor =
                Expression.apply (ofBatch body.Transposed extent isShared) (Array.updateAt 0 ct args)

            let asked = asked wanted
            let one = Expression.variable trace x.DType shape

            let found =
                Reverse.cotangents (asked |> Array.map (fun i -> holes[i - 1])) body.Result one

            let results = Array.create<Tensor> args.Length null
            results[0] <- w

            Array.iter2
                (fun i (t: Tensor) ->
                    if not (isNull t) then
                        let all: Tensor = (everywhere args x [| one |] [| w |] [| t |])[0]

                        results[i] <- -(if isShared[i - 1] then Structure.sum [| 0 |] all else all))
                asked
                found

            results

        let batch (args: Tensor[]) =
            let outer = args[0].Shape[0]

            let merged (t: Tensor) =
                Structure.reshape (Array.append [| outer * extent |] t.Shape[2..]) t

            let shared =
                Array.init holes.Length (fun i -> if isShared[i] then Batched.shared args[i + 1] else null)

            /// One for each outer entry, the same for all inner ones.
            let repeated (t: Tensor) =
                Structure.reshape (Array.concat [ t.Shape[..0]; [| 1 |]; t.Shape[1..] ]) t
                |> Structure.broadcastTo (Array.concat [ t.Shape[..0]; [| extent |]; t.Shape[1..] ])

            let values =
                Array.init holes.Length (fun i ->
                    if not (isNull shared[i]) then shared[i]
                    elif isShared[i] then merged (repeated args[i + 1])
                    else merged args[i + 1])

            Expression.apply
                (ofBatch body (outer * extent) (shared |> Array.map (isNull >> not)))
                (Array.append [| merged args[0] |] values)
            |> Structure.reshape args[0].Shape

        {
            Name = "linearSolves"
            Attributes = Array.append [| extent |] (isShared |> Array.map System.Convert.ToInt32)
            Template = body
            Kind = Implicit(forward, reverse)
            Infer = fun args -> struct (args[0].DType, args[0].Shape)
            Simplify = fun args -> simplify 1 (ofBatch body extent isShared) args
            Kernel = Nested(evaluation program, emit, (fun _ -> Seq.empty))
            Batch = fun _ args -> batch args
        }
