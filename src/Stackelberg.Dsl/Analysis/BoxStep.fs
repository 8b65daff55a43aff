namespace Stackelberg

open System

/// Steps inside the players' boxes: the linearised problem with its complementarity, solved as a whole.
module internal BoxStep =

    /// Every entry's bounds; infinite where it has none.
    let bounds (game: Game) : struct (float[] * float[]) =
        let lower = Array.create game.Dimension -infinity
        let upper = Array.create game.Dimension infinity

        game.Players
        |> Array.iteri (fun index player ->
            match player.Domain with
            | Domain.Box(least, greatest) ->
                least.CopyTo(lower, game.Offsets[index])
                greatest.CopyTo(upper, game.Offsets[index])
            | Domain.Free
            | Domain.Set _
            | Domain.Circle -> ())

        struct (lower, upper)

    /// Changes of all entries' places at once while these do the job; then one by one, which ends for the matrices of
    /// strictly convex problems (Murty 1974).
    let private together, oneByOne = 20, 5

    /// M_FF δ_F = −g_F − M_FA δ_A.
    let private answer (matrix: float[,]) (g: float[]) (free: int[]) (held: int[]) (δ: float[]) =
        let right =
            free
            |> Array.map (fun row -> held |> Array.fold (fun sum k -> sum - matrix[row, k] * δ[k]) -g[row])

        let solved =
            Tensor.solve (Tensor.ofArray2D (Dense.select free free matrix)) (Tensor.ofArray right)

        solved.ToArray()

    /// <summary>The step δ with lower ≤ x + δ ≤ upper at which g + M δ is zero in the entries inside and points outwards
    /// at those on a bound; null if none was found.</summary>
    let solve (lower: float[], upper: float[]) (matrix: float[,]) (x: float[]) (g: float[]) : float[] =
        let d = x.Length
        let δ = Array.zeroCreate<float> d

        // −1 on the lower bound, 1 on the upper one, 0 inside.
        let place =
            Array.init d (fun i ->
                if x[i] <= lower[i] && g[i] > 0.0 then -1
                elif x[i] >= upper[i] && g[i] < 0.0 then 1
                else 0)

        /// Where an entry should rather be.
        let better (w: int -> float) i =
            if place[i] = 0 then
                if x[i] + δ[i] < lower[i] then -1
                elif x[i] + δ[i] > upper[i] then 1
                else 0
            elif float place[i] * w i > 0.0 then
                0
            else
                place[i]

        let rec go k =
            let free = [| 0 .. d - 1 |] |> Array.filter (fun i -> place[i] = 0)
            let held = [| 0 .. d - 1 |] |> Array.filter (fun i -> place[i] <> 0)

            for i in held do
                δ[i] <- (if place[i] < 0 then lower[i] else upper[i]) - x[i]

            if free.Length > 0 then
                answer matrix g free held δ |> Array.iteri (fun k value -> δ[free[k]] <- value)

            let w i =
                Seq.fold (fun sum j -> sum + matrix[i, j] * δ[j]) g[i] (seq { 0 .. d - 1 })

            if not (Finite.all δ) then
                null
            else
                let wanted = Array.init d (better w)

                match Array.tryFindIndex (fun i -> wanted[i] <> place[i]) [| 0 .. d - 1 |] with
                | None -> δ
                | Some _ when k >= together + oneByOne * d -> null
                | Some _ when k < together ->
                    wanted.CopyTo(place, 0)
                    go (k + 1)
                | Some first ->
                    place[first] <- wanted[first]
                    go (k + 1)

        go 0
