namespace Stackelberg

open System

[<RequireQualifiedAccess>]
module Equilibrium =

    let tolerances = { Critical = 1e-8; Axis = 1e-8 }

    /// Up to this dimension: a matrix of 130 MB, whose eigenvalues take minutes.
    let private largest = 4000

    let private numbers func name (game: Game) (x: Tensor) =
        if game.Dimension > largest then
            Require.wrong
                func
                (nameof game)
                $"has dimension {game.Dimension} ({game.Describe()}), but at most {largest} is possible: the analysis decomposes d × d matrices. Look at the field's norm instead, Game.omega or Game.omegaS."

        Require.shape func name x.Shape [| game.Dimension |] (game.Describe())

        if x.IsSymbolic then
            Require.wrong func name "is a symbol, but numbers are needed."

        let values = x.ToArray()

        match Array.tryFindIndex (Double.IsFinite >> not) values with
        | Some entry ->
            Require.wrong
                func
                name
                $"holds {values[entry]} at entry {entry} ({game.Players[game.OwnerOf entry].Name}), but every entry must be finite; give another point."
        | None -> values

    /// The entries of the players from one level down, and of that level alone.
    let private entriesBelow (game: Game) level =
        let block = game.BlockBelow level
        [| game.Offsets[block.First] .. game.Dimension - 1 |]

    let private entriesOf (game: Game) level =
        let block = game.LevelBlock level
        [| game.Offsets[block.First] .. game.Offsets[block.First + block.Count] - 1 |]

    let private meet (a: int[]) (b: int[]) =
        a |> Array.filter (fun entry -> Array.contains entry b)

    /// D²_ii f_i on the entries given.
    let private playerHessian (game: Game) (jacobian: float[,]) (free: int[]) index =
        let own = meet [| game.Offsets[index] .. game.Offsets[index + 1] - 1 |] free
        Dense.select own own jacobian

    let private isDifferentialNash (game: Game) (nash: Linearisation) players =
        players
        |> Seq.map (
            playerHessian game nash.Jacobian nash.Free
            >> Spectrum.isPositiveDefinite nash.Band
        )
        |> Verdict.all

    /// The lowest level plays simultaneously: its own differential Nash point, and an isolated, stable one.
    let private lowestLevel (game: Game) (nash: Linearisation) (free: int[]) =
        let level = game.Levels.Length - 1
        let block = game.LevelBlock level
        let own = meet (entriesOf game level) free
        let nash = { nash with Free = free }

        Verdict.all [
            isDifferentialNash game nash [ block.First .. block.First + block.Count - 1 ]
            Dense.select own own nash.Jacobian
            |> Dense.eigenvalues
            |> Spectrum.isStable nash.Band
        ]

    /// A level above others: along the reaction of the players below, its costs bend upwards.
    let private upperLevel (game: Game) (leading: Linearisation) level =
        let kept, removed =
            meet (entriesOf game level) leading.Free, meet (entriesBelow game level) leading.Free

        let total = Dense.schur kept removed leading.Jacobian

        Spectrum.isPositiveDefinite
            (max leading.Band (leading.Band / Dense.norm leading.Jacobian * Dense.norm total))
            total

    let classifyWith tolerances (game: Game) (x: Tensor) : Report =
        let at = numbers "Equilibrium.classify" (nameof x) game x
        let nash = Linearisation.at tolerances (Linearisation.field game Concept.Nash) at

        let leading =
            Linearisation.at tolerances (Linearisation.field game Concept.Stackelberg) at

        let lowest = game.Levels.Length - 1
        let top, below = entriesOf game 0, entriesBelow game 0

        let secondOrder (local: Linearisation) verdict =
            if local.IsStrict then
                verdict
            else
                Verdict.atMostUndecided verdict

        let differentialNash =
            secondOrder nash (isDifferentialNash game nash [ 0 .. game.Players.Length - 1 ])

        let differentialStackelberg =
            if lowest = 0 then
                differentialNash
            else
                Verdict.all [
                    lowestLevel game nash leading.Free
                    for level in 0 .. lowest - 1 do
                        upperLevel game leading level
                ]
                |> secondOrder leading

        let spectrum (local: Linearisation) =
            Dense.eigenvalues (Dense.select local.Free local.Free local.Jacobian)

        let isStable (local: Linearisation) eigenvalues =
            Spectrum.isStable local.Band eigenvalues |> secondOrder local

        let schur (local: Linearisation) =
            Dense.schur (meet top local.Free) (meet below local.Free) local.Jacobian

        // The longest part of a large game's report.
        let spectra = Array.Parallel.map spectrum [| nash; leading |]
        let spectrumJ, spectrumJS = spectra[0], spectra[1]
        let schurJ, total = schur nash, schur leading
        let shown = if nash.IsCritical = Verdict.Yes then nash else leading

        {
            Game = game.Name
            Point = Tensor.ofArray at
            Costs = (Game.costs game x).ToArray()
            ResidualOmega = nash.Residual
            ResidualOmegaS = leading.Residual
            IsCriticalOmega = nash.IsCritical
            IsCriticalOmegaS = leading.IsCritical
            IsDifferentialNash = Verdict.all [ nash.IsCritical; differentialNash ]
            IsDifferentialStackelberg = Verdict.all [ leading.IsCritical; differentialStackelberg ]
            IsStableSimgrad = Verdict.all [ nash.IsCritical; isStable nash spectrumJ ]
            IsStableStackelberg = Verdict.all [ leading.IsCritical; isStable leading spectrumJS ]
            EigenvaluesJ = spectrumJ
            EigenvaluesJS = spectrumJS
            EigenvaluesSchurJ = Dense.eigenvalues schurJ
            EigenvaluesTotalHessian = Dense.eigenvalues total
            SchurJ = schurJ
            TotalHessian = total
            PlayerHessians =
                game.Players
                |> Array.mapi (fun index _ -> playerHessian game nash.Jacobian nash.Free index)
            ZeroModesJ = Spectrum.zeroModes nash.Band spectrumJ
            ZeroModesJS = Spectrum.zeroModes leading.Band spectrumJS
            HeldEntries = shown.Held
            IsStrictlyComplementary = shown.IsStrict
        }

    let classify game x = classifyWith tolerances game x

    let private searchFrom func newton tolerances concept (start: Tensor) (game: Game) =
        let from = numbers func (nameof start) game start
        game.Settle from

        newton tolerances game concept from
        |> Result.map (fun point ->
            game.Settle point
            classifyWith tolerances game (Tensor.ofArray point))

    let findWith tolerances concept start game =
        searchFrom "Equilibrium.find" Newton.find tolerances concept start game

    let find concept start game = findWith tolerances concept start game

    let refine concept start game =
        searchFrom "Equilibrium.refine" Newton.refine tolerances concept start game

    let search = {
        StartsPerRound = 256
        QuietRounds = 4
        MaxRounds = 100
        Seed = 0UL
        Tolerances = tolerances
        Cancellation = Threading.CancellationToken.None
    }

    /// One number for every entry, from a bound of shape [d] or [].
    let private corner func name (game: Game) (bound: Tensor) =
        let bound =
            if bound.Shape.Length = 0 then
                Tensor.broadcastTo [ game.Dimension ] bound
            else
                bound

        numbers func name game bound

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
                Require.wrong func (nameof settings) $"has {name} = {value}, but at least 1 is needed."

        let lower, upper =
            corner func (nameof lower) game lower, corner func (nameof upper) game upper

        match Array.tryFindIndex (fun (low, high) -> not (low < high)) (Array.zip lower upper) with
        | Some entry ->
            Require.wrong
                func
                (nameof lower)
                $"is {lower[entry]} at entry {entry} ({game.Players[game.OwnerOf entry].Name}), but it must be below upper, {upper[entry]}."
        | None -> ()

        let classify (x: float[]) =
            classifyWith settings.Tolerances game (Tensor.ofArray x)

        FindAll(settings, concept, lower, upper, game, classify).Run()

    let findAll concept box game = findAllWith search concept box game
