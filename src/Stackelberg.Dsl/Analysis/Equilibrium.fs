namespace Stackelberg

open System

[<RequireQualifiedAccess>]
module Equilibrium =

    let tolerances = Tolerances.usual

    /// Up to this dimension: a matrix of 130 MB, whose eigenvalues take minutes.
    let private largest = 4000

    /// What decomposes matrices has its limit.
    let private needSmall func (game: Game) =
        if game.Dimension > largest then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"has dimension {game.Dimension} ({game.Describe()}), but at most {largest} is possible: d × d matrices are decomposed. Equilibrium.classifyLarge says what can be said without them.")

    let private numbers func name (game: Game) (x: Tensor) =
        needSmall func game
        PointCheck.entries func name game x

    let classifyWith tolerances (game: Game) (x: Tensor) : Report =
        let at = numbers "Equilibrium.classify" (nameof x) game x

        if game.IsConstrained then
            ConstrainedReport.at tolerances game at
        else
            Classification.report tolerances game at

    let classify game x = classifyWith tolerances game x

    let classifyLarge (game: Game) (x: Tensor) : LargeReport =
        PointCheck.entries "Equilibrium.classifyLarge" (nameof x) game x
        |> LargeReport.at tolerances game

    /// Puts entries within rounding of a bound onto it.
    let private ontoBounds (game: Game) (x: float[]) =
        let within (value: float) (bound: float) =
            Double.IsFinite bound && abs (value - bound) <= 1e-10 * max 1.0 (abs bound)

        game.Players
        |> Array.iteri (fun index player ->
            match player.Domain with
            | Domain.Box(lower, upper) ->
                for i in 0 .. lower.Length - 1 do
                    let at = game.Offsets[index] + i

                    if within x[at] lower[i] then
                        x[at] <- lower[i]
                    elif within x[at] upper[i] then
                        x[at] <- upper[i]
            | _ -> ())

    /// Newton's method on fields asks for curvature in all entries; where bounds hold entries none is needed, and the
    /// conditions of the players' constrained problems find points that the fields do not lead to.
    let private findInBoxes tolerances (game: Game) concept (from: float[]) =
        let isBox domain =
            match domain with
            | Domain.Box _ -> true
            | _ -> false

        let domains = game.Players |> Array.map _.Domain

        match Newton.find tolerances game concept (Array.copy from) with
        | Error _ as failure when
            Array.exists isBox domains
            && domains |> Array.forall (fun domain -> isBox domain || domain = Domain.Free)
            && LevelCheck.isKnownConstrained concept game
            ->
            match ConstrainedSearch.find tolerances game concept from with
            | Ok found ->
                ontoBounds game found
                Ok found
            | Error _ -> failure
        | found -> found

    let private searchFrom func newton tolerances concept (start: Tensor) (game: Game) =
        let from = numbers func (nameof start) game start
        game.Settle from

        let newton tolerances game concept from =
            if (game: Game).IsConstrained then
                LevelCheck.constrained func concept game
                ConstrainedSearch.find tolerances game concept from
            else
                newton tolerances game concept from

        newton tolerances game concept from
        |> Result.map (fun point ->
            game.Settle point
            classifyWith tolerances game (Tensor.ofArray point))

    let findWith tolerances concept start game =
        searchFrom "Equilibrium.find" findInBoxes tolerances concept start game

    let find concept start game = findWith tolerances concept start game

    let refine concept start game =
        let newton tolerances =
            Newton.refine tolerances Threading.CancellationToken.None

        searchFrom "Equilibrium.refine" newton tolerances concept start game

    let search = {
        StartsPerRound = 256
        QuietRounds = 4
        MaxRounds = 100
        Seed = 0UL
        Tolerances = tolerances
        Progress = null
        Cancellation = Threading.CancellationToken.None
    }

    let findAllWith
        (settings: SearchSettings)
        concept
        (lower: Tensor, upper: Tensor)
        (game: Game)
        : SearchReport =
        let func = "Equilibrium.findAll"

        for name, value in
            [
                nameof settings.StartsPerRound, settings.StartsPerRound
                nameof settings.QuietRounds, settings.QuietRounds
                nameof settings.MaxRounds, settings.MaxRounds
            ] do
            if value < 1 then
                Require.wrong
                    func
                    (nameof settings)
                    (invariant $"has {name} = {value}, but at least 1 is needed.")

        needSmall func game
        let lower, upper = PointCheck.box func game (lower, upper)

        let classify (x: float[]) =
            classifyWith settings.Tolerances game (Tensor.ofArray x)

        if game.IsConstrained then
            LevelCheck.constrained func concept game
            ConstrainedFindAll.run settings concept lower upper game classify
        else
            FindAll(settings, concept, lower, upper, game, classify).Run()

    let findAll concept box game = findAllWith search concept box game

    let private leadersAndFollowers func (game: Game) =
        if game.Levels.Length < 2 then
            Require.wrong
                func
                (nameof game)
                (invariant $"has one level ({game.Describe()}), but a leader and a follower are needed.")

    let private requireFinite func name value =
        if not (Double.IsFinite value && value >= 0.0) then
            Require.wrong func name (invariant $"is {value}, but a finite number of at least 0 is needed.")

    let globalResponse (game: Game) (x: Tensor) : ResponseReport[] =
        let func = "Equilibrium.globalResponse"
        leadersAndFollowers func game
        let at = numbers func (nameof x) game x

        if game.Levels.Length > 2 then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"is {game.Name} with {game.Levels.Length} levels, but two are needed: a follower with players below has no problem of its own.")

        [| game.Levels[0] .. game.Players.Length - 1 |]
        |> Array.map (GlobalResponse.of' 0UL game at)

    let classifyRegularized η (game: Game) (x: Tensor) =
        let func = "Equilibrium.classifyRegularized"
        requireFinite func (nameof η) η
        leadersAndFollowers func game
        numbers func (nameof x) game x |> Classification.regularized tolerances η game

    /// Order d(d−1)/2 of the matrix whose eigenvalues are taken: 1770.
    let private largestForRatio = 60

    let criticalRatio (game: Game) (x: Tensor) : CriticalRatio =
        let func = "Equilibrium.criticalRatio"
        leadersAndFollowers func game

        if game.Dimension > largestForRatio then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"has dimension {game.Dimension} ({game.Describe()}), but at most {largestForRatio} is possible: a matrix of order d(d−1)/2 is decomposed. Look at the eigenvalues of diag(I, τ I) J for the ratios of interest instead.")

        let at = numbers func (nameof x) game x
        let local = Linearisation.at tolerances (Linearisation.field game Concept.Nash) at
        let leaders = game.Offsets[game.Levels[0]]
        let top = local.Free |> Array.filter (fun entry -> entry < leaders) |> Array.length
        let jacobian = Dense.select local.Free local.Free local.Jacobian

        let undefined = UndefinedCost.at game at

        if undefined.IsSome then
            CriticalRatio.unknown undefined.Value
        elif local.IsCritical <> Verdict.Yes then
            CriticalRatio.unknown (
                (invariant
                    $"the point is not critical for omega, whose norm is {local.Residual} there; find one first, Equilibrium.find Concept.Nash")
            )
        elif not local.IsStrict then
            CriticalRatio.unknown "a bound holds an entry without pressing it, so that J does not decide"
        else
            CriticalRatio.ofJacobian local.Band (Rounding.share game) top jacobian

    let leaderAdvantage (start: Tensor) (game: Game) : Result<LeaderAdvantage, FindFailure> =
        let from = numbers "Equilibrium.leaderAdvantage" (nameof start) game start

        let swapped () =
            match LeaderAdvantage.swapped game with
            | ValueNone -> Ok ValueNone
            | ValueSome other ->
                let behind = LeaderAdvantage.swap game.Offsets[1] from
                find Concept.Stackelberg (Tensor.ofArray behind) other |> Result.map ValueSome

        match find Concept.Nash start game, find Concept.Stackelberg start game, swapped () with
        | Ok nash, Ok stackelberg, Ok swapped -> Ok(LeaderAdvantage.compare nash stackelberg swapped)
        | Error failure, _, _
        | _, Error failure, _
        | _, _, Error failure -> Error failure

    let zeroSumCondition (game: Game) (x: Tensor) : ZeroSumCondition =
        let func = "Equilibrium.zeroSumCondition"

        LevelCheck.leaderAndFollower func game
        let at = numbers func (nameof x) game x
        let costs = (Game.costs game x).ToArray()
        let nash = Linearisation.at tolerances (Linearisation.field game Concept.Nash) at

        let leader, follower =
            [| 0 .. game.Offsets[1] - 1 |], [| game.Offsets[1] .. game.Dimension - 1 |]

        let block rows columns = Dense.select rows columns nash.Jacobian
        let mixed, answer = block leader follower, block follower leader

        let opposite =
            Array2D.init leader.Length follower.Length (fun i j -> mixed[i, j] + answer[j, i])

        if
            not (abs (costs[0] + costs[1]) <= tolerances.Axis * max 1.0 (abs costs[0]))
            || not (Dense.norm opposite <= nash.Band)
        then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"is not zero-sum: its costs there are {costs[0]} and {costs[1]}, and D₁₂f₁ + (D₂₁f₂)ᵀ has norm {Dense.norm opposite}.")

        ZeroSumCondition.at
            nash.Band
            (block leader leader)
            mixed
            (block follower follower)
            (Dense.schur leader follower nash.Jacobian)

    let potential radius (game: Game) (x: Tensor) =
        let func = "Equilibrium.potential"
        requireFinite func (nameof radius) radius
        numbers func (nameof x) game x |> PotentialReport.around radius game
