namespace Stackelberg

open System

/// The checks on what a run is given, before there is one.
module internal LearnCheck =

    let private needNotNegative func name (value: int) =
        if value < 0 then
            Require.wrong func name (invariant $"is {value}, but a number of at least 0 is needed.")

    let private needTolerance func (tolerance: float) =
        if not (Double.IsFinite tolerance && tolerance > 0.0) then
            Require.wrong
                func
                "Stop"
                (invariant $"has tolerance {tolerance}, but a finite number above 0 is needed.")

    /// How many numbers are wanted, of which each player may have one of its own.
    let private oneOrEach (game: Game) =
        let names = String.Join(", ", game.Players |> Array.map _.Name)

        if game.Players.Length = 1 then
            (invariant $"1 is (for {names})")
        else
            (invariant $"1 (for all players) or {game.Players.Length} (one for each of {names}) are")

    let private checkNoise func (settings: LearnSettings) (game: Game) =
        let name = nameof settings.Noise

        match settings.Noise with
        | Noise.Silent
        | Noise.Gaussian [| _ |]
        | Noise.Growing [| _ |] -> ()
        | Noise.Gaussian deviations
        | Noise.Growing deviations ->
            if deviations.Length <> game.Players.Length then
                Require.wrong
                    func
                    name
                    (invariant $"holds {deviations.Length} standard deviations, but {oneOrEach game} needed.")
        | Noise.Given _ -> ()

    let checkDraws func (rule: Rule) (settings: LearnSettings) (game: Game) =
        match settings.Noise with
        | Noise.Silent
        | Noise.Gaussian _
        | Noise.Growing _ -> ()
        | Noise.Given draws ->
            let name = nameof settings.Noise
            let perStep = (LearnProgram.ofRun rule settings game).Layout.Draws
            let needed = settings.Steps * perStep

            if draws.Length < needed then
                Require.wrong
                    func
                    name
                    (invariant
                        $"holds {draws.Length} draws, but {needed} are needed ({perStep} for each of {settings.Steps} steps).")

            for row in 0 .. needed - 1 do
                if draws[row].Length <> game.Dimension then
                    Require.wrong
                        func
                        name
                        (invariant
                            $"has {draws[row].Length} numbers in draw {row}, but {game.Dimension} are needed ({game.Describe()}).")

    /// What a start may lie outside of a convex set, relative to its size, for rounding.
    let private outside = 1e-9

    let checkStart func name (game: Game) (x: float[]) =
        for index in 0 .. game.Players.Length - 1 do
            let player, offset = game.Players[index], game.Offsets[index]

            for entry in 0 .. player.Dimension - 1 do
                let value = x[offset + entry]

                if not (Double.IsFinite value) then
                    Require.wrong
                        func
                        name
                        (invariant
                            $"holds {value} at entry {offset + entry} ({player.Name}), but every entry must be finite; start elsewhere.")

                match player.Domain with
                | Domain.Box(lower, upper) when value < lower[entry] || value > upper[entry] ->
                    Require.wrong
                        func
                        name
                        (invariant
                            $"holds {value} at entry {offset + entry}, outside the box [{lower[entry]}, {upper[entry]}] of {player.Name}; start inside.")
                | _ -> ()

            match player.Domain with
            | Domain.Set set ->
                let own = Array.sub x offset player.Dimension
                let nearest = Array.copy own
                DomainOps.project player.Domain nearest 0 player.Dimension
                let away = Array.map2 (fun a b -> abs (a - b)) own nearest |> Array.max

                if away > outside * (own |> Array.fold (fun most entry -> max most (abs entry)) 1.0) then
                    let shown =
                        nearest |> Array.truncate 6 |> Array.map (digits 6) |> String.concat ", "

                    Require.wrong
                        func
                        name
                        (invariant
                            $"is {away:G3} outside {ConvexSets.show set} of {player.Name}; start inside, at ({shown}) for example.")
            | _ -> ()

    let checkRule func (rule: Rule) (game: Game) =
        match rule.Refuses game with
        | null -> ()
        | reason -> raise (ArgumentException((invariant $"{func}: {reason}"), nameof rule))

        let preconditioners = rule.Preconditioners.Length

        if preconditioners > 1 && preconditioners <> game.Players.Length then
            Require.wrong
                func
                (nameof rule)
                (invariant $"holds {preconditioners} preconditioners, but {oneOrEach game} needed.")

    let checkSettings func (settings: LearnSettings) (game: Game) =
        needNotNegative func (nameof settings.Steps) settings.Steps
        needNotNegative func (nameof settings.RecordEvery) settings.RecordEvery

        if settings.Rates.Length <> 1 && settings.Rates.Length <> game.Players.Length then
            Require.wrong
                func
                (nameof settings.Rates)
                (invariant $"holds {settings.Rates.Length} schedules, but {oneOrEach game} needed.")

        match settings.Stop with
        | Stop.Never -> ()
        | Stop.UpdateBelow tolerance
        | Stop.FieldBelow tolerance -> needTolerance func tolerance

        checkNoise func settings game
