namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg
open Stackelberg.Kernels

/// Systems of equations, and what else elimination gives.
module SystemOps =

    let private two op a b : Drawn = ValueSome(struct (op, [| a; b |]))
    let private one op a : Drawn = ValueSome(struct (op, [| a |]))
    let private hasEntries (t: Many) = Operation.count t > 0

    let private toMatrix n shift =
        let squareOf, squareReference = Refill.refill [| n; n |]

        (fun (t: Tensor) -> squareOf t + Tensor.cast t.DType (shift * Tensor.eye n)),
        (fun (p: Precision) (t: Many) ->
            let a = Matrices.rows (squareReference t)
            Array2D.mapi (fun i j e -> if i = j then Jet.add p e (Jet.constant p shift) else e) a)

    let private system (d: Draw) : Drawn =
        match d.Pick hasEntries with
        | -1 -> ValueNone
        | a ->
            let n = 1 + d.Next 3
            let shift = d.OneOf [| 0.0; 3.0; 4.0; 5.0 |]
            let matrixOf, matrix = toMatrix n shift
            let columns = 1 + d.Next 2
            let rightOf, rightReference = Refill.refill [| n; columns |]
            let b = d.Pick hasEntries
            let right t = Matrices.rows (rightReference t)

            let named name =
                $"{name} {n} shift {Operation.show shift}"

            let solved name engine reference =
                two
                    (Operation.two (named name) (fun a b -> engine (matrixOf a) (rightOf b)) (fun p a b ->
                        Matrices.ofRows (reference p (matrix p a) (right b))))
                    a
                    b

            let scalar name (engine: Tensor -> Tensor) reference =
                one
                    (Operation.one (named name) (fun a -> engine (matrixOf a)) (fun p a -> {
                        Shape = [||]
                        Entries = [| reference p (matrix p a) |]
                    }))
                    a

            let square name (engine: Tensor -> Tensor) reference =
                one
                    (Operation.one (named name) (fun a -> engine (matrixOf a)) (fun p a ->
                        Matrices.ofRows (reference p (matrix p a))))
                    a

            let logOfDiagonal p (l: Jet[,]) =
                Jet.sum p (Array.init n (fun i -> Entry.scaled p 2.0 (Entry.log p l[i, i])))

            let twice p (a: Jet[,]) b =
                let l = Matrices.cholesky p a
                let y = Matrices.triangular p true l b
                Matrices.triangular p false (Array2D.init n n (fun i j -> l[j, i])) y

            let dense = {
                Method = LinearMethod.Dense
                Tolerance = 1e-12
                MaxIterations = 100
                WarmStart = false
            }

            match d.Next 10 with
            | 0
            | 1 -> solved "solve" Tensor.solve Matrices.solve
            | 2 -> square "inverse" Tensor.inverse Matrices.inverse
            | 3 -> scalar "logDeterminant" Tensor.logDeterminant Matrices.logDeterminant
            | 4 ->
                solved "triangularSolve lower" (Tensor.triangularSolve Triangle.Lower) (fun p a b ->
                    Matrices.triangular p true a b)
            | 5 ->
                solved
                    "triangularSolve upperTransposed"
                    (Tensor.triangularSolve Triangle.UpperTransposed)
                    (fun p a b -> Matrices.triangular p true (Array2D.init n n (fun i j -> a[j, i])) b)
            | 6 -> square "cholesky" PositiveDefinite.cholesky Matrices.cholesky
            | 7 -> solved "positive definite solve" PositiveDefinite.solve twice
            | 8 ->
                scalar "positive definite logDeterminant" PositiveDefinite.logDeterminant (fun p a ->
                    logOfDiagonal p (Matrices.cholesky p a))
            | _ ->
                solved
                    "dense linear solve"
                    (fun a b -> LinearSolve.solve dense (fun v -> Tensor.matmul a v) b)
                    Matrices.solve

    let draw (d: Draw) : Drawn = system d
