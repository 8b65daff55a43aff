namespace Stackelberg

/// What a constrained game's point is.
type internal ConstrainedPoint = {
    Own: OwnProblem[]
    /// What is violated, in words; null where the point is feasible.
    Violated: string
    IsCriticalNash: Judgement
    IsNash: Judgement
    IsCriticalStackelberg: Judgement
    IsStackelberg: Judgement
    /// Whether projected simultaneous play ends here.
    IsStable: Judgement
    /// The eigenvalues of J along the directions that press on nothing.
    Spectrum: System.Numerics.Complex[]
    /// The leader's problem through its followers' answer, one for each piece of it; empty where it was not looked at.
    Pieces: LocalVerdict[]
}

module internal ConstrainedPoints =

    /// A kink with more constraints than this has too many pieces to look at.
    let private mostWeak = 6

    /// Multipliers of followers whose active constraints depend on each other, in all combinations.
    let private mostChoices = 32

    /// All subsets.
    let private subsets (items: int[]) = [|
        for bits in 0 .. (1 <<< items.Length) - 1 do
            items
            |> Array.indexed
            |> Array.filter (fun (k, _) -> bits &&& (1 <<< k) <> 0)
            |> Array.map snd
    |]

    /// The leader's problem where so many of the followers' rows are kept at zero, with their multipliers free, as pressed, and
    /// the others' multipliers at zero.
    let private piece
        tolerances
        (game: Game)
        (scales: float[])
        (forces: float[])
        (z: float[])
        (leadersActive: int[])
        (pressed: int[])
        (weak: int[])
        (joined: int[])
        =
        let struct (leader, below, programme) = GameProgrammes.ofLeader game
        let mL, m = leader.InequalityCount, below.InequalityCount
        let e = programme.Equalities

        let kept, left =
            [| 0 .. m - 1 |]
            |> Array.partition (fun i -> Array.contains i pressed || Array.contains i joined)

        let promoted =
            Array.append (kept |> Array.map (fun i -> mL + i)) (left |> Array.map (fun i -> mL + m + i))

        let half =
            weak
            |> Array.map (fun i -> if Array.contains i joined then mL + m + i else mL + i)

        let active = Array.append leadersActive half
        let free = [| 0.0 |]

        let slopes =
            programme.Slopes z free 1.0 (Array.zeroCreate programme.Inequalities) (Array.zeroCreate e)

        let equalities =
            let rows = OwnProblems.selectRows promoted slopes.InequalitySlopes

            Array2D.init (e + promoted.Length) z.Length (fun i j ->
                if i < e then
                    slopes.EqualitySlopes[i, j]
                else
                    rows[i - e, j])

        // In units in which strategies and multipliers are about 1, so that rows of both weigh alike.
        let units =
            Array.init z.Length (fun entry ->
                if entry < game.Dimension then
                    scales[game.OwnerOf entry]
                else
                    forces[entry - game.Dimension])

        let scaled (rows: float[,]) =
            rows |> Array2D.mapi (fun _ j value -> value * units[j])

        let leaders = scales[0]

        let judged =
            LocalProblems.judge tolerances (Rounding.share game) {
                Gradient = Array.map2 (*) slopes.Gradient units
                Equalities = scaled equalities
                Active = slopes.InequalitySlopes |> OwnProblems.selectRows active |> scaled
                Hessian =
                    fun λ ν ->
                        let all = OwnProblems.scatter programme.Inequalities active λ
                        promoted |> Array.iteri (fun k row -> all[row] <- ν[e + k])

                        (programme.Slopes z free 1.0 all (Array.truncate e ν)).Hessian
                        |> Array2D.mapi (fun i j value -> units[i] * value * units[j])
                Scales = Array.init z.Length (fun entry -> if entry < game.Dimension then 1.0 else infinity)
                Measured = game.Players[0].Dimension
                Typical = Dense.norm slopes.Hessian * leaders
                Words = "the total second derivative"
            }

        {
            judged with
                Step = Array.map2 (*) judged.Step units
                Residual = judged.Residual / leaders
                Curvatures = judged.Curvatures |> Array.map (fun value -> value / (leaders * leaders))
        }

    let private rowsBefore (own: OwnProblem[]) =
        own |> Array.scan (fun first found -> first + found.System.InequalityCount) 0

    /// The verdicts on a joint strategy of finite numbers.
    let at tolerances (game: Game) (x: float[]) : ConstrainedPoint =
        let scales = OwnProblems.scales tolerances game x
        let jointly = Scaling.length x 0 x.Length

        let own =
            Array.init game.Players.Length (fun index ->
                OwnProblems.at tolerances game x scales jointly index)

        // A strategy that is all but zero is measured as one that is.
        let scales = own |> Array.map (fun found -> found.Problem.Scales[0])

        let violated =
            own |> Array.tryPick (fun found -> Option.ofObj found.Violated) |> Option.toObj

        let feasible = Judgement.plain (Verdict.ofBool (isNull violated))

        let criticalNash =
            Judgement.all [
                feasible
                for found in own do
                    found.Local.IsCritical
            ]

        let nash =
            Judgement.all [
                criticalNash
                for found in own do
                    found.Local.SecondOrder
            ]

        let undecided reason = Judgement.because reason

        let followers = own[game.Levels[0] ..]
        let firsts = rowsBefore followers

        /// What the followers' multipliers are measured by: by what their gradients come to along each row.
        let forces = [|
            for found in followers do
                let size (v: float seq) =
                    v |> Seq.sumBy (fun entry -> entry * entry) |> sqrt

                let force =
                    Seq.max [
                        size found.Problem.Gradient
                        size (
                            Seq.cast<float>(
                                found.Problem.Hessian found.Local.Multipliers found.Local.EqualityMultipliers
                            )
                        )
                        * found.Problem.Scales[0]
                        1e-300
                    ]

                for length in found.RowLengths do
                    if length > 0.0 then force / length else 1.0
            for found in followers do
                for length in found.EqualityLengths do
                    1.0 / max length 1e-300
        |]

        /// The followers' multipliers piece by piece: a choice of one piece for each follower.
        let choices =
            let each =
                followers
                |> Array.map (fun found ->
                    AnswerPieces.all found.Problem found.Local (fun () -> found.IsAffine.Value))

            match
                each
                |> Array.tryPick (function
                    | Error reason -> Some reason
                    | Ok _ -> None)
            with
            | Some reason -> Error reason
            | None ->
                each
                |> Array.fold
                    (fun (made: AnswerPiece list list) next ->
                        match next with
                        | Ok pieces -> [
                            for done' in made do
                                for piece in pieces -> done' @ [ piece ]
                          ]
                        | Error _ -> made)
                    [ [] ]
                |> List.map Array.ofList
                |> Ok

        let struct (criticalStackelberg, stackelberg, pieces) =
            if game.Levels.Length = 1 then
                struct (criticalNash, nash, [||])
            elif game.Levels.Length > 2 || game.Levels[0] > 1 then
                let reason =
                    "constraints are judged for one leader with followers on one level, and for simultaneous play"

                struct (undecided reason, undecided reason, [||])
            else
                let answer =
                    Judgement.all [
                        feasible
                        for found in followers do
                            found.Local.IsCritical
                    ]

                if answer.Verdict <> Verdict.Yes then
                    struct (answer, answer, [||])
                else
                    match choices with
                    | Error reason ->
                        let reason = undecided reason
                        struct (reason, reason, [||])
                    | Ok choices when List.length choices > mostChoices ->
                        let reason = undecided "the followers have too many multipliers to look at"
                        struct (reason, reason, [||])
                    | Ok choices ->
                        let mutable isTooMany = false

                        let regular =
                            Judgement.all [
                                for choice in choices do
                                    for found, piece in Array.zip followers choice do
                                        LocalProblems.curvature
                                            tolerances
                                            (Rounding.share game)
                                            found.Problem
                                            piece.Pressing
                                            piece.Multipliers
                                            piece.EqualityMultipliers
                                if followers.Length > 1 then
                                    SettledPlay.isSettled
                                        tolerances
                                        game
                                        "the eigenvalues of the followers' own J"
                                        (GameProgrammes.followers game)
                                        x
                                        followers
                            ]

                        let pieces = [|
                            for choice in choices do
                                let rows pick =
                                    followers
                                    |> Array.mapi (fun k found ->
                                        pick choice[k] |> Array.map (fun i -> firsts[k] + found.Active[i]))
                                    |> Array.concat

                                let pressed, weak = rows _.Pressing, rows _.Weak

                                if weak.Length > mostWeak then
                                    isTooMany <- true
                                else
                                    let λ =
                                        followers
                                        |> Array.mapi (fun k found ->
                                            OwnProblems.scatter
                                                found.System.InequalityCount
                                                found.Active
                                                choice[k].Multipliers)
                                        |> Array.concat

                                    let ν = choice |> Array.collect _.EqualityMultipliers
                                    let z = Array.concat [ x; λ; ν ]

                                    /// Whether every follower's rows at zero are independent.
                                    let isFree (joined: int[]) =
                                        followers
                                        |> Array.mapi (fun k found ->
                                            let own =
                                                [| 0 .. found.Active.Length - 1 |]
                                                |> Array.filter (fun i ->
                                                    Array.contains i choice[k].Pressing
                                                    || Array.contains (firsts[k] + found.Active[i]) joined)

                                            found.Local.IsQualified || AnswerPieces.isFree found.Problem own)
                                        |> Array.forall id

                                    for joined in subsets weak do
                                        if isFree joined then
                                            piece
                                                tolerances
                                                game
                                                scales
                                                forces
                                                z
                                                own[0].Active
                                                pressed
                                                weak
                                                joined
                        |]

                        if isTooMany then
                            let reason =
                                undecided (
                                    (invariant
                                        $"more than {mostWeak} of the followers' constraints are active without pressure")
                                )

                            struct (reason, Judgement.all [ regular; reason ], [||])
                        else
                            let critical = Judgement.all (pieces |> Seq.map _.IsCritical)

                            let critical =
                                // Without a unique answer the pieces are not the leader's problem.
                                if critical.Verdict = Verdict.No && regular.Verdict <> Verdict.Yes then
                                    undecided "the leader's problem through an answer that is not regular"
                                else
                                    critical

                            struct (critical,
                                    Judgement.all [
                                        critical
                                        regular
                                        for found in pieces do
                                            found.SecondOrder
                                    ],
                                    pieces)

        {
            Own = own
            Violated = violated
            IsCriticalNash = criticalNash
            IsNash = nash
            IsCriticalStackelberg = criticalStackelberg
            IsStackelberg = stackelberg
            IsStable =
                Judgement.all [
                    criticalNash
                    if game.Constraints.Length > 0 then
                        undecided "functions are heeded by multipliers, whose own play is not looked at here"
                    elif own |> Array.exists (fun found -> found.Local.Weak.Length > 0) then
                        undecided "a constraint is active without pressure"
                    else
                        SettledPlay.isSettled
                            tolerances
                            game
                            "the eigenvalues of J along the sets"
                            (GameProgrammes.everybody game)
                            x
                            own
                ]
            Spectrum =
                SettledPlay.reduced game (GameProgrammes.everybody game) x own
                |> Dense.eigenvalues
            Pieces = pieces
        }
