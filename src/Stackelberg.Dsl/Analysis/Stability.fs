namespace Stackelberg

/// Stability where players' units differ so much that eigenvalues of the whole matrix tell nothing.
module internal Stability =

    /// Each entry's factor that brings its player's own block near 1; none where a block vanishes.
    let private factors (game: Game) (entries: int[]) (matrix: float[,]) =
        let blocks =
            let index = Array.init entries.Length id

            entries
            |> Array.map game.OwnerOf
            |> Array.distinct
            |> Array.map (fun owner ->
                let own = index |> Array.filter (fun i -> game.OwnerOf entries[i] = owner)
                owner, Dense.norm (Dense.select own own matrix))
            |> Map

        if
            blocks
            |> Map.exists (fun _ size -> not (size > 0.0 && System.Double.IsFinite size))
        then
            ValueNone
        else
            ValueSome(entries |> Array.map (fun entry -> 1.0 / sqrt blocks[game.OwnerOf entry]))

    /// <summary>What D M D tells, for the diagonal D that measures each player in its own units.</summary>
    /// <remarks>Where (M + Mᵀ)/2 is positive definite, so is that of D M D, and Re λ &gt; 0 for every eigenvalue λ of M: with
    /// M v = λ v, |v|² Re λ = vᴴ (M + Mᵀ)/2 v. A symmetric M has as many negative eigenvalues as D M D (Sylvester).</remarks>
    let private byScaled (tolerances: Tolerances) (game: Game) (entries: int[]) (matrix: float[,]) =
        match factors game entries matrix with
        | ValueNone -> Verdict.Undecided
        | ValueSome d ->
            let scaled = matrix |> Array2D.mapi (fun i j value -> d[i] * value * d[j])
            let band = (tolerances.Axis + Rounding.share game) * Dense.norm scaled

            match (Judgement.isPositiveDefinite "" band scaled).Verdict with
            | Verdict.No when Dense.asymmetry scaled > Rounding.share game -> Verdict.Undecided
            | verdict -> verdict

    /// What is undecided for the eigenvalues of the entries' matrix may be certain when every player is measured in its own
    /// units.
    let orByScaled tolerances game entries matrix (judgement: Judgement) =
        match judgement.Verdict with
        | Verdict.Undecided ->
            match byScaled tolerances game entries matrix with
            | Verdict.Undecided -> judgement
            | verdict -> Judgement.plain verdict
        | _ -> judgement
