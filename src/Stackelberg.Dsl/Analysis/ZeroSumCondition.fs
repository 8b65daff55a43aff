namespace Stackelberg

/// <summary>Fiez, Chasnov and Ratliff's (arXiv 1906.01217) necessary condition for a stable point of simultaneous play that is no Nash
/// point of a zero-sum game to be a differential Stackelberg point: as printed (Proposition 3), which is false, and
/// corrected.</summary>
/// <remarks>
/// With μ₁ ≤ … ≤ μ_m the eigenvalues of D₁²f, λ₁ ≥ … ≥ λ_n &gt; 0 those of −D₂²f, r the number of negative μ and
/// κ = ‖D₁₂f‖₂, a positive definite Schur complement needs r ≤ n and μᵢ + κ²/λ_(n−i+1) &gt; 0 for i ≤ r: on the space of
/// the i lowest eigenvectors of D₁²f the matrix D₁₂f (−D₂²f)⁻¹ D₂₁f must exceed −μᵢ, and its i-th largest eigenvalue is
/// at most κ²/λ_(n−i+1). Printed is κ²λᵢ + μᵢ &gt; 0, in whose proof the inverse is lost: D₁²f = −0.09, −D₂²f = 0.1,
/// D₁₂f = 0.1 has the Schur complement 0.01 and κ²λ + μ = −0.089.
/// </remarks>
[<RequireQualifiedAccess>]
type ZeroSumCondition = {
    /// Eigenvalues of D₁²f, ascending.
    Leader: float[]
    /// Eigenvalues of −D₂²f, descending.
    Follower: float[]
    /// ‖D₁₂f‖₂.
    Coupling: float
    /// r, how many eigenvalues of D₁²f are negative.
    NegativeDirections: int
    /// κ²λᵢ + μᵢ for i ≤ min(r, n). In print i ≤ r − p, p = dim ker D₁²f, which leaves out some where D₁²f is singular.
    Printed: float[]
    /// μᵢ + κ²/λ_(n−i+1) for i ≤ min(r, n).
    Corrected: float[]
    /// Whether r ≤ n and all of Printed are positive.
    IsPrintedMet: bool
    /// Whether r ≤ n and all of Corrected are positive: if not, the point is no differential Stackelberg point.
    IsCorrectedMet: bool
    /// Whether the Schur complement of J is positive definite, which the conditions are necessary for.
    IsSchurPositive: Verdict
}

module internal ZeroSumCondition =

    let at
        band
        (leader: float[,])
        (mixed: float[,])
        (follower: float[,])
        (schur: float[,])
        : ZeroSumCondition =
        let spectrum matrix =
            matrix |> Dense.symmetricPart |> Dense.eigenvalues |> Array.map _.Real

        let μ, λ = spectrum leader, spectrum follower |> Array.rev
        let κ = Dense.greatestSingularValue mixed
        let n = λ.Length
        let negative = μ |> Array.filter (fun value -> value < 0.0) |> Array.length
        let count = min negative n
        let printed = Array.init count (fun i -> κ * κ * λ[i] + μ[i])
        let corrected = Array.init count (fun i -> μ[i] + κ * κ / λ[n - 1 - i])

        let met values =
            negative <= n && values |> Array.forall (fun value -> value > 0.0)

        {
            Leader = μ
            Follower = λ
            Coupling = κ
            NegativeDirections = negative
            Printed = printed
            Corrected = corrected
            IsPrintedMet = met printed
            IsCorrectedMet = met corrected
            IsSchurPositive =
                schur
                |> Dense.symmetricPart
                |> Dense.conditionedEigenvalues
                |> Spectrum.isStable band 0.0
        }
