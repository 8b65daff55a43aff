namespace Stackelberg

/// <summary>The learning rules.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Rule =

    let private needMomentum func (β: float) =
        if not (abs β < 1.0) then
            Require.wrong func (nameof β) $"is {β}, but a number in (−1, 1) is needed."

    /// <summary>Simultaneous gradient play, x⁺ = x − γ ω(x): every player descends its own cost and ignores the others'
    /// answers.</summary>
    let simultaneous: Rule = SimultaneousRule()

    /// <summary>Stackelberg gradient play, x⁺ = x − γ ω_S(x): every player with players below it descends its total
    /// gradient under a conjecture of their answer. All players move at once.</summary>
    /// <param name="conjecture">Conjecture.bestResponse for the paper's update, Conjecture.regularized η for its
    /// appendix C.</param>
    [<CompiledName("Stackelberg")>]
    let stackelberg (conjecture: Conjecture) : Rule = StackelbergRule conjecture

    /// <summary>Alternating gradient play: one player moves after another in the game's order, and sees where those
    /// before it have gone, xᵢ⁺ = xᵢ − γ Dᵢfᵢ(x₁⁺, …, xᵢ₋₁⁺, xᵢ, …, xₙ).</summary>
    let alternating: Rule = AlternatingRule 0.0

    /// <summary>The same rule with every level τ times as fast as the one above it: rates γ, τγ, τ²γ, …</summary>
    /// <param name="τ">The ratio γ₂/γ₁, above 0. (The paper's own τ is its inverse.)</param>
    /// <param name="rule">For example Rule.simultaneous or Rule.stackelberg Conjecture.bestResponse.</param>
    /// <exception cref="T:System.ArgumentException">τ is not a finite number above 0.</exception>
    /// <example><code lang="fsharp">Rule.simultaneous |> Rule.twoTimescale 10.0</code></example>
    [<CompiledName("TwoTimescale")>]
    let twoTimescale (τ: float) (rule: Rule) : Rule =
        Parameter.positive "Rule.twoTimescale" (nameof τ) τ

        TwoTimescaleRule(
            $"two-timescale {τ} {rule.Name}",
            $"Fiez, Chasnov and Ratliff 2020, section 4; {rule.Source}",
            τ,
            rule
        )

    /// <summary>Extragradient, z = Π(x − γ ω(x)), x⁺ = Π(x − γ ω(z)): two evaluations, each with its own noise. Both
    /// steps are preconditioned.</summary>
    let extragradient: Rule = ExtragradientRule()

    /// <summary>Optimistic gradient play, x⁺ = x − γ (2 ω(x) − ω(x⁻)), where x⁻ is the point before; the first step is
    /// plain.</summary>
    let optimistic: Rule = OptimisticRule()

    /// <summary>Heavy ball, x⁺ = x − γ ω(x) + β (x − x⁻), all players at once.</summary>
    /// <param name="β">In (−1, 1); games that turn want it negative.</param>
    /// <exception cref="T:System.ArgumentException">β is not in (−1, 1).</exception>
    [<CompiledName("Momentum")>]
    let momentum (β: float) : Rule =
        needMomentum "Rule.momentum" β
        MomentumRule β

    /// <summary>Heavy ball, one player after another, as in Rule.alternating.</summary>
    /// <param name="β">In (−1, 1); negative in the source.</param>
    /// <exception cref="T:System.ArgumentException">β is not in (−1, 1).</exception>
    [<CompiledName("AlternatingMomentum")>]
    let alternatingMomentum (β: float) : Rule =
        needMomentum "Rule.alternatingMomentum" β
        AlternatingRule β

    /// <summary>Proximal point with another inner Newton iteration.</summary>
    /// <param name="tolerance">The inner iteration ends when ‖z − x + γ ω(z)‖ ≤ tolerance · max(1, ‖x‖).</param>
    /// <param name="limit">At most this many inner iterations, at least 1.</param>
    /// <exception cref="T:System.ArgumentException">tolerance is not a finite number above 0; limit is below 1.</exception>
    [<CompiledName("ProximalPointWith")>]
    let proximalPointWith (tolerance: float) (limit: int) : Rule =
        Parameter.positive "Rule.proximalPointWith" (nameof tolerance) tolerance
        Parameter.atLeastOne "Rule.proximalPointWith" (nameof limit) limit
        ProximalPointRule(tolerance, limit)

    /// <summary>Proximal point, x⁺ = x − γ ω(x⁺), solved by Newton's method with matrix-free linear solves: at most 50
    /// iterations to 1e-12. A run whose inner iteration fails ends with Outcome.InnerFailed.</summary>
    let proximalPoint: Rule = proximalPointWith 1e-12 50

    /// <summary>Consensus optimisation, x⁺ = x − γ (ω + λ Jᵀω): every player also descends ½ ‖ω‖².</summary>
    /// <param name="λ">At least 0.</param>
    /// <exception cref="T:System.ArgumentException">λ is negative or not finite.</exception>
    [<CompiledName("Consensus")>]
    let consensus (λ: float) : Rule =
        Parameter.notNegative "Rule.consensus" (nameof λ) λ
        ConsensusRule λ

    /// <summary>Competitive gradient descent: every player moves by its part of the equilibrium of the game's bilinear
    /// approximation, x⁺ = x − γ (I + γ C)⁻¹ ω with C the blocks of J off its diagonal. Matrix-free.</summary>
    let competitive: Rule = CompetitiveRule()

    /// <summary>The same rule with preconditioned steps, x⁺ = x − γ P(g).</summary>
    /// <param name="preconditioners">One for all players, or one for each in the game's order.</param>
    /// <param name="rule">The rule.</param>
    /// <exception cref="T:System.ArgumentException">There is no preconditioner, or the rule has some already.</exception>
    /// <example><code lang="fsharp">Rule.stackelberg (Conjecture.regularized 1.0) |> Rule.preconditioned [ Preconditioner.adam ]</code></example>
    [<CompiledName("Preconditioned")>]
    let preconditioned (preconditioners: Preconditioner list) (rule: Rule) : Rule =
        if preconditioners.IsEmpty then
            Require.wrong
                "Rule.preconditioned"
                (nameof preconditioners)
                "is empty; give one for all players or one for each."

        if rule.Preconditioners.Length > 0 then
            Require.wrong
                "Rule.preconditioned"
                (nameof rule)
                $"is {rule.Name}, which has preconditioners already; give them to the rule without."

        PreconditionedRule(rule, Array.ofList preconditioners)

    /// <summary>Every rule with usual parameters, for tables and tests. A new rule is one file and one line here.</summary>
    let all: Rule[] = [|
        simultaneous
        stackelberg Conjecture.bestResponse
        stackelberg (Conjecture.regularized 1.0)
        alternating
        twoTimescale 4.0 simultaneous
        extragradient
        optimistic
        momentum -0.2
        alternatingMomentum -0.2
        proximalPoint
        consensus 0.1
        competitive
    |]
