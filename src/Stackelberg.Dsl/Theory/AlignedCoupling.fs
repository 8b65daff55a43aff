namespace Stackelberg

open MathNet.Numerics.LinearAlgebra

/// Whether a zero-sum game's mixed derivative takes eigenvectors of one player's second derivative to eigenvectors of the
/// other's: B = W₁ Σ W₂ᵀ with A = W₁ M W₁ᵀ, C = W₂ Λ W₂ᵀ and Σ diagonal.
module internal AlignedCoupling =

    let private matrix (entries: float[,]) = CreateMatrix.DenseOfArray entries

    /// ‖XY − YX‖ / (‖X‖ ‖Y‖), 0 where one vanishes.
    let private commutator (x: Matrix<float>) (y: Matrix<float>) =
        let size = x.FrobeniusNorm() * y.FrobeniusNorm()

        if size = 0.0 then
            0.0
        else
            (x * y - y * x).FrobeniusNorm() / size

    /// How far from aligned, 0 to √2: the greatest relative commutator of A with B Bᵀ, of C with Bᵀ B, and of A with B C Bᵀ.
    /// They all vanish exactly if bases exist: on every eigenspace of B Bᵀ of a positive eigenvalue, where B is a multiple of an
    /// isometry, A and C then are diagonal in corresponding bases.
    let misalignment (a: float[,]) (b: float[,]) (c: float[,]) =
        let a, b, c = matrix a, matrix b, matrix c

        List.max [
            commutator a (b * b.Transpose())
            commutator c (b.Transpose() * b)
            commutator a (b * c * b.Transpose())
        ]

    /// |Σ|'s diagonal, min(m, n) entries, ascending, of any B: its singular values.
    let couplings (b: float[,]) =
        match Dense.singularValues false b with
        | ValueSome found -> found.S.ToArray() |> Array.sort
        | ValueNone -> Array.create (min (b.GetLength 0) (b.GetLength 1)) nan
