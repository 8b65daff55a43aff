namespace Stackelberg

/// <summary>Some eigenvalues of a linear map of which only v ↦ A v is known.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Eigenvalues =

    /// <summary>Six eigenvalues of the smallest real parts, tolerance 1e-10, at most 300 restarts, seed 0, without
    /// vectors.</summary>
    val settings: EigenSettings

    /// <summary>The eigenvalues sought, each with the true residual of its pair.</summary>
    /// <param name="settings">Which, how many, how well.</param>
    /// <param name="isSymmetric">Whether A is symmetric, which nobody checks. Lanczos' search needs it; if it is false,
    /// Arnoldi's is made.</param>
    /// <param name="dimension">n, at least 1.</param>
    /// <param name="apply">Reads v, its first argument, and writes A v into its second, both of length n; linear. It
    /// must leave v as it is and give the same for the same v.</param>
    /// <returns>The pairs by real, then imaginary part. Fewer than sought where n is less.</returns>
    /// <exception cref="T:System.ArgumentException">The dimension or a setting is out of range.</exception>
    /// <remarks>
    /// Up to n = 96, and where nearly all are sought, the matrix is formed and decomposed: cut into its irreducible blocks by
    /// a permutation, so that the eigenvalues of a permuted triangular matrix are its diagonal without rounding, and each
    /// block balanced. Above, a subspace of max(2 k + 12, 32) vectors for k sought
    /// grows by products with A and is cut back to its best part: K. Wu and H. Simon (2000) for symmetric A,
    /// G. W. Stewart (2001), Krylov–Schur, otherwise, both fully orthogonalised, so that memory is that many
    /// vectors and no more. When all pairs are converged, a second search from a random vector orthogonal to
    /// them finds the further copies of multiple eigenvalues; what ends it is that the best of what else it has, with its
    /// uncertainty, lies inwards. No search by products can be certain to miss nothing, but a random vector has a part
    /// along every eigenvector.
    ///
    /// An eigenvalue at the end of a spectrum that is dense there takes many restarts: the number of products grows with
    /// the root (symmetric A) of the spectrum's length over the gap to the next. For a matrix that is far from
    /// normal, a small residual does not make an accurate eigenvalue: it belongs to a matrix that lies a
    /// residual away, and each pair's Condition and Error say what that may mean. The same settings give the same bits.
    /// </remarks>
    /// <example><code lang="fsharp">
    /// let ofDiagonal = System.Action&lt;float[], float[]&gt;(fun v into ->
    ///     for i in 0 .. v.Length - 1 do into[i] &lt;- float (i + 1) * v[i])
    /// let found = Eigenvalues.ofMap { Eigenvalues.settings with Count = 2 } true 1000 ofDiagonal
    /// found.Values // [| 1; 2 |]
    /// </code></example>
    val ofMap:
        settings: EigenSettings ->
        isSymmetric: bool ->
        dimension: int ->
        apply: System.Action<float[], float[]> ->
            Eigenpairs

    /// <summary>As ofMap, for an operator from a shape to the same shape; its products are compiled once.</summary>
    /// <param name="settings">Which, how many, how well.</param>
    /// <param name="operator">A map of known source and target, equal to each other.</param>
    /// <exception cref="T:System.ArgumentException">The shapes differ or are not known, or a setting is out of
    /// range.</exception>
    /// <example><code lang="fsharp">
    /// // The rotation by a right angle.
    /// let rotation = Operator.ofMatrix (Tensor.ofArray2D (array2D [ [ 0.0; -1.0 ]; [ 1.0; 0.0 ] ]))
    /// (Eigenvalues.ofOperator Eigenvalues.settings rotation).Values // [| −i; i |]
    /// </code></example>
    val ofOperator: settings: EigenSettings -> operator: Operator -> Eigenpairs
