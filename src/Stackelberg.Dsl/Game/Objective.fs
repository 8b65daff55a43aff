namespace Stackelberg

/// <summary>Some neighbouring players of a game, whose strategies vary together: one player, a level, or all
/// players below a level.</summary>
/// <remarks>A block of one player has that player's shape; several are joined to one vector, row-major, in order.</remarks>
[<Sealed>]
type Block internal (players: Player[], first: int, count: int) =

    let members = Array.sub players first count
    let dimension = members |> Array.sumBy _.Dimension
    let shape = if count = 1 then members[0].Shape else [| dimension |]

    /// <summary>The players of the block, in the game's order.</summary>
    member _.Players = members

    /// <summary>The shape of the block's strategy.</summary>
    member _.Shape = shape

    /// <summary>How many numbers the block's strategy holds.</summary>
    member _.Dimension = dimension

    member internal _.First = first
    member internal _.Count = count

    /// One vector from one tensor for each member, whatever their number.
    member internal _.Flatten(parts: Tensor[]) : Tensor =
        parts |> Array.map Tensor.flatten |> Tensor.concat 0

    /// One tensor for each member from one vector, whatever their number.
    member internal _.Unflatten(vector: Tensor) : Tensor[] =
        let starts = members |> Array.scan (fun start player -> start + player.Dimension) 0

        members
        |> Array.mapi (fun i player ->
            Tensor.slice 0 starts[i] player.Dimension vector |> Tensor.reshape player.Shape)

    /// One tensor of the block's shape from one for each member.
    member internal this.Join(parts: Tensor[]) =
        if count = 1 then parts[0] else this.Flatten parts

    /// One tensor for each member from one of the block's shape.
    member internal this.Split(joined: Tensor) =
        if count = 1 then [| joined |] else this.Unflatten joined

    /// The block's part of a point (one tensor for each player of the game).
    member internal this.Get(point: Tensor[]) = this.Join(Array.sub point first count)

    /// The point with the block's part replaced.
    member internal this.Set (point: Tensor[]) (joined: Tensor) =
        let parts = this.Split joined

        point
        |> Array.mapi (fun i old ->
            if i >= first && i < first + count then
                parts[i - first]
            else
                old)

/// <summary>Something that players minimise: one player's cost, or a level that settles where all its players'
/// total gradients vanish. Its derivatives at a point are Derivative.D and Derivative.D2.</summary>
[<Sealed>]
type Objective
    internal
    (gradient: Block -> Tensor[] -> Tensor, isCost: bool, jacobian: Tensor[] -> (Block -> Tensor) voption) =

    /// Maps a block and a point to the derivative in the block's strategy.
    member internal _.Gradient = gradient

    /// The matrix of a level's gradient's derivative in a block at a point, [m; n], where that has been written down.
    member internal _.Jacobian = jacobian

    /// Whether the gradients are those of one function, so that mixed second derivatives are each other's transposes.
    member internal _.IsCost = isCost

module internal Objective =

    let ofCost (cost: Tensor[] -> Tensor) =
        Objective(
            (fun block point -> Diff.grad (fun strategy -> cost (block.Set point strategy)) (block.Get point)),
            true,
            fun _ -> ValueNone
        )

    /// A level, by its stacked gradient; only the gradient in that level's own block is defined.
    let ofLevel (gradient: Tensor[] -> Tensor) =
        Objective((fun _ point -> gradient point), false, (fun _ -> ValueNone))

    /// The same of a level whose gradient's derivative in a block has been written down at one point.
    let ofDerivedLevel (gradient: Tensor[] -> Tensor) (at: Tensor[]) (jacobian: Block -> Tensor) =
        let isThere (point: Tensor[]) =
            Array.forall2 (fun a b -> obj.ReferenceEquals(a, b)) at point

        Objective(
            (fun _ point -> gradient point),
            false,
            fun point -> if isThere point then ValueSome jacobian else ValueNone
        )
