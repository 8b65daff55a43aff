// Long, because a game and the check that makes one know each other's parts: nothing else may construct a game.
namespace Stackelberg

open Stackelberg.Kernels

open System
open System.Collections.Concurrent

/// How a game's expressions are read.
type internal Scene = {
    /// Whether players below others who are pressed against a bound are held fast there.
    HoldsBounds: bool
    /// The tensors of a draw; null for those of draw 0.
    Sample: Tensor[]
}

/// <summary>Players in levels, each with a cost to minimise. Players of one level play simultaneously; each level
/// anticipates the answer of all levels below it.</summary>
/// <remarks>Immutable. The maps derived from a game are the functions of module Game. In a game with a sampler they are
/// those of one draw, the first of seed 0; Sampler.at and Game.withSampler choose another.</remarks>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type Game
    internal
    (
        name: string,
        seats: Seat[],
        constraints: struct (Constraint * int)[],
        sampler: Sampler,
        precision: DType,
        costs: Program,
        scene: Scene
    ) =

    let batches = sampler.Batches
    let players = seats |> Array.map _.Player
    let levels = seats |> Array.countBy _.Level |> Array.map snd
    let firsts = Array.scan (+) 0 levels

    let offsets =
        players |> Array.scan (fun offset player -> offset + player.Dimension) 0

    let isBounded =
        players |> Array.exists (fun player -> DomainOps.isBounded player.Domain)

    let hasCircles = players |> Array.exists _.Domain.IsCircle

    let projected set (x: Tensor) =
        x
        |> Tensor.flatten
        |> Tensor.cast DType.Float64
        |> ConvexSets.project set
        |> Tensor.cast x.DType
        |> Tensor.reshape (List.ofArray x.Shape)

    let compiled = ConcurrentDictionary<obj, Lazy<obj>>()

    /// The tensors of draw 0 of seed 0.
    let firstDraw =
        lazy
            (let draws = sampler.Open(0UL, 1UL)

             batches
             |> Array.mapi (fun index batch ->
                 let values = Array.zeroCreate batch.Count
                 draws.Fill(0L, index, values)

                 Tensor.ofArray values
                 |> Tensor.reshape (List.ofArray batch.Shape)
                 |> Tensor.cast precision))

    /// <summary>The name that messages and plots show.</summary>
    member _.Name = name

    /// <summary>The players, the highest level first, within a level in the order of their lines. The joint
    /// strategy holds their strategies in this order. The caller may not change the array.</summary>
    member _.Players = players

    /// <summary>How many players each level has, the highest level first. The caller may not change the array.</summary>
    member _.Levels = levels

    /// <summary>d, how many numbers the joint strategy holds.</summary>
    member _.Dimension = Array.last offsets

    /// <summary>What draws the tensors that the costs read; Sampler.none if they are deterministic.</summary>
    member _.Sampler = sampler

    /// <summary>The number type that costs and derivatives are computed in: Float64, or Float32 for networks. Joint
    /// strategies are float64 either way.</summary>
    member _.Precision = precision

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <inheritdoc/>
    override _.ToString() =
        let show level =
            String.Join(
                ", ",
                seats
                |> Array.filter (fun seat -> seat.Level = level)
                |> Array.map (fun seat -> seat.Player.ToString())
            )

        let shown = String.Join(" > ", Array.init levels.Length show)
        (invariant $"{name}: {shown}")

    member internal _.Seats = seats

    /// What players heed, in the order of the lines, and how many entries each function has.
    member internal _.Restrictions = constraints

    /// <summary>The functions that players heed beside their sets, in the order of their lines. Empty for most games. The
    /// caller may not change the array.</summary>
    member val Constraints: Constraint[] = constraints |> Array.map (fun (struct (found, _)) -> found)

    /// Whether anything but boxes and angles limits the players.
    member internal _.IsConstrained =
        constraints.Length > 0 || players |> Array.exists _.Domain.IsSet

    /// Inputs: the players' strategies, then the batches of a draw. Outputs: their costs.
    member internal _.CostProgram = costs

    member internal _.Batches = batches

    /// The tensors of a draw that costs read outside of compiled fields: those of draw 0 of seed 0 unless bound.
    member internal _.Sample =
        if isNull scene.Sample then
            firstDraw.Value
        else
            scene.Sample

    /// Whether bounds or a set limit a player.
    member internal _.IsBounded index =
        DomainOps.isBounded players[index].Domain

    /// Π(x), a player's bounds or set.
    member internal _.Projected index (x: Tensor) : Tensor =
        match players[index].Domain with
        | Domain.Set set -> projected set x
        | Domain.Box(lower, upper) ->
            let bound (values: float[]) =
                Tensor.ofArray values
                |> Tensor.reshape (List.ofArray x.Shape)
                |> Tensor.cast x.DType

            Tensor.minimum (bound upper) (Tensor.maximum (bound lower) x)
        | Domain.Free
        | Domain.Circle -> x

    /// Whether bounds may hold a player's answer fast.
    member internal _.MayHold index =
        scene.HoldsBounds
        && seats[index].Level > 0
        && DomainOps.isBounded players[index].Domain

    /// How a player whose answer bounds may hold is moved by a small push v: the entries free to answer, or along the set's
    /// tangents.
    member internal game.Moved index (x: Tensor) (gradient: Tensor) : Tensor -> Tensor =
        match players[index].Domain with
        | Domain.Set set ->
            let at = Diff.stopGradient (x - gradient)
            fun v -> snd (Diff.jvp (projected set) at v)
        | _ ->
            let mask = game.Mask index x gradient
            fun v -> mask * v

    /// What a player whose answer bounds may hold keeps at zero: in a convex set x − Π(x − g) of its total gradient g, in a box
    /// g where that is free to answer and x minus where it is at the entries held, whose answer is zero.
    member internal game.Settled index (x: Tensor) (gradient: Tensor) : Tensor =
        match players[index].Domain with
        | Domain.Set set -> x - projected set (x - gradient)
        | _ ->
            let mask = game.Mask index x gradient
            mask * gradient + (1.0 - mask) * (x - Tensor.stopGradient x)

    /// Of a player in a box: 1 where the strategy answers, 0 where its total gradient presses it
    /// against a bound. Its derivative is 0.
    member internal _.Mask index (x: Tensor) (gradient: Tensor) : Tensor =
        match players[index].Domain with
        | Domain.Box(lower, upper) ->
            let bound (values: float[]) =
                Tensor.ofArray values
                |> Tensor.reshape (List.ofArray x.Shape)
                |> Tensor.cast x.DType

            let held =
                Tensor.lessEqual x (bound lower)
                * Tensor.greater gradient (Expression.zeros x.DType x.Shape)
                + Tensor.greaterEqual x (bound upper)
                  * Tensor.less gradient (Expression.zeros x.DType x.Shape)

            1.0 - held
        | Domain.Free
        | Domain.Set _
        | Domain.Circle -> Tensor.ones (List.ofArray x.Shape) |> Tensor.cast x.DType

    /// The same game with the tensors of a draw as they stand in a program.
    member internal _.In(holdsBounds: bool, sample: Tensor[]) =
        Game(
            name,
            seats,
            constraints,
            sampler,
            precision,
            costs,
            {
                HoldsBounds = holdsBounds
                Sample = sample
            }
        )

    /// Where each player's entries begin in the joint strategy, and d.
    member internal _.Offsets = offsets

    member internal _.LevelBlock level =
        Block(players, firsts[level], levels[level])

    member internal _.BlockBelow level =
        Block(players, firsts[level + 1], players.Length - firsts[level + 1])

    member internal _.PlayerBlock index = Block(players, index, 1)

    member internal this.Cost index (point: Tensor[]) =
        let cost (_: Tensor) =
            LaterCost.check name players[index].Name precision (fun () ->
                seats[index].Cost.Invoke(Strategies(players, point, batches, this.Sample)))

        Diff.named (invariant $"the cost of {players[index].Name}") cost point[index]

    /// The number of the player that an entry of the joint strategy belongs to.
    member internal _.OwnerOf entry =
        Array.FindLastIndex(offsets, players.Length - 1, (fun offset -> offset <= entry))

    /// The norm of x − Π(x − g), with the projection onto the players' boxes and sets.
    member internal _.Residual(x: float[], g: float[]) =
        let mutable sum = 0.0

        for index in 0 .. players.Length - 1 do
            let domain, offset = players[index].Domain, offsets[index]

            match domain with
            | Domain.Set _ ->
                for part in DomainOps.residuals domain x g offset players[index].Dimension do
                    sum <- sum + part * part
            | _ ->
                for i in offset .. offsets[index + 1] - 1 do
                    let part = DomainOps.residual domain (i - offset) x[i] g[i]
                    sum <- sum + part * part

        sqrt sum

    /// Projects onto the players' boxes and sets.
    member internal _.Project(x: float[]) =
        if isBounded then
            for index in 0 .. players.Length - 1 do
                DomainOps.project players[index].Domain x offsets[index] players[index].Dimension

    /// Turns angles back into [−π, π).
    member internal _.Wrap(x: float[]) =
        if hasCircles then
            for index in 0 .. players.Length - 1 do
                DomainOps.wrap players[index].Domain x offsets[index] players[index].Dimension

    /// Brings a joint strategy into the players' domains.
    member internal game.Settle(x: float[]) =
        game.Project x
        game.Wrap x

    /// What the joint strategy's entries are, for messages about a wrong shape.
    member internal _.Describe() =
        let shown =
            String.Join(", ", players |> Array.map (fun player -> player.ToString()))

        (invariant $"the joint strategy of {name}: {shown}")

    /// The shape check that every function of a game makes.
    member internal game.Need (func: string) (x: Tensor) =
        Require.shape func "x" x.Shape [| game.Dimension |] (game.Describe())

    /// All players; its Flatten and Unflatten lead from one tensor for each player to the joint strategy and back.
    member internal _.Everybody = Block(players, 0, players.Length)

    /// Made once for each key, whoever asks first.
    member internal _.Once (key: obj) (make: unit -> 'a) : 'a =
        unbox (compiled.GetOrAdd(key, (fun _ -> lazy (box (make ())))).Value)

/// Checks the parts of a game, all of them, before there is one.
module internal GameCheck =

    let private faultsOfPlayers (seats: Seat[]) = [|
        if seats.Length = 0 then
            GameFault.NoPlayers

        for position, seat in Array.indexed seats do
            let player = seat.Player

            if String.IsNullOrWhiteSpace player.Name then
                GameFault.NamelessPlayer(position + 1)

            if not (Printable.isPlain player.Name) then
                GameFault.UnprintableName(Printable.show player.Name)

            if player.Dimension < 1 then
                GameFault.NoDimension(player.Name, player.Shape)

        for name, group in seats |> Array.groupBy _.Player.Name do
            let distinct = group |> Array.distinctBy _.Player

            if distinct.Length > 1 then
                GameFault.NameTwice name
            elif group.Length > 1 then
                GameFault.PlayerTwice name

        for level in 0 .. (seats |> Array.map _.Level |> Array.append [| -1 |] |> Array.max) do
            if not (seats |> Array.exists (fun seat -> seat.Level = level)) then
                GameFault.EmptyLevel(level + 1)
    |]

    let private faultsOfConstraints (seats: Seat[]) (constraints: Constraint[]) = [|
        for found in constraints do
            if not (seats |> Array.exists (fun seat -> seat.Player = found.Player)) then
                GameFault.ConstraintOfStranger(Printable.show found.Name, found.Player.Name)

            if String.IsNullOrWhiteSpace found.Name then
                GameFault.ConstraintName("", found.Player.Name)
            elif not (Printable.isPlain found.Name) then
                GameFault.UnprintableName(Printable.show found.Name)

        for (player, name), group in constraints |> Array.groupBy (fun found -> found.Player.Name, found.Name) do
            if group.Length > 1 && not (String.IsNullOrWhiteSpace name) then
                GameFault.ConstraintName(name, player)
    |]

    /// Everything that is wrong with a game, and what the first failing cost raised, or null.
    type Refusal = { Faults: GameFault[]; Cause: exn }

    /// Runs every cost on symbols: a program of them all, or what went wrong with each.
    let private trace (seats: Seat[]) (constraints: Constraint[]) (sampler: Sampler) precision =
        let batches = sampler.Batches
        let players = seats |> Array.map _.Player
        let faults = ResizeArray<GameFault>()
        let mutable cause: exn = null
        let counts = Array.zeroCreate<int> constraints.Length

        let heed position (found: Constraint) (tensors: Tensor[]) =
            let player = found.Player.Name

            try
                let own, sample = Array.splitAt players.Length tensors
                let value = found.Value.Invoke(Strategies(players, own, batches, sample))

                if isNull value then
                    faults.Add(GameFault.ConstraintFailed(found.Name, player, "it is null."))
                elif value.Shape.Length > 1 then
                    faults.Add(GameFault.ConstraintShape(found.Name, player, value.Shape))
                else
                    counts[position] <- Shape.count value.Shape
                    let level = (seats |> Array.find (fun seat -> seat.Player = found.Player)).Level

                    // By its own strategy, or by what those answer whom it leads.
                    let heeding =
                        own
                        |> Array.indexed
                        |> Array.filter (fun (index, _) ->
                            players[index] = found.Player || seats[index].Level > level)
                        |> Array.map snd

                    let struct (_, dependent) = Dependence.on heeding [| value |]

                    if not (dependent.Contains value) then
                        faults.Add(GameFault.ConstraintOfOthers(found.Name, player))
            with error ->
                // As below, what a user's function raises may be of any type.
                cause <- if isNull cause then error else cause
                faults.Add(GameFault.ConstraintFailed(found.Name, player, error.Message))

        let attempt (seat: Seat) (tensors: Tensor[]) =
            let player = seat.Player.Name

            try
                let own, sample = Array.splitAt players.Length tensors
                let cost = seat.Cost.Invoke(Strategies(players, own, batches, sample))

                if isNull cost then
                    faults.Add(GameFault.CostFailed(player, "it is null."))
                elif cost.Shape.Length > 0 then
                    faults.Add(GameFault.CostNotScalar(player, cost.Shape))
                elif cost.DType <> precision then
                    faults.Add(
                        GameFault.OtherPrecision(
                            player,
                            (invariant $"{cost.DType}"),
                            (invariant $"{precision}")
                        )
                    )

                cost
            with
            | :? ForeignPlayerException as error ->
                faults.Add(GameFault.ForeignPlayer(player, error.Foreign, error.Message))
                null
            | error ->
                // What a user's function raises may be of any type; the game's own exception keeps it as its cause.
                cause <- if isNull cause then error else cause
                faults.Add(GameFault.CostFailed(player, error.Message))
                null

        let inputs =
            Array.append
                (Array.map (fun (player: Player) -> player.Shape) players)
                (Array.map (fun (batch: Batch) -> batch.Shape) batches)
            |> Array.map (fun shape -> precision, shape)

        let zero = Tensor.scalar 0.0

        let program =
            Program.compile inputs (Array.map (fun _ -> false) inputs) (fun tensors ->
                let costs = seats |> Array.map (fun seat -> attempt seat tensors)
                constraints |> Array.iteri (fun position found -> heed position found tensors)

                if faults.Count = 0 then
                    costs
                else
                    Array.map (fun _ -> zero) costs)

        if faults.Count = 0 then
            Ok struct (program, counts)
        else
            Error {
                Faults = faults.ToArray()
                Cause = cause
            }

    /// The game of these seats, or everything that is wrong with it.
    let createWith
        (name: string)
        (seats: Seat[])
        (constraints: Constraint[])
        (sampler: Sampler)
        precision
        : Result<Game, Refusal> =
        // By way of a list, whose sort is stable: players of one level keep their order.
        let seats = seats |> List.ofArray |> List.sortBy _.Level |> Array.ofList

        let faults = [|
            if String.IsNullOrWhiteSpace name then
                GameFault.NamelessGame

            if not (Printable.isPlain name) then
                GameFault.UnprintableName(Printable.show name)

            yield! faultsOfPlayers seats
            yield! faultsOfConstraints seats constraints
        |]

        let canTrace =
            seats.Length > 0
            && (faultsOfConstraints seats constraints).Length = 0
            && seats |> Array.forall (fun seat -> seat.Player.Dimension > 0)

        let traced =
            if canTrace then
                trace seats constraints sampler precision |> Result.map ValueSome
            else
                Ok ValueNone

        match traced with
        | Ok(ValueSome(struct (program, counts))) when faults.Length = 0 ->
            let restrictions =
                Array.map2 (fun found count -> struct (found, count)) constraints counts

            Ok(
                Game(
                    name,
                    seats,
                    restrictions,
                    sampler,
                    precision,
                    program,
                    { HoldsBounds = false; Sample = null }
                )
            )
        | Ok _ -> Error { Faults = faults; Cause = null }
        | Error refusal ->
            Error {
                refusal with
                    Faults = Array.append faults refusal.Faults
            }

    let create name seats sampler precision =
        createWith name seats [||] sampler precision

    let createOrRaiseWith name seats constraints sampler precision =
        match createWith name seats constraints sampler precision with
        | Ok game -> game
        | Error refusal ->
            let lines = refusal.Faults |> Array.map (fun fault -> (invariant $"\n  - {fault}"))

            let message =
                (invariant $"Game \"{Printable.show name}\" is not complete:{String.Concat lines}")

            raise (InvalidOperationException(message, refusal.Cause))

    let createOrRaise name seats sampler precision =
        createOrRaiseWith name seats [||] sampler precision
