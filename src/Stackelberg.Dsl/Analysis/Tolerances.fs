namespace Stackelberg

/// <summary>What the analysis counts as zero. Equilibrium.tolerances has the defaults.</summary>
type Tolerances = {
    /// A field g counts as zero where ‖g‖₂ ≤ Critical · max(1, ‖J‖_F) · max(1, max |xᵢ|): where a point known to about
    /// that relative error could have no smaller one. Default 1e-8.
    Critical: float
    /// An eigenvalue is on the imaginary axis where |Re λ| ≤ Axis · ‖M‖_F of its matrix. Default 1e-8.
    Axis: float
}

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Tolerances =

    let usual = { Critical = 1e-8; Axis = 1e-8 }
