namespace Stackelberg

open System
open System.Threading

[<RequireQualifiedAccess>]
module Learn =

    let private func = "Learn.run"

    let settings: LearnSettings = {
        Steps = 1000
        Rates = [ Rate.constant 0.1 ]
        Noise = Noise.none
        Seed = 0UL
        RecordEvery = 1
        Stop = Stop.Never
        Progress = null
        Cancellation = CancellationToken.None
    }

    let private needNotNegative name (value: int) =
        if value < 0 then
            Require.wrong func name $"is {value}, but a number of at least 0 is needed."

    let private needTolerance (tolerance: float) =
        if not (Double.IsFinite tolerance && tolerance > 0.0) then
            Require.wrong func "Stop" $"has tolerance {tolerance}, but a finite number above 0 is needed."

    /// How many numbers are wanted, of which each player may have one of its own.
    let private oneOrEach (game: Game) =
        let names = String.Join(", ", game.Players |> Array.map _.Name)

        if game.Players.Length = 1 then
            $"1 is (for {names})"
        else
            $"1 (for all players) or {game.Players.Length} (one for each of {names}) are"

    let private checkNoise (rule: Rule) (settings: LearnSettings) (game: Game) =
        let name = nameof settings.Noise

        match settings.Noise with
        | Noise.Silent
        | Noise.Gaussian [| _ |] -> ()
        | Noise.Gaussian deviations ->
            if deviations.Length <> game.Players.Length then
                Require.wrong
                    func
                    name
                    $"holds {deviations.Length} standard deviations, but {oneOrEach game} needed."
        | Noise.Given draws ->
            let perStep = rule.EvaluationsPerStep game
            let needed = settings.Steps * perStep

            if draws.Length < needed then
                Require.wrong
                    func
                    name
                    $"holds {draws.Length} draws, but {needed} are needed ({perStep} for each of {settings.Steps} steps)."

            for row in 0 .. needed - 1 do
                if draws[row].Length <> game.Dimension then
                    Require.wrong
                        func
                        name
                        $"has {draws[row].Length} numbers in draw {row}, but {game.Dimension} are needed ({game.Describe()})."

    let private checkStart (game: Game) (x: float[]) =
        for index in 0 .. game.Players.Length - 1 do
            let player, offset = game.Players[index], game.Offsets[index]

            for entry in 0 .. player.Dimension - 1 do
                let value = x[offset + entry]

                if not (Double.IsFinite value) then
                    Require.wrong
                        func
                        (nameof x)
                        $"holds {value} at entry {offset + entry} ({player.Name}), but every entry must be finite; start elsewhere."

                match player.Domain with
                | Domain.Box(lower, upper) when value < lower[entry] || value > upper[entry] ->
                    Require.wrong
                        func
                        (nameof x)
                        $"holds {value} at entry {offset + entry}, outside the box [{lower[entry]}, {upper[entry]}] of {player.Name}; start inside."
                | _ -> ()

    let private checkRule (rule: Rule) (game: Game) =
        match rule.Refuses game with
        | null -> ()
        | reason -> raise (ArgumentException($"{func}: {reason}", nameof rule))

        let preconditioners = rule.Preconditioners.Length

        if preconditioners > 1 && preconditioners <> game.Players.Length then
            Require.wrong
                func
                (nameof rule)
                $"holds {preconditioners} preconditioners, but {oneOrEach game} needed."

    let private check rule (settings: LearnSettings) (game: Game) (x: float[]) =
        checkRule rule game
        checkStart game x
        needNotNegative (nameof settings.Steps) settings.Steps
        needNotNegative (nameof settings.RecordEvery) settings.RecordEvery

        if settings.Rates.Length <> 1 && settings.Rates.Length <> game.Players.Length then
            Require.wrong
                func
                (nameof settings.Rates)
                $"holds {settings.Rates.Length} schedules, but {oneOrEach game} needed."

        match settings.Stop with
        | Stop.Never -> ()
        | Stop.UpdateBelow tolerance
        | Stop.FieldBelow tolerance -> needTolerance tolerance

        checkNoise rule settings game

    let start (rule: Rule) (settings: LearnSettings) (x: Tensor) (game: Game) : Learning =
        game.Need func x
        let x = x.ToArray()
        check rule settings game x
        let driver = Driver(rule, settings, game, x)
        driver.Begin()
        Learning(driver, settings)

    let resume (rule: Rule) (settings: LearnSettings) (state: LearnState) (game: Game) : Learning =
        let func = "Learn.resume"

        let same what (saved: string) (present: string) =
            if saved <> present then
                Require.wrong
                    func
                    (nameof state)
                    $"was saved with {what} {saved}, but {present} is given; go on with what it was saved with."

        same "the game" state.Game game.Name
        same "the rule" state.Rule rule.Name
        same "the seed" $"{state.Seed}" $"{settings.Seed}"
        let x = state.Get("strategy", game.Dimension)
        check rule settings game x
        let driver = Driver(rule, settings, game, x)
        driver.Restore state
        driver.Begin()
        Learning(driver, settings)

    let run (rule: Rule) (settings: LearnSettings) (x: Tensor) (game: Game) : Run =
        let learning = start rule settings x game
        learning.Advance settings.Steps
        learning.Finish()
