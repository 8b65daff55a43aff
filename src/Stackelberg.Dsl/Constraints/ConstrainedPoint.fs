namespace Stackelberg

/// <summary>A constraint at a point: its values, its multipliers, and which of its entries are active.</summary>
type ConstraintState = {
    /// Who heeds it.
    Player: string
    /// Its name; of a set, what the rows say ("lower bound", "sum = 1").
    Name: string
    /// Whether its entries are to be 0; otherwise at most 0.
    IsEquality: bool
    /// Its entries: at most 0, or 0, where the point is feasible.
    Values: float[]
    /// The multipliers in the player's own problem, f_i + λᵀ g + νᵀ h: 0 for inactive entries.
    Multipliers: float[]
    /// Of a leader's constraint at a critical point of Stackelberg play, the multipliers in its problem through the followers'
    /// answer: what its least cost falls by as the constraint is loosened by one. Empty for others, and on kinks.
    TotalMultipliers: float[]
    /// The entries that are 0; all of them for an equality.
    Active: int[]
    /// The active entries without pressure: their multiplier is 0, and what the player answers has a kink there.
    Weak: int[]
}

/// One player's own problem at a point.
type internal OwnProblem = {
    System: ConstraintSystem
    Values: ProgrammeValues
    /// Inequalities that are zero.
    Active: int[]
    Problem: LocalProblem
    Local: LocalVerdict
    /// Whether the active rows have the same gradients all around.
    IsAffine: Lazy<bool>
    /// The lengths of all inequalities' and equalities' gradients.
    RowLengths: float[]
    EqualityLengths: float[]
    /// The constraint that is violated most, by how much, in the units of its value; null where none is.
    Violated: string
    Violation: float
}

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

    /// What a point may lie off a constraint, as a share of its player's length.
    let private activeWithin = 1e-7

    /// A move that tells how gradients change, as a share of the players' lengths.
    let private small = 1e-3

    /// The share of the joint strategy's length that every player is measured by at least.
    let private ofOthers = 1e-4

    /// A kink with more constraints than this has too many pieces to look at.
    let private mostWeak = 6

    /// Multipliers of followers whose active constraints depend on each other, in all combinations.
    let private mostChoices = 32

    let private rowLength (a: float[,]) i =
        Seq.init (a.GetLength 1) (fun j -> a[i, j] * a[i, j]) |> Seq.sum |> sqrt

    let private selectRows (rows: int[]) (a: float[,]) =
        Array2D.init rows.Length (a.GetLength 1) (fun i j -> a[rows[i], j])

    let private scatter count (rows: int[]) (values: float[]) =
        let all = Array.zeroCreate<float> count
        rows |> Array.iteri (fun k row -> all[row] <- values[k])
        all

    /// What each player is measured by; 1 at the origin.
    let scales tolerances (game: Game) (x: float[]) =
        NewtonSteps.scales tolerances game x
        |> Array.map (fun length -> if length > 1e-90 then length else 1.0)

    /// How far a row is from zero, in the units of the strategies; in its own where its gradient vanishes.
    let private distance (slopes: float[,]) i (value: float) =
        let size = rowLength slopes i
        if size > 0.0 then value / size else value

    let private own
        tolerances
        (game: Game)
        (x: float[])
        (lengths: float[])
        (jointly: float)
        index
        : OwnProblem =
        let scale = lengths[index]
        let struct (system, programme) = GameProgrammes.ofPlayer game index
        let strategy = Array.sub x game.Offsets[index] game.Players[index].Dimension
        let m, q = system.InequalityCount, system.EqualityCount
        let values = programme.Values strategy x

        let slopes =
            programme.Slopes strategy x 1.0 (Array.zeroCreate m) (Array.zeroCreate q)

        let away = values.Inequalities |> Array.mapi (distance slopes.InequalitySlopes)

        // A strategy near the origin is measured by the room that its other constraints leave, and by the others' strategies.
        let scale =
            away
            |> Array.filter System.Double.IsFinite
            |> Array.fold (fun most value -> max most (abs value)) (max scale (ofOthers * jointly))

        let limit = activeWithin * scale

        let off =
            values.Equalities
            |> Array.mapi (fun i value -> abs (distance slopes.EqualitySlopes i value))

        let active = [| 0 .. m - 1 |] |> Array.filter (fun i -> away[i] >= -limit)

        let worst =
            Seq.append
                (Seq.indexed away
                 |> Seq.map (fun (i, value) -> struct (value, values.Inequalities[i], false, i)))
                (Seq.indexed off
                 |> Seq.map (fun (i, value) -> struct (value, values.Equalities[i], true, i)))
            |> Seq.fold
                (fun (struct (most, _, _, _) as found) (struct (value, _, _, _) as next) ->
                    // NaN counts as violated.
                    if value <= most then found else next)
                (struct (limit, 0.0, false, -1))

        let struct (_, violation, isEquality, row) = worst

        // A difference of gradients, for what other players' moves change.
        let typical =
            let aside: float[] = Array.zeroCreate x.Length
            Stackelberg.Kernels.Philox(4UL, 13UL).FillUniform(aside, 0, aside.Length)

            let moved =
                Array.mapi (fun i value -> value + small * (2.0 * aside[i] - 1.0) * lengths[game.OwnerOf i]) x

            let there =
                programme.Slopes
                    (Array.sub moved game.Offsets[index] strategy.Length)
                    moved
                    1.0
                    (Array.zeroCreate m)
                    (Array.zeroCreate q)

            Array.map2 (fun a b -> (a - b) * (a - b)) there.Gradient slopes.Gradient
            |> Array.sum
            |> sqrt
            |> fun change ->
                if System.Double.IsFinite change then
                    change / small
                else
                    0.0

        let problem = {
            Gradient = slopes.Gradient
            Equalities = slopes.EqualitySlopes
            Active = selectRows active slopes.InequalitySlopes
            Hessian = fun λ ν -> (programme.Slopes strategy x 1.0 (scatter m active λ) ν).Hessian
            Scales = Array.create strategy.Length scale
            Measured = strategy.Length
            Typical = typical
            Words = (invariant $"the own curvature of {game.Players[index].Name}")
        }

        let isAffine =
            lazy
                (Seq.forall
                    (fun seed ->
                        let aside = Array.zeroCreate<float> x.Length
                        Stackelberg.Kernels.Philox(seed, 13UL).FillUniform(aside, 0, aside.Length)
                        let x = Array.map2 (fun x part -> x + (part - 0.5) * scale) x aside
                        let strategy = Array.sub x game.Offsets[index] strategy.Length

                        let there =
                            programme.Slopes strategy x 1.0 (Array.zeroCreate m) (Array.zeroCreate q)

                        let isSame (a: float[,]) (b: float[,]) =
                            Seq.forall2
                                (fun a b -> abs (a - b) <= 1e-9 * max 1.0 (abs a))
                                (Seq.cast<float> a)
                                (Seq.cast<float> b)

                        isSame problem.Active (selectRows active there.InequalitySlopes)
                        && isSame problem.Equalities there.EqualitySlopes)
                    [ 1UL; 2UL; 3UL ])

        {
            System = system
            Values = values
            Active = active
            Problem = problem
            Local = LocalProblems.judge tolerances (Rounding.share game) problem
            IsAffine = isAffine
            RowLengths = Array.init m (rowLength slopes.InequalitySlopes)
            EqualityLengths = Array.init q (rowLength slopes.EqualitySlopes)
            Violated =
                if row < 0 then
                    null
                else
                    let side = if isEquality then "0" else "at most 0"
                    (invariant $"{system.Name isEquality row} is {violation:G6}, but {side} is needed")
            Violation = violation
        }

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
            let rows = selectRows promoted slopes.InequalitySlopes

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
                Active = slopes.InequalitySlopes |> selectRows active |> scaled
                Hessian =
                    fun λ ν ->
                        let all = scatter programme.Inequalities active λ
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

    /// The multipliers of each player's rows, in the order of a system of several players.
    let multipliers (own: OwnProblem[]) : struct (float[] * float[]) =
        struct (own
                |> Array.collect (fun found ->
                    scatter found.System.InequalityCount found.Active found.Local.Multipliers),
                own |> Array.collect _.Local.EqualityMultipliers)

    /// The Jacobian of players' Lagrangian gradients along the directions that press on nothing; of all players from a place
    /// in the game on.
    let private reduced (game: Game) (system: ConstraintSystem) (x: float[]) (some: OwnProblem[]) : float[,] =
        let place = system.Players[0]
        let struct (λ, ν) = multipliers some
        let z = Array.concat [ x; λ; ν ]

        let jacobian =
            game.Once
                (struct ("stationarity", place))
                (fun () -> Diff.jitN (fun inputs -> [| Diff.jacobian system.Stationarity inputs[0] |]))
                [| Tensor.ofArray z |]
            |> Array.head

        let entries = jacobian.ToArray()
        let first = game.Offsets[place]
        let n = game.Dimension - first

        let between = Array2D.init n n (fun i j -> entries[i * z.Length + first + j])

        // Each player's directions along its own pressing rows.
        let bases =
            some
            |> Array.mapi (fun k found ->
                let index = place + k
                let struct (_, programme) = GameProgrammes.ofPlayer game index
                let own = Array.sub x game.Offsets[index] game.Players[index].Dimension
                let zeros count = Array.zeroCreate<float> count

                let slopes =
                    programme.Slopes own x 1.0 (zeros programme.Inequalities) (zeros programme.Equalities)

                let pressing =
                    [| 0 .. found.Active.Length - 1 |]
                    |> Array.filter (fun i -> not (Array.contains i found.Local.Weak))
                    |> Array.map (fun i -> found.Active[i])

                let rows (a: float[,]) (some: int[]) =
                    some
                    |> Array.map (fun i ->
                        let size = rowLength a i
                        Array.init own.Length (fun j -> if size = 0.0 then 0.0 else a[i, j] / size))

                let struct (basis, _) =
                    LocalProblems.nullSpace
                        own.Length
                        (Array.append
                            (rows slopes.EqualitySlopes [| 0 .. programme.Equalities - 1 |])
                            (rows slopes.InequalitySlopes pressing))

                struct (game.Offsets[index] - first, basis))

        let columns = bases |> Array.sumBy (fun (struct (_, basis)) -> basis.ColumnCount)

        let along = Array2D.zeroCreate n columns
        let mutable column = 0

        for struct (from, basis) in bases do
            for j in 0 .. basis.ColumnCount - 1 do
                for i in 0 .. basis.RowCount - 1 do
                    along[from + i, column] <- basis[i, j]

                column <- column + 1

        Array2D.init columns columns (fun a b ->
            let mutable sum = 0.0

            for i in 0 .. n - 1 do
                for j in 0 .. n - 1 do
                    sum <- sum + along[i, a] * between[i, j] * along[j, b]

            sum)

    /// Whether play of these players settles at the point, whatever presses staying pressed.
    let private isSettled tolerances (game: Game) what system x some =
        let product = reduced game system x some

        if product.Length = 0 then
            Judgement.plain Verdict.Yes
        else
            Dense.conditionedEigenvalues product
            |> Judgement.isStable what (tolerances.Axis * Dense.norm product) (Rounding.share game)

    let private rowsBefore (own: OwnProblem[]) =
        own |> Array.scan (fun first found -> first + found.System.InequalityCount) 0

    /// The verdicts on a joint strategy of finite numbers.
    let at tolerances (game: Game) (x: float[]) : ConstrainedPoint =
        let scales = scales tolerances game x
        let jointly = Scaling.length x 0 x.Length

        let own =
            Array.init game.Players.Length (fun index -> own tolerances game x scales jointly index)

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
                                    isSettled
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
                                            scatter
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
                        isSettled
                            tolerances
                            game
                            "the eigenvalues of J along the sets"
                            (GameProgrammes.everybody game)
                            x
                            own
                ]
            Spectrum = reduced game (GameProgrammes.everybody game) x own |> Dense.eigenvalues
            Pieces = pieces
        }

    /// Every constraint's state, for a report.
    let states (game: Game) (point: ConstrainedPoint) : ConstraintState[] =
        point.Own
        |> Array.mapi (fun index found ->
            let m = found.System.InequalityCount
            let λ = scatter m found.Active found.Local.Multipliers
            let weak = found.Local.Weak |> Array.map (fun i -> found.Active[i])

            let within (rows: ConstraintRows) (some: int[]) =
                some
                |> Array.filter (fun row -> row >= rows.First && row < rows.First + rows.Count)
                |> Array.map (fun row -> row - rows.First)

            // The rows of the leader come first in its problem through the answer.
            let struct (total, totalOfEqualities) =
                match point.Pieces with
                | [| piece |] when index = 0 && piece.IsCritical.Verdict = Verdict.Yes ->
                    struct (scatter m found.Active (Array.truncate found.Active.Length piece.Multipliers),
                            Array.truncate found.System.EqualityCount piece.EqualityMultipliers)
                | _ -> struct ([||], [||])

            let part (rows: ConstraintRows) (all: float[]) =
                if all.Length = 0 then
                    [||]
                else
                    Array.sub all rows.First rows.Count

            let state (rows: ConstraintRows) (values: float[]) (multipliers: float[]) total active weak = {
                Player = game.Players[index].Name
                Name = rows.Name
                IsEquality = rows.IsEquality
                Values = Array.sub values rows.First rows.Count
                Multipliers = Array.sub multipliers rows.First rows.Count
                TotalMultipliers = part rows total
                Active = active
                Weak = weak
            }

            Array.append
                (found.System.Inequalities
                 |> Array.map (fun rows ->
                     state
                         rows
                         found.Values.Inequalities
                         λ
                         total
                         (within rows found.Active)
                         (within rows weak)))
                (found.System.Equalities
                 |> Array.map (fun rows ->
                     state rows found.Values.Equalities found.Local.EqualityMultipliers totalOfEqualities [|
                         0 .. rows.Count - 1
                     |] [||])))
        |> Array.concat
