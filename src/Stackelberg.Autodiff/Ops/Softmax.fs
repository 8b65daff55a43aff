namespace Stackelberg

/// Weights and totals of exponentials along an axis. Both have rules of their own, because the derivative of the formula
/// cancels where one entry outweighs the others, and is ∞ − ∞ where entries are infinite.
module internal Softmax =

    let private kept axis (t: Tensor) =
        Structure.reshape (Shape.flattened [| axis |] t.Shape) (Structure.sum [| axis |] t)

    /// 1 for the largest entries.
    let private largest axis (t: Tensor) =
        Elementwise.equal t (Extremum.keptMaximum [| axis |] t)

    /// The entries less the largest one, which becomes 0 even if it is infinite.
    let private lowered axis (t: Tensor) =
        let shifted = t - Extremum.keptMaximum [| axis |] t
        Elementwise.where (largest axis t) (Elementwise.number t 0.0) shifted

    /// A tangent less its mean over the largest entries. A shift of a whole row changes no weight, and after this one the
    /// largest entry does not cancel what the small ones contribute.
    let private centred axis (t: Tensor) (tangent: Tensor) : Tensor =
        let largest = largest axis t

        tangent
        - kept axis (Elementwise.Selection.keep largest tangent) / kept axis largest

    let rec softmax axis (t: Tensor) : Tensor =
        // The Jacobian diag(s) − s sᵀ is symmetric.
        let derivative t s tangent : Tensor =
            let c = centred axis t tangent
            s * (c - kept axis (s * c))

        let weights t =
            let e: Tensor = exp (lowered axis t)
            e / kept axis e

        Composite.apply "softmax" [| axis |] weights derivative derivative (softmax (axis + 1)) t

    let rec logsumexp axis (t: Tensor) : Tensor =
        // All but one of the largest entries are 1 more under the logarithm, the others less: log (1 + x) keeps what they
        // add to a single largest one.
        let total t =
            let largest = largest axis t
            let e = exp (lowered axis t)

            let others =
                Structure.sum [| axis |] (Elementwise.where largest (Elementwise.number t 0.0) e)

            let more = Structure.sum [| axis |] largest - 1.0
            let greatest = Extremum.keptMaximum [| axis |] t
            Structure.reshape others.Shape greatest + Elementwise.log1p (more + others)

        let forward t _ (tangent: Tensor) =
            Structure.sum [| axis |] (softmax axis t * tangent)

        let reverse (t: Tensor) _ (ct: Tensor) =
            softmax axis t * Structure.reshape (Shape.flattened [| axis |] t.Shape) ct

        Composite.apply "logsumexp" [| axis |] total forward reverse (logsumexp (axis + 1)) t
