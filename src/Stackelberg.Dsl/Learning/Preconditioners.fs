namespace Stackelberg

/// <summary>The preconditioners. Rule.preconditioned gives them to any rule.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Preconditioner =

    /// The ε that the networks' frameworks add to √v.
    let private usualEpsilon = 1e-8

    /// <summary>The direction itself.</summary>
    let plain: Preconditioner = PlainPreconditioner()

    /// <summary>v⁺ = β v + g, P(g) = v⁺ (Polyak 1964).</summary>
    /// <param name="β">In (−1, 1); 0.9 is usual, a negative number damps rotation.</param>
    [<CompiledName("Momentum")>]
    let momentum (β: float) : Preconditioner = MomentumPreconditioner β

    /// <summary>v⁺ = β v + (1 − β) g², P(g) = g / (√v⁺ + 1e-8) (Tieleman and Hinton 2012).</summary>
    /// <param name="β">In [0, 1); 0.99 is usual.</param>
    [<CompiledName("RmsProp")>]
    let rmsProp (β: float) : Preconditioner =
        RmsPropPreconditioner(β, usualEpsilon, false)

    /// <summary>As rmsProp, with v⁺ divided by 1 − βᵏ: the preconditioner of Follow-the-Ridge's experiments (Wang, Zhang
    /// and Ba 2020), there with β = 0.999.</summary>
    /// <param name="β">In [0, 1).</param>
    [<CompiledName("CorrectedRmsProp")>]
    let correctedRmsProp (β: float) : Preconditioner =
        RmsPropPreconditioner(β, usualEpsilon, true)

    /// <summary>P(g) = m̂ / (√v̂ + ε), with moments m and v that decay by β₁ and β₂ and are corrected for their start at
    /// zero (Kingma and Ba 2015, algorithm 1).</summary>
    /// <param name="β1">In [0, 1).</param>
    /// <param name="β2">In [0, 1).</param>
    /// <param name="ε">At least 0.</param>
    [<CompiledName("AdamWith")>]
    let adamWith (β1: float) (β2: float) (ε: float) : Preconditioner = AdamPreconditioner(β1, β2, ε)

    /// <summary>Adam with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8, as in the mixture-of-Gaussians experiments.</summary>
    /// <remarks>Its first step is γ · sign(g), up to ε.</remarks>
    let adam: Preconditioner = adamWith 0.9 0.999 usualEpsilon

    /// <summary>Adam with the greatest second moment so far in the place of the present one (Reddi, Kale and Kumar 2018).</summary>
    /// <param name="β1">In [0, 1).</param>
    /// <param name="β2">In [0, 1).</param>
    /// <param name="ε">At least 0.</param>
    [<CompiledName("AmsGradWith")>]
    let amsGradWith (β1: float) (β2: float) (ε: float) : Preconditioner = AmsGradPreconditioner(β1, β2, ε)

    /// <summary>AMSGrad with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8.</summary>
    let amsGrad: Preconditioner = amsGradWith 0.9 0.999 usualEpsilon

    /// <summary>Every preconditioner with usual parameters, for tables and tests.</summary>
    let all: Preconditioner[] = [| plain; momentum 0.9; rmsProp 0.99; correctedRmsProp 0.999; adam; amsGrad |]
