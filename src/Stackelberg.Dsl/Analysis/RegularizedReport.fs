namespace Stackelberg

open System
open System.Numerics

/// <summary>What a point is for a leader who anticipates followers with their curvature raised by η.</summary>
/// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217) test such points by the partial derivative D₁ of the leader's
/// regularised gradient (Proposition 10: positive definite is enough, Proposition 11: no negative eigenvalue is
/// necessary). That is not the leader's second derivative along the answer that it anticipates;
/// the Schur complement of the regularised J_S is, and it decides. Neither is symmetric in general: both tests look
/// at the symmetric part.</remarks>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type RegularizedReport = {
    /// How much the followers' curvature is raised.
    Regularization: float
    /// The norm of the regularised field; in a box ‖x − Π(x − g)‖₂.
    Residual: float
    /// Whether that field vanishes.
    IsCritical: Verdict
    /// Whether every eigenvalue of its Jacobian lies in the open right half-plane.
    IsStable: Verdict
    /// The printed test: the symmetric part of D₁ of the leader's regularised gradient is positive definite.
    IsPrintedTestMet: Verdict
    /// The true test: the symmetric part of the Schur complement of the field's Jacobian is positive definite.
    IsTrueTestMet: Verdict
    /// The printed necessary test: both the followers' own second derivatives and the symmetric part of D₁ of the leader's
    /// regularised gradient have no negative eigenvalue. No more than rounding below zero counts as zero.
    IsPrintedNecessaryMet: Verdict
    /// The true necessary test: the followers' own second derivatives and the symmetric part of the Schur complement have no
    /// negative eigenvalue.
    IsTrueNecessaryMet: Verdict
    /// Critical, the followers' own second derivatives positive definite, and the true test met.
    IsDifferentialStackelberg: Verdict
    /// The field's Jacobian's, by real, then imaginary part.
    Eigenvalues: Complex[]
    /// Of the symmetric part of D₁ of the leader's regularised gradient, ascending.
    EigenvaluesPrinted: float[]
    /// Of the symmetric part of the Schur complement, ascending.
    EigenvaluesTrue: float[]
    /// Why verdicts are undecided.
    Doubts: Doubt[]
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The tests and their spectra, one a line.</summary>
    override report.ToString() =
        let list (values: float[]) =
            let shown = String.Join(", ", values |> Array.truncate 6 |> Array.map (digits 7))

            if values.Length > 6 then
                (invariant $"{shown}, …")
            else
                shown

        let verdict (value: Verdict) = (string value).ToLowerInvariant()

        String.Join(
            "\n",
            [
                (invariant $"with the followers' curvature raised by {report.Regularization:G7}")
                (invariant
                    $"  residual                     {report.Residual:G7} (critical: {verdict report.IsCritical})")
                (invariant $"  stable                       {verdict report.IsStable}")
                (invariant $"  differential Stackelberg     {verdict report.IsDifferentialStackelberg}")
                (invariant
                    $"  printed test                 {verdict report.IsPrintedTestMet}: {list report.EigenvaluesPrinted}")
                (invariant
                    $"  true test                    {verdict report.IsTrueTestMet}: {list report.EigenvaluesTrue}")
                (invariant
                    $"  necessary, printed and true  {verdict report.IsPrintedNecessaryMet}, {verdict report.IsTrueNecessaryMet}")
                for doubt in report.Doubts do
                    (invariant $"  undecided                    {doubt}")
            ]
        )
