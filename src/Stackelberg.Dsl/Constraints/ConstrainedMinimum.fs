namespace Stackelberg

open System
open Stackelberg.Kernels

/// <summary>A minimisation under constraints as a function of parameters, min over y of f(y, p) with g(y, p) ≤ 0 and h(y, p) = 0,
/// that other expressions can hold and differentiate to any order: the answer of a follower inside of a cost, for example.</summary>
/// <remarks>The answer comes from a primal–dual interior-point method, its derivatives from the implicit function theorem on
/// the constraints that are active: they are right where these are independent and all press, and the curvature along them is
/// positive. Where a constraint is active without pressure the answer has a kink, and the derivative is that of one side.
/// Where there is no answer (no feasible y, or a cost that falls without an end), numbers raise an exception that says so, and
/// in a compiled expression all entries are NaN.</remarks>
[<Sealed>]
type ConstrainedMinimum
    internal (programme: Programme, start: float[], conditions: Tensor -> Tensor -> Tensor) =

    let n, m, q = programme.Variables, programme.Inequalities, programme.Equalities

    let solve (parameters: float[]) =
        InteriorPoint.solve programme parameters start

    let whole (solution: ProgrammeSolution) =
        Array.concat [ solution.Z; solution.Inequality; solution.Equality ]

    let found (parameters: float[]) =
        match solve parameters with
        | { Ending = ProgrammeEnding.Solved } as solution -> whole solution
        | _ -> Array.create (n + m + q) nan

    /// What is wrong where there is no answer.
    let explain (parameters: float[]) (solution: ProgrammeSolution) : Tensor =
        let func = "ConstrainedMinimum.Solution"
        let values = programme.Values solution.Z parameters

        match solution.Ending with
        | ProgrammeEnding.Unbounded ->
            Require.wrong
                func
                "parameters"
                "lead to a cost that falls without an end within the constraints; bound the answer."
        | ProgrammeEnding.NotFinite ->
            Require.wrong
                func
                "parameters"
                "lead to a cost, a constraint or a derivative that is not finite; start elsewhere."
        | ProgrammeEnding.Infeasible ->
            let worst (kind: string) (parts: float[]) =
                parts
                |> Array.indexed
                |> Array.map (fun (row, value) ->
                    value, (invariant $"entry {row} of the {kind} stays {value:G4} away"))

            let _, which =
                Array.append
                    (worst "inequalities" values.Inequalities)
                    (worst "equalities" (Array.map abs values.Equalities))
                |> Array.maxBy fst

            Require.wrong
                func
                "parameters"
                (invariant $"leave no answer that meets all constraints: {which}. Loosen it.")
        | _ ->
            Require.wrong
                func
                "parameters"
                (invariant $"lead to no answer within {solution.Iterations} steps; start nearer to one.")

    let kernel =
        ArrayKernel(fun operands result -> (found (operands[0].ToArray())).AsSpan().CopyTo result)

    let solved =
        CustomOp.ofArrays "constrained minimum" (fun _ -> [| n + m + q |]) kernel (fun arguments _ _ -> [|
            Tensor.zeros arguments[0].Shape
        |])

    /// <summary>The answer and its multipliers, (y, λ, ν), as a vector.</summary>
    /// <param name="parameters">p, a vector.</param>
    /// <exception cref="T:System.ArgumentException">parameters are numbers for which there is no answer: which constraint is not
    /// met and by how much, or that the cost falls without an end.</exception>
    member _.Solution(parameters: Tensor) : Tensor =
        let found =
            if parameters.IsSymbolic then
                solved [| Diff.stopGradient parameters |]
            else
                let numbers = parameters.ToArray()

                match solve numbers with
                | { Ending = ProgrammeEnding.Solved } as solution -> Tensor.ofArray (whole solution)
                | solution -> explain numbers solution

        Diff.rootFound (fun z -> conditions z parameters) found

    /// <summary>The answer y, a vector.</summary>
    /// <param name="parameters">p, a vector.</param>
    member this.Answer(parameters: Tensor) : Tensor =
        Tensor.slice 0 0 n (this.Solution parameters)

/// <summary>Makes constrained minimisations.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module ConstrainedMinimum =

    /// <summary>A minimisation under constraints. Its functions are compiled when they are first asked for.</summary>
    /// <param name="start">Where the method begins, one number for each entry of y; it need not be feasible.</param>
    /// <param name="parameters">How many entries p has.</param>
    /// <param name="cost">f, from y and p to a scalar.</param>
    /// <param name="inequality">g, from y and p to a vector whose entries are at most 0; None for none.</param>
    /// <param name="equality">h, from y and p to a vector whose entries are 0; None for none.</param>
    /// <exception cref="T:System.ArgumentException">start is empty or not finite, parameters is below 1, or a function gives
    /// another shape.</exception>
    /// <example><code lang="fsharp">
    /// // min ½ ‖y − p‖² on the line y₁ + y₂ = 1
    /// let line =
    ///     ConstrainedMinimum.create [| 0.0; 0.0 |] 2 (fun y p -> 0.5 * Tensor.dot (y - p) (y - p)) None (Some(fun y _ -> Tensor.stack 0 [ Tensor.sum y - 1.0 ]))
    ///
    /// line.Answer(Tensor.ofList [ 1.0; 1.0 ])                  // [0.5, 0.5]
    /// Diff.jacobian line.Answer (Tensor.ofList [ 1.0; 1.0 ])   // [[0.5, -0.5], [-0.5, 0.5]]
    /// </code></example>
    let create
        (start: float[])
        (parameters: int)
        (cost: Tensor -> Tensor -> Tensor)
        (inequality: (Tensor -> Tensor -> Tensor) option)
        (equality: (Tensor -> Tensor -> Tensor) option)
        : ConstrainedMinimum =
        let func = "ConstrainedMinimum.create"

        if start.Length = 0 || not (Finite.all start) then
            Require.wrong
                func
                (nameof start)
                "holds no number or one that is not finite, but a finite start is needed."

        if parameters < 1 then
            Require.wrong func (nameof parameters) (invariant $"is {parameters}, but at least 1 is needed.")

        let n = start.Length
        let y0, p0 = Tensor.ofArray start, Tensor.zeros [ parameters ]

        let count name (f: (Tensor -> Tensor -> Tensor) option) =
            match f with
            | None -> 0
            | Some f ->
                let shape = (f y0 p0).Shape

                if shape.Length <> 1 then
                    Require.wrong
                        func
                        name
                        (invariant $"gives shape {Shape.show shape}, but a vector is needed.")

                shape[0]

        Require.shape func (nameof cost) (cost y0 p0).Shape [||] "one number"

        let m, q = count (nameof inequality) inequality, count (nameof equality) equality

        let part (f: (Tensor -> Tensor -> Tensor) option) y p = f.Value y p

        let conditions (z: Tensor) (p: Tensor) =
            let y, λ, ν = Tensor.slice 0 0 n z, Tensor.slice 0 n m z, Tensor.slice 0 (n + m) q z

            let lagrangian y =
                let plain = cost y p

                let plain =
                    if m > 0 then
                        plain + Tensor.dot λ (part inequality y p)
                    else
                        plain

                if q > 0 then
                    plain + Tensor.dot ν (part equality y p)
                else
                    plain

            Tensor.concat 0 [
                Diff.grad lagrangian y
                if m > 0 then
                    λ - Tensor.relu (λ + part inequality y p)
                if q > 0 then
                    part equality y p
            ]

        ConstrainedMinimum(
            Programme(n, m, q, cost, part inequality, part equality),
            Array.copy start,
            conditions
        )
