namespace Stackelberg

open System

/// What a preconditioner is told besides the player's direction.
[<NoEquality; NoComparison>]
type internal PreconditionedMove = {
    /// How often it has been used, this time included.
    Uses: Tensor
    /// The player's strategy; null where the step does not tell it.
    From: Tensor
    /// γ of this step.
    Rate: Tensor
    /// ‖g‖² of all players who move at once.
    SquareOfAll: Lazy<Tensor>
}

/// <summary>What turns a direction into the one that a step takes, for one player: x⁺ = x − γ P(g). An expression; what it
/// remembers are named tensors that the run keeps for it.</summary>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type Preconditioner
    internal
    (
        name: string,
        isForeign: bool,
        memory: int -> (string * Tensor)[],
        apply: PreconditionedMove -> Tensor[] -> Tensor -> struct (Tensor * Tensor[])
    ) =

    /// <summary>The preconditioner as a reader knows it, its parameters included.</summary>
    member _.Name = name

    /// Whether somebody else wrote it; one of the library is told by its name.
    member internal _.IsForeign = isForeign

    /// What it remembers before its first use, of a player's dimension.
    member internal _.Memory dimension = memory dimension

    /// Why it cannot move a player, in a sentence with the remedy; null if it can.
    member val internal Refuses: Player -> string = (fun _ -> null) with get, set

    /// P(g) of one player's direction, shape [dimension], and what it remembers then.
    member internal _.Apply
        (move: PreconditionedMove, memory: Tensor[], g: Tensor)
        : struct (Tensor * Tensor[]) =
        apply move memory g

    /// <inheritdoc/>
    override this.Equals other =
        match other with
        | :? Preconditioner as other ->
            Object.ReferenceEquals(this, other)
            || not isForeign && not other.IsForeign && other.Name = name
        | _ -> false

    /// <inheritdoc/>
    override _.GetHashCode() = hash name

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <inheritdoc/>
    override _.ToString() = name

/// <summary>The preconditioners. Rule.preconditioned gives them to any rule.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Preconditioner =

    /// The ε that the networks' frameworks add to √v.
    let private usualEpsilon = 1e-8

    let private needDecay func name (value: float) =
        if not (value >= 0.0 && value < 1.0) then
            Require.wrong func name (invariant $"is {value}, but a number in [0, 1) is needed.")

    let private zeros names dimension =
        names |> Array.map (fun name -> name, Tensor.zeros [ dimension ])

    let private make isForeign name names (apply: Tensor -> Tensor[] -> Tensor -> Tensor * Tensor[]) =
        Preconditioner(
            name,
            isForeign,
            zeros (Array.ofList names),
            fun move memory g ->
                let direction, after = apply move.Uses memory g
                struct (direction, after)
        )

    /// <summary>A preconditioner of one's own.</summary>
    /// <param name="name">The preconditioner as a reader knows it, its parameters included.</param>
    /// <param name="names">What it remembers, by name: tensors of the player's dimension, 0 before the first use.</param>
    /// <param name="apply">From how often it has been used, this time included (a scalar), what it remembers, and the
    /// player's direction g, shape [dimension], to P(g) and what it remembers then. It is called on symbols.</param>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    /// <example><code lang="fsharp">
    /// // The sign of a mean over time.
    /// Preconditioner.create "Signum 0.9" [ "mean" ] (fun _ memory g ->
    ///     let mean = 0.9 * memory[0] + 0.1 * g
    ///     Tensor.sign mean, [| mean |])
    /// </code></example>
    let create
        (name: string)
        (names: string list)
        (apply: Tensor -> Tensor[] -> Tensor -> Tensor * Tensor[])
        : Preconditioner =
        if String.IsNullOrWhiteSpace name then
            Require.wrong "Preconditioner.create" (nameof name) "is empty; it tells runs apart."

        make true name names apply

    /// One of the library, whose name tells all of its parameters.
    let private known name names apply = make false name names apply

    /// <summary>The direction itself.</summary>
    let plain: Preconditioner = known "plain" [] (fun _ _ g -> g, [||])

    /// <summary>v⁺ = β v + g, P(g) = v⁺ (Polyak 1964).</summary>
    /// <param name="β">In (−1, 1); 0.9 is usual, a negative number damps rotation.</param>
    [<CompiledName("Momentum")>]
    let momentum (β: float) : Preconditioner =
        if not (abs β < 1.0) then
            Require.wrong
                "Preconditioner.momentum"
                (nameof β)
                (invariant $"is {β}, but a number in (−1, 1) is needed.")

        known (invariant $"momentum {β}") [ "velocity" ] (fun _ memory g ->
            let velocity = β * memory[0] + g
            velocity, [| velocity |])

    /// 1 − βᵏ for the k-th use.
    let private correction (β: float) uses = 1.0 - Tensor.pow β uses

    let private rmsPropOf name isCorrected (β: float) =
        needDecay "Preconditioner.rmsProp" (nameof β) β

        known name [ "square" ] (fun uses memory g ->
            let square = β * memory[0] + (1.0 - β) * g * g

            let size =
                if isCorrected then
                    sqrt square / sqrt (correction β uses)
                else
                    sqrt square

            g / (size + usualEpsilon), [| square |])

    /// <summary>v⁺ = β v + (1 − β) g², P(g) = g / (√v⁺ + 1e-8) (Tieleman and Hinton 2012, lecture 6.5).</summary>
    /// <param name="β">In [0, 1); 0.99 is usual.</param>
    [<CompiledName("RmsProp")>]
    let rmsProp (β: float) : Preconditioner =
        rmsPropOf (invariant $"RMSProp {β}") false β

    /// <summary>As rmsProp, with v⁺ divided by 1 − βᵏ: the preconditioner of Follow-the-Ridge's experiments (Wang, Zhang
    /// and Ba 2020), there with β = 0.999.</summary>
    /// <param name="β">In [0, 1).</param>
    [<CompiledName("CorrectedRmsProp")>]
    let correctedRmsProp (β: float) : Preconditioner =
        rmsPropOf (invariant $"RMSProp {β}, bias corrected") true β

    let private moments func name isGreatest (β1: float) (β2: float) (ε: float) =
        needDecay func (nameof β1) β1
        needDecay func (nameof β2) β2
        Require.notNegative func (nameof ε) ε

        let names = [
            "mean"
            "square"
            if isGreatest then
                "greatest square"
        ]

        known name names (fun uses memory g ->
            let mean = β1 * memory[0] + (1.0 - β1) * g
            let square = β2 * memory[1] + (1.0 - β2) * g * g

            let size, after =
                if isGreatest then
                    let greatest = Tensor.maximum memory[2] square
                    greatest, [| mean; square; greatest |]
                else
                    square, [| mean; square |]

            mean / (correction β1 uses * (sqrt size / sqrt (correction β2 uses) + ε)), after)

    /// <summary>P(g) = m̂ / (√v̂ + ε), with moments m⁺ = β₁ m + (1 − β₁) g and v⁺ = β₂ v + (1 − β₂) g², corrected for their
    /// start at zero: m̂ = m⁺ / (1 − β₁ᵏ), v̂ = v⁺ / (1 − β₂ᵏ) (Kingma and Ba 2015, algorithm 1).</summary>
    /// <param name="β1">In [0, 1).</param>
    /// <param name="β2">In [0, 1).</param>
    /// <param name="ε">At least 0.</param>
    [<CompiledName("AdamWith")>]
    let adamWith (β1: float) (β2: float) (ε: float) : Preconditioner =
        moments "Preconditioner.adamWith" (invariant $"Adam ({β1}, {β2}, {ε})") false β1 β2 ε

    /// <summary>Adam with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8, as in the mixture-of-Gaussians experiments.</summary>
    /// <remarks>Its first step is γ · sign(g), up to ε.</remarks>
    let adam: Preconditioner = adamWith 0.9 0.999 usualEpsilon

    /// <summary>Adam with the greatest second moment so far in the place of the present one (Reddi, Kale and Kumar 2018,
    /// algorithm 2, in the bias-corrected form that networks are trained with).</summary>
    /// <param name="β1">In [0, 1).</param>
    /// <param name="β2">In [0, 1).</param>
    /// <param name="ε">At least 0.</param>
    [<CompiledName("AmsGradWith")>]
    let amsGradWith (β1: float) (β2: float) (ε: float) : Preconditioner =
        moments "Preconditioner.amsGradWith" (invariant $"AMSGrad ({β1}, {β2}, {ε})") true β1 β2 ε

    /// <summary>AMSGrad with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8.</summary>
    let amsGrad: Preconditioner = amsGradWith 0.9 0.999 usualEpsilon

    /// What another preconditioner makes of a direction that is changed before.
    let private after (change: PreconditionedMove -> Tensor -> Tensor) name (inner: Preconditioner) =
        Preconditioner(
            name,
            inner.IsForeign,
            inner.Memory,
            (fun move memory g -> inner.Apply(move, memory, change move g)),
            Refuses = inner.Refuses
        )

    /// 1 where the length is at most c.
    let private shrink (c: float) (square: Tensor) =
        c / Tensor.maximum (sqrt square) (Tensor.scalar c)

    /// <summary>Clips a player's direction before another preconditioner sees it, P(g min(1, c/‖g‖)), with ‖g‖ over this
    /// player's entries (Pascanu, Mikolov and Bengio 2013, algorithm 1).</summary>
    /// <param name="c">The greatest length, above 0.</param>
    /// <param name="inner">Preconditioner.plain for clipping alone.</param>
    /// <exception cref="T:System.ArgumentException">c is not a finite number above 0.</exception>
    /// <example><code lang="fsharp">
    /// // (3, 4) becomes (0.6, 0.8).
    /// Rule.simultaneous |> Rule.preconditioned [ Preconditioner.plain |> Preconditioner.clipped 1.0 ]
    /// </code></example>
    [<CompiledName("Clipped")>]
    let clipped (c: float) (inner: Preconditioner) : Preconditioner =
        Require.positive "Preconditioner.clipped" (nameof c) c

        after (fun _ g -> shrink c (Tensor.dot g g) * g) (invariant $"{inner.Name} clipped at {c}") inner

    /// <summary>As clipped, with ‖g‖ over the entries of all players who move at once: the joint direction keeps its own
    /// direction. In alternating play, where one moves at a time, it is clipped.</summary>
    /// <param name="c">The greatest length, above 0.</param>
    /// <param name="inner">Preconditioner.plain for clipping alone.</param>
    /// <exception cref="T:System.ArgumentException">c is not a finite number above 0.</exception>
    [<CompiledName("ClippedJointly")>]
    let clippedJointly (c: float) (inner: Preconditioner) : Preconditioner =
        Require.positive "Preconditioner.clippedJointly" (nameof c) c

        after
            (fun move g -> shrink c move.SquareOfAll.Value * g)
            (invariant $"{inner.Name} clipped jointly at {c}")
            inner

    let private needPlace name does move =
        if isNull move.From then
            raise (
                InvalidOperationException(
                    invariant
                        $"{name} {does}, but s.Precondition g does not say from where; write s.Precondition(x, g)."
                )
            )

    let private decaying name (λ: float) (inner: Preconditioner) =
        Preconditioner(
            name,
            inner.IsForeign,
            inner.Memory,
            (fun move memory g ->
                needPlace name "lets strategies decay" move
                let struct (direction, after) = inner.Apply(move, memory, g)
                struct (direction + λ * move.From, after)),
            Refuses = inner.Refuses
        )

    /// <summary>Lets strategies decay beside another preconditioner, P(g) + λ x: x⁺ = (1 − γ λ) x − γ P(g) (Loshchilov and Hutter
    /// 2019, algorithm 2, with the rate as a factor of the decay).</summary>
    /// <param name="λ">At least 0.</param>
    /// <param name="inner">What the direction goes through; λ x does not.</param>
    /// <exception cref="T:System.ArgumentException">λ is negative or not finite.</exception>
    [<CompiledName("Decayed")>]
    let decayed (λ: float) (inner: Preconditioner) : Preconditioner =
        Require.notNegative "Preconditioner.decayed" (nameof λ) λ
        decaying (invariant $"{inner.Name} with decay {λ}") λ inner

    /// <summary>Adam with decay that is decoupled from its moments: decayed λ adam.</summary>
    /// <param name="λ">At least 0; 0.01 is usual.</param>
    /// <exception cref="T:System.ArgumentException">λ is negative or not finite.</exception>
    [<CompiledName("AdamW")>]
    let adamW (λ: float) : Preconditioner =
        Require.notNegative "Preconditioner.adamW" (nameof λ) λ
        decaying (invariant $"AdamW {λ}") λ adam

    /// <summary>The mirror step of the entropy on a simplex, x⁺ ∝ x ∘ exp(−γ g), which keeps Σ x: exponentiated gradients,
    /// multiplicative weights (Nemirovsky and Yudin 1983; Kivinen and Warmuth 1997; Beck and Teboulle 2003, section 5).</summary>
    /// <remarks>As a direction P(g) = (x − x⁺) / γ, so that x − γ P(g) is x⁺. Entries that are 0 stay 0, and no entry
    /// becomes 0: begin inside. It moves players on a simplex alone.</remarks>
    /// <example><code lang="fsharp">
    /// // (½, ½) and g = (0, log 2) at rate 1: (2/3, 1/3).
    /// Rule.simultaneous |> Rule.preconditioned [ Preconditioner.entropic ]
    /// </code></example>
    let entropic: Preconditioner =
        let name = "entropic mirror"

        Preconditioner(
            name,
            false,
            (fun _ -> [||]),
            (fun move _ g ->
                needPlace name "multiplies strategies" move
                let x = move.From

                // The least entry of g has the weight x.
                let weights = x * exp (-(move.Rate * (g - Tensor.min g)))
                let next = Tensor.sum x / Tensor.sum weights * weights
                struct ((x - next) / move.Rate, [||])),
            Refuses =
                fun player ->
                    match player.Domain with
                    | Domain.Set(ConvexSet.Simplex _) -> null
                    | _ ->
                        invariant
                            $"{name} multiplies the entries of a strategy on a simplex, but {player.Name} is on none; give it Player.simplex, or another preconditioner (Rule.preconditioned takes one for each player)."
        )

    /// <summary>Every preconditioner that moves any player, with usual parameters, for tables and tests: all but entropic.</summary>
    let all: Preconditioner[] = [|
        plain
        momentum 0.9
        rmsProp 0.99
        correctedRmsProp 0.999
        adam
        amsGrad
        adamW 0.01
        clipped 1.0 plain
        clippedJointly 1.0 plain
    |]
