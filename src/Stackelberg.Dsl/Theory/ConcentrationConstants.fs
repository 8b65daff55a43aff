namespace Stackelberg

/// <summary>What the concentration bounds know of a game, its noise and the region that a run stays in.</summary>
/// <remarks>Concentration.constants makes one from samples; any of its numbers may be replaced by a better one.</remarks>
[<RequireQualifiedAccess>]
type ConcentrationConstants = {
    /// d₁.
    LeaderDimension: int
    /// d₂.
    FollowerDimension: int
    /// κ₂ and L₂: the least and the greatest eigenvalue of D₂²f₂, which is taken to be constant; above 0.
    FollowerCurvature: struct (float * float)
    /// κ₁ and Λ₁: the least and the greatest eigenvalue of the second derivative of x₁ ↦ f₁(x₁, r(x₁)), taken to be constant; above 0.
    LeaderCurvature: struct (float * float)
    /// L₁: the greatest ‖D₂(Df₁)‖₂.
    LipschitzLeaderInFollower: float
    /// M₁: the greatest ‖Df₁‖₂ in the region.
    BoundOfLeader: float
    /// L_r: the greatest ‖Dr‖₂.
    LipschitzReaction: float
    /// σ₁: the standard deviation of the normal noise on every entry of the leader.
    LeaderDeviation: float
    /// σ₂: the same of the follower.
    FollowerDeviation: float
}

/// <summary>The constants of Lemmas 1 and 2, and what they are the greatest of: the factor of every term of the right-hand
/// sides.</summary>
/// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), section 3.2.2, where they are said to exist.</remarks>
[<RequireQualifiedAccess>]
type LemmaConstants = {
    /// K.
    Follower: float
    /// K̄.
    Leader: float
    /// Lemma 1: of ‖S₂‖, of the decaying gap, of sup γ₂, of sup γ₂‖w₂‖², of sup τ, of sup τ‖w₁‖².
    FollowerFactors: float[]
    /// Lemma 2: of ‖S₁‖, of sup ‖S₂‖, of sup γ₂, of sup τ, of sup γ₂‖w₂‖², of sup τ‖w₁‖², of sup τ H, of the decaying gap.
    LeaderFactors: float[]
}

/// What a run that began at step n₀ near its equilibrium stays within, by the bounds' derivation.
module internal LemmaConstants =

    /// Over a sum of decaying exponentials against the rates: Σ e^(−κ(t_n − t_(k+1))) γ_k ≤ e^(κ γ̄)/κ.
    let decay κ highest = exp (κ * highest) / κ

    /// From the greatest gaps that may occur and the greatest rates from n₀ on.
    /// The derivation: with e = x₂ − z and s = S₂, e⁺ = (1 − γH) e − γ w₂ − Δz and s⁺ = e^(−γH) s + ∫₀^γ e^(−uH) du w₂, so that
    /// e + s contracts by e^(−κ₂ γ) up to (1 − γH − e^(−γH)) e, at most ½ γ²L₂²‖e‖, (∫ − γ) w₂, at most ½ γ²L₂‖w₂‖, and
    /// Δz, at most L_r γ₁ (M₁ + ‖w₁‖); at last ‖w‖ ≤ ½ (1 + ‖w‖²). The leader's the same with L₁‖e‖ in the place of Δz.
    let ofRegion
        followerGap
        leaderGap
        highestFollower
        highestLeader
        (c: ConcentrationConstants)
        : LemmaConstants =
        let struct (κ1, Λ1), struct (κ2, L2) = c.LeaderCurvature, c.FollowerCurvature
        let c1, c2 = decay κ1 highestLeader, decay κ2 highestFollower
        let rate = c2 * (0.5 * L2 * L2 * followerGap + 0.25 * L2)
        let rateNoise = 0.25 * c2 * L2
        let ratio = c2 * c.LipschitzReaction * (c.BoundOfLeader + 0.5)
        let ratioNoise = 0.5 * c2 * c.LipschitzReaction
        let follower = [| 1.0; 1.0; rate; rateNoise; ratio; ratioNoise |]
        let through = c1 * c.LipschitzLeaderInFollower

        let leader = [|
            1.0
            through
            through * rate
            c1 * highestFollower * (0.5 * Λ1 * Λ1 * leaderGap + 0.25 * Λ1) + through * ratio
            through * rateNoise
            0.25 * c1 * highestFollower * Λ1 + through * ratioNoise
            c2 * c.LipschitzLeaderInFollower
            1.0
        |]

        {
            Follower = Array.max follower
            Leader = Array.max leader
            FollowerFactors = follower
            LeaderFactors = leader
        }
