namespace Stackelberg

/// <summary>The learning rules. ω stacks the players' partial gradients Dᵢfᵢ, ω_S their total gradients, J = ∂ω/∂x; γ are the
/// rates; D_jᵢ f is the derivative of D_j f in xᵢ.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Rule =

    /// <summary>A rule of one's own, whose step is an expression of the joint strategy.</summary>
    /// <param name="name">The rule as a reader knows it, its parameters included.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="step">From the step's rates and fields and the joint strategy x, shape [d], to the next one. It is
    /// called on symbols, and may not draw random numbers: noise and samples come with every evaluation of a field.</param>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    /// <example><code lang="fsharp">
    /// // Extragradient.
    /// Rule.create "mine" "Korpelevich 1976" (fun s x ->
    ///     let z = s.Project(x - s.Rate * s.Omega x)
    ///     s.Project(x - s.Rate * s.Omega z))
    /// </code></example>
    val create: name: string -> source: string -> step: (Step -> Tensor -> Tensor) -> Rule

    /// <summary>A rule of one's own that remembers tensors from step to step.</summary>
    /// <param name="name">The rule as a reader knows it, its parameters included.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="state">From the game and the start, shape [d], to what is remembered before the first step, by name:
    /// float64 tensors.</param>
    /// <param name="step">From the step, what is remembered and the joint strategy, shape [d], to the next one and what is
    /// remembered then, of the same shapes.</param>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    /// <example><code lang="fsharp">
    /// // Heavy ball.
    /// Rule.withState "heavy ball 0.5" "Polyak 1964"
    ///     (fun game _ -> [ ("velocity", Tensor.zeros [ game.Dimension ]) ])
    ///     (fun s memory x ->
    ///         let next = s.Project(x - s.Rate * s.Omega x + 0.5 * memory[0])
    ///         next, [| next - x |])
    /// </code></example>
    val withState:
        name: string ->
        source: string ->
        state: (Game -> Tensor -> (string * Tensor) list) ->
        step: (Step -> Tensor[] -> Tensor -> Tensor * Tensor[]) ->
            Rule

    /// <summary>The same rule, which refuses games that are not as it requires.</summary>
    /// <param name="requirements">What it requires.</param>
    /// <param name="rule">The rule.</param>
    val requiring: requirements: Requirement list -> rule: Rule -> Rule

    /// <summary>Simultaneous gradient play, x⁺ = x − γ ω(x): every player descends its own cost and ignores the others'
    /// answers.</summary>
    [<CompiledName("Simultaneous")>]
    val simultaneous: Rule

    /// <summary>Stackelberg gradient play, x⁺ = x − γ ω_S(x): every player with players below it descends its total
    /// gradient under a conjecture of their answer. All players move at once.</summary>
    /// <param name="conjecture">Conjecture.bestResponse for the update of arXiv 1906.01217, equations (1) and (2), Conjecture.regularized η for that of its
    /// appendix C.</param>
    [<CompiledName("Stackelberg")>]
    val stackelberg: conjecture: Conjecture -> Rule

    /// <summary>Alternating gradient play: one player moves after another in the game's order, and sees where those
    /// before it have gone, xᵢ⁺ = xᵢ − γ Dᵢfᵢ(x₁⁺, …, xᵢ₋₁⁺, xᵢ, …, xₙ).</summary>
    [<CompiledName("Alternating")>]
    val alternating: Rule

    /// <summary>The same rule with every level τ times as fast as the one above it: rates γ, τγ, τ²γ, …</summary>
    /// <param name="τ">The ratio γ₂/γ₁, above 0. (The paper's own τ is its inverse.)</param>
    /// <param name="rule">For example Rule.simultaneous or Rule.stackelberg Conjecture.bestResponse.</param>
    /// <exception cref="T:System.ArgumentException">τ is not a finite number above 0.</exception>
    /// <example><code lang="fsharp">Rule.simultaneous |> Rule.twoTimescale 10.0</code></example>
    [<CompiledName("TwoTimescale")>]
    val twoTimescale: τ: float -> rule: Rule -> Rule

    /// <summary>Extragradient, z = Π(x − γ ω(x)), x⁺ = Π(x − γ ω(z)): two evaluations, each with its own noise. Both
    /// steps are preconditioned.</summary>
    [<CompiledName("Extragradient")>]
    val extragradient: Rule

    /// <summary>Optimistic gradient play, x⁺ = x − γ (2 ω(x) − ω(x⁻)), where x⁻ is the point before; the first step is
    /// plain.</summary>
    [<CompiledName("Optimistic")>]
    val optimistic: Rule

    /// <summary>Heavy ball, x⁺ = x − γ ω(x) + β (x − x⁻), all players at once.</summary>
    /// <param name="β">In (−1, 1); games that turn want it negative.</param>
    /// <exception cref="T:System.ArgumentException">β is not in (−1, 1).</exception>
    [<CompiledName("Momentum")>]
    val momentum: β: float -> Rule

    /// <summary>Heavy ball, one player after another, as in Rule.alternating.</summary>
    /// <param name="β">In (−1, 1); negative in the source.</param>
    /// <exception cref="T:System.ArgumentException">β is not in (−1, 1).</exception>
    [<CompiledName("AlternatingMomentum")>]
    val alternatingMomentum: β: float -> Rule

    /// <summary>Proximal point with another inner Newton iteration.</summary>
    /// <param name="tolerance">The inner iteration ends when ‖z − x + γ ω(z)‖ ≤ tolerance · max(1, ‖x‖).</param>
    /// <param name="limit">At most this many inner iterations, at least 1.</param>
    /// <exception cref="T:System.ArgumentException">tolerance is not a finite number above 0; limit is below 1.</exception>
    [<CompiledName("ProximalPointWith")>]
    val proximalPointWith: tolerance: float -> limit: int -> Rule

    /// <summary>Proximal point, x⁺ = x − γ ω(x⁺), solved by Newton's method with matrix-free linear solves: at most 50
    /// iterations to 1e-12. A run whose inner iteration fails ends with Outcome.InnerFailed.</summary>
    [<CompiledName("ProximalPoint")>]
    val proximalPoint: Rule

    /// <summary>Consensus optimisation, x⁺ = x − γ (ω + λ Jᵀω): every player also descends ½ ‖ω‖².</summary>
    /// <param name="λ">At least 0.</param>
    /// <exception cref="T:System.ArgumentException">λ is negative or not finite.</exception>
    [<CompiledName("Consensus")>]
    val consensus: λ: float -> Rule

    /// <summary>Competitive gradient descent: every player moves by its part of the equilibrium of the game's bilinear
    /// approximation, x⁺ = x − γ (I + γ C)⁻¹ ω with C the blocks of J off its diagonal. Matrix-free.</summary>
    [<CompiledName("Competitive")>]
    val competitive: Rule

    /// <summary>The followers answer best, by Newton's method, and the leaders descend their total derivative along
    /// that answer, with another inner iteration.</summary>
    /// <param name="tolerance">The inner iteration ends when the norm of the followers' gradients is at most
    /// tolerance · max(1, ‖x‖).</param>
    /// <param name="limit">At most this many inner iterations, at least 1.</param>
    /// <exception cref="T:System.ArgumentException">tolerance is not a finite number above 0; limit is below 1.</exception>
    [<CompiledName("BestResponseWith")>]
    val bestResponseWith: tolerance: float -> limit: int -> Rule

    /// <summary>The followers answer best and the leaders descend along that answer, x₁⁺ = x₁ − γ Df₁(x₁, r(x₁)),
    /// x₂⁺ = r(x₁⁺). The answer is found by Newton's method, at most 50 iterations to 1e-10; a single follower's is a
    /// minimum, several followers' any critical point of their own game. Where the iteration fails the run ends with
    /// Outcome.InnerFailed.</summary>
    [<CompiledName("BestResponse")>]
    val bestResponse: Rule

    /// <summary>Implicit conjectures of all players: each anticipates the answer of all others that keeps their own
    /// gradients zero, Dr̂₋ᵢ = −(D₋ᵢω₋ᵢ + η I)⁻¹ Dᵢω₋ᵢ.</summary>
    /// <param name="conjecture">Conjecture.bestResponse, Conjecture.regularized η, or another.</param>
    [<CompiledName("ImplicitConjectures")>]
    val implicitConjectures: conjecture: Conjecture -> Rule

    /// <summary>LOLA as its paper's learning rule has it: every player expects the others to stay, and to answer a move
    /// by one gradient step, xᵢ⁺ = xᵢ − γ (Dᵢfᵢ − α Σ_{j≠i} (D_ji f_j)ᵀ D_j fᵢ).</summary>
    /// <param name="α">The rate that is expected of the others, at least 0.</param>
    /// <exception cref="T:System.ArgumentException">α is negative or not finite.</exception>
    [<CompiledName("Lola")>]
    val lola: α: float -> Rule

    /// <summary>LOLA as Grosse and Zhang's lecture has it: every player descends the derivative of its cost after one
    /// gradient step of all others, taken at the moved point, d/dxᵢ fᵢ(xᵢ, x₋ᵢ − α ω₋ᵢ(x)).</summary>
    /// <param name="α">The rate that is expected of the others, at least 0.</param>
    /// <exception cref="T:System.ArgumentException">α is negative or not finite.</exception>
    [<CompiledName("LolaMoved")>]
    val lolaMoved: α: float -> Rule

    /// <summary>Look-ahead: every player descends its cost at the strategies that the others are predicted to move to,
    /// without regard to its influence on them, xᵢ⁺ = xᵢ − γ Dᵢfᵢ(xᵢ, x₋ᵢ − α ω₋ᵢ(x)).</summary>
    /// <param name="α">The rate that is expected of the others, at least 0.</param>
    /// <exception cref="T:System.ArgumentException">α is negative or not finite.</exception>
    [<CompiledName("LookAhead")>]
    val lookAhead: α: float -> Rule

    /// <summary>Stable opponent shaping with its source's usual a = 0.5 and b = 0.1: ξ₀ − p α χ with ξ₀ = (I − α C) ω, C the
    /// blocks of J off its diagonal, χᵢ = Σ_{j≠i} (D_ji f_j)ᵀ D_j fᵢ. Where ⟨−αχ, ξ₀⟩ &lt; 0, p is at most
    /// a ‖ξ₀‖² / |⟨αχ, ξ₀⟩|; where ‖ω‖ &lt; b, at most ‖ω‖².</summary>
    /// <param name="α">The rate that is expected of the others, at least 0.</param>
    /// <exception cref="T:System.ArgumentException">α is negative or not finite.</exception>
    [<CompiledName("StableOpponentShaping")>]
    val stableOpponentShaping: α: float -> Rule

    /// <summary>Stable opponent shaping with other a and b: smaller ones shape less.</summary>
    /// <param name="a">In (0, 1).</param>
    /// <param name="b">In (0, 1).</param>
    /// <param name="α">The rate that is expected of the others, at least 0.</param>
    /// <exception cref="T:System.ArgumentException">A parameter is out of its range.</exception>
    [<CompiledName("StableOpponentShapingWith")>]
    val stableOpponentShapingWith: a: float -> b: float -> α: float -> Rule

    /// <summary>LOLA to first order in α, look-ahead's term included: x⁺ = x − γ ((I − α C) ω − α χ) with C the blocks of J off its
    /// diagonal and χᵢ = Σ_{j≠i} (D_ji f_j)ᵀ D_j fᵢ. (Rule.lola has no C; Rule.lolaMoved is exact in α.)</summary>
    /// <param name="α">The rate that is expected of the others, at least 0.</param>
    /// <exception cref="T:System.ArgumentException">α is negative or not finite.</exception>
    [<CompiledName("FirstOrderLola")>]
    val firstOrderLola: α: float -> Rule

    /// <summary>Look-ahead to first order in α, x⁺ = x − γ (I − α C) ω with C the blocks of J off its diagonal: what stable opponent
    /// shaping falls back to. Equal to Rule.lookAhead where C is constant.</summary>
    /// <param name="α">The rate that is expected of the others, at least 0.</param>
    /// <exception cref="T:System.ArgumentException">α is negative or not finite.</exception>
    [<CompiledName("FirstOrderLookAhead")>]
    val firstOrderLookAhead: α: float -> Rule

    /// <summary>Unrolled play: leaders descend the derivative of their cost through k gradient steps of the
    /// followers, who make one plain step.</summary>
    /// <param name="k">At least 1.</param>
    /// <param name="α">The rate of the expected steps, at least 0.</param>
    /// <exception cref="T:System.ArgumentException">k is below 1; α is negative or not finite.</exception>
    [<CompiledName("Unrolled")>]
    val unrolled: k: int -> α: float -> Rule

    /// <summary>Follow-the-Ridge: followers also go along with the leaders' move, so that they stay where their gradients
    /// are zero, x₂⁺ = x₂ − γ₂ D₂f₂ − (D₂²f₂)⁻¹ D₂₁f₂ (x₁⁺ − x₁). Games of two levels.</summary>
    /// <param name="conjecture">What leaders descend: Conjecture.none as in algorithm 1, for zero-sum games (elsewhere its
    /// rest points are those of ω, not of ω_S); Conjecture.bestResponse for general-sum games. Its solver also solves for
    /// the followers' turn.</param>
    [<CompiledName("FollowTheRidge")>]
    val followTheRidge: conjecture: Conjecture -> Rule

    /// <summary>Double Follow-the-Ridge: every player goes along with the others' moves, J Δ = −γ B ω with B the blocks of J
    /// on its diagonal. Of the critical points it is attracted by differential Nash equilibria and no others.</summary>
    /// <remarks>It also rests where B ω = 0 and ω is not: where a player's own second derivative vanishes and the others'
    /// gradients do. Such points can attract, as (1.990, 2.477) does on the third function of
    /// games/follow-the-ridge.fsx.</remarks>
    [<CompiledName("DoubleFollowTheRidge")>]
    val doubleFollowTheRidge: Rule

    /// <summary>Symplectic gradient adjustment, x⁺ = x − γ (ω + λ Aᵀω) with A = ½ (J − Jᵀ).</summary>
    /// <param name="λ">At least 0.</param>
    /// <exception cref="T:System.ArgumentException">λ is negative or not finite.</exception>
    [<CompiledName("SymplecticAdjustment")>]
    val symplecticAdjustment: λ: float -> Rule

    /// <summary>Symplectic gradient adjustment with alignment: λ takes the sign of ⟨ω, Jᵀω⟩ ⟨Aᵀω, Jᵀω⟩ / d + 1/10.</summary>
    /// <param name="λ">At least 0.</param>
    /// <exception cref="T:System.ArgumentException">λ is negative or not finite.</exception>
    [<CompiledName("AlignedSymplecticAdjustment")>]
    val alignedSymplecticAdjustment: λ: float -> Rule

    /// <summary>Local symplectic surgery, x⁺ = x − γ ½ (ω + Jᵀ (JᵀJ + λ I)⁻¹ Jᵀ ω), λ = ξ (1 − e^(−‖ω‖²)). In zero-sum
    /// games attracted by local Nash equilibria and by no other critical points, without oscillation.</summary>
    /// <param name="ξ">Above 0; its source takes 1e-4.</param>
    /// <exception cref="T:System.ArgumentException">ξ is not a finite number above 0.</exception>
    /// <remarks>Up to λ the step is ½ (J + Jᵀ) J⁻¹ ω: where J + Jᵀ is singular it can rest, and runs can end, off the critical
    /// points, as on the third function of games/follow-the-ridge.fsx. The source follows (JᵀJ + λ I)⁻¹ Jᵀ ω by a faster
    /// iteration beside; here it is solved for in every step.</remarks>
    [<CompiledName("SymplecticSurgery")>]
    val symplecticSurgery: ξ: float -> Rule

    /// <summary>The penalty method for the bilevel problem min f₁(x, y), y ∈ argmin f₂(x, ·): both players descend
    /// f₁ + λ (f₂ − min f₂(x, ·)). For one leader and one follower; its limit is off the bilevel solution by
    /// O(1/λ).</summary>
    /// <param name="λ">The penalty's weight, above 0. Rates must be of the order 1/λ.</param>
    /// <param name="innerSteps">Gradient steps on f₂(x, ·) in every step, at least 1.</param>
    /// <param name="innerRate">Their rate, above 0.</param>
    /// <exception cref="T:System.ArgumentException">A parameter is out of its range.</exception>
    [<CompiledName("Penalty")>]
    val penalty: λ: float -> innerSteps: int -> innerRate: float -> Rule

    /// <summary>F²SA, the fully first-order method for the bilevel problem min f₁(x, y), y ∈ argmin f₂(x, ·): each of the inner steps moves
    /// y⁺ = Π(y − γ₂ (D₂f₂ + D₂f₁/λ)) and, beside it, z⁺ = Π(z − γ₂ D₂f₂(x, z)); then
    /// x⁺ = Π(x − γ₁ (D₁f₁(x, y⁺) + λ (D₁f₂(x, y⁺) − D₁f₂(x, z⁺)))). For one leader and one follower; the leader's descent direction is off
    /// the total gradient by O(1/λ).</summary>
    /// <param name="λ">The penalty's weight in the first step, above 0.</param>
    /// <param name="δ">What every step adds to it, at least 0; with 0 the limit keeps its distance of O(1/λ).</param>
    /// <param name="innerSteps">At least 1.</param>
    /// <exception cref="T:System.ArgumentException">A parameter is out of its range.</exception>
    /// <remarks>The source's rates of y and z are α and γ ≥ λ α; here both steps have the follower's rate, γ₂ = γ = λ α. z is what the
    /// run remembers.</remarks>
    [<CompiledName("FullyFirstOrder")>]
    val fullyFirstOrder: λ: float -> δ: float -> innerSteps: int -> Rule

    /// <summary>BOME, the penalty method for the bilevel problem min f₁, y ∈ argmin f₂(x, ·) whose multiplier adapts: both players
    /// descend ∇f₁ + λ ∇q, λ = max(0, η − ⟨∇f₁, ∇q⟩/‖∇q‖²), where q = f₂(x, y) − f₂(x, z) with z held fixed, and z is y after some gradient
    /// steps on f₂(x, ·). For one leader and one follower.</summary>
    /// <param name="η">How fast q is to fall, ⟨Δ, ∇q⟩ ≥ η ‖∇q‖²; above 0, its source takes 0.5.</param>
    /// <param name="innerSteps">At least 1.</param>
    /// <param name="innerRate">Above 0.</param>
    /// <exception cref="T:System.ArgumentException">A parameter is out of its range.</exception>
    /// <remarks>At the solution ∇q is 0 and its direction undefined, and ∇f₁ is not 0: at a constant rate a run goes around it, at a
    /// distance of the order of the rate; let Rates fall. With few inner steps z is short of the answer, and the limit is off by
    /// as much.</remarks>
    [<CompiledName("Bome")>]
    val bome: η: float -> innerSteps: int -> innerRate: float -> Rule

    /// <summary>The penalty method whose direction stays as near to ∇f₁ as a falling q = f₂(x, y) − min f₂(x, ·) allows (the dynamic
    /// barrier): the least ‖Δ − ∇f₁‖ with ⟨Δ, ∇q⟩ ≥ φ = η min(q, ‖∇q‖²), which is Δ = ∇f₁ + λ ∇q, λ = max(0, φ − ⟨∇f₁, ∇q⟩)/‖∇q‖². The
    /// answer's steps begin where those of the step before ended, so that their number does not move the limit. For one leader
    /// and one follower.</summary>
    /// <param name="η">How fast q is to fall, above 0.</param>
    /// <param name="innerSteps">At least 1.</param>
    /// <param name="innerRate">Above 0.</param>
    /// <exception cref="T:System.ArgumentException">A parameter is out of its range.</exception>
    /// <remarks>At a constant rate it goes around the solution, as bome does.</remarks>
    [<CompiledName("DynamicBarrier")>]
    val dynamicBarrier: η: float -> innerSteps: int -> innerRate: float -> Rule

    /// <summary>DARTS' one-step form: the leaders descend D₁f₁(x, y′) − ξ (D₂₁f₂)ᵀ D₂f₁(x, y′), y′ = y − ξ D₂f₂(x, y), and the players below
    /// make a step of their own where the leaders have gone. (At one time, these are Rule.unrolled 1 ξ.)</summary>
    /// <param name="ξ">The rate of the expected step, at least 0; 0 is the source's first-order approximation, which for two
    /// players is Rule.alternating.</param>
    /// <exception cref="T:System.ArgumentException">ξ is negative or not finite.</exception>
    [<CompiledName("Darts")>]
    val darts: ξ: float -> Rule

    /// <summary>DARTS with its second derivative by differences: (D₂₁f₂)ᵀ v ≈ (D₁f₂(x, y + ε v) − D₁f₂(x, y − ε v)) / 2ε for
    /// v = D₂f₁(x, y′), ε = 0.01/‖v‖. For one leader and one follower without bounds; exact where f₂ is quadratic.</summary>
    /// <param name="ξ">The rate of the expected step, at least 0.</param>
    /// <exception cref="T:System.ArgumentException">ξ is negative or not finite.</exception>
    [<CompiledName("DartsByDifferences")>]
    val dartsByDifferences: ξ: float -> Rule

    /// <summary>Extrapolation from the past, z = Π(x − γ ω(z⁻)), x⁺ = Π(x − γ ω(z)): extragradient with one evaluation a step; z⁻ is the
    /// middle of the step before. The first step is plain. Both steps are preconditioned.</summary>
    [<CompiledName("ExtrapolationFromThePast")>]
    val extrapolationFromThePast: Rule

    /// <summary>Nesterov's momentum, y = Π(x + β (x − x⁻)), x⁺ = Π(y − γ ω(y)), all players at once.</summary>
    /// <param name="β">In (−1, 1).</param>
    /// <exception cref="T:System.ArgumentException">β is not in (−1, 1).</exception>
    [<CompiledName("Nesterov")>]
    val nesterov: β: float -> Rule

    /// <summary>Halpern's anchored steps around a rule T, x⁺ = T(x) + (x₀ − T(x))/(k + 1). Where T is not expansive,
    /// ‖x − T(x)‖ ≤ 2 ‖x₀ − x*‖/(k + 1), also where T alone circles.</summary>
    /// <param name="rule">For example Rule.simultaneous, or Rule.proximalPoint for zero-sum games.</param>
    /// <remarks>The bound as in Lieder 2021, theorem 2.1. Angles go back the shorter way.</remarks>
    [<CompiledName("Halpern")>]
    val halpern: rule: Rule -> Rule

    /// <summary>Extra anchored gradient, a = x + (x₀ − x)/(k + 1), z = Π(a − γ ω(x)), x⁺ = Π(a − γ ω(z)): on convex-concave games ‖ω‖² falls as
    /// 1/k², at rates up to 1/(8 L).</summary>
    [<CompiledName("ExtraAnchoredGradient")>]
    val extraAnchoredGradient: Rule

    /// <summary>The uniform average of a rule's points, z₁ to zₖ: x⁺ = x + (z⁺ − x)/k. The run is at the average, and all that it reports
    /// is about that; the rule goes on beside it at z, which the run remembers ("point"), as if alone. (The last of its points
    /// is the rule itself.)</summary>
    /// <param name="rule">The rule.</param>
    /// <remarks>A step evaluates the rule's first field once more, at the average, by which the run is judged. Angles are averaged
    /// along the shorter way.</remarks>
    /// <example><code lang="fsharp">Rule.alternating |> Rule.averagedUniformly</code></example>
    [<CompiledName("AveragedUniformly")>]
    val averagedUniformly: rule: Rule -> Rule

    /// <summary>The exponential average of a rule's points, x⁺ = β x + (1 − β) z⁺, from the start on. As averagedUniformly
    /// otherwise.</summary>
    /// <param name="β">In [0, 1); networks take 0.999 and more, 0 is the rule itself.</param>
    /// <param name="rule">The rule.</param>
    /// <exception cref="T:System.ArgumentException">β is not in [0, 1).</exception>
    [<CompiledName("AveragedExponentially")>]
    val averagedExponentially: β: float -> rule: Rule -> Rule

    /// <summary>The same rule with preconditioned steps, x⁺ = x − γ P(g).</summary>
    /// <param name="preconditioners">One for all players, or one for each in the game's order.</param>
    /// <param name="rule">The rule.</param>
    /// <exception cref="T:System.ArgumentException">There is no preconditioner, or the rule has some already.</exception>
    /// <example><code lang="fsharp">Rule.stackelberg (Conjecture.regularized 1.0) |> Rule.preconditioned [ Preconditioner.adam ]</code></example>
    [<CompiledName("Preconditioned")>]
    val preconditioned: preconditioners: Preconditioner list -> rule: Rule -> Rule

    /// <summary>TTUR, the two time-scale update rule: simultaneous play preconditioned by Adam, every level τ times as
    /// fast as the one above it.</summary>
    /// <param name="τ">The ratio γ₂/γ₁, above 0.</param>
    /// <exception cref="T:System.ArgumentException">τ is not a finite number above 0.</exception>
    [<CompiledName("Ttur")>]
    val ttur: τ: float -> Rule

    /// <summary>Optimistic Adam with other parameters.</summary>
    /// <param name="β1">In [0, 1); its source takes 0.5 for its networks.</param>
    /// <param name="β2">In [0, 1).</param>
    /// <param name="ε">At least 0.</param>
    /// <exception cref="T:System.ArgumentException">A parameter is out of its range.</exception>
    [<CompiledName("OptimisticAdamWith")>]
    val optimisticAdamWith: β1: float -> β2: float -> ε: float -> Rule

    /// <summary>Optimistic Adam, x⁺ = Π(x − γ (2 P(ω(x)) − P⁻)) with P = m̂/(√v̂ + ε) Adam's direction and P⁻ that of the step before; the first
    /// step is plain. β₁ = 0.9, β₂ = 0.999, ε = 1e-8.</summary>
    [<CompiledName("OptimisticAdam")>]
    val optimisticAdam: Rule

    /// <summary>Every rule with usual parameters, for tables and tests. A new rule is one file and one line here.</summary>
    [<CompiledName("All")>]
    val all: Rule[]
