namespace Stackelberg

open System

/// <summary>Where a player's strategy may lie. A rule's step is brought back into the domain after each update.</summary>
[<RequireQualifiedAccess>]
type Domain =
    /// All of R^n.
    | Free
    /// Every entry is an angle, kept in [−π, π).
    | Circle
    /// lower ≤ x ≤ upper, entry by entry; both arrays have the player's dimension.
    | Box of lower: float[] * upper: float[]
    /// A convex set of vectors, of the strategy's entries row-major.
    | Set of set: ConvexSet

/// <summary>Who plays: a name, the shape of the strategy that this player chooses, and where it may lie.</summary>
/// <remarks>
/// Players are values: two with the same name, shape and domain are equal, so a script that is run again still
/// finds its players in its games.
/// </remarks>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type Player internal (name: string, shape: int[], domain: Domain) =

    /// <summary>The name that costs, messages and plots show.</summary>
    member _.Name = name

    /// <summary>The strategy's shape; empty for a scalar. The caller may not change the array.</summary>
    member _.Shape = shape

    /// <summary>Where the strategy may lie.</summary>
    member _.Domain = domain

    /// <summary>How many numbers the strategy holds.</summary>
    member _.Dimension = Shape.count shape

    /// <inheritdoc/>
    override _.Equals other =
        match other with
        | :? Player as other -> other.Name = name && other.Shape = shape && other.Domain = domain
        | _ -> false

    /// <inheritdoc/>
    override _.GetHashCode() = hash (name, shape)

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The name and the shape, as in "firm 1 []".</summary>
    override _.ToString() =
        (invariant $"{name} {Shape.show shape}")

/// <summary>Makes players.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Player =

    /// <summary>A player who chooses an array of numbers.</summary>
    /// <param name="name">What messages and plots call the player.</param>
    /// <param name="shape">The strategy's extents, row-major; empty for a scalar.</param>
    /// <example><code lang="fsharp">(Player.ofShape "V" [ 3; 3 ]).Dimension // 9</code></example>
    [<CompiledName("OfShape")>]
    let ofShape (name: string) (shape: int list) =
        Player(name, Array.ofList shape, Domain.Free)

    /// <summary>A player who chooses one number; costs receive it as a tensor of shape [].</summary>
    /// <param name="name">What messages and plots call the player.</param>
    [<CompiledName("Scalar")>]
    let scalar name = ofShape name []

    /// <summary>A player who chooses a vector; costs receive it as a tensor of shape [dimension].</summary>
    /// <param name="name">What messages and plots call the player.</param>
    /// <param name="dimension">How many numbers; a game needs at least 1.</param>
    [<CompiledName("Vector")>]
    let vector name dimension = ofShape name [ dimension ]

    /// <summary>The same player with every entry an angle, wrapped to [−π, π) after each update.</summary>
    /// <param name="player">The player.</param>
    [<CompiledName("OnCircle")>]
    let onCircle (player: Player) =
        Player(player.Name, player.Shape, Domain.Circle)

    /// <summary>A player who chooses one angle, wrapped to [−π, π) after each update.</summary>
    /// <param name="name">What messages and plots call the player.</param>
    [<CompiledName("Angle")>]
    let angle name = scalar name |> onCircle

    /// <summary>The same player in a box with a lower and an upper bound for each entry.</summary>
    /// <param name="lower">Lower bounds, row-major, one for each entry; −∞ for none.</param>
    /// <param name="upper">Upper bounds, row-major, one for each entry; ∞ for none.</param>
    /// <param name="player">The player.</param>
    /// <exception cref="T:System.ArgumentException">A length differs from the player's dimension, or a lower bound is
    /// not below its upper bound.</exception>
    [<CompiledName("BoundedEach")>]
    let boundedEach (lower: float[]) (upper: float[]) (player: Player) =
        let check name (bounds: float[]) =
            if bounds.Length <> player.Dimension then
                Require.wrong
                    "Player.bounded"
                    name
                    (invariant
                        $"holds {bounds.Length} numbers, but {player.Dimension} are needed (one for each entry of {player}).")

        check (nameof lower) lower
        check (nameof upper) upper

        for entry in 0 .. lower.Length - 1 do
            if not (lower[entry] < upper[entry]) then
                Require.wrong
                    "Player.bounded"
                    (nameof lower)
                    (invariant
                        $"is {lower[entry]} at entry {entry} of {player.Name}, but it must be below upper, {upper[entry]}.")

        Player(player.Name, player.Shape, Domain.Box(Array.copy lower, Array.copy upper))

    /// <summary>The same player in a box: lower ≤ x ≤ upper for every entry, restored after each update by the
    /// projection onto the box.</summary>
    /// <param name="lower">The lower bound; −∞ for none.</param>
    /// <param name="upper">The upper bound; ∞ for none.</param>
    /// <param name="player">The player.</param>
    /// <exception cref="T:System.ArgumentException">lower is not below upper.</exception>
    /// <example><code lang="fsharp">Player.scalar "quantity" |> Player.bounded 0.0 infinity</code></example>
    [<CompiledName("Bounded")>]
    let bounded lower upper (player: Player) =
        boundedEach (Array.create player.Dimension lower) (Array.create player.Dimension upper) player

    /// <summary>The same player in a convex set: the strategy's entries, row-major, are a vector of it, restored after each
    /// update by the projection onto the set.</summary>
    /// <param name="set">The set; ConvexSet.Product for several side by side.</param>
    /// <param name="player">The player.</param>
    /// <exception cref="T:System.ArgumentException">The set's numbers do not fit the player's dimension, or are none of a set.</exception>
    /// <example><code lang="fsharp">
    /// Player.vector "plan" 5 |> Player.within (ConvexSet.Product [| ConvexSet.Simplex 1.0, 3; ConvexSet.Ball([| 0.0; 0.0 |], 2.0), 2 |])
    /// </code></example>
    [<CompiledName("Within")>]
    let within (set: ConvexSet) (player: Player) =
        match ConvexSets.fault set player.Dimension with
        | null ->
            match set with
            | ConvexSet.Everything -> Player(player.Name, player.Shape, Domain.Free)
            | ConvexSet.Box(lower, upper) -> boundedEach lower upper player
            | set -> Player(player.Name, player.Shape, Domain.Set set)
        | fault -> Require.wrong "Player.within" (nameof set) (invariant $"for {player} is {fault}")

    /// <summary>The same player on the probability simplex: x ≥ 0 with Σ x = 1.</summary>
    /// <param name="player">The player.</param>
    /// <example><code lang="fsharp">Player.vector "prices" 3 |> Player.simplex</code></example>
    [<CompiledName("OnSimplex")>]
    let simplex (player: Player) = within (ConvexSet.Simplex 1.0) player

    /// <summary>The same player in a ball: ‖x − centre‖₂ ≤ radius.</summary>
    /// <param name="centre">The centre, one number for each entry.</param>
    /// <param name="radius">Above 0.</param>
    /// <param name="player">The player.</param>
    /// <exception cref="T:System.ArgumentException">The centre has another length, or the radius is not above 0.</exception>
    [<CompiledName("InBall")>]
    let ball (centre: float[]) radius (player: Player) =
        within (ConvexSet.Ball(Array.copy centre, radius)) player

    /// <summary>The same player in a half-space: normalᵀ x ≤ bound.</summary>
    /// <param name="normal">One number for each entry, not all 0.</param>
    /// <param name="bound">What normalᵀ x is at most: a budget, for example.</param>
    /// <param name="player">The player.</param>
    /// <exception cref="T:System.ArgumentException">The normal has another length or is 0.</exception>
    [<CompiledName("InHalfSpace")>]
    let halfSpace (normal: float[]) bound (player: Player) =
        within (ConvexSet.HalfSpace(Array.copy normal, bound)) player

    /// <summary>The same player in an affine subspace: A x = b.</summary>
    /// <param name="rows">The rows of A, linearly independent, each with one number for each entry.</param>
    /// <param name="right">b, one number for each row.</param>
    /// <param name="player">The player.</param>
    /// <exception cref="T:System.ArgumentException">A length is wrong, or the rows depend on each other.</exception>
    [<CompiledName("OnAffine")>]
    let affine (rows: float[][]) (right: float[]) (player: Player) =
        within (ConvexSet.Affine(Array.map Array.copy rows, Array.copy right)) player

    /// <summary>The same player in the second-order cone: ‖(x₁, …)‖₂ ≤ x₀.</summary>
    /// <param name="player">The player, of dimension 2 or more.</param>
    /// <exception cref="T:System.ArgumentException">The dimension is below 2.</exception>
    [<CompiledName("InSecondOrderCone")>]
    let secondOrderCone (player: Player) = within ConvexSet.SecondOrderCone player
