namespace Stackelberg

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Rule =

    let private needMomentum func (β: float) =
        if not (abs β < 1.0) then
            Require.wrong func (nameof β) (invariant $"is {β}, but a number in (−1, 1) is needed.")

    [<CompiledName("Simultaneous")>]
    let simultaneous: Rule = SimultaneousRule()

    [<CompiledName("Stackelberg")>]
    let stackelberg (conjecture: Conjecture) : Rule = StackelbergRule conjecture

    [<CompiledName("Alternating")>]
    let alternating: Rule = AlternatingRule 0.0

    [<CompiledName("TwoTimescale")>]
    let twoTimescale (τ: float) (rule: Rule) : Rule =
        Require.positive "Rule.twoTimescale" (nameof τ) τ

        TwoTimescaleRule(
            (invariant $"two-timescale {τ} {rule.Name}"),
            (invariant $"Fiez, Chasnov and Ratliff 2020, section 4; {rule.Source}"),
            τ,
            rule
        )

    [<CompiledName("Extragradient")>]
    let extragradient: Rule = ExtragradientRule()

    [<CompiledName("Optimistic")>]
    let optimistic: Rule = OptimisticRule()

    [<CompiledName("Momentum")>]
    let momentum (β: float) : Rule =
        needMomentum "Rule.momentum" β
        MomentumRule β

    [<CompiledName("AlternatingMomentum")>]
    let alternatingMomentum (β: float) : Rule =
        needMomentum "Rule.alternatingMomentum" β
        AlternatingRule β

    [<CompiledName("ProximalPointWith")>]
    let proximalPointWith (tolerance: float) (limit: int) : Rule =
        Require.positive "Rule.proximalPointWith" (nameof tolerance) tolerance
        Require.atLeastOne "Rule.proximalPointWith" (nameof limit) limit
        ProximalPointRule(tolerance, limit)

    [<CompiledName("ProximalPoint")>]
    let proximalPoint: Rule = proximalPointWith 1e-12 50

    [<CompiledName("Consensus")>]
    let consensus (λ: float) : Rule =
        Require.notNegative "Rule.consensus" (nameof λ) λ
        ConsensusRule λ

    [<CompiledName("Competitive")>]
    let competitive: Rule = CompetitiveRule()

    [<CompiledName("BestResponseWith")>]
    let bestResponseWith (tolerance: float) (limit: int) : Rule =
        Require.positive "Rule.bestResponseWith" (nameof tolerance) tolerance
        Require.atLeastOne "Rule.bestResponseWith" (nameof limit) limit
        BestResponseRule(tolerance, limit)

    [<CompiledName("BestResponse")>]
    let bestResponse: Rule = bestResponseWith 1e-10 50

    [<CompiledName("ImplicitConjectures")>]
    let implicitConjectures (conjecture: Conjecture) : Rule =
        MutualRule(
            (invariant $"implicit conjectures ({conjecture.Name})"),
            "Fiez, Chasnov and Ratliff 2020, section 2",
            conjecture
        )

    [<CompiledName("Lola")>]
    let lola (α: float) : Rule =
        MutualRule(
            (invariant $"LOLA {α}"),
            "Foerster, Chen, Al-Shedivat, Whiteson, Abbeel and Mordatch 2018, section 4",
            Conjecture.gradientStep α
        )

    [<CompiledName("LolaMoved")>]
    let lolaMoved (α: float) : Rule =
        MutualRule(
            (invariant $"LOLA at the moved point {α}"),
            "Grosse and Zhang, Differentiable Games (lecture)",
            Conjecture.lookAhead α
        )

    [<CompiledName("LookAhead")>]
    let lookAhead (α: float) : Rule =
        Require.notNegative "Rule.lookAhead" (nameof α) α
        LookAheadRule α

    [<CompiledName("StableOpponentShaping")>]
    let stableOpponentShaping (α: float) : Rule =
        Require.notNegative "Rule.stableOpponentShaping" (nameof α) α
        StableOpponentShapingRule(α, 0.5, 0.1)

    [<CompiledName("Unrolled")>]
    let unrolled (k: int) (α: float) : Rule =
        StackelbergRule(Conjecture.unrolled k α)

    [<CompiledName("FollowTheRidge")>]
    let followTheRidge (conjecture: Conjecture) : Rule = FollowTheRidgeRule conjecture

    [<CompiledName("DoubleFollowTheRidge")>]
    let doubleFollowTheRidge: Rule = DoubleFollowTheRidgeRule()

    [<CompiledName("SymplecticAdjustment")>]
    let symplecticAdjustment (λ: float) : Rule =
        Require.notNegative "Rule.symplecticAdjustment" (nameof λ) λ
        SymplecticAdjustmentRule(λ, false)

    [<CompiledName("AlignedSymplecticAdjustment")>]
    let alignedSymplecticAdjustment (λ: float) : Rule =
        Require.notNegative "Rule.alignedSymplecticAdjustment" (nameof λ) λ
        SymplecticAdjustmentRule(λ, true)

    [<CompiledName("SymplecticSurgery")>]
    let symplecticSurgery (ξ: float) : Rule =
        Require.positive "Rule.symplecticSurgery" (nameof ξ) ξ
        SymplecticSurgeryRule ξ

    [<CompiledName("Penalty")>]
    let penalty (λ: float) (innerSteps: int) (innerRate: float) : Rule =
        Require.positive "Rule.penalty" (nameof λ) λ
        Require.atLeastOne "Rule.penalty" (nameof innerSteps) innerSteps
        Require.positive "Rule.penalty" (nameof innerRate) innerRate
        PenaltyRule(λ, innerSteps, innerRate)

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
                (invariant
                    $"is {rule.Name}, which has preconditioners already; give them to the rule without.")

        PreconditionedRule(rule, Array.ofList preconditioners)

    [<CompiledName("Ttur")>]
    let ttur (τ: float) : Rule =
        Require.positive "Rule.ttur" (nameof τ) τ

        TwoTimescaleRule(
            (invariant $"TTUR {τ}"),
            "Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter 2017, section 2",
            τ,
            preconditioned [ Preconditioner.adam ] simultaneous
        )

    [<CompiledName("All")>]
    let all: Rule[] = [|
        simultaneous
        stackelberg Conjecture.bestResponse
        stackelberg (Conjecture.regularized 1.0)
        alternating
        twoTimescale 4.0 simultaneous
        ttur 4.0
        extragradient
        optimistic
        momentum -0.2
        alternatingMomentum -0.2
        proximalPoint
        consensus 0.1
        competitive
        bestResponse
        implicitConjectures Conjecture.bestResponse
        stackelberg (Conjecture.gradientStep 0.1)
        lola 0.1
        lolaMoved 0.1
        lookAhead 0.1
        stableOpponentShaping 0.1
        unrolled 5 0.1
        followTheRidge Conjecture.none
        followTheRidge Conjecture.bestResponse
        doubleFollowTheRidge
        symplecticAdjustment 1.0
        alignedSymplecticAdjustment 1.0
        symplecticSurgery 1e-4
        penalty 10.0 10 0.1
    |]
