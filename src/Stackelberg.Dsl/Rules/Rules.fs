namespace Stackelberg

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Rule =

    let private needMomentum func (β: float) =
        if not (abs β < 1.0) then
            Require.wrong func (nameof β) (invariant $"is {β}, but a number in (−1, 1) is needed.")

    let private make (definition: RuleDefinition) = Rule definition

    let private descending name source requirements (field: Step -> Tensor -> Tensor) =
        RuleDefinition.known name source requirements (fun s x -> s.Descend(x, field s x))
        |> make

    let create (name: string) (source: string) (step: Step -> Tensor -> Tensor) : Rule =
        Rule.Foreign("Rule.create", name, source, (fun _ _ -> [||]), (fun s _ x -> step s x, [||]))

    let withState
        (name: string)
        (source: string)
        (state: Game -> Tensor -> (string * Tensor) list)
        (step: Step -> Tensor[] -> Tensor -> Tensor * Tensor[])
        : Rule =
        Rule.Foreign("Rule.withState", name, source, (fun game x -> Array.ofList (state game x)), step)

    let requiring (requirements: Requirement list) (rule: Rule) : Rule =
        make {
            rule.Definition with
                Requirements = requirements
        }

    [<CompiledName("Simultaneous")>]
    let simultaneous: Rule =
        descending "simultaneous" "Fiez, Chasnov and Ratliff, arXiv 1906.01217, section 2.1" [] _.Omega

    [<CompiledName("Stackelberg")>]
    let stackelberg (conjecture: Conjecture) : Rule =
        let definition =
            RuleDefinition.known
                (invariant $"stackelberg ({conjecture.Name})")
                "Fiez, Chasnov and Ratliff, arXiv 1906.01217, equations (1), (2), (8), (9) and appendix C"
                []
                (fun s x -> s.Descend(x, s.Field(conjecture, x)))

        make { definition with Key = conjecture }

    [<CompiledName("Alternating")>]
    let alternating: Rule = make Alternating.plain

    let private faster name source (τ: float) (rule: Rule) =
        let speed = rule.Definition.Speed

        make {
            rule.Definition with
                Name = name
                Source = source
                Key = struct (τ, rule.Definition.Key)
                Speed = fun level -> τ ** float level * speed level
                Requirements = Requirement.SeveralLevels :: rule.Definition.Requirements
        }

    [<CompiledName("TwoTimescale")>]
    let twoTimescale (τ: float) (rule: Rule) : Rule =
        Require.positive "Rule.twoTimescale" (nameof τ) τ

        faster
            (invariant $"two-timescale {τ} {rule.Name}")
            (invariant
                $"Fiez, Chasnov and Ratliff, arXiv 1906.01217, section 3.2, and with a fixed ratio their code; {rule.Source}")
            τ
            rule

    [<CompiledName("Extragradient")>]
    let extragradient: Rule =
        descending "extragradient" "Korpelevich 1976" [] (fun s x -> s.Omega(s.Descend(x, s.Omega x)))

    [<CompiledName("Optimistic")>]
    let optimistic: Rule =
        RuleDefinition.known
            "optimistic"
            "Daskalakis, Ilyas, Syrgkanis and Zeng 2018, section 2"
            []
            (fun _ x -> x)
        |> RuleDefinition.remembering
            (fun game _ -> [| "last field", Tensor.zeros [ game.Dimension ] |])
            (fun s memory x ->
                let g = s.Omega x
                let last = Tensor.where s.IsFirst g memory[0]
                s.Descend(x, 2.0 * g - last), [| g |])
        |> make

    [<CompiledName("Momentum")>]
    let momentum (β: float) : Rule =
        needMomentum "Rule.momentum" β

        RuleDefinition.known
            (invariant $"momentum {β}")
            "Gidel, Askari Hemmat, Pezeshki, Le Priol, Huang, Lacoste-Julien and Mitliagkas 2019, section 3; Polyak 1964"
            []
            (fun _ x -> x)
        |> RuleDefinition.remembering
            (fun game _ -> [| "velocity", Tensor.zeros [ game.Dimension ] |])
            (fun s memory x ->
                // The move itself, not the difference of two points: angles may be turned back between steps.
                let next = s.Descend(x + β * memory[0], s.Omega x)
                next, [| next - x |])
        |> make

    [<CompiledName("AlternatingMomentum")>]
    let alternatingMomentum (β: float) : Rule =
        needMomentum "Rule.alternatingMomentum" β
        make (Alternating.withMomentum β)

    [<CompiledName("ProximalPointWith")>]
    let proximalPointWith (tolerance: float) (limit: int) : Rule =
        Require.positive "Rule.proximalPointWith" (nameof tolerance) tolerance
        Require.atLeastOne "Rule.proximalPointWith" (nameof limit) limit
        make (ProximalPoint.rule tolerance limit)

    [<CompiledName("ProximalPoint")>]
    let proximalPoint: Rule =
        proximalPointWith ProximalPoint.usualTolerance ProximalPoint.usualLimit

    [<CompiledName("Consensus")>]
    let consensus (λ: float) : Rule =
        Require.notNegative "Rule.consensus" (nameof λ) λ
        make (Symplectic.consensus λ)

    [<CompiledName("Competitive")>]
    let competitive: Rule = make Competitive.rule

    [<CompiledName("BestResponseWith")>]
    let bestResponseWith (tolerance: float) (limit: int) : Rule =
        Require.positive "Rule.bestResponseWith" (nameof tolerance) tolerance
        Require.atLeastOne "Rule.bestResponseWith" (nameof limit) limit
        make (BestResponse.rule tolerance limit)

    [<CompiledName("BestResponse")>]
    let bestResponse: Rule =
        bestResponseWith BestResponse.usualTolerance BestResponse.usualLimit

    [<CompiledName("ImplicitConjectures")>]
    let implicitConjectures (conjecture: Conjecture) : Rule =
        make {
            OpponentShaping.mutual
                (invariant $"implicit conjectures ({conjecture.Name})")
                "the code of Fiez, Chasnov and Ratliff at ICML 2020, bimatrix-games.ipynb (impconj)"
                conjecture with
                Key = struct ("mutual", conjecture)
        }

    [<CompiledName("Lola")>]
    let lola (α: float) : Rule =
        OpponentShaping.mutual
            (invariant $"LOLA {α}")
            "Foerster, Chen, Al-Shedivat, Whiteson, Abbeel and Mordatch 2018, section 4"
            (Conjecture.gradientStep α)
        |> make

    [<CompiledName("LolaMoved")>]
    let lolaMoved (α: float) : Rule =
        OpponentShaping.mutual
            (invariant $"LOLA at the moved point {α}")
            "Grosse and Zhang, Differentiable Games (lecture)"
            (Conjecture.lookAhead α)
        |> make

    [<CompiledName("LookAhead")>]
    let lookAhead (α: float) : Rule =
        Require.notNegative "Rule.lookAhead" (nameof α) α
        make (OpponentShaping.lookAhead α)

    [<CompiledName("StableOpponentShaping")>]
    let stableOpponentShaping (α: float) : Rule =
        Require.notNegative "Rule.stableOpponentShaping" (nameof α) α
        make (OpponentShaping.stable (invariant $"stable opponent shaping {α}") α 0.5 0.1)

    [<CompiledName("StableOpponentShapingWith")>]
    let stableOpponentShapingWith (a: float) (b: float) (α: float) : Rule =
        let func = "Rule.stableOpponentShapingWith"
        Require.notNegative func (nameof α) α

        if not (a > 0.0 && a < 1.0) then
            Require.wrong func (nameof a) (invariant $"is {a}, but a number in (0, 1) is needed.")

        if not (b > 0.0 && b < 1.0) then
            Require.wrong func (nameof b) (invariant $"is {b}, but a number in (0, 1) is needed.")

        make (OpponentShaping.stable (invariant $"stable opponent shaping {α} (a {a}, b {b})") α a b)

    [<CompiledName("FirstOrderLola")>]
    let firstOrderLola (α: float) : Rule =
        Require.notNegative "Rule.firstOrderLola" (nameof α) α
        make (OpponentShaping.firstOrder α true)

    [<CompiledName("FirstOrderLookAhead")>]
    let firstOrderLookAhead (α: float) : Rule =
        Require.notNegative "Rule.firstOrderLookAhead" (nameof α) α
        make (OpponentShaping.firstOrder α false)

    [<CompiledName("Unrolled")>]
    let unrolled (k: int) (α: float) : Rule = stackelberg (Conjecture.unrolled k α)

    [<CompiledName("FollowTheRidge")>]
    let followTheRidge (conjecture: Conjecture) : Rule =
        make {
            FollowTheRidge.rule conjecture with
                Key = struct ("ridge", conjecture)
        }

    [<CompiledName("DoubleFollowTheRidge")>]
    let doubleFollowTheRidge: Rule = make FollowTheRidge.double

    [<CompiledName("SymplecticAdjustment")>]
    let symplecticAdjustment (λ: float) : Rule =
        Require.notNegative "Rule.symplecticAdjustment" (nameof λ) λ
        make (Symplectic.adjustment λ false)

    [<CompiledName("AlignedSymplecticAdjustment")>]
    let alignedSymplecticAdjustment (λ: float) : Rule =
        Require.notNegative "Rule.alignedSymplecticAdjustment" (nameof λ) λ
        make (Symplectic.adjustment λ true)

    [<CompiledName("SymplecticSurgery")>]
    let symplecticSurgery (ξ: float) : Rule =
        Require.positive "Rule.symplecticSurgery" (nameof ξ) ξ
        make (Symplectic.surgery ξ)

    [<CompiledName("Penalty")>]
    let penalty (λ: float) (innerSteps: int) (innerRate: float) : Rule =
        Require.positive "Rule.penalty" (nameof λ) λ
        Require.atLeastOne "Rule.penalty" (nameof innerSteps) innerSteps
        Require.positive "Rule.penalty" (nameof innerRate) innerRate
        make (Penalty.rule λ innerSteps innerRate)

    [<CompiledName("FullyFirstOrder")>]
    let fullyFirstOrder (λ: float) (δ: float) (innerSteps: int) : Rule =
        Require.positive "Rule.fullyFirstOrder" (nameof λ) λ
        Require.notNegative "Rule.fullyFirstOrder" (nameof δ) δ
        Require.atLeastOne "Rule.fullyFirstOrder" (nameof innerSteps) innerSteps
        make (FullyFirstOrder.rule λ δ innerSteps)

    let private barrier func rule (η: float) (innerSteps: int) (innerRate: float) =
        Require.positive func (nameof η) η
        Require.atLeastOne func (nameof innerSteps) innerSteps
        Require.positive func (nameof innerRate) innerRate
        make (rule η innerSteps innerRate)

    [<CompiledName("Bome")>]
    let bome (η: float) (innerSteps: int) (innerRate: float) : Rule =
        barrier "Rule.bome" Barrier.bome η innerSteps innerRate

    [<CompiledName("DynamicBarrier")>]
    let dynamicBarrier (η: float) (innerSteps: int) (innerRate: float) : Rule =
        barrier "Rule.dynamicBarrier" Barrier.dynamic η innerSteps innerRate

    [<CompiledName("Darts")>]
    let darts (ξ: float) : Rule =
        Require.notNegative "Rule.darts" (nameof ξ) ξ
        make (Darts.oneStep ξ)

    [<CompiledName("DartsByDifferences")>]
    let dartsByDifferences (ξ: float) : Rule =
        Require.notNegative "Rule.dartsByDifferences" (nameof ξ) ξ
        make (Darts.byDifferences ξ)

    [<CompiledName("ExtrapolationFromThePast")>]
    let extrapolationFromThePast: Rule = make Past.extrapolation

    [<CompiledName("Nesterov")>]
    let nesterov (β: float) : Rule =
        needMomentum "Rule.nesterov" β
        make (Past.nesterov β)

    [<CompiledName("Halpern")>]
    let halpern (rule: Rule) : Rule = make (Anchored.halpern rule.Definition)

    [<CompiledName("ExtraAnchoredGradient")>]
    let extraAnchoredGradient: Rule = make Anchored.extragradient

    [<CompiledName("AveragedUniformly")>]
    let averagedUniformly (rule: Rule) : Rule =
        make (Averaging.uniform rule.Definition)

    [<CompiledName("AveragedExponentially")>]
    let averagedExponentially (β: float) (rule: Rule) : Rule =
        if not (β >= 0.0 && β < 1.0) then
            Require.wrong
                "Rule.averagedExponentially"
                (nameof β)
                (invariant $"is {β}, but a number in [0, 1) is needed.")

        make (Averaging.exponential β rule.Definition)

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

        let names = System.String.Join(", ", preconditioners |> List.map _.Name)

        make {
            rule.Definition with
                Name = (invariant $"{rule.Name} with {names}")
                Key = struct (rule.Definition.Key, preconditioners)
                Preconditioners = Array.ofList preconditioners
        }

    [<CompiledName("Ttur")>]
    let ttur (τ: float) : Rule =
        Require.positive "Rule.ttur" (nameof τ) τ

        preconditioned [ Preconditioner.adam ] simultaneous
        |> faster
            (invariant $"TTUR {τ}")
            "Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter 2017, section 2"
            τ

    [<CompiledName("OptimisticAdamWith")>]
    let optimisticAdamWith (β1: float) (β2: float) (ε: float) : Rule =
        let rule = make Past.optimism |> preconditioned [ Preconditioner.adamWith β1 β2 ε ]

        make {
            rule.Definition with
                Name = (invariant $"optimistic Adam ({β1}, {β2}, {ε})")
        }

    [<CompiledName("OptimisticAdam")>]
    let optimisticAdam: Rule = optimisticAdamWith 0.9 0.999 1e-8

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
        firstOrderLola 0.1
        firstOrderLookAhead 0.1
        extrapolationFromThePast
        optimisticAdam
        nesterov 0.2
        halpern simultaneous
        extraAnchoredGradient
        averagedUniformly simultaneous
        averagedExponentially 0.99 simultaneous
        fullyFirstOrder 10.0 0.0 5
        bome 0.5 10 0.1
        dynamicBarrier 0.5 10 0.1
        darts 0.1
        dartsByDifferences 0.1
    |]
