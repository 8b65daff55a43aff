namespace Stackelberg

open Stackelberg.Kernels

open System

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Game =

    let private seats (levels: (Player * (Strategies -> Tensor)) list list) = [|
        for level, players in List.indexed levels do
            for player, cost in players do
                Seat(player, level, Func<_, _> cost)
    |]

    let tryCreate name levels =
        GameCheck.create name (seats levels) Sampler.none DType.Float64
        |> Result.mapError _.Faults

    let ofSeats name sampler precision seats =
        GameCheck.createOrRaise name seats sampler precision

    let withConstraints (constraints: Constraint[]) (game: Game) =
        GameCheck.createOrRaiseWith game.Name game.Seats constraints game.Sampler game.Precision

    let create name levels =
        ofSeats name Sampler.none DType.Float64 (seats levels)

    let withMultipliers (ρ: float) (game: Game) =
        if not (Double.IsFinite ρ && ρ >= 0.0) then
            Require.wrong
                "Game.withMultipliers"
                (nameof ρ)
                (invariant $"is {ρ}, but a finite number of at least 0 is needed; 1 is a good first one.")

        MultiplierGame.of' ρ game

    let twoPlayer name (f1: Tensor -> Tensor -> Tensor) (f2: Tensor -> Tensor -> Tensor) =
        let x1, x2 = Player.scalar "x1", Player.scalar "x2"
        create name [ [ x1, (fun q -> f1 q[x1] q[x2]) ]; [ x2, (fun q -> f2 q[x1] q[x2]) ] ]

    let zeroSum name (f: Tensor -> Tensor -> Tensor) =
        twoPlayer name f (fun x1 x2 -> -(f x1 x2))

    let simultaneous name players = create name [ players ]

    let withSampler (sampler: Sampler) (game: Game) =
        GameCheck.createOrRaiseWith game.Name game.Seats game.Constraints sampler game.Precision

    let withPrecision (precision: DType) (game: Game) =
        GameCheck.createOrRaiseWith game.Name game.Seats game.Constraints game.Sampler precision

    let name (game: Game) = game.Name
    let players (game: Game) = List.ofArray game.Players
    let dimension (game: Game) = game.Dimension

    let private indexOf func (game: Game) (player: Player) =
        match Array.IndexOf(game.Players, player) with
        | -1 -> Require.wrong func "player" (invariant $"is {player}, who does not play in {game.Name}.")
        | index -> index

    let point (game: Game) (x: Tensor) =
        game.Need "Game.point" x
        game.Everybody.Unflatten x

    let strategies (game: Game) (x: Tensor) =
        game.Need "Game.strategies" x
        Strategies(game.Players, game.Everybody.Unflatten x, game.Batches, game.Sample)

    let joint (game: Game) (parts: (Player * Tensor) list) =
        let func = "Game.joint"
        let slots: Tensor[] = Array.zeroCreate game.Players.Length

        for player, part in parts do
            let index = indexOf func game player
            Require.shape func player.Name part.Shape player.Shape "the player's shape"

            if not (isNull slots[index]) then
                Require.wrong
                    func
                    (nameof parts)
                    (invariant $"names {player.Name} twice; give every player one strategy.")

            slots[index] <- part

        match Array.tryFindIndex isNull slots with
        | Some missing ->
            Require.wrong
                func
                (nameof parts)
                (invariant $"lacks {game.Players[missing].Name}; give every player a strategy.")
        | None -> game.Everybody.Flatten slots

    let costs (game: Game) (x: Tensor) =
        game.Need "Game.costs" x
        let point = game.Everybody.Unflatten x

        if x.IsSymbolic then
            game.Players
            |> Array.mapi (fun index _ -> game.Cost index point)
            |> Tensor.stack 0
        else
            let run = CostRun game
            run.Evaluate(x.ToArray())
            Tensor.ofArray run.Costs

    /// Numbers, evaluated by the field's program, and what the evaluation knows.
    let private evaluated conjecture (game: Game) (x: Tensor) =
        let run = FieldRun(FieldProgram.OfConjecture conjecture game)
        let at, g = x.ToArray(), Array.zeroCreate game.Dimension
        run.Evaluate(at, g)
        run, at, g

    /// A solver that failed hands out no number.
    let private trusted func conjecture game x =
        let run, at, g = evaluated conjecture game x
        SolveOutcome.Need func run.Solves
        run, at, g

    let private jacobianAt func (run: FieldRun) at =
        let found = run.Jacobian at
        SolveOutcome.Need func run.JacobianSolves
        found

    let private fieldOf func conjecture (game: Game) (x: Tensor) =
        game.Need func x

        if x.IsSymbolic then
            Field.joint conjecture game x
        else
            let _, _, g = trusted func conjecture game x
            Tensor.ofArray g

    let field conjecture game x = fieldOf "Game.field" conjecture game x

    let fieldWithSolves conjecture (game: Game) (x: Tensor) =
        let func = "Game.fieldWithSolves"
        game.Need func x

        if x.IsSymbolic then
            Require.wrong func (nameof x) "is a symbol, but numbers are needed (solves are made)."

        let run, _, g = evaluated conjecture game x
        Tensor.ofArray g, Array.copy run.Solves

    let omega game x =
        fieldOf "Game.omega" Conjecture.none game x

    let omegaS game x =
        fieldOf "Game.omegaS" Conjecture.bestResponse game x

    let private jacobianOf func conjecture (game: Game) (x: Tensor) =
        game.Need func x

        if x.IsSymbolic then
            Diff.jacobian (Field.joint conjecture game) x
        else
            let run, at, _ = trusted func conjecture game x
            Tensor.ofArray2D (jacobianAt func run at)

    let jacobian conjecture game x =
        jacobianOf "Game.jacobian" conjecture game x

    let J game x =
        jacobianOf "Game.J" Conjecture.none game x

    let JS game x =
        jacobianOf "Game.JS" Conjecture.bestResponse game x

    /// The Schur complement over the entries below the top level that are free to answer.
    let private schurOf func conjecture (game: Game) (x: Tensor) =
        game.Need func x

        if x.IsSymbolic then
            Require.wrong func (nameof x) "is a symbol, but numbers are needed (a matrix is decomposed)."

        let run, at, _ = trusted func conjecture game x
        let top = game.Offsets[game.Levels[0]]
        let answering = [| top .. game.Dimension - 1 |] |> Array.filter (run.IsHeld >> not)

        jacobianAt func run at
        |> Dense.schur [| 0 .. top - 1 |] answering
        |> Tensor.ofArray2D

    let schurJ game x =
        schurOf "Game.schurJ" Conjecture.none game x

    let totalHessian game x =
        schurOf "Game.totalHessian" Conjecture.bestResponse game x

    let block (game: Game) (players: Player list) =
        let indices = players |> List.map (indexOf "Game.block" game)

        match indices with
        | first :: _ when indices = [ first .. first + indices.Length - 1 ] ->
            Block(game.Players, first, indices.Length)
        | _ ->
            let order = String.Join(", ", game.Players |> Array.map _.Name)

            Require.wrong
                "Game.block"
                (nameof players)
                (invariant $"must be players next to each other in the game's order ({order}), at least one.")

    let cost (game: Game) (player: Player) =
        Objective.ofCost (game.Cost(indexOf "Game.cost" game player))
