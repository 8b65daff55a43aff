/// Random matrices for the laws of the theory, and their decompositions by MathNet: not the library's own.
module Stackelberg.Dsl.Tests.Draw

open System
open MathNet.Numerics.LinearAlgebra
open Stackelberg

let uniform (random: Random) low high =
    low + (high - low) * random.NextDouble()

let matrix (random: Random) rows columns =
    CreateMatrix.Dense(rows, columns, (fun _ _ -> uniform random -1.0 1.0))

let symmetric (random: Random) n : Matrix<float> =
    let a = matrix random n n
    0.5 * (a + a.Transpose())

/// A random rotation.
let orthonormal (random: Random) n : Matrix<float> = (matrix random n n).QR().Q

/// Symmetric with eigenvalues in an interval.
let withSpectrum (random: Random) low high n : Matrix<float> =
    let q = orthonormal random n
    let values = CreateVector.Dense(n, (fun _ -> uniform random low high))
    let a = q * CreateMatrix.DenseOfDiagonalVector values * q.Transpose()
    0.5 * (a + a.Transpose())

/// The least eigenvalue of the symmetric part.
let leastEigenvalue (a: Matrix<float>) =
    let symmetric = 0.5 * (a + a.Transpose())
    (symmetric.Evd Symmetricity.Symmetric).EigenValues.Real().Minimum()

/// The least real part.
let leastRealPart (a: Matrix<float>) =
    (a.Evd Symmetricity.Asymmetric).EigenValues.Real().Minimum()

let blocks (rows: Matrix<float> list list) : Matrix<float> =
    CreateMatrix.DenseOfMatrixArray(array2D rows)

let tensor (a: Matrix<float>) = Tensor.ofArray2D (a.ToArray())

/// ½ uᵀ A v.
let form (a: Matrix<float>) (u: Tensor) (v: Tensor) =
    Tensor.dot u (Tensor.matmul (tensor a) v)

/// All seeds' results, on both cores.
let forSeeds count (make: int -> 'a) : 'a[] = Array.Parallel.init count make

let count condition values =
    values |> Array.filter condition |> Array.length
