namespace Stackelberg

/// Play of some players near a point, along the directions that press on no constraint.
module internal SettledPlay =

    /// The multipliers of each player's rows, in the order of a system of several players.
    let multipliers (own: OwnProblem[]) : struct (float[] * float[]) =
        struct (own
                |> Array.collect (fun found ->
                    OwnProblems.scatter found.System.InequalityCount found.Active found.Local.Multipliers),
                own |> Array.collect _.Local.EqualityMultipliers)

    /// The Jacobian of players' Lagrangian gradients along the directions that press on nothing; of all players from a place
    /// in the game on.
    let reduced (game: Game) (system: ConstraintSystem) (x: float[]) (some: OwnProblem[]) : float[,] =
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
                        let size = OwnProblems.rowLength a i
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
    let isSettled tolerances (game: Game) what system x some =
        let product = reduced game system x some

        if product.Length = 0 then
            Judgement.plain Verdict.Yes
        else
            Dense.conditionedEigenvalues product
            |> Judgement.isStable what (tolerances.Axis * Dense.norm product) (Rounding.share game)
