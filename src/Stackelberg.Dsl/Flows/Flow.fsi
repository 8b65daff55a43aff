namespace Stackelberg

/// <summary>Follows the flows of a game's fields: learning with steps so short that time is continuous.</summary>
[<RequireQualifiedAccess>]
module Flow =

    /// <summary>The defaults: until time 100, every player at speed 1, tolerances 1e-9, every step kept.</summary>
    val settings: FlowSettings

    /// <summary>Integrates ẋ_i = −τ_i g_i(x), one τ_i for each player, from a start at time 0.</summary>
    /// <param name="settings">Times, time scales, tolerances, stopping.</param>
    /// <param name="direction">g, for example Direction.ofConjecture Conjecture.none for ω, Conjecture.bestResponse for
    /// ω_S. It may have no further inputs.</param>
    /// <param name="x">The start, a joint strategy of shape [d], finite; entries outside a box are projected onto it.</param>
    /// <param name="game">The game; of a game with a sampler the first draw of seed 0 is taken.</param>
    /// <returns>What happened; how it ended is a value, not an exception.</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape or is not finite, a setting is out of range or
    /// does not fit the game, or the direction has further inputs.</exception>
    /// <remarks>
    /// The pair of Dormand and Prince of orders 5 and 4 with proportional-integral step control; points at given times
    /// come from its interpolant of order 4. Angles are wrapped to [−π, π). In a box the flow is the projected one: an
    /// entry at its bound whose speed points outwards stays. The discrete rule x⁺ = x − γ_i g_i is Euler's method for this
    /// flow, with τ_i in the ratio of the rates.
    /// </remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let flow =
    ///     duopoly
    ///     |> Flow.run
    ///         { Flow.settings with FieldBelow = 1e-7 }
    ///         (Direction.ofConjecture Conjecture.bestResponse)
    ///         (Tensor.ofList [ 10.0; 10.0 ])
    ///
    /// flow.Final // [46, 26]
    /// </code>
    /// </example>
    val run: settings: FlowSettings -> direction: Direction -> x: Tensor -> game: Game -> FlowRun

    /// <summary>As run, from many starts at once: the fields of all flows are evaluated by one compiled program, while each flow
    /// has steps and an outcome of its own.</summary>
    /// <param name="settings">As for run, for each flow; the limit of steps too.</param>
    /// <param name="direction">g, as for run.</param>
    /// <param name="starts">One joint strategy for each flow, shape [flows; d], finite; entries outside a box are projected onto
    /// it.</param>
    /// <param name="game">The game, in float64 or float32, with boxes and angles as in run; of a game with a sampler all flows take
    /// the first draw of seed 0.</param>
    /// <returns>Every flow, as run finds it.</returns>
    /// <exception cref="T:System.ArgumentException">The starts have another shape or are not finite, or as for run.</exception>
    /// <remarks>A flow is that of run up to rounding: equal bits where its field is made of sums and products, while the batched
    /// program may round elementary functions another way. The flows are divided into chunks of fixed size, which threads share, so
    /// that the result does not depend on their number. A flow that has ended waits for the others of its chunk.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let starts = Tensor.ofArray2D (array2D [ [ 10.0; 10.0 ]; [ 50.0; 0.0 ] ])
    /// let field = Direction.ofConjecture Conjecture.bestResponse
    /// let flows = duopoly |> Flow.ensemble { Flow.settings with FieldBelow = 1e-7 } field starts
    /// flows.Final // [[46, 26], [46, 26]]
    /// flows.Nearest([| [| 46.0; 26.0 |] |], 1e-5) // [| 0; 0 |]
    /// </code>
    /// </example>
    val ensemble:
        settings: FlowSettings -> direction: Direction -> starts: Tensor -> game: Game -> FlowEnsemble

    /// <summary>The time scales of the singularly perturbed system ẋ₁ = −Df₁(x), ẋ₂ = −(1/ε) D₂f₂(x): 1 for the players
    /// of the top level, 1/ε for those below, 1/ε² for the next level, and so on.</summary>
    /// <param name="ε">Above 0. It is γ₁/γ₂ of the discrete rule, so that the ratio τ = γ₂/γ₁ is 1/ε.</param>
    /// <param name="game">The game.</param>
    /// <exception cref="T:System.ArgumentException">ε is not a finite number above 0.</exception>
    /// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), equation (10), ẋ₁ = −τ Df₁, ẋ₂ = −D₂f₂ with their τ = ε, in another
    /// time: here the leader's speed is 1, so that time runs τ times as fast. As ε → 0 the followers stay at their answer and the
    /// leader follows ẋ₁ = −Df₁(x₁, r(x₁)). The pair is explicit: the number of steps grows as 1/ε.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// Flow.singularlyPerturbed 0.01 duopoly // [| 1; 100 |]
    /// let settings = { Flow.settings with TimeScales = Flow.singularlyPerturbed 0.01 duopoly }
    /// </code>
    /// </example>
    val singularlyPerturbed: ε: float -> game: Game -> float[]
