namespace Stackelberg

/// As the key of a direction: it holds symbols of the step that it stands in, and means nothing elsewhere.
[<Sealed>]
type internal OpenKey private () =
    static member val Instance = OpenKey()

/// <summary>A vector field derived from a game, which a rule's step goes along: x ↦ one number for each entry of the
/// joint strategy.</summary>
/// <remarks>A value: compiled once for each game, however many rules and runs use it.</remarks>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type Direction
    internal
    (name: string, key: obj, inputs: int, holdsBounds: bool, parts: Game -> Tensor[] -> Tensor[][] -> Tensor[])
    =

    /// <summary>The direction as a reader knows it, its parameters included.</summary>
    member _.Name = name

    /// <summary>How many further joint vectors an evaluation takes, each of shape [d].</summary>
    member _.Inputs = inputs

    /// Whether answers that a bound stops count as held.
    member internal _.HoldsBounds = holdsBounds

    /// The direction's parts, one tensor for each player, from one tensor for each player and the further inputs, alike.
    member internal _.Parts = parts

    /// What tells directions of one name apart.
    member internal _.Key = key

    /// Whether it means something in one step alone.
    member internal _.IsOpen = key :? OpenKey

    /// What is added to the followers' curvature where they are believed to answer best, which takes their curvature to be
    /// positive definite; none for other directions.
    member internal _.RaisedBy: float voption =
        match key with
        | :? Conjecture as conjecture when holdsBounds -> conjecture.RaisedBy
        | _ -> ValueNone

    /// <inheritdoc/>
    override _.Equals other =
        match other with
        | :? Direction as other -> other.Name = name && other.Key = key
        | _ -> false

    /// <inheritdoc/>
    override _.GetHashCode() = hash (name, key)

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <inheritdoc/>
    override _.ToString() = name

/// <summary>Directions by name.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Direction =

    /// <summary>Every player's total gradient under a conjecture of the players below.</summary>
    /// <param name="conjecture">Conjecture.none for ω, Conjecture.bestResponse for ω_S.</param>
    [<CompiledName("OfConjecture")>]
    let ofConjecture (conjecture: Conjecture) =
        let parts game point _ = Field.gradients conjecture game point
        Direction(conjecture.Name, conjecture, 0, conjecture.Total.IsSome, parts)

    /// <summary>Every player's total gradient under a conjecture of all others, whatever their levels.</summary>
    /// <param name="conjecture">What every player believes of the others.</param>
    [<CompiledName("Mutual")>]
    let mutual (conjecture: Conjecture) =
        let parts game point _ =
            MutualField.gradients conjecture game point

        Direction((invariant $"mutual {conjecture.Name}"), conjecture, 0, false, parts)

    /// The same direction with its linear systems solved another way; none where it is not that of a conjecture.
    let internal solvedBy (solver: Solver) (direction: Direction) : Direction voption =
        match direction.Key with
        | :? Conjecture as conjecture ->
            let other = Conjecture.withSolver solver conjecture

            if direction = ofConjecture conjecture then
                ValueSome(ofConjecture other)
            elif direction = mutual conjecture then
                ValueSome(mutual other)
            else
                ValueNone
        | _ -> ValueNone

    /// A field by its parts, one tensor for each player.
    let internal ofParts name (key: obj) inputs (parts: Game -> Tensor[] -> Tensor[][] -> Tensor[]) =
        Direction(name, key, inputs, false, parts)

    /// A field of one step alone, by its parts.
    let internal ofStep name (parts: Game -> Tensor[] -> Tensor[]) =
        Direction(name, OpenKey.Instance, 0, false, (fun game point _ -> parts game point))

    /// <summary>Any field that can be written with the maps of module Game and with Diff.</summary>
    /// <param name="name">The direction as a reader knows it, its parameters included: two directions of one name and
    /// one key are one.</param>
    /// <param name="key">What tells directions of one name apart, for example the rule's parameters.</param>
    /// <param name="inputs">How many further joint vectors the function takes.</param>
    /// <param name="f">From a game, a joint strategy of shape [d] and the further inputs, each of shape [d], to the
    /// direction, shape [d]. It is called on symbols, once; Game.omega game x is the field ω there.</param>
    /// <example><code lang="fsharp">
    /// // ω + γ Jᵀ ω, the direction of consensus optimisation
    /// Direction.ofFunction "consensus" γ 0 (fun game x _ ->
    ///     let g, pullback = Diff.vjp (Game.omega game) x
    ///     g + γ * pullback g)
    /// </code></example>
    let ofFunction name (key: obj) inputs (f: Game -> Tensor -> Tensor[] -> Tensor) =
        let parts (game: Game) (point: Tensor[]) (further: Tensor[][]) =
            let everybody = game.Everybody

            f game (everybody.Flatten point) (further |> Array.map everybody.Flatten)
            |> everybody.Unflatten

        Direction(name, key, inputs, false, parts)
