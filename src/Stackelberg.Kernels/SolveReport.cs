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
/// <param name="Iterations">Matrix-vector products used; 0 for a dense solve.</param>
/// <param name="Residual">‖b − A x‖₂ / ‖b‖₂ for an iterative method, 0 for a dense one that did not break down.</param>
/// <param name="Curvature">The least vᵀAv / vᵀv that conjugate gradients saw; for a dense solve the smallest pivot's
/// magnitude over the largest, an estimate of the reciprocal condition.</param>
public readonly record struct SolveReport(
    SolveStatus Status,
    int Iterations,
    double Residual,
    double Curvature
);
