namespace Stackelberg

/// <summary>Symmetric positive definite matrices by their Cholesky factor A = L Lᵀ. Every function may be differentiated
/// to any order.</summary>
/// <remarks>The symmetric part (A + Aᵀ) / 2 counts, so that derivatives are symmetric. A matrix that is not positive
/// definite gives NaN, and a breakdown in the program's reports of solves.</remarks>
[<RequireQualifiedAccess>]
module PositiveDefinite =

    /// <summary>The lower triangular L with A = L Lᵀ and a positive diagonal.</summary>
    /// <param name="a">Shape [n, n], or [batch, n, n].</param>
    /// <returns>a's shape, with zeros above the diagonal.</returns>
    /// <exception cref="T:System.ArgumentException">a is no square matrix.</exception>
    /// <remarks>n³ / 3 operations; derivatives after I. Murray (2016).</remarks>
    /// <example><code lang="fsharp">PositiveDefinite.cholesky (4.0 * Tensor.eye 1) // [[2]]</code></example>
    let cholesky (a: Tensor) : Tensor =
        Cholesky.cholesky "PositiveDefinite.cholesky" a

    /// <summary>X with L X = B; of L only the lower triangle counts.</summary>
    /// <param name="l">Shape [n, n], or [batch, n, n].</param>
    /// <param name="b">Shape [n] or [n, k], or [batch, n] or [batch, n, k].</param>
    /// <exception cref="T:System.ArgumentException">The shapes are none of these, or the number types differ.</exception>
    let lowerSolve (l: Tensor) (b: Tensor) : Tensor =
        Cholesky.withColumns "PositiveDefinite.lowerSolve" l b (Cholesky.lowerSolve false l)

    /// <summary>X with A X = B, by the Cholesky factor: half the work of Tensor.solve.</summary>
    /// <param name="a">Shape [n, n], or [batch, n, n].</param>
    /// <param name="b">Shape [n] or [n, k], or [batch, n] or [batch, n, k].</param>
    /// <exception cref="T:System.ArgumentException">The shapes are none of these, or the number types differ.</exception>
    /// <example><code lang="fsharp">PositiveDefinite.solve (2.0 * Tensor.eye 2) (Tensor.ofList [ 2.0; 6.0 ]) // [1, 3]</code></example>
    let solve (a: Tensor) (b: Tensor) : Tensor =
        let func = "PositiveDefinite.solve"

        Cholesky.withColumns func a b (fun b ->
            let l = Cholesky.cholesky func a
            Cholesky.lowerSolve true l (Cholesky.lowerSolve false l b))

    /// <summary>log det A, from the diagonal of the factor: without overflow where the determinant has one.</summary>
    /// <param name="a">Shape [n, n], or [batch, n, n].</param>
    /// <returns>A scalar, or [batch].</returns>
    /// <exception cref="T:System.ArgumentException">a is no square matrix.</exception>
    /// <example><code lang="fsharp">PositiveDefinite.logDeterminant (Tensor.eye 3) // 0</code></example>
    let logDeterminant (a: Tensor) : Tensor =
        Cholesky.logDeterminant (Cholesky.cholesky "PositiveDefinite.logDeterminant" a)
