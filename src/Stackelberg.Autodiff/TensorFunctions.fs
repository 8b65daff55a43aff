namespace Stackelberg

open System
open Stackelberg.Kernels

/// Further functions of module Tensor, entry by entry.
[<AutoOpen>]
module TensorFunctions =

    /// <summary>Functions on tensors, entry by entry.</summary>
    [<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
    module Tensor =

        /// <summary>arsinh tᵢ = log(tᵢ + √(1 + tᵢ²)).</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <example><code lang="fsharp">Tensor.asinh (Tensor.scalar 1.0) // 0.88137359</code></example>
        let asinh (t: Tensor) = SpecialFunctions.asinh t

        /// <summary>arcosh tᵢ = log(tᵢ + √(tᵢ² − 1)); NaN below 1.</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <example><code lang="fsharp">Tensor.acosh (Tensor.scalar 2.0) // 1.3169579</code></example>
        let acosh (t: Tensor) = SpecialFunctions.acosh t

        /// <summary>artanh tᵢ = ½ log((1 + tᵢ) / (1 − tᵢ)); ±∞ at ±1, NaN beyond.</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <example><code lang="fsharp">Tensor.atanh (Tensor.scalar 0.5) // 0.54930614</code></example>
        let atanh (t: Tensor) = SpecialFunctions.atanh t

        /// <summary>The error function erf tᵢ = 2/√π ∫ exp −s² ds from 0 to tᵢ.</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <remarks>The normal distribution function is ½ (1 + erf(x / √2)). Within a few units of the last place, as are
        /// its derivatives.</remarks>
        /// <example><code lang="fsharp">Tensor.erf (Tensor.scalar 1.0) // 0.84270079</code></example>
        let erf (t: Tensor) = SpecialFunctions.erf t

        /// <summary>erfc tᵢ = 1 − erf tᵢ, accurate far out, where it is tiny.</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <remarks>Within a few units of the last place, as are its derivatives.</remarks>
        /// <example><code lang="fsharp">Tensor.erfc (Tensor.scalar 10.0) // 2.0884876E-45</code></example>
        let erfc (t: Tensor) = SpecialFunctions.erfc t

        /// <summary>log |Γ(tᵢ)|; +∞ at 0 and the negative integers.</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <remarks>Its derivative is digamma. For positive numbers within a few units of the last place; for negative ones
        /// beside the zeros between the poles the error is so relative to 1.</remarks>
        /// <example><code lang="fsharp">Tensor.lgamma (Tensor.scalar 5.0) // 3.1780538</code></example>
        let lgamma (t: Tensor) = SpecialFunctions.lgamma t

        /// <summary>ψ(tᵢ) = Γ′(tᵢ) / Γ(tᵢ), the derivative of lgamma; NaN at 0 and the negative integers.</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <remarks>Accurate as lgamma is. Its derivatives are polygamma 1, 2, ….</remarks>
        /// <example><code lang="fsharp">Tensor.digamma (Tensor.scalar 1.0) // -0.57721566</code></example>
        let digamma (t: Tensor) = SpecialFunctions.polygamma 0 t

        /// <summary>The n-th derivative of the digamma function, ψ⁽ⁿ⁾(tᵢ) = (−1)ⁿ⁺¹ n! Σ (tᵢ + k)⁻ⁿ⁻¹ over k ≥ 0; digamma
        /// itself for n = 0.</summary>
        /// <param name="n">The order, from 0 to 100.</param>
        /// <param name="t">A tensor of any shape.</param>
        /// <exception cref="T:System.ArgumentException">n is out of range.</exception>
        /// <example><code lang="fsharp">Tensor.polygamma 1 (Tensor.scalar 1.0) // 1.6449341</code></example>
        let polygamma n (t: Tensor) =
            if n < 0 || n > ElementKernels.HighestPolygamma then
                Shape.wrong
                    "Tensor.polygamma"
                    (invariant $"n is {n}, but must be from 0 to {ElementKernels.HighestPolygamma}.")

            SpecialFunctions.polygamma n t

        /// <summary>log(exp aᵢ + exp bᵢ), without overflow and accurate where one hardly counts.</summary>
        /// <param name="a">A tensor of any shape.</param>
        /// <param name="b">A tensor whose shape broadcasts with a's.</param>
        /// <exception cref="T:System.ArgumentException">The shapes do not fit together, or the number types differ.</exception>
        /// <remarks>−∞ of two −∞, where each counts half in the derivative.</remarks>
        /// <example><code lang="fsharp">Tensor.logaddexp (Tensor.scalar 1000.0) (Tensor.scalar 1000.0) // 1000.6931</code></example>
        let logaddexp a b = SpecialFunctions.logaddexp a b

        /// <summary>tᵢ, but at least low and at most high.</summary>
        /// <param name="low">The least value; −infinity for none.</param>
        /// <param name="high">The largest value; infinity for none.</param>
        /// <param name="t">A tensor of any shape.</param>
        /// <exception cref="T:System.ArgumentException">low is above high, or one is NaN.</exception>
        /// <remarks>The derivative is 1 from low to high, both included, and 0 outside; NaN stays NaN. Bounds that are
        /// tensors: Tensor.maximum low (Tensor.minimum high t).</remarks>
        /// <example><code lang="fsharp">Tensor.clamp 0.0 1.0 (Tensor.ofList [ -2.0; 0.5; 3.0 ]) // [0, 0.5, 1]</code></example>
        let clamp (low: float) (high: float) (t: Tensor) =
            if not (low <= high) then
                Shape.wrong
                    "Tensor.clamp"
                    (FormattableString.Invariant
                        $"low is {low} and high {high}, but low must not be above high.")

            let low, high = Elementwise.number t low, Elementwise.number t high

            Elementwise.where
                (Elementwise.less t low)
                low
                (Elementwise.where (Elementwise.less high t) high t)
