namespace Stackelberg

open System

/// <summary>What turns a direction into the one that a step takes, for one player: x⁺ = x − γ P(g). An expression; what it
/// remembers are named tensors that the run keeps for it.</summary>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type Preconditioner
    internal
    (
        name: string,
        isForeign: bool,
        memory: int -> (string * Tensor)[],
        apply: Tensor -> Tensor[] -> Tensor -> struct (Tensor * Tensor[])
    ) =

    /// <summary>The preconditioner as a reader knows it, its parameters included.</summary>
    member _.Name = name

    /// Whether somebody else wrote it; one of the library is told by its name.
    member internal _.IsForeign = isForeign

    /// What it remembers before its first use, of a player's dimension.
    member internal _.Memory dimension = memory dimension

    /// P(g) of one player's direction, shape [dimension], and what it remembers then; the first argument says how often it
    /// has been used, this time included.
    member internal _.Apply(uses: Tensor, memory: Tensor[], g: Tensor) : struct (Tensor * Tensor[]) =
        apply uses memory g

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
            fun uses memory g ->
                let direction, after = apply uses memory g
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

    /// <summary>Every preconditioner with usual parameters, for tables and tests.</summary>
    let all: Preconditioner[] = [| plain; momentum 0.9; rmsProp 0.99; correctedRmsProp 0.999; adam; amsGrad |]
