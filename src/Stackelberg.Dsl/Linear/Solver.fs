namespace Stackelberg

open Stackelberg.Kernels

/// <summary>How a linear system A w = b is solved, where only v ↦ A v is known.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Solver =

    let private restart = 50

    let private iterative method = {
        Method = method
        Tolerance = 1e-12
        MaxIterations = 1000
        WarmStart = false
    }

    /// <summary>The matrix is formed by n applications and eliminated (LU with partial pivoting). Exact up to rounding
    /// for every regular system.</summary>
    let dense: Solver = iterative LinearMethod.Dense

    /// <summary>Conjugate gradients, for symmetric positive definite systems: relative tolerance 1e-12, at most 1000
    /// iterations. Negative curvature ends the solve and is reported.</summary>
    let cg: Solver = iterative LinearMethod.ConjugateGradient

    /// <summary>GMRES restarted after 50 iterations, for any regular system: relative tolerance 1e-12, at most 1000
    /// iterations.</summary>
    let gmres: Solver = iterative (LinearMethod.Gmres restart)

    /// <summary>MINRES, for symmetric systems, indefinite and singular ones too: relative tolerance 1e-12, at most 1000
    /// iterations. A system without a solution gives an answer of least residual and reports that.</summary>
    let minres: Solver = iterative LinearMethod.Minres

    /// <summary>BiCGStab, for most regular systems, in memory that does not grow with the iterations: relative
    /// tolerance 1e-12, at most 1000 products.</summary>
    /// <remarks>It breaks down where the system is skew-symmetric, as in bilinear games; gmres does not.</remarks>
    let bicgstab: Solver = iterative LinearMethod.BiCgStab

    /// <summary>LSMR, for every system, singular ones too: relative tolerance 1e-12, at most 1000 products. Its iterations
    /// grow with the condition; half of the products are with the transpose.</summary>
    /// <remarks>It gives the least of the answers with the least residual, A⁺ b, and reports if that residual is not within
    /// the tolerance. Its derivative is that of A⁻¹ b, so it is right for regular A only. Unknown and right side have the same
    /// shape; the least squares problem of another map B is the symmetric system Bᵀ B w = Bᵀ b, for minres.</remarks>
    let lsmr: Solver = iterative LinearMethod.Lsmr

    /// <summary>The Neumann series w = α Σ (I − αA)ᵏ b, k = 0, 1, …: at most 1000 terms, fewer if it reaches the relative
    /// tolerance 1e-12 before.</summary>
    /// <param name="step">α, finite and not 0. For symmetric positive definite A it must be below 2 over the greatest
    /// eigenvalue.</param>
    /// <exception cref="T:System.ArgumentException">step is 0 or not finite.</exception>
    /// <remarks>withMaxIterations K gives the truncated series, which is what K steps of gradient descent with rate α on
    /// the followers' quadratic give. A run reports such truncated solves as fallen short.</remarks>
    let neumann (step: float) : Solver =
        if not (System.Double.IsFinite step && step <> 0.0) then
            Require.wrong
                "Solver.neumann"
                (nameof step)
                (invariant $"is {step}, but a finite number other than 0 is needed.")

        iterative (LinearMethod.Neumann step)

    /// <summary>The solvers that need no parameter, by name.</summary>
    let all: (string * Solver) list = [
        "dense", dense
        "cg", cg
        "minres", minres
        "gmres", gmres
        "bicgstab", bicgstab
        "lsmr", lsmr
    ]

    /// <summary>Chooses by size n and symmetry: dense for n ≤ 8, and for n ≤ 64 without known symmetry (several
    /// followers, or bounds that hold some entries fast); otherwise conjugate gradients with symmetry and GMRES
    /// without. Where these do not converge, as conjugate gradients at negative curvature, others follow: MINRES with
    /// symmetry, then dense for n ≤ 256, or without symmetry BiCGStab above that. Its Method is null.</summary>
    /// <remarks>With symmetry it begins with conjugate gradients because near the solutions that are sought followers' second
    /// derivatives are positive definite, where that is the cheapest. The report's curvature tells where they are
    /// not.</remarks>
    let auto: Solver = iterative null

    let private named func (solver: Solver) =
        if isNull solver.Method then
            Require.wrong
                func
                (nameof solver)
                "is Solver.auto, which chooses its method later; give one by name, for example Solver.cg."

        solver.Method

    /// <summary>One solver, and where it does not converge another, with the first one's tolerance and limit for each.</summary>
    /// <param name="other">What follows; not auto.</param>
    /// <param name="solver">What comes first; not auto.</param>
    /// <exception cref="T:System.ArgumentException">One of them is auto.</exception>
    /// <example><code lang="fsharp">Solver.cg |> Solver.orElse Solver.minres |> Solver.orElse Solver.dense</code></example>
    let orElse (other: Solver) (solver: Solver) =
        let first = named "Solver.orElse" solver

        {
            solver with
                Method = LinearMethod.InTurn(first, named "Solver.orElse" other)
        }

    /// <summary>The same method with another relative tolerance: it ends when ‖b − A w‖ ≤ tolerance ‖b‖.</summary>
    /// <param name="tolerance">Greater than 0. The dense method does not use it.</param>
    /// <param name="solver">The solver.</param>
    /// <exception cref="T:System.ArgumentException">tolerance is not a positive finite number.</exception>
    let withTolerance (tolerance: float) (solver: Solver) =
        if not (System.Double.IsFinite tolerance && tolerance > 0.0) then
            Require.wrong
                "Solver.withTolerance"
                (nameof tolerance)
                (invariant $"is {tolerance}, but a finite number above 0 is needed.")

        { solver with Tolerance = tolerance }

    /// <summary>The same method with another limit of matrix-vector products.</summary>
    /// <param name="limit">At least 1. The dense method does not use it.</param>
    /// <param name="solver">The solver.</param>
    /// <exception cref="T:System.ArgumentException">limit is below 1.</exception>
    let withMaxIterations (limit: int) (solver: Solver) =
        if limit < 1 then
            Require.wrong
                "Solver.withMaxIterations"
                (nameof limit)
                (invariant $"is {limit}, but at least 1 is needed.")

        { solver with MaxIterations = limit }

    /// <summary>The same method, each solve of a run starting from the last one's answer instead of 0.</summary>
    /// <param name="solver">The solver.</param>
    let warmStarted (solver: Solver) = { solver with WarmStart = true }

    /// <summary>The same method on S A S y = S b with S = 1 / √|d|, and w = S y: fewer iterations where the unknowns
    /// differ in scale. Tolerance and reported residual stay those of A w = b.</summary>
    /// <param name="diagonal">d, about A's diagonal: one finite number other than 0 for each unknown.</param>
    /// <param name="solver">The solver; not auto.</param>
    /// <exception cref="T:System.ArgumentException">An entry is 0 or not finite, or the solver is auto.</exception>
    let preconditioned (diagonal: float[]) (solver: Solver) =
        let method = named "Solver.preconditioned" solver

        {
            solver with
                Method = LinearMethod.Preconditioned(method, System.ReadOnlySpan diagonal)
        }

    /// <summary>As preconditioned, by a diagonal that each solve takes from A with a few products: exact where A's
    /// other entries lie less than that many places beside the diagonal, and useful where the diagonal dominates.</summary>
    /// <param name="products">How many products, at least 1.</param>
    /// <param name="solver">The solver; not auto.</param>
    /// <exception cref="T:System.ArgumentException">products is below 1, or the solver is auto.</exception>
    let jacobi (products: int) (solver: Solver) =
        let method = named "Solver.jacobi" solver

        {
            solver with
                Method = LinearMethod.Jacobi(method, products)
        }

    /// The solver itself, or what auto takes for n unknowns.
    let internal choose n isSymmetric (solver: Solver) = LinearSolve.choose n isSymmetric solver
