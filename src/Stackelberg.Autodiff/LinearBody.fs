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
