namespace Stackelberg

open System.Numerics

/// <summary>Which eigenvalues are sought.</summary>
[<RequireQualifiedAccess>]
type Which =
    /// <summary>Those of the smallest real parts: what decides whether descent along a field is stable.</summary>
    | SmallestReal
    /// <summary>Those of the largest real parts.</summary>
    | LargestReal
    /// <summary>As many of the smallest and as many of the largest.</summary>
    | BothEnds

/// <summary>How eigenvalues are sought.</summary>
type EigenSettings = {
    /// <summary>How many, at least 1, at each end that is sought; a complex pair is never split, so there may be one more.</summary>
    Count: int
    /// <summary>Which.</summary>
    Which: Which
    /// <summary>A pair (λ, v), |v| = 1, is converged if |A v − λ v| ≤ Tolerance · Scale, where Scale is the greatest |A v| / |v|
    /// that the search saw; above 0.</summary>
    Tolerance: float
    /// <summary>How often the search may begin anew from the best part of its subspace; at least 0.</summary>
    MaxRestarts: int
    /// <summary>Where the random start vectors begin.</summary>
    Seed: uint64
    /// <summary>Whether the eigenvectors are kept.</summary>
    WantsVectors: bool
}

/// <summary>An eigenvalue and how well it is one.</summary>
type Eigenpair = {
    /// <summary>λ.</summary>
    Value: Complex
    /// <summary>|A v − λ v| for the unit vector v that was found, computed by products with A at the end.</summary>
    Residual: float
    /// <summary>Whether that is within the tolerance.</summary>
    IsConverged: bool
    /// <summary>v, |v| = 1; empty if it was not wanted.</summary>
    Vector: Complex[]
    /// <summary>The eigenvalue's condition, 1 / |wᴴ v| for the unit left eigenvector w: how many times the norm of a small
    /// change of A moves λ, to first order. 1 for symmetric A. Of a decomposition, that in the balanced irreducible block of A
    /// which λ belongs to, 1 on the diagonal of a permuted triangular matrix; of a search, that of the projection on its
    /// subspace, an estimate that is too low where the left eigenvector stands out of it.</summary>
    Condition: float
    /// <summary>How far λ may be from an eigenvalue of A, an estimate: Condition times the rounding of a decomposition or, of a
    /// search, the residual; for an m-fold defective eigenvalue the m-th root of that. A real part that is nearer to zero than
    /// this has no certain sign.</summary>
    Error: float
}

/// <summary>How a search for eigenvalues ended.</summary>
[<RequireQualifiedAccess>]
type EigenEnding =
    /// <summary>All pairs sought are converged, and a second search beside them found none further out.</summary>
    | Converged
    /// <summary>The restarts came to an end before: allow more, loosen the tolerance, or seek fewer.</summary>
    | OutOfRestarts
    /// <summary>A product with A was not finite; there are no pairs.</summary>
    | NotFinite

/// <summary>What a search for eigenvalues found.</summary>
type Eigenpairs = {
    /// <summary>By real, then imaginary part.</summary>
    Pairs: Eigenpair[]
    /// <summary>How the search ended.</summary>
    Ending: EigenEnding
    /// <summary>Products with A, those of the residuals included.</summary>
    Products: int
    /// <summary>Restarts made; 0 for a dense decomposition.</summary>
    Restarts: int
    /// <summary>The greatest |A v| / |v| seen, a lower bound of A's norm.</summary>
    Scale: float
} with

    /// <summary>The eigenvalues alone.</summary>
    member this.Values = this.Pairs |> Array.map _.Value
