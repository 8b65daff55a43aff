namespace Stackelberg

open Stackelberg.Kernels

/// <summary>How a linear system A w = b is solved, where only v ↦ A v is known.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Solver =

    /// Up to this size the matrix is formed and eliminated: that is cheaper than iterating.
    let private denseBelow = 8

    /// Without symmetry the alternative is GMRES, and the matrix pays up to here.
    let private denseWithoutSymmetryBelow = 64

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

    /// <summary>Chooses by size n and symmetry: dense for n ≤ 8, and for n ≤ 64 without known symmetry (several
    /// followers, or bounds that hold some entries fast); otherwise conjugate gradients with symmetry and GMRES
    /// without. Its Method is null.</summary>
    let auto: Solver = iterative null

    /// <summary>The same method with another relative tolerance: it ends when ‖b − A w‖ ≤ tolerance ‖b‖.</summary>
    /// <param name="tolerance">Greater than 0. The dense method does not use it.</param>
    /// <param name="solver">The solver.</param>
    /// <exception cref="T:System.ArgumentException">tolerance is not a positive finite number.</exception>
    let withTolerance (tolerance: float) (solver: Solver) =
        if not (System.Double.IsFinite tolerance && tolerance > 0.0) then
            Require.wrong
                "Solver.withTolerance"
                (nameof tolerance)
                $"is {tolerance}, but a finite number above 0 is needed."

        { solver with Tolerance = tolerance }

    /// <summary>The same method with another limit of matrix-vector products.</summary>
    /// <param name="limit">At least 1. The dense method does not use it.</param>
    /// <param name="solver">The solver.</param>
    /// <exception cref="T:System.ArgumentException">limit is below 1.</exception>
    let withMaxIterations (limit: int) (solver: Solver) =
        if limit < 1 then
            Require.wrong "Solver.withMaxIterations" (nameof limit) $"is {limit}, but at least 1 is needed."

        { solver with MaxIterations = limit }

    /// <summary>The same method, each solve of a run starting from the last one's answer instead of 0.</summary>
    /// <param name="solver">The solver.</param>
    let warmStarted (solver: Solver) = { solver with WarmStart = true }

    /// The solver itself, or what auto takes for n unknowns.
    let internal choose n isSymmetric (solver: Solver) =
        if not (isNull solver.Method) then
            solver
        else
            let method =
                if n <= denseBelow || (not isSymmetric && n <= denseWithoutSymmetryBelow) then
                    LinearMethod.Dense
                elif isSymmetric then
                    LinearMethod.ConjugateGradient
                else
                    gmres.Method

            { solver with Method = method }
