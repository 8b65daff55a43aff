namespace Stackelberg

/// How far joint strategies are apart, the short way round for angles.
module internal Distance =

    /// The square of the distance of two joint strategies in the entries of some players. Each stands in its array from an offset
    /// on.
    let square (game: Game) firstPlayer lastPlayer (a: float[]) aAt (b: float[]) bAt =
        let mutable sum = 0.0

        for index in firstPlayer..lastPlayer do
            for i in game.Offsets[index] .. game.Offsets[index + 1] - 1 do
                let part = DomainOps.difference game.Players[index].Domain a[aAt + i] b[bAt + i]
                sum <- sum + part * part

        sum

    let needPoint func (game: Game) (point: float[]) =
        if point.Length <> game.Dimension then
            Require.wrong
                func
                (nameof point)
                (invariant $"has length {point.Length}, but {game.Dimension} is needed ({game.Describe()}).")

    /// For each of so many joint strategies, which stand behind one another, the number of the point that is nearest, of those
    /// within a radius; −1 if none is.
    let nearest func (game: Game) (points: float[][]) (radius: float) (rows: float[]) count : int[] =
        Array.iter (needPoint func game) points

        Array.init count (fun row ->
            let mutable best, least = -1, radius * radius

            for index in 0 .. points.Length - 1 do
                let apart =
                    square game 0 (game.Players.Length - 1) rows (row * game.Dimension) points[index] 0

                if apart <= least then
                    best <- index
                    least <- apart

            best)
