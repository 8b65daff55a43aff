namespace Stackelberg

open System
open System.Collections.Generic
open Stackelberg.Kernels

/// <summary>How a linear system A x = b is solved without its matrix.</summary>
type Solver = {
    /// <summary>Which method, preconditioned or not.</summary>
    Method: LinearMethod
    /// <summary>The solve ends when ‖b − A x‖ ≤ Tolerance · ‖b‖; from 0 on. Not used by the dense method.</summary>
    Tolerance: float
    /// <summary>The most matrix-vector products of an iterative method, besides those that a warm start, an estimated
    /// diagonal and the check of the last residual cost.</summary>
    MaxIterations: int
    /// <summary>Whether each solve of a program starts from the last run's answer, with r = b − A x₀, instead of 0.</summary>
    WarmStart: bool
}

/// A linear map that a solve needs: its body with a variable for what it is applied to, and one for every value that
/// does not depend on that. Those values are computed once, before the iteration. Bodies are equal if they are the same
/// expression of their variables, solved in the same way: so that equal solves are found to be one.
[<AllowNullLiteral>]
type internal LinearBody
    (solver: Solver, argument: Tensor, holes: Tensor[], result: Tensor, transposeOf: LinearBody) as body =

    /// The symbols in order, and where each stands: variables from −1 down, others from 0 up.
    let symbols =
        lazy
            (let positions = Dictionary<Tensor, int>(HashIdentity.Reference)
             positions[argument] <- -1
             holes |> Array.iteri (fun i hole -> positions[hole] <- -2 - i)

             let made = Dependence.all [ result ] |> Array.filter (positions.ContainsKey >> not)

             made |> Array.iteri (fun i t -> positions[t] <- i)
             struct (made, positions))

    let transposed =
        lazy
            (let ct = Expression.variable argument.Trace result.DType result.Shape

             let found =
                 match (Reverse.cotangents [| argument |] result ct)[0] with
                 | null -> Expression.zeros argument.DType argument.Shape
                 | found -> found

             LinearBody(solver, ct, holes, found, body))

    member _.Argument = argument
    member _.Holes = holes
    member _.Result = result
    member _.Solver = solver

    member _.Transposed = if isNull transposeOf then transposed.Value else transposeOf

    member private _.Symbols = symbols.Value

    override body.Equals other =
        match other with
        | :? LinearBody as other when not (Object.ReferenceEquals(body, other)) ->
            let struct (mine, here) = body.Symbols
            let struct (others, there) = other.Symbols

            let sameValue (a: Tensor) (b: Tensor) =
                if a.IsSymbolic && b.IsSymbolic then
                    here[a] = there[b]
                else
                    SameNumbers.equal a b

            solver = other.Solver
            && mine.Length = others.Length
            && sameValue result other.Result
            && Array.forall2
                (fun (a: Tensor) (b: Tensor) ->
                    NodeComparer.SameOp(a.Op, b.Op)
                    && a.Args.Length = b.Args.Length
                    && Array.forall2 sameValue a.Args b.Args)
                mine
                others
        | other -> Object.ReferenceEquals(body, other)

    // Expressions are hashed by the names of their ops.
    override _.GetHashCode() = result.Shape.Length

/// <summary>Linear systems whose matrix is known by its products with vectors.</summary>
[<RequireQualifiedAccess>]
module LinearSolve =

    /// Cuts a map out of the expression that it stands in.
    let private cut solver (argument: Tensor) (result: Tensor) : struct (LinearBody * Tensor[]) =
        let struct (nodes, dependent) = Dependence.on [| argument |] [ result ]

        /// A transpose that only products read stays a view inside the body; captured, it would be copied.
        let behindTransposes (t: Tensor) =
            let isReadByProducts =
                nodes
                |> Seq.filter (fun reader -> dependent.Contains reader && Array.contains t reader.Args)
                |> Seq.forall (fun reader -> reader.Op.Name = "matmul")

            if t.Op.Name = "permute" && isReadByProducts then
                t.Args[0]
            else
                t

        let captured =
            nodes
            |> Seq.collect (fun t -> t.Args)
            |> Seq.append [ result ]
            |> Seq.filter (fun t -> t.IsSymbolic && not (dependent.Contains t))
            |> Seq.map behindTransposes
            |> Seq.distinctBy (fun t -> t.Id)
            |> Array.ofSeq

        let trace = Trace()

        let fresh (t: Tensor) =
            Expression.variable trace t.DType t.Shape

        let inner = fresh argument
        let holes = Array.map fresh captured

        let body =
            Substitution.many (Array.append [| argument |] captured) (Array.append [| inner |] holes) [|
                result
            |]

        struct (LinearBody(solver, inner, holes, body[0], null), captured)

    /// A map is linear if its derivative is the same everywhere and it takes zero to zero.
    let private checkLinear (argument: Tensor) (result: Tensor) =
        let direction = Expression.bindLike argument

        match Forward.tangent [| argument |] [| direction |] result with
        | null -> ()
        | slope ->
            let struct (_, dependent) = Dependence.on [| argument |] [ slope ]

            if dependent.Contains slope then
                Shape.wrong
                    "LinearSolve.solve"
                    "the map is not linear in its argument: its derivative depends on where it is taken."

        let atZero =
            Substitution.one argument (Expression.zeros argument.DType argument.Shape) result

        // What the map adds may be a symbol, whose numbers nobody knows yet; it is then taken to be zero.
        if not atZero.IsSymbolic && not atZero.IsStructuralZero then
            if Array.exists ((<>) 0.0) (atZero.ToArray()) then
                Shape.wrong
                    "LinearSolve.solve"
                    "the map is not linear in its argument: it does not take zero to zero."

    let rec private opOf (body: LinearBody) : Op =
        let solver = body.Solver
        let n = Shape.count body.Argument.Shape

        let emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
            let dtype = target.Type
            let v, av = emitter.Work(dtype, n), emitter.Work(dtype, n)
            let work = emitter.Work(dtype, solver.Method.WorkLength n)

            let guess =
                if solver.WarmStart then
                    Nullable(emitter.State(dtype, n))
                else
                    Nullable()

            let argument = { target with Place = v }

            let steps (map: LinearBody) =
                emitter.Body(
                    Array.append [| map.Argument |] map.Holes,
                    Array.append [| argument |] operands[1..],
                    map.Result,
                    av
                )

            let apply = steps body

            let applyTransposed =
                if solver.Method.NeedsTranspose then
                    steps body.Transposed
                else
                    null

            Steps.LinearSolve(
                dtype,
                solver.Method,
                n,
                apply,
                applyTransposed,
                v,
                av,
                operands[0].Place,
                target.Place,
                guess,
                work,
                solver.Tolerance,
                solver.MaxIterations,
                emitter.Report()
            )

        let program =
            lazy
                (let right =
                    Expression.variable body.Argument.Trace body.Argument.DType body.Argument.Shape

                 let args = Array.append [| right |] body.Holes
                 // The op's own expression, over variables in the place of its arguments.
                 Program.OfExpressions(
                     args,
                     Array.create args.Length false,
                     [| Expression.apply (opOf body) args |]
                 ))

        let atSolution (args: Tensor[]) (x: Tensor) (t: Tensor) =
            Substitution.one body.Argument x t
            |> fun t -> (Substitution.many body.Holes args[1..] [| t |])[0]

        // A(c) x = b gives A dx = db − dA(c; dc) x; with the cotangent C of x: of b it is w = A⁻ᵀ C, of c it is
        // −∂/∂c ⟨w, A(c) x⟩.
        let forward op (args: Tensor[]) x (tangents: Tensor[]) : Tensor =
            let moving = [|
                for i in 1 .. args.Length - 1 do
                    if not (isNull tangents[i]) then
                        i
            |]

            let moved: Tensor =
                Forward.tangent
                    (moving |> Array.map (fun i -> body.Holes[i - 1]))
                    (moving |> Array.map (fun i -> tangents[i]))
                    body.Result

            let moved = if isNull moved then null else atSolution args x moved

            let right: Tensor =
                match tangents[0], moved with
                | null, null -> Expression.zeros x.DType x.Shape
                | null, moved -> -moved
                | db, null -> db
                | db, moved -> db - moved

            Expression.apply op (Array.updateAt 0 right args)

        let reverse _ (args: Tensor[]) x ct (wanted: bool[]) : Tensor[] =
            let w: Tensor = Expression.apply (opOf body.Transposed) (Array.updateAt 0 ct args)

            let asked = [|
                for i in 1 .. args.Length - 1 do
                    if wanted[i] then
                        i
            |]

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

        // The systems of a batch are one system whose matrix has theirs along the diagonal.
        let batch (args: Tensor[]) =
            let extent = args[0].Shape[0]
            let trace = Trace()

            let fresh (t: Tensor) =
                Expression.variable trace t.DType t.Shape

            let shared = args |> Array.map Batched.shared
            let inner = fresh args[0]

            let holes =
                Array.init body.Holes.Length (fun i ->
                    if isNull shared[i + 1] then
                        fresh args[i + 1]
                    else
                        body.Holes[i])

            let varied =
                [| 0 .. holes.Length - 1 |] |> Array.filter (fun i -> isNull shared[i + 1])

            let result =
                Batching.many
                    (Array.append [| body.Argument |] (varied |> Array.map (fun i -> body.Holes[i])))
                    (Array.append [| inner |] (varied |> Array.map (fun i -> holes[i])))
                    extent
                    [| body.Result |]

            let values =
                Array.init holes.Length (fun i -> if isNull shared[i + 1] then args[i + 1] else shared[i + 1])

            Expression.apply
                (opOf (LinearBody(solver, inner, holes, result[0], null)))
                (Array.append [| args[0] |] values)

        {
            Name = "linearSolve"
            Attributes = [||]
            Template = body
            Kind = Implicit(forward, reverse)
            Infer = fun args -> struct (args[0].DType, args[0].Shape)
            Simplify =
                fun args ->
                    if args[0].IsStructuralZero then
                        args[0]
                    elif args[0].LeavesOut then
                        Selected.whole
                            (Expression.apply {
                                opOf body with
                                    Simplify = fun _ -> null
                            })
                            args
                    else
                        null
            Kernel = Nested((fun args -> (program.Value.Call args)[0]), emit)
            Batch = fun _ args -> batch args
        }

    /// The diagonal of a map that acts entry by entry, or null. Costs that are separable in the unknown have such
    /// second derivatives, a quadratic regulariser alone among them; their solve is a division.
    let private diagonal (argument: Tensor) (result: Tensor) : Tensor =
        let struct (nodes, dependent) = Dependence.on [| argument |] [ result ]

        let isEntrywise (t: Tensor) =
            Object.ReferenceEquals(t, argument) || t.Op.Kind.IsElementwise

        if dependent.Contains result && Array.forall isEntrywise nodes then
            Substitution.one argument (Expression.constant argument.DType argument.Shape 1.0) result
        else
            null

    /// The size up to which the dense method writes the matrix out in the expression itself.
    let private writtenOut = 8

    /// <summary>w with A w = b, where A is given by what it does to a vector; differentiable to any order.</summary>
    /// <param name="solver">The method and its limits. How a solve ended is reported by ProgramRun.Solves.</param>
    /// <param name="apply">v ↦ A v, linear, from b's shape to b's shape. What it uses besides v is computed once.</param>
    /// <param name="b">The right side, of any shape; the unknown has the same.</param>
    /// <returns>w, of b's shape. Its derivative is another solve with A or Aᵀ by the same method.</returns>
    /// <exception cref="T:System.ArgumentException">apply gives another shape or number type, has a derivative that
    /// depends on v, or does not take zero to zero.</exception>
    /// <remarks>The error is about Tolerance · cond A. One unknown, and a map that is seen to act entry by
    /// entry, is a division that reports nothing, whatever the method. Whether the
    /// matrix suits conjugate gradients is not checked here: the report of the solve tells negative curvature.</remarks>
    /// <example><code lang="fsharp">
    /// let solver = { Method = LinearMethod.ConjugateGradient; Tolerance = 1e-10; MaxIterations = 100; WarmStart = false }
    /// LinearSolve.solve solver (fun v -> 4.0 * v) (Tensor.ofList [ 2.0; 8.0 ]) // [0.5, 2]
    /// </code></example>
    let solve (solver: Solver) (apply: Tensor -> Tensor) (b: Tensor) : Tensor =
        let n = Shape.count b.Shape
        let argument = Expression.variable (Trace()) b.DType b.Shape
        let result = apply argument

        if not (Shape.same result.Shape b.Shape) then
            Shape.wrong
                "LinearSolve.solve"
                $"the map gives shape {Shape.show result.Shape} for an argument of shape {Shape.show b.Shape}; both must be equal."

        if result.DType <> b.DType then
            Shape.wrong
                "LinearSolve.solve"
                $"the map gives {result.DType} for an argument of {b.DType}; both must be equal."

        checkLinear argument result

        if n = 1 then
            b / Substitution.one argument (Expression.constant b.DType b.Shape 1.0) result
        elif Object.ReferenceEquals(solver.Method, LinearMethod.Dense) && n <= writtenOut then
            let unit i =
                let entries = Array.init n (fun k -> if k = i then 1.0 else 0.0)
                Cast.cast b.DType (Expression.dense DType.Float64 b.Shape entries 0)

            let column i =
                Structure.reshape [| n |] (Substitution.one argument (unit i) result)

            let matrix = Concat.stack 1 (Array.init n column)
            Structure.reshape b.Shape (Solve.solve matrix (Structure.reshape [| n |] b))
        else
            match diagonal argument result with
            | null ->
                let struct (body, captured) = cut solver argument result
                Expression.apply (opOf body) (Array.append [| b |] captured)
            // One factor for all entries: cheaper than a division for each, and within a unit of the last place of it.
            | diagonal when diagonal.IsConstant -> b * (1.0 / diagonal.Value)
            | diagonal -> b / diagonal
