namespace Stackelberg

/// The tests of a point: which equilibrium it is, and which flow ends there.
module internal Classification =

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

    /// Up to where an eigenvalue of a player's own second derivative counts as zero: a share of that matrix's size, and
    /// rounding of the Jacobian, in the player's own units.
    let private ownBand tolerances game (nash: Linearisation) index hessian =
        tolerances.Axis * Dense.norm hessian
        + Rounding.share game / (nash.Rows[index] * nash.Columns[index])

    let private isDifferentialNash tolerances (game: Game) (nash: Linearisation) players =
        players
        |> Seq.map (fun index ->
            let hessian = playerHessian game nash.Jacobian nash.Free index

            Judgement.isPositiveDefinite
                (invariant $"the own second derivative of {game.Players[index].Name}")
                (ownBand tolerances game nash index hessian)
                hessian)
        |> Judgement.all

    /// The lowest level plays simultaneously: its own differential Nash point, and an isolated, stable one.
    let private lowestLevel tolerances (game: Game) (nash: Linearisation) (free: int[]) =
        let level = game.Levels.Length - 1
        let block = game.LevelBlock level
        let own = meet (entriesOf game level) free
        let nash = { nash with Free = free }

        Judgement.all [
            isDifferentialNash tolerances game nash [ block.First .. block.First + block.Count - 1 ]
            // One follower's Jacobian is its own second derivative, which has been looked at.
            if block.Count > 1 then
                let between = Dense.select own own nash.Jacobian

                Dense.conditionedEigenvalues between
                |> Judgement.isStable
                    "the eigenvalues of the lowest level's own J"
                    (tolerances.Axis * Dense.norm between)
                    (Rounding.share game)
                |> Stability.orByScaled tolerances game own between
        ]

    /// Up to where an eigenvalue of a Schur complement counts as zero: a share of its size, and what rounding leaves of the
    /// difference that it is.
    let private totalBand tolerances game (jacobian: float[,]) (kept: int[]) (total: float[,]) =
        let own = Dense.select kept kept jacobian

        let answer =
            Array2D.init kept.Length kept.Length (fun i j -> own[i, j] - total[i, j])

        tolerances.Axis * Dense.norm total
        + Rounding.share game * (Dense.norm own + Dense.norm answer)

    /// A level above others: along the reaction of the players below, its costs bend upwards.
    let private upperLevel tolerances (game: Game) (leading: Linearisation) level =
        let kept, removed =
            meet (entriesOf game level) leading.Free, meet (entriesBelow game level) leading.Free

        let total = Dense.schur kept removed leading.Jacobian

        let what =
            if level = 0 then
                "the total second derivative"
            else
                (invariant $"the total second derivative of level {level + 1}")

        Judgement.isPositiveDefinite what (totalBand tolerances game leading.Jacobian kept total) total

    let private critical (local: Linearisation) field =
        match local.IsCritical with
        | Verdict.Undecided -> Judgement.because (invariant $"{field}: {local.Step.Value.Reason}")
        | verdict -> Judgement.plain verdict

    let private spectrum (local: Linearisation) =
        Dense.conditionedEigenvalues (Dense.select local.Free local.Free local.Jacobian)

    let private isStable tolerances game (local: Linearisation) what eigenvalues =
        Judgement.isStable what local.Band (Rounding.share game) eigenvalues
        |> Stability.orByScaled tolerances game local.Free (Dense.select local.Free local.Free local.Jacobian)
        |> Judgement.complementary local

    /// Stable, but certainly not the equilibrium.
    let private spurious stable equilibrium =
        Verdict.all [ stable; Verdict.opposite equilibrium ]

    /// A point for leaders who anticipate followers with their curvature raised by η.
    let regularized tolerances (η: float) (game: Game) (at: float[]) : RegularizedReport =
        let conjecture = Conjecture.regularized η |> Linearisation.exactly game
        let nash = Linearisation.at tolerances (Linearisation.field game Concept.Nash) at

        let leading =
            Linearisation.at tolerances (FieldProgram.OfConjecture conjecture game) at

        let top, below =
            meet (entriesOf game 0) leading.Free, meet (entriesBelow game 0) leading.Free

        let undefined = UndefinedCost.at game at
        let isCritical = critical leading "the regularised field"

        let judge what band matrix =
            Judgement.isPositiveDefinite what band matrix |> Judgement.complementary leading

        let printed = Dense.select top top leading.Jacobian
        let total = Dense.schur top below leading.Jacobian
        let eigenvalues = spectrum leading

        let stable =
            isStable tolerances game leading "the eigenvalues of the regularised J_S" eigenvalues

        let stable = Judgement.all [ isCritical; stable ] |> UndefinedCost.over undefined

        let trueTest =
            judge
                "the regularised total second derivative"
                (totalBand tolerances game leading.Jacobian top total)
                total

        /// Whether no eigenvalue of a symmetric part is below zero by more than rounding.
        let isNotNegative band (matrix: float[,]) =
            let values = Dense.symmetricPart matrix |> Dense.eigenvalues |> Array.map _.Real

            if not (Finite.all values) then
                Verdict.Undecided
            else
                Verdict.ofBool (values |> Array.forall (fun value -> value >= -band))

        let lowest = game.LevelBlock(game.Levels.Length - 1)

        let followers =
            [ lowest.First .. lowest.First + lowest.Count - 1 ]
            |> List.map (fun index ->
                let hessian = playerHessian game nash.Jacobian nash.Free index
                isNotNegative (ownBand tolerances game nash index hessian) hessian)

        let necessary band matrix =
            Verdict.all (leading.IsCritical :: isNotNegative band matrix :: followers)
            |> UndefinedCost.verdict undefined

        let equilibrium =
            Judgement.all [ isCritical; lowestLevel tolerances game nash leading.Free; trueTest ]
            |> UndefinedCost.over undefined

        let symmetricSpectrum = Dense.symmetricPart >> Dense.eigenvalues >> Array.map _.Real

        {
            Regularization = η
            Residual = leading.Residual
            IsCritical = UndefinedCost.verdict undefined leading.IsCritical
            IsStable = stable.Verdict
            IsPrintedTestMet =
                (judge "D₁ of the leader's gradient" (tolerances.Axis * Dense.norm printed) printed).Verdict
                |> UndefinedCost.verdict undefined
            IsTrueTestMet = UndefinedCost.verdict undefined trueTest.Verdict
            IsPrintedNecessaryMet = necessary (tolerances.Axis * Dense.norm printed) printed
            IsTrueNecessaryMet = necessary (totalBand tolerances game leading.Jacobian top total) total
            IsDifferentialStackelberg = equilibrium.Verdict
            Eigenvalues = Spectrum.values eigenvalues
            EigenvaluesPrinted = symmetricSpectrum printed
            EigenvaluesTrue = symmetricSpectrum total
            Doubts =
                Array.concat [
                    Judgement.doubts "stable" stable
                    Judgement.doubts "differential Stackelberg" equilibrium
                ]
        }

    /// The report card of a joint strategy of finite numbers.
    let report tolerances (game: Game) (at: float[]) : Report =
        let nash = Linearisation.at tolerances (Linearisation.field game Concept.Nash) at

        let leading =
            Linearisation.at tolerances (Linearisation.field game Concept.Stackelberg) at

        let costs = (Game.costs game (Tensor.ofArray at)).ToArray()
        let names = game.Players |> Array.map _.Name
        let undefined = UndefinedCost.reason names costs
        let settle = Judgement.all >> UndefinedCost.over undefined

        let lowest = game.Levels.Length - 1
        let top, below = entriesOf game 0, entriesBelow game 0

        let isCriticalOmega, isCriticalOmegaS =
            critical nash "omega", critical leading "omega_S"

        let differentialNash =
            settle [
                isCriticalOmega
                isDifferentialNash tolerances game nash [ 0 .. game.Players.Length - 1 ]
                |> Judgement.complementary nash
            ]

        let differentialStackelberg =
            settle [
                isCriticalOmegaS
                if lowest = 0 then
                    isDifferentialNash tolerances game nash [ 0 .. game.Players.Length - 1 ]
                else
                    lowestLevel tolerances game nash leading.Free

                    for level in 0 .. lowest - 1 do
                        upperLevel tolerances game leading level
                Judgement.plain Verdict.Yes |> Judgement.complementary leading
            ]

        let schur (local: Linearisation) =
            Dense.schur (meet top local.Free) (meet below local.Free) local.Jacobian

        // The longest part of a large game's report.
        let spectra = Array.Parallel.map spectrum [| nash; leading |]
        let spectrumJ, spectrumJS = spectra[0], spectra[1]

        let stableSimgrad =
            settle [
                isCriticalOmega
                isStable tolerances game nash "the eigenvalues of J" spectrumJ
            ]

        let stableStackelberg =
            settle [
                isCriticalOmegaS
                isStable tolerances game leading "the eigenvalues of J_S" spectrumJS
            ]

        let schurJ, total = schur nash, schur leading
        let shown = if nash.IsCritical = Verdict.Yes then nash else leading

        let hessians =
            game.Players
            |> Array.mapi (fun index _ -> playerHessian game nash.Jacobian nash.Free index)

        {
            Game = game.Name
            Point = Tensor.ofArray at
            Costs = costs
            ResidualOmega = nash.Residual
            ResidualOmegaS = leading.Residual
            StepOmega = nash.Step.Value
            StepOmegaS = leading.Step.Value
            IsCriticalOmega = UndefinedCost.verdict undefined nash.IsCritical
            IsCriticalOmegaS = UndefinedCost.verdict undefined leading.IsCritical
            IsDifferentialNash = differentialNash.Verdict
            IsDifferentialStackelberg = differentialStackelberg.Verdict
            IsStableSimgrad = stableSimgrad.Verdict
            IsStableStackelberg = stableStackelberg.Verdict
            IsSpuriousSimgrad = spurious stableSimgrad.Verdict differentialNash.Verdict
            IsSpuriousStackelberg = spurious stableStackelberg.Verdict differentialStackelberg.Verdict
            EigenvaluesJ = Spectrum.values spectrumJ
            EigenvaluesJS = Spectrum.values spectrumJS
            ConditionsJ = spectrumJ |> Array.map _.Condition
            ConditionsJS = spectrumJS |> Array.map _.Condition
            EigenvaluesSchurJ = Dense.eigenvalues schurJ
            EigenvaluesTotalHessian = Dense.eigenvalues total
            SchurJ = schurJ
            TotalHessian = total
            PlayerHessians = hessians
            EigenvaluesPlayers =
                hessians
                |> Array.map (Dense.symmetricPart >> Dense.eigenvalues >> Array.map _.Real)
            MarginalPlayers =
                hessians
                |> Seq.indexed
                |> Seq.filter (fun (index, hessian) ->
                    hessian.Length > 0
                    && Dense.norm hessian <= ownBand tolerances game nash index hessian)
                |> Seq.map fst
                |> Array.ofSeq
            Asymmetry = Dense.asymmetry (Dense.select nash.Free nash.Free nash.Jacobian)
            ZeroModesJ = Spectrum.zeroModes nash.Band (Spectrum.values spectrumJ)
            ZeroModesJS = Spectrum.zeroModes leading.Band (Spectrum.values spectrumJS)
            HeldEntries = shown.Held
            IsStrictlyComplementary = shown.IsStrict
            Constraints = [||]
            Violated = null
            Doubts =
                Array.concat [
                    Judgement.doubts "differential Nash" differentialNash
                    Judgement.doubts "differential Stackelberg" differentialStackelberg
                    Judgement.doubts "stable, simultaneous play" stableSimgrad
                    Judgement.doubts "stable, Stackelberg play" stableStackelberg
                ]
            Players = names
        }
