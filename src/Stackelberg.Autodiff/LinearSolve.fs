namespace Stackelberg

open System
open Stackelberg.Kernels

/// <summary>Linear systems whose matrix is known by its products with vectors.</summary>
[<RequireQualifiedAccess>]
module LinearSolve =

    /// Cuts a map out of the expression that it stands in.
    let internal cut solver (argument: Tensor) (result: Tensor) : struct (LinearBody * Tensor[]) =
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

    /// The diagonal of a map that acts entry by entry, or null. Costs that are separable in the unknown have such
    /// second derivatives, a quadratic regulariser alone among them; their solve is a division.
    let internal diagonal (argument: Tensor) (result: Tensor) : Tensor =
        let struct (nodes, dependent) = Dependence.on [| argument |] [ result ]

        let isEntrywise (t: Tensor) =
            Object.ReferenceEquals(t, argument) || t.Op.Kind.IsElementwise

        if dependent.Contains result && Array.forall isEntrywise nodes then
            Substitution.one argument (Expression.constant argument.DType argument.Shape 1.0) result
        else
            null

    /// Whether a number has all its digits in a number type.
    let private isNormal dtype (value: float) =
        match dtype with
        | DType.Float32 -> Single.IsNormal(float32 value)
        | _ -> Double.IsNormal value

    /// Up to this size the matrix is formed and eliminated: that is cheaper than iterating.
    let private denseBelow = 8

    /// Without symmetry the alternative is GMRES, and the matrix pays up to here.
    let private denseWithoutSymmetryBelow = 64

    /// Up to this size there is memory for the matrix where nothing else succeeds: half a megabyte.
    let private eliminatedBelow = 256

    let private restart = 50

    let private inTurn n isSymmetric = [|
        if isSymmetric then
            LinearMethod.ConjugateGradient
            LinearMethod.Minres
        else
            LinearMethod.Gmres restart

        if n <= eliminatedBelow then
            LinearMethod.Dense
        elif not isSymmetric then
            LinearMethod.BiCgStab
    |]

    /// The solver itself, or for none named the methods that suit n unknowns, in turn.
    let internal choose n isSymmetric (solver: Solver) =
        if not (isNull solver.Method) then
            solver
        elif n <= denseBelow || (not isSymmetric && n <= denseWithoutSymmetryBelow) then
            {
                solver with
                    Method = LinearMethod.Dense
            }
        else
            {
                solver with
                    Method = LinearMethod.InTurn(inTurn n isSymmetric)
            }

    /// The size up to which the dense method writes the matrix out in the expression itself.
    let internal writtenOut = 8

    /// The map's matrix, [n, n], written out: what it makes of the unit vectors.
    let internal matrix (argument: Tensor) (result: Tensor) : Tensor =
        let n = Shape.count argument.Shape

        let unit i =
            let entries = Array.init n (fun k -> if k = i then 1.0 else 0.0)
            Cast.cast argument.DType (Expression.dense DType.Float64 argument.Shape entries 0)

        let column i =
            Structure.reshape [| n |] (Substitution.one argument (unit i) result)

        Concat.stack 1 (Array.init n column)

    /// <summary>w with A w = b, where A is given by what it does to a vector; differentiable to any order.</summary>
    /// <param name="solver">The method and its limits; without a method it is chosen by the size. How a solve ended is reported by ProgramRun.Solves.</param>
    /// <param name="apply">v ↦ A v, linear, from b's shape to b's shape. What it uses besides v is computed once.</param>
    /// <param name="b">The right side, of any shape; the unknown has the same.</param>
    /// <returns>w, of b's shape. Its derivative is another solve with A or Aᵀ by the same method.</returns>
    /// <exception cref="T:System.ArgumentException">apply gives another shape or number type, has a derivative that
    /// depends on v, or does not take zero to zero.</exception>
    /// <exception cref="T:System.InvalidOperationException">b and the map are numbers, and the method does not get within its
    /// tolerance. In a compiled program the reports tell, those of systems of constants too.</exception>
    /// <remarks>The error is about Tolerance · cond A. One unknown, and a map that is seen to act entry by
    /// entry, is a division that reports nothing, whatever the method. Whether the
    /// matrix suits conjugate gradients is not checked here: the report of the solve tells negative curvature.</remarks>
    /// <example><code lang="fsharp">
    /// let solver = { Method = LinearMethod.ConjugateGradient; Tolerance = 1e-10; MaxIterations = 100; WarmStart = false }
    /// LinearSolve.solve solver (fun v -> 4.0 * v) (Tensor.ofList [ 2.0; 8.0 ]) // [0.5, 2]
    /// </code></example>
    let solve (solver: Solver) (apply: Tensor -> Tensor) (b: Tensor) : Tensor =
        let n = Shape.count b.Shape
        let solver = choose n false solver
        let argument = Expression.variable (Trace()) b.DType b.Shape
        let result = apply argument

        if not (Shape.same result.Shape b.Shape) then
            Shape.wrong
                "LinearSolve.solve"
                (invariant
                    $"the map gives shape {Shape.show result.Shape} for an argument of shape {Shape.show b.Shape}; both must be equal.")

        if result.DType <> b.DType then
            Shape.wrong
                "LinearSolve.solve"
                (invariant $"the map gives {result.DType} for an argument of {b.DType}; both must be equal.")

        checkLinear argument result

        if n = 1 then
            b / Substitution.one argument (Expression.constant b.DType b.Shape 1.0) result
        elif Object.ReferenceEquals(solver.Method, LinearMethod.Dense) && n <= writtenOut then
            Structure.reshape b.Shape (Solve.solve (matrix argument result) (Structure.reshape [| n |] b))
        else
            match diagonal argument result with
            | null ->
                let struct (body, captured) = cut solver argument result
                Expression.apply (LinearSolveOp.ofBody body) (Array.append [| b |] captured)
            // One factor for all entries: cheaper than a division for each, and within a unit of the last place of it.
            | diagonal when diagonal.IsConstant && isNormal b.DType (1.0 / diagonal.Value) ->
                b * (1.0 / diagonal.Value)
            | diagonal -> b / diagonal
