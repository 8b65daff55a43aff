namespace Stackelberg

open System.Numerics

/// <summary>A rule with constant rate η whose speed near a critical point follows from the eigenvalues λ of the field's
/// Jacobian alone.</summary>
[<RequireQualifiedAccess>]
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

    /// The greatest modulus of the roots of w² − p w + q.
    let private largest (p: Complex) (q: Complex) =
        let root = Complex.Sqrt(p * p - 4.0 * q)
        0.5 * max (p + root).Magnitude (p - root).Magnitude

    /// The factor of one eigenvalue.
    let factor law (η: float) (β: float) (λ: Complex) : float =
        let s = η * λ

        match law with
        | StepLaw.Simultaneous -> (Complex.One - s).Magnitude
        | StepLaw.Extragradient -> (Complex.One - s + s * s).Magnitude
        | StepLaw.Optimistic -> largest (Complex.One - 2.0 * s) (-s)
        | StepLaw.NegativeMomentum -> largest (Complex(1.0 + β, 0.0) - s) (Complex(β, 0.0))
        | StepLaw.ProximalPoint -> 1.0 / (Complex.One + s).Magnitude

    /// The spectral radius of the step's derivative.
    let radius law η β (spectrum: Complex[]) : float =
        let mutable largest = 0.0

        for λ in spectrum do
            largest <- max largest (factor law η β λ)

        largest
