namespace Stackelberg.Kernels;

/// <summary>How a linear solve ended.</summary>
public enum SolveStatus
{
    /// <summary>The solve has not run yet.</summary>
    NotRun = 0,

    /// <summary>The residual is within tolerance (for a dense solve: the matrix is not singular to working precision).</summary>
    Converged = 1,

    /// <summary>The iteration limit came first; the answer is the last iterate.</summary>
    OutOfIterations = 2,

    /// <summary>Conjugate gradients met a direction v with vᵀAv ≤ 0, so the matrix is not positive definite;
    /// the answer is the iterate before that direction.</summary>
    NegativeCurvature = 3,

    /// <summary>The method cannot go on: a zero pivot, a singular Krylov space, or a value that is not finite.</summary>
    Breakdown = 4,
}

/// <summary>What one linear solve A x = b reports.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Iterations">Matrix-vector products used, the one that a guess's residual costs included; 0 for
/// <see cref="Steps.Solve"/>, which is given its matrix.</param>
/// <param name="Residual">‖b − A x‖₂ / ‖b‖₂ for an iterative method; for a dense one 0, or NaN if it broke down.</param>
/// <param name="Curvature">The least vᵀAv / vᵀv that conjugate gradients saw; for a dense solve the smallest pivot's
/// magnitude over the largest, an estimate of the reciprocal condition; NaN where neither was seen.</param>
public readonly record struct SolveReport(
    SolveStatus Status,
    int Iterations,
    double Residual,
    double Curvature
);
