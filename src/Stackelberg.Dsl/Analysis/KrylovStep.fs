namespace Stackelberg

open System

/// Newton steps of games too large for matrices: the same systems as NewtonSystem's, by products with the Jacobian.
module internal KrylovStep =

    /// The vectors that a solve keeps, at most.
    let private most = 80

    /// The residual that a solve ends at, relative to the right side.
    let private tolerance = 1e-4

    /// Above this many players their scales are not told apart.
    let private mostPlayers = 64

    /// The size of every block of the Jacobian, from one product with random signs for each player; on the entries given.
    let blocks (game: Game) (entries: int[]) (apply: Action<float[], float[]>) : float[,] =
        let count, d = game.Players.Length, game.Dimension
        let norms = Array2D.zeroCreate count count
        let direction, slope = Array.zeroCreate<float> d, Array.zeroCreate<float> d

        if count <= mostPlayers then
            for player in 0 .. count - 1 do
                let own = entries |> Array.filter (fun entry -> game.OwnerOf entry = player)
                Array.Clear direction

                for entry in own do
                    // A fixed pattern of signs without a period.
                    let golden = 0.6180339887498949 * float (entry + 1)
                    direction[entry] <- if golden - floor golden < 0.5 then 1.0 else -1.0

                apply.Invoke(direction, slope)

                for entry in entries do
                    let owner = game.OwnerOf entry
                    norms[owner, player] <- max norms[owner, player] (abs slope[entry] / sqrt (float (max 1 own.Length)))

        norms

    let private dot (a: float[]) (b: float[]) =
        let mutable sum = 0.0

        for i in 0 .. a.Length - 1 do
            sum <- sum + a[i] * b[i]

        sum

    /// The y that GMRES finds for A y = b; none where it does not come within the tolerance.
    let private gmres (apply: float[] -> float[]) (b: float[]) : float[] voption =
        let size = Scaling.length b 0 b.Length

        if size = 0.0 then
            ValueSome(Array.zeroCreate b.Length)
        elif not (Double.IsFinite size) then
            ValueNone
        else
            let basis = ResizeArray [ b |> Array.map (fun value -> value / size) ]
            let columns = ResizeArray<float[]>()
            let cosines, sines = ResizeArray<float>(), ResizeArray<float>()
            let right = ResizeArray [ 1.0 ]
            let mutable isOpen = true

            while isOpen && columns.Count < min most b.Length do
                let w = apply basis[columns.Count]
                let column = Array.zeroCreate (columns.Count + 2)
                let before = Scaling.length w 0 w.Length

                for i in 0 .. basis.Count - 1 do
                    let share = dot w basis[i]
                    column[i] <- share

                    for k in 0 .. w.Length - 1 do
                        w[k] <- w[k] - share * basis[i].[k]

                let after = Scaling.length w 0 w.Length
                column[basis.Count] <- after

                for i in 0 .. cosines.Count - 1 do
                    let upper = cosines[i] * column[i] + sines[i] * column[i + 1]
                    column[i + 1] <- cosines[i] * column[i + 1] - sines[i] * column[i]
                    column[i] <- upper

                let k = columns.Count
                let length = sqrt (column[k] * column[k] + column[k + 1] * column[k + 1])
                let c, s = if length = 0.0 then 1.0, 0.0 else column[k] / length, column[k + 1] / length
                cosines.Add c
                sines.Add s
                column[k] <- length
                right.Add(-s * right[k])
                right[k] <- c * right[k]
                columns.Add column

                isOpen <-
                    Double.IsFinite length
                    && abs right[k + 1] > 0.1 * tolerance
                    && after > 1e-14 * before

                if isOpen then
                    basis.Add(w |> Array.map (fun value -> value / after))

            let n = columns.Count
            let weights = Array.zeroCreate<float> n

            for i in n - 1 .. -1 .. 0 do
                let known = Seq.sumBy (fun j -> columns[j].[i] * weights[j]) (seq { i + 1 .. n - 1 })
                weights[i] <- if columns[i].[i] = 0.0 then 0.0 else (right[i] - known) / columns[i].[i]

            let y = Array.zeroCreate<float> b.Length

            for j in 0 .. n - 1 do
                for k in 0 .. y.Length - 1 do
                    y[k] <- y[k] + size * weights[j] * basis[j].[k]

            let left = Array.map2 (-) b (apply y)

            if Scaling.length left 0 left.Length <= tolerance * size then
                ValueSome y
            else
                ValueNone

    /// A⁻¹ on the entries that no bound holds, 0 in all others; none where the solve does not converge.
    let solve (game: Game) (free: int[]) (blocks: float[,]) (apply: Action<float[], float[]>) =
        let struct (rows, columns) = Scaling.equilibrate blocks
        let owners = free |> Array.map game.OwnerOf

        let direction, slope =
            Array.zeroCreate<float> game.Dimension, Array.zeroCreate<float> game.Dimension

        let product (y: float[]) =
            Array.Clear direction

            for k in 0 .. free.Length - 1 do
                direction[free[k]] <- columns[owners[k]] * y[k]

            apply.Invoke(direction, slope)
            Array.init free.Length (fun k -> rows[owners[k]] * slope[free[k]])

        fun (b: float[]) ->
            Array.init free.Length (fun k -> rows[owners[k]] * b[free[k]])
            |> gmres product
            |> ValueOption.map (fun y ->
                let step = Array.zeroCreate game.Dimension

                for k in 0 .. free.Length - 1 do
                    step[free[k]] <- columns[owners[k]] * y[k]

                {
                    Step = step
                    Unexplained = Array.zeroCreate game.Dimension
                })
