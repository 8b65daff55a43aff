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

    /// <summary>The method cannot go on: a zero pivot, a singular Krylov space, a vanishing scalar product that it
    /// divides by, or a value that is not finite.</summary>
    Breakdown = 4,

    /// <summary>The system has no solution; the answer is one of least residual, for Aᵀ (b − A x) is 0 to rounding.
    /// Only MINRES and LSMR find that out.</summary>
    LeastSquares = 5,

    /// <summary>The true residual is above tolerance, yet no longer falls: rounding stops it, or A is not of the kind
    /// that the method needs.</summary>
    Stagnated = 6,

    /// <summary>Newton's method found no root: out of steps, or no step along its direction makes the residual
    /// smaller.</summary>
    NoRoot = 7,

    /// <summary>A loop's condition was met.</summary>
    Ended = 8,

    /// <summary>A loop reached its limit before its condition was met; the answer is the state there.</summary>
    OutOfSteps = 9,
}

/// <summary>What one linear solve A x = b reports, one search for a root F(y) = 0, or one loop that runs until a condition
/// is met.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Iterations">Matrix-vector products used, the one that a guess's residual costs included; 0 for
/// <see cref="Steps.Solve"/>, which is given its matrix; of a loop its steps.</param>
/// <param name="Residual">‖b − A x‖₂ / ‖b‖₂ for an iterative method; for a dense one 0, or NaN if it broke down; of a loop 0,
/// or infinity at its limit.</param>
/// <param name="Curvature">The least vᵀAv / vᵀv that conjugate gradients or MINRES saw; for a dense solve the smallest pivot's
/// magnitude over the largest, an estimate of the reciprocal condition, below 0 where <see cref="LinearMethod.Dense"/> was given a
/// symmetric matrix that is not positive definite; NaN where neither was seen.</param>
public readonly record struct SolveReport(
    SolveStatus Status,
    int Iterations,
    double Residual,
    double Curvature
)
{
    /// <summary>Whether this is the report of a search for a root: its Iterations are Newton steps, its Residual is ‖F‖₂,
    /// its Curvature δᵀF / δᵀδ for the last correction δ.</summary>
    public bool IsRoot { get; init; }

    /// <summary>Whether the answer is what was asked for.</summary>
    public bool IsSuccess => Status is SolveStatus.Converged or SolveStatus.Ended;

    /// <summary>The worse of two endings of one solve: a failure before a success, then the larger residual or the longer
    /// way; NotRun is no ending.</summary>
    public static SolveReport Worse(SolveReport a, SolveReport b)
    {
        if (a.Status == SolveStatus.NotRun || b.Status == SolveStatus.NotRun)
        {
            return a.Status == SolveStatus.NotRun ? b : a;
        }

        if (a.IsSuccess != b.IsSuccess)
        {
            return a.IsSuccess ? b : a;
        }

        return b.Residual > a.Residual || (!(a.Residual > b.Residual) && b.Iterations > a.Iterations) ? b : a;
    }

    /// <summary>What happened, with the numbers, and what to try.</summary>
    public override string ToString() => IsRoot ? RootWords : SolveWords;

    private string RootWords =>
        Status == SolveStatus.Converged
            ? $"a root after {Iterations} Newton steps, residual {Residual:G3}"
            : $"no root after {Iterations} Newton steps, residual {Residual:G3}; begin nearer to it, allow more steps, or loosen the tolerance";

    private string SolveWords =>
        Status switch
        {
            SolveStatus.NotRun => "not run",
            SolveStatus.Ended => $"ended after {Iterations} steps",
            SolveStatus.OutOfSteps =>
                $"the loop's condition was not met within its limit of {Iterations} steps; raise the limit, or loosen the condition",
            SolveStatus.Converged => $"converged after {Iterations} products, residual {Residual:G3}",
            SolveStatus.OutOfIterations =>
                $"out of iterations after {Iterations} products at residual {Residual:G3}; allow more, loosen the tolerance, or precondition",
            SolveStatus.NegativeCurvature =>
                $"the matrix is not positive definite (vᵀAv / vᵀv = {Curvature:G3} after {Iterations} products), which conjugate gradients need; use MINRES or GMRES, or regularize",
            SolveStatus.LeastSquares =>
                $"the system has no solution (least residual {Residual:G3}, after {Iterations} products); the matrix is singular: regularize",
            SolveStatus.Stagnated =>
                $"the residual stays at {Residual:G3} after {Iterations} products; loosen the tolerance, precondition, or, where the matrix may not be symmetric, use GMRES",
            _ =>
                $"broke down after {Iterations} products at residual {Residual:G3}; the matrix may be singular or not finite: use MINRES or LSMR, or regularize",
        };
}
