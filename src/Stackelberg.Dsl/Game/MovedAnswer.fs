namespace Stackelberg

/// A leader's total derivatives where the followers are believed to descend their own gradients for some steps, instead
/// of answering best.
module internal MovedAnswer =

    /// D₁f₁ − γ (D₂₁f₂)ᵀ D₂f₁: one step's derivative, Dr̂ = −γ D₂₁f₂, while the followers are believed to stay, r̂ = x₂.
    let ofGradientStep (γ: float) (point: Tensor[]) (leader: Block) f1 (follower: Block) f2 : Tensor =
        let D = Derivative.D point
        let D2 = Derivative.D2 point

        D leader f1 - γ * (Operator.transpose (D2 follower leader f2) * D follower f1)

    /// Up to so many steps, written out they run faster than a loop: of small games they are one emitted step.
    let private writtenOut = 16

    /// The derivative of x₁ ↦ f₁(x₁, r̂(x₁)) with r̂ the followers' strategy after k steps y⁺ = y − γ D₂f₂(x₁, y) from x₂:
    /// D₁f₁(x₁, r̂) + Dr̂ᵀ D₂f₁(x₁, r̂).
    let unrolled k (γ: float) (point: Tensor[]) (leader: Block) f1 (follower: Block) f2 : Tensor =
        let answer x1 =
            let at y = follower.Set (leader.Set point x1) y

            let step y = y - γ * Derivative.D (at y) follower f2

            if k <= writtenOut then
                Seq.fold (fun y _ -> step y) (follower.Get point) (seq { 1..k })
            else
                Loop.scan k step (follower.Get point)

        let r, pullback = Diff.vjp answer (leader.Get point)
        let D = Derivative.D(follower.Set point r)
        D leader f1 + pullback (D follower f1)
