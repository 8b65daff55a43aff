namespace Stackelberg

open Stackelberg.Kernels

/// Further functions of module Tensor on matrices.
[<AutoOpen>]
module TensorMatrices =

    /// The entries that a condition on row and column keeps; zeros elsewhere, whatever stood there.
    let private masked func (keeps: int -> int -> bool) (t: Tensor) =
        let rank = t.Shape.Length

        if rank < 2 then
            Shape.wrong
                func
                (invariant
                    $"the shape is {Shape.show t.Shape}, but a matrix [m; n] is needed (or a batch of them).")

        let m, n = t.Shape[rank - 2], t.Shape[rank - 1]

        let mask = Array.init (m * n) (fun k -> if keeps (k / n) (k % n) then 1.0 else 0.0)

        Elementwise.where
            (Cast.cast t.DType (Expression.dense DType.Float64 [| m; n |] mask 0))
            t
            (Elementwise.number t 0.0)

    /// <summary>Functions on matrices.</summary>
    [<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
    module Tensor =

        /// <summary>The diagonal matrix of a vector, or the diagonal of a matrix.</summary>
        /// <param name="t">Shape [n], for [n, n]; or [m, n], for [min m n].</param>
        /// <exception cref="T:System.ArgumentException">t is neither.</exception>
        /// <example><code lang="fsharp">Tensor.diag (Tensor.ofList [ 1.0; 2.0 ]) // [[1, 0], [0, 2]]</code></example>
        let diag (t: Tensor) =
            match t.Shape with
            | [| n |] ->
                // Zeros of the user's, which a scatter's are not.
                masked "Tensor.diag" (=) (Structure.broadcastTo [| n; n |] t)
            | [| m; n |] ->
                Structure.reshape [| m * n |] t
                |> Gather.gather 0 (Array.init (min m n) (fun i -> i * (n + 1)))
            | shape ->
                Shape.wrong
                    "Tensor.diag"
                    (invariant
                        $"the shape is {Shape.show shape}, but a vector [n] or a matrix [m; n] is needed.")

        /// <summary>The lower triangle with the diagonal, zeros above.</summary>
        /// <param name="t">Shape […, m, n].</param>
        /// <exception cref="T:System.ArgumentException">t has fewer than two axes.</exception>
        /// <example><code lang="fsharp">Tensor.tril (Tensor.ones [ 2; 2 ]) // [[1, 0], [1, 1]]</code></example>
        let tril (t: Tensor) = masked "Tensor.tril" (>=) t

        /// <summary>The upper triangle with the diagonal, zeros below.</summary>
        /// <param name="t">Shape […, m, n].</param>
        /// <exception cref="T:System.ArgumentException">t has fewer than two axes.</exception>
        /// <example><code lang="fsharp">Tensor.triu (Tensor.ones [ 2; 2 ]) // [[1, 1], [0, 1]]</code></example>
        let triu (t: Tensor) = masked "Tensor.triu" (<=) t

        /// <summary>The Kronecker product: the matrix of blocks aᵢⱼ B.</summary>
        /// <param name="a">Shape [m, n].</param>
        /// <param name="b">Shape [p, q].</param>
        /// <returns>Shape [m p, n q].</returns>
        /// <exception cref="T:System.ArgumentException">An operand is no matrix.</exception>
        /// <example><code lang="fsharp">Tensor.kron (Tensor.eye 2) (Tensor.full [ 1; 1 ] 3.0) // [[3, 0], [0, 3]]</code></example>
        let kron (a: Tensor) (b: Tensor) =
            match a.Shape, b.Shape with
            | [| m; n |], [| p; q |] ->
                Structure.reshape [| m; 1; n; 1 |] a * Structure.reshape [| 1; p; 1; q |] b
                |> Structure.reshape [| m * p; n * q |]
            | _ ->
                Shape.wrong
                    "Tensor.kron"
                    (invariant
                        $"shapes are {Shape.show a.Shape} and {Shape.show b.Shape}, but two matrices are needed.")

        /// <summary>The sum of products over named indices, in Einstein's notation.</summary>
        /// <param name="indices">A letter for each axis of each operand, commas between them, and after -&gt; those of the
        /// result; without -&gt; the letters that come once, in alphabetical order. A letter twice in an operand is its
        /// diagonal.</param>
        /// <param name="operands">As many tensors as the text names.</param>
        /// <exception cref="T:System.ArgumentException">The text or the shapes do not fit.</exception>
        /// <remarks>From left to right, two operands at a time, as products of matrices.</remarks>
        /// <example><code lang="fsharp">Tensor.einsum "ij,j->i" [ Tensor.eye 2; Tensor.ofList [ 3.0; 4.0 ] ] // [3, 4]</code></example>
        let einsum (indices: string) (operands: Tensor seq) =
            Einsum.einsum indices (Array.ofSeq operands)

        /// <summary>The determinant, by LU with full pivoting.</summary>
        /// <param name="a">Shape [n, n], or [batch, n, n].</param>
        /// <returns>A scalar, or [batch]; 1 for n = 0.</returns>
        /// <exception cref="T:System.ArgumentException">a is no square matrix.</exception>
        /// <remarks>Its derivatives are cofactors, right for singular matrices to any order: the first in O(n³), each further
        /// one n² times as much; for large regular matrices logDeterminant and signOfDeterminant are cheaper.</remarks>
        /// <example><code lang="fsharp">Tensor.det (Tensor.ofArray2D (array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ])) // -2</code></example>
        let det (a: Tensor) =
            LogDeterminant.needSquare "Tensor.det" a
            Determinant.determinant a

        /// <summary>The eigenvalues of a symmetric matrix, ascending, [n] or [batch, n].</summary>
        /// <param name="a">Shape [n, n], or [batch, n, n]; its symmetric part (A + Aᵀ) / 2 counts.</param>
        /// <exception cref="T:System.ArgumentException">a is no square matrix.</exception>
        /// <remarks>C. G. J. Jacobi's rotations, about 50 n³ operations. The derivative of λᵢ is vᵢ vᵢᵀ. Of equal eigenvalues (to n
        /// units of the last place of the largest) the sum's derivative is right, each single one's is one of many, and
        /// second derivatives of what is made of them are NaN. NaN if an entry is not finite.</remarks>
        /// <example><code lang="fsharp">Tensor.symmetricEigenvalues (Tensor.ofArray2D (array2D [ [ 2.0; 1.0 ]; [ 1.0; 2.0 ] ])) // [1, 3]</code></example>
        let symmetricEigenvalues (a: Tensor) =
            fst (SymmetricEigen.eigen "Tensor.symmetricEigenvalues" a)

        /// <summary>The eigenvalues of a symmetric matrix, ascending, and its eigenvectors: A = V diag(λ) Vᵀ.</summary>
        /// <param name="a">Shape [n, n], or [batch, n, n]; its symmetric part (A + Aᵀ) / 2 counts.</param>
        /// <returns>λ, [n] or [batch, n], and the orthogonal V, of a's shape, whose columns are the eigenvectors; the largest
        /// entry of each (the first of equals) is positive.</returns>
        /// <exception cref="T:System.ArgumentException">a is no square matrix.</exception>
        /// <remarks>The derivative of vᵢ is Σⱼ vⱼ (vⱼᵀ dA vᵢ) / (λᵢ − λⱼ). The vectors of equal eigenvalues (to n units of the
        /// last place of the largest) have none: it is NaN. n⁴ operations, for the derivatives of all vectors.</remarks>
        /// <example><code lang="fsharp">
        /// let values, vectors = Tensor.symmetricEigen (Tensor.diag (Tensor.ofList [ 3.0; 1.0 ])) // values is [1, 3]
        /// vectors // [[0, 1], [1, 0]]
        /// </code></example>
        let symmetricEigen (a: Tensor) : Tensor * Tensor =
            SymmetricEigen.eigen "Tensor.symmetricEigen" a

        /// <summary>The singular values of a matrix, descending: [min m n] or [batch, min m n].</summary>
        /// <param name="a">Shape [m, n], or [batch, m, n].</param>
        /// <exception cref="T:System.ArgumentException">a has fewer than two axes.</exception>
        /// <remarks>The largest eigenvalues of [0 A; Aᵀ 0], so that the error is a few units of the last place of the largest
        /// singular value. The derivative of σᵢ is uᵢ vᵢᵀ; of equal ones, and of those that are 0, as of
        /// equal ones in symmetricEigenvalues.</remarks>
        /// <example><code lang="fsharp">Tensor.singularValues (Tensor.ofArray2D (array2D [ [ 3.0; 0.0 ]; [ 0.0; -4.0 ] ])) // [4, 3]</code></example>
        let singularValues (a: Tensor) =
            SymmetricEigen.singularValues "Tensor.singularValues" a
