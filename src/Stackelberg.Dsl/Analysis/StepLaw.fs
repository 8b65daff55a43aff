namespace Stackelberg

open System.Numerics

/// <summary>A rule with constant rate η whose speed near a critical point follows from the eigenvalues λ of the field's
/// Jacobian alone.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type StepLaw =
    /// x⁺ = x − η g(x): the factor of an eigenvector is 1 − ηλ. Best for one pair of eigenvalues: η = Re λ / |λ|².
    | Simultaneous
    /// x⁺ = x − η g(x − η g(x)): 1 − ηλ + η²λ² (Korpelevich 1976).
    | Extragradient
    /// x⁺ = x − η (2 g(x) − g(x⁻)): the roots of w² − (1 − 2ηλ) w − ηλ (Daskalakis, Ilyas, Syrgkanis and Zeng 2018, equation 4).
    | Optimistic
    /// x⁺ = x − η g(x) + β (x − x⁻): the roots of w² − (1 + β − ηλ) w + β (Polyak 1964; for games, where the best β is
    /// negative, Gidel, Askari Hemmat and others 2019, equation 6).
    | NegativeMomentum
    /// x⁺ = x − η g(x⁺): 1 / (1 + ηλ) (Rockafellar 1976).
    | ProximalPoint

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The rule's name.</summary>
    override law.ToString() =
        match law with
        | Simultaneous -> "simultaneous"
        | Extragradient -> "extragradient"
        | Optimistic -> "optimistic"
        | NegativeMomentum -> "negative momentum"
        | ProximalPoint -> "proximal point"

/// What the laws say of eigenvalues.
module internal StepLaw =

    /// |1 + v|² − 1, without the cancellation near 1.
    let private beyondOne (v: Complex) =
        2.0 * v.Real + v.Real * v.Real + v.Imaginary * v.Imaginary

    /// The greatest |1 + v|² − 1 of the roots v of v² + b v + c.
    let private largest (b: Complex) (c: Complex) =
        let root = Complex.Sqrt(b * b - 4.0 * c)
        // The greater root first, which does not cancel; the other from the product.
        let sign =
            if b.Real * root.Real + b.Imaginary * root.Imaginary < 0.0 then
                -1.0
            else
                1.0

        let v = -0.5 * (b + sign * root)

        if v = Complex.Zero then
            0.0
        else
            max (beyondOne v) (beyondOne (c / v))

    /// The square of one eigenvalue's factor, less 1: negative where it contracts, however slowly.
    let excess law (η: float) (β: float) (λ: Complex) : float =
        let s = η * λ

        match law with
        | StepLaw.Simultaneous -> beyondOne -s
        | StepLaw.Extragradient -> beyondOne (s * s - s)
        // With w = 1 + v.
        | StepLaw.Optimistic -> largest (Complex.One + 2.0 * s) s
        | StepLaw.NegativeMomentum -> largest (Complex(1.0 - β, 0.0) + s) s
        | StepLaw.ProximalPoint -> -(beyondOne s) / (1.0 + beyondOne s)

    /// The greatest excess of a spectrum; infinite where it is not finite.
    let greatest law η β (spectrum: Complex[]) : float =
        let mutable most = -1.0

        for λ in spectrum do
            let one = excess law η β λ
            most <- if one > most || System.Double.IsNaN one then one else most

        if System.Double.IsNaN most then infinity else most

    /// The factor of a step from its excess: below 1 wherever the excess is below 0.
    let factorOf (excess: float) =
        if excess < 0.0 then
            min (System.Math.BitDecrement 1.0) (sqrt (max 0.0 (1.0 + excess)))
        else
            sqrt (1.0 + excess)

    /// The spectral radius of the step's derivative.
    let radius law η β (spectrum: Complex[]) : float = factorOf (greatest law η β spectrum)
