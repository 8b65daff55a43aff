namespace Stackelberg

// Statements and equations by number are those of Fiez, Chasnov and Ratliff, arXiv 1906.01217.

/// <summary>Learning near an equilibrium whose concentration is asked for. Steps count as points: x_n is the joint strategy after n
/// steps, and γ_n = rate.At(n + 1) the rate of the step from it.</summary>
[<RequireQualifiedAccess>]
type ConcentrationProblem = {
    /// Of the game, the noise and the region.
    Constants: ConcentrationConstants
    /// γ₁, of the leader.
    LeaderRate: Rate
    /// γ₂, of the follower.
    FollowerRate: Rate
    /// ε, in (0, 1).
    Radius: float
    /// n₀: the step at which the run is near the equilibrium; 0 for Corollary 6.
    FromStep: int
    /// H: ‖x₂ − x₂*‖ + ‖z − x₂*‖ there, z = r(x₁); or anything that is at least ‖x₂ − z‖.
    FollowerGap: float
    /// ‖x₁ − x₁*‖ there.
    LeaderGap: float
    /// The last step that is looked at one by one; after FromStep.
    Horizon: int
}

/// <summary>A lower bound of the probability that one player gets locked in.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type LockedIn = {
    /// K of Lemma 1; of the leader the greater of K and K̄ of Lemma 2.
    Constant: float
    /// N: the first step from FromStep on from which on γ₂ and γ₁/γ₂ stay at most ε/(8 K), up to the horizon; −1 if there is none.
    FirstStep: int
    /// T: after so many steps what the start leaves is at most ε/(8 K); −1 if not up to the horizon.
    Time: int
    /// n̄ = n₀ + T + 1: from there on the player is within ε; −1 without a T.
    LockedFrom: int
    /// C₁, C₂, C₃, C₄ of (11), and of the leader C̃₁, …, C̃₆ of (12).
    Constants: float[]
    /// The sums of (11) or (12) from FromStep to the horizon: over γ₂, over γ₁/γ₂, over β, and of the leader over η.
    Sums: float[]
    /// Upper bounds of what the sums have beyond the horizon: infinite for rates that are not c k^(−p), 0 &lt; p ≤ 1.
    Rests: float[]
    /// 1 − Σ, from n̄ to the horizon. Below 0 where the bound says nothing.
    Probability: float
    /// 1 − Σ, from n̄ for ever.
    ProbabilityForEver: float
    /// The same to the horizon with the exact tails of normal noise in the place of the exponentials of (11) or (12).
    SharpProbability: float
    /// Whether FromStep is at least N, there is a T, and (of the leader) γ₁/γ₂ times H is at most ε/(8 K): if not, the bound
    /// does not apply.
    IsApplicable: bool
} with

    member internal this.Shown = this.ToString()

    override this.ToString() =
        if this.IsApplicable then
            (invariant
                $"within the radius from step {this.LockedFrom} to the horizon with probability at least {this.Probability:G6} ({this.SharpProbability:G6} by exact tails), for ever at least {this.ProbabilityForEver:G6}; K = {this.Constant:G5}")
        else
            (invariant
                $"the bound does not apply: K = {this.Constant:G5}, rates small enough from step {this.FirstStep}, the start forgotten after {this.Time} (−1 for never up to the horizon); begin later or take smaller rates")

/// <summary>Both players' bounds, with the envelopes of their rates.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type ConcentrationBound = {
    /// The constants of the lemmas.
    Lemmas: LemmaConstants
    /// Theorem 1, and for FromStep = 0 Corollary 6: ‖x₂,n − z_n‖ ≤ ε.
    Follower: LockedIn
    /// Theorem 2: ‖x₁,n − x₁*‖ ≤ ε.
    Leader: LockedIn
    /// β_n = max over n₀ ≤ k &lt; n of e^(−κ₂ Σ γ₂,i) γ₂,k, the sum over k &lt; i &lt; n; for n = n₀ + 1, …, horizon.
    Beta: float[]
    /// η_n, the same with κ₁ and γ₁.
    Eta: float[]
} with

    member internal this.Shown = this.ToString()

    override this.ToString() =
        (invariant $"follower: {this.Follower}\nleader: {this.Leader}")

/// <summary>Both sides of Lemmas 1 and 2 along a run.</summary>
[<RequireQualifiedAccess>]
type LemmaRun = {
    /// The constants, of the region that the run itself stayed in.
    Lemmas: LemmaConstants
    /// ‖x₂,n − z_n‖ for n = n₀, n₀ + 1, …
    FollowerGaps: float[]
    /// K times the sum of Lemma 1's terms.
    FollowerBounds: float[]
    /// ‖x₁,n − x₁*‖.
    LeaderGaps: float[]
    /// K̄ times the sum of Lemma 2's terms.
    LeaderBounds: float[]
}
