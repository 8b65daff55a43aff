namespace Stackelberg

open System.Threading

/// Critical points of constrained games from a start.
module internal ConstrainedSearch =

    /// Rounds of best responses, and the share of the way that each makes.
    let private sweeps, towards = 60, 0.7

    /// The prices on what complementarity is missed by, and where it counts as met.
    let private firstPrice, priceFactor, prices, complementary = 1.0, 10.0, 7, 1e-7

    /// Below these shares of the forces and of the lengths a row's multiplier and its value are both taken for zero.
    let private bothBelow = 1e-4

    /// A correction of an interior point's end that goes further than this share of its size has gone elsewhere.
    let private nearby = 1e-2

    /// Of a start's size: strategies longer than this have run away.
    let private farAway = 1e9

    /// Of a start's size: less than this is what an interior point leaves of zero.
    let private rounding = 1e-10

    let private part (game: Game) index (x: float[]) =
        Array.sub x game.Offsets[index] game.Players[index].Dimension

    /// A player's best response from its strategy at x, with the multipliers of its rows.
    let answer (game: Game) index (x: float[]) : ProgrammeSolution =
        let struct (_, programme) = GameProgrammes.ofPlayer game index
        InteriorPoint.solve programme x (part game index x)

    /// The most violated constraint of a player at x, for a message.
    let private infeasible (game: Game) (x: float[]) : FindFailure =
        let point = ConstrainedPoints.at Tolerances.usual game x

        match point.Own |> Array.tryFind (fun own -> not (isNull own.Violated)) with
        | Some own -> FindFailure.Infeasible(own.Violated, x)
        | None -> FindFailure.Stuck(0, 0.0, x)

    /// z of a system at x, with multipliers of the players' own problems there.
    let private withMultipliers (game: Game) (system: ConstraintSystem) (x: float[]) =
        let point = ConstrainedPoints.at Tolerances.usual game x

        let struct (λ, ν) =
            system.Players
            |> Array.map (fun index -> point.Own[index])
            |> SettledPlay.multipliers

        Array.concat [ x; λ; ν ]

    /// Best responses in turn, a part of the way each, until all stand still.
    let private respond (game: Game) (players: int[]) (x: float[]) =
        let x = Array.copy x

        let rec go count =
            let moved =
                players
                |> Array.map (fun index ->
                    let solution = answer game index x
                    let own = part game index x

                    if solution.Ending = ProgrammeEnding.Solved then
                        let share = if players.Length = 1 then 1.0 else towards

                        solution.Z
                        |> Array.iteri (fun i value ->
                            x[game.Offsets[index] + i] <- own[i] + share * (value - own[i]))

                        LocalProblems.length (Array.map2 (-) solution.Z own)
                        / max 1.0 (LocalProblems.length own)
                    else
                        0.0)
                |> Array.max

            if moved > 1e-9 && count < sweeps && players.Length > 1 then
                go (count + 1)

        go 0
        x

    /// A point at which all players of a system meet their first-order conditions.
    let private settle (game: Game) (system: ConstraintSystem) (x: float[]) : struct (float[] * bool) =
        let struct (z, isThere) =
            AnswerNewton.solve game system (withMultipliers game system x)

        if isThere then
            struct (z, true)
        else
            let nearer = respond game system.Players x
            AnswerNewton.solve game system (withMultipliers game system nearer)

    /// Nash: every player's conditions at once.
    let private nash (game: Game) (x: float[]) : Result<float[], FindFailure> =
        let struct (z, isThere) = settle game (GameProgrammes.everybody game) x
        let found = Array.truncate game.Dimension z

        if isThere then
            Ok found
        else
            match
                [| 0 .. game.Players.Length - 1 |]
                |> Array.map (fun index -> (answer game index x).Ending)
            with
            | endings when Array.contains ProgrammeEnding.Infeasible endings -> Error(infeasible game found)
            | endings when Array.contains ProgrammeEnding.Unbounded endings ->
                Error(FindFailure.RunsAway(sweeps, nan, found, infinity))
            | _ -> Error(FindFailure.Stuck(sweeps, nan, found))

    /// The conditions of the leader's problem with rows kept at zero, solved by Newton's method from z.
    let private correct (programme: Programme) (rows: int[]) (z: float[]) : float[] voption =
        let n, e, k = z.Length, programme.Equalities, rows.Length
        let free = [| 0.0 |]

        let rec go count (z: float[]) (multipliers: float[]) =
            let λ = Array.zeroCreate programme.Inequalities
            rows |> Array.iteri (fun i row -> λ[row] <- multipliers[e + i])
            let slopes = programme.Slopes z free 1.0 λ (Array.truncate e multipliers)
            let values = programme.Values z free

            let row i j =
                if i < e then
                    slopes.EqualitySlopes[i, j]
                else
                    slopes.InequalitySlopes[rows[i - e], j]

            let matrix =
                Array2D.init (n + e + k) (n + e + k) (fun i j ->
                    if i < n && j < n then slopes.Hessian[i, j]
                    elif i < n then row (j - n) i
                    elif j < n then row (i - n) j
                    else 0.0)

            let right = [|
                for j in 0 .. n - 1 do
                    -slopes.Gradient[j]
                for i in 0 .. e - 1 do
                    -values.Equalities[i]
                for row in rows do
                    -values.Inequalities[row]
            |]

            if not (Finite.matrix matrix && Finite.all right) then
                ValueNone
            else
                match Dense.leastNorm 1e-11 matrix with
                | ValueNone -> ValueNone
                | ValueSome solve ->
                    let struct (found, _) = solve right
                    let next = Array.init n (fun j -> z[j] + found[j])
                    let moved = LocalProblems.length (Array.truncate n found)

                    if moved <= 1e-14 * max 1.0 (LocalProblems.length z) || count = 12 then
                        ValueSome next
                    else
                        go (count + 1) next found[n..]

        // The first step needs no multipliers where the conditions are linear in them.
        let start = Array.zeroCreate (e + k)

        match programme.Slopes z free 1.0 (Array.zeroCreate programme.Inequalities) (Array.zeroCreate e) with
        | slopes ->
            let columns =
                Array2D.init n (e + k) (fun j i ->
                    if i < e then
                        slopes.EqualitySlopes[i, j]
                    else
                        slopes.InequalitySlopes[rows[i - e], j])

            let multipliers =
                if e + k = 0 then
                    start
                else
                    match Dense.leastNorm 1e-12 columns with
                    | ValueNone -> start
                    | ValueSome solve ->
                        let struct (found, _) = solve (slopes.Gradient |> Array.map (~-))
                        found

            go 0 z multipliers

    /// What an interior point's end may be the end of, by which rows are zero: corrected to rounding.
    let private candidates (game: Game) (solution: ProgrammeSolution) : float[] list =
        let struct (leader, below, programme) = GameProgrammes.ofLeader game
        let mL, m, d = leader.InequalityCount, below.InequalityCount, game.Dimension
        let z = solution.Z
        let values = (programme.Values z [| 0.0 |]).Inequalities
        let size = max 1.0 (LocalProblems.length (Array.truncate d z))
        let force = Seq.fold (fun most entry -> max most (abs entry)) 1e-6 (Seq.skip d z)
        let pressures = Seq.fold max 1e-6 solution.Inequality

        let leaders =
            [| 0 .. mL - 1 |]
            |> Array.filter (fun i ->
                -values[i] / size <= bothBelow
                && solution.Inequality[i] / pressures >= -values[i] / size)

        let share i =
            -values[mL + i] / size, z[d + i] / force

        let isBoth i =
            let slack, λ = share i
            slack <= bothBelow && λ <= bothBelow

        let rows (both: int -> int[]) =
            Array.append
                leaders
                ([| 0 .. m - 1 |]
                 |> Array.collect (fun i ->
                     if isBoth i then
                         both i
                     else
                         let slack, λ = share i
                         if λ >= slack then [| mL + i |] else [| mL + m + i |]))

        let all = [
            rows (fun i -> [| mL + i; mL + m + i |])

            if Seq.exists isBoth (seq { 0 .. m - 1 }) then
                rows (fun i -> [| mL + i |])
                rows (fun i -> [| mL + m + i |])

                rows (fun i ->
                    let slack, λ = share i
                    if λ >= slack then [| mL + i |] else [| mL + m + i |])
        ]

        let corrected =
            all
            |> List.choose (fun rows ->
                match correct programme rows z with
                | ValueSome next when
                    Finite.all next
                    && LocalProblems.length (Array.map2 (-) (Array.truncate d next) (Array.truncate d z))
                       <= nearby * size
                    ->
                    Some(Array.truncate d next)
                | _ -> None)

        corrected @ [ Array.truncate d z ]

    /// The leader's problem through its followers' conditions: an interior point method with a rising price on what
    /// complementarity is missed by (Leyffer, López-Calva and Nocedal 2006).
    let private leads (game: Game) (z: float[]) : ProgrammeSolution =
        let struct (_, below, programme) = GameProgrammes.ofLeader game
        let m, d = below.InequalityCount, game.Dimension

        let missed (solution: ProgrammeSolution) =
            let struct (leader, _, _) = GameProgrammes.ofLeader game
            let values = (programme.Values solution.Z [| 0.0 |]).Inequalities

            Seq.init m (fun i -> abs (solution.Z[d + i] * values[leader.InequalityCount + i]))
            |> Seq.fold max 0.0

        let rec go count price z =
            let solution = InteriorPoint.solve programme [| price |] z

            if m = 0 || count >= prices || missed solution <= complementary then
                solution
            else
                let next = if Finite.all solution.Z then solution.Z else z
                go (count + 1) (priceFactor * price) next

        go 1 firstPrice z

    /// The followers' answer to the leader's strategy in x, with their multipliers.
    let private followed (game: Game) (x: float[]) =
        let below = GameProgrammes.followers game
        let near = respond game below.Players x

        let struct (z, isThere) =
            AnswerNewton.solve game below (withMultipliers game below near)

        if isThere then z else withMultipliers game below near

    /// Where the leader's search begins: where the start is, and, if that does not lead anywhere, moved aside.
    let private attempts, sure = 6, 3

    let private stackelberg
        tolerances
        (cancellation: CancellationToken)
        (game: Game)
        (x: float[])
        : Result<float[], FindFailure> =
        /// 2 where it is certain what the point is, 1 where it is critical or may be, 0 where it is not.
        let rank (x: float[]) =
            let point = ConstrainedPoints.at tolerances game x

            if point.IsCriticalStackelberg.Verdict = Verdict.No then
                0
            elif
                point.IsCriticalStackelberg.Verdict = Verdict.Yes
                && point.IsStackelberg.Verdict <> Verdict.Undecided
            then
                2
            else
                1

        let scales = OwnProblems.scales tolerances game x
        let size = max 1.0 (LocalProblems.length x)

        /// Entries that are zero but for rounding.
        let snapped (near: float[]) =
            near
            |> Array.map (fun value -> if abs value <= rounding * size then 0.0 else value)

        let start k =
            if k = 0 then
                x
            else
                let aside: float[] = Array.zeroCreate x.Length
                Stackelberg.Kernels.Philox(uint64 k, 12UL).FillUniform(aside, 0, aside.Length)

                let next =
                    x
                    |> Array.mapi (fun i value ->
                        value + 0.5 * float k * (aside[i] - 0.5) * max 1.0 scales[game.OwnerOf i])

                game.Settle next
                next

        let attempt k =
            cancellation.ThrowIfCancellationRequested()
            let from = start k
            let below = GameProgrammes.followers game

            let z =
                if k % 2 = 0 then
                    followed game from
                else
                    withMultipliers game below from

            let solution = leads game z

            let found =
                candidates game solution
                |> List.collect (fun near ->
                    // What the followers answer there to rounding, where that is another way to the same place.
                    [
                        near
                        snapped near
                        snapped (Array.truncate game.Dimension (followed game near))
                    ])
                |> List.map (fun near -> near, rank near)

            let ranked wanted =
                found |> List.tryFind (fun (_, rank) -> rank = wanted) |> Option.map fst

            struct (ranked 2, ranked 1, solution)

        let cost (x: float[]) =
            float (Game.costs game (Tensor.ofArray x)).[0]

        /// Whether a point that is certain is taken, though one that is not has been found.
        let isNoWorse certain perhaps =
            match perhaps with
            | Some other -> not (cost other < cost certain)
            | None -> true

        let rec go k perhaps (last: ProgrammeSolution voption) =
            match perhaps with
            // Where the first attempts settle on points that are not certain, more would do the same.
            | Some x when k >= sure -> Ok x
            | _ when k = attempts ->
                let last = last.Value
                let at = Array.truncate game.Dimension last.Z

                let isLost =
                    (GameProgrammes.followers game).Players
                    |> Array.exists (fun index -> (answer game index at).Ending = ProgrammeEnding.Infeasible)

                match last.Ending with
                | _ when isLost -> Error(infeasible game at)
                | ProgrammeEnding.Infeasible -> Error(infeasible game at)
                // Multipliers that run away are none of the players' strategies.
                | ProgrammeEnding.Unbounded when LocalProblems.length at > farAway * size ->
                    Error(FindFailure.RunsAway(last.Iterations, nan, at, infinity))
                | _ -> Error(FindFailure.Stuck(last.Iterations, nan, at))
            | _ ->
                let struct (found, undecided, solution) = attempt k

                match found with
                | Some x when isNoWorse x (Option.orElse undecided perhaps) -> Ok x
                | _ ->
                    go
                        (k + 1)
                        (Option.orElse undecided perhaps)
                        (ValueSome(ValueOption.defaultValue solution last))

        go 0 None ValueNone

    /// <param name="tolerances">What counts as zero.</param>
    /// <param name="cancellation">Ends the search between two attempts.</param>
    /// <param name="game">The game.</param>
    /// <param name="concept">Whose conditions the point is to meet.</param>
    /// <param name="start">Where to begin.</param>
    let findFrom
        tolerances
        (cancellation: CancellationToken)
        (game: Game)
        concept
        (start: float[])
        : Result<float[], FindFailure> =
        if concept = Concept.Stackelberg && game.Levels.Length > 1 then
            stackelberg tolerances cancellation game start
        else
            nash game start

    let find tolerances game concept start =
        findFrom tolerances CancellationToken.None game concept start
