namespace Stackelberg

/// Lengths and scales that belong to a player, so that what is judged by them does not change with the unit of its cost or
/// of its coordinates.
module internal Scaling =

    /// ‖v‖₂ of some entries, without overflow or underflow of the squares.
    let length (v: float[]) first count =
        let mutable greatest = 0.0

        for i in first .. first + count - 1 do
            greatest <- max greatest (abs v[i])

        if greatest = 0.0 || not (System.Double.IsFinite greatest) then
            greatest
        else
            let mutable sum = 0.0

            for i in first .. first + count - 1 do
                let share = v[i] / greatest
                sum <- sum + share * share

            greatest * sqrt sum

    /// ‖v‖₂ of every player's entries.
    let lengths (game: Game) (v: float[]) =
        game.Players
        |> Array.mapi (fun index player -> length v game.Offsets[index] player.Dimension)

    /// How often rows and columns are scaled in turn; each time halves the distance from 1 in decades.
    let private passes = 12

    /// Rows' and columns' factors that bring the greatest entry of every row and column of a matrix of norms near 1
    /// (Ruiz 2001); 1 where a row or column is zero. Multiplying a row or a column by a number divides its factor by it.
    let equilibrate (norms: float[,]) : struct (float[] * float[]) =
        let n, m = norms.GetLength 0, norms.GetLength 1
        let rows, columns = Array.create n 1.0, Array.create m 1.0
        let scaled i j = rows[i] * norms[i, j] * columns[j]

        let correct (factors: float[]) (greatest: int -> float) =
            let seen = Array.init factors.Length greatest

            seen
            |> Array.iteri (fun i most ->
                if most > 0.0 && System.Double.IsFinite most then
                    factors[i] <- factors[i] / sqrt most)

        let most f count =
            let mutable greatest = 0.0

            for k in 0 .. count - 1 do
                greatest <- max greatest (f k)

            greatest

        for _ in 1..passes do
            correct rows (fun i -> most (fun j -> scaled i j) m)
            correct columns (fun j -> most (fun i -> scaled i j) n)

        struct (rows, columns)

    /// ‖A_ik‖, the greatest entry of every block of two players' entries, among the entries given.
    let blocks (game: Game) (entries: int[]) (a: float[,]) : float[,] =
        let count = game.Players.Length
        let owners = entries |> Array.map game.OwnerOf
        let norms = Array2D.zeroCreate count count

        for i in 0 .. entries.Length - 1 do
            for j in 0 .. entries.Length - 1 do
                let value = abs a[entries[i], entries[j]]

                if value > norms[owners[i], owners[j]] then
                    norms[owners[i], owners[j]] <- value

        norms
