namespace Stackelberg

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
    /// The constraint that is violated most, in words; null where none is.
    Violated: string
}

module internal OwnProblems =

    /// What a point may lie off a constraint, as a share of its player's length.
    let private activeWithin = 1e-7

    /// A move that tells how gradients change, as a share of the players' lengths.
    let private small = 1e-3

    /// The share of the joint strategy's length that every player is measured by at least.
    let private ofOthers = 1e-4

    let rowLength (a: float[,]) i =
        Seq.init (a.GetLength 1) (fun j -> a[i, j] * a[i, j]) |> Seq.sum |> sqrt

    let selectRows (rows: int[]) (a: float[,]) =
        Array2D.init rows.Length (a.GetLength 1) (fun i j -> a[rows[i], j])

    let scatter count (rows: int[]) (values: float[]) =
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

    let at tolerances (game: Game) (x: float[]) (lengths: float[]) (jointly: float) index : OwnProblem =
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
        }
