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

    let private check rule (settings: LearnSettings) (game: Game) (x: float[]) =
        LearnCheck.checkRule func rule game
        LearnCheck.checkStart func (nameof x) game x
        LearnCheck.checkSettings func settings game
        LearnCheck.checkDraws func rule settings game

    let start (rule: Rule) (settings: LearnSettings) (x: Tensor) (game: Game) : Learning =
        game.Need func x
        let start = x.ToArray()
        check rule settings game start
        let driver = Driver(rule, settings, game, start)
        driver.Begin()
        Learning(driver, settings)

    let resume (rule: Rule) (settings: LearnSettings) (state: LearnState) (game: Game) : Learning =
        let func = "Learn.resume"

        let same what (saved: string) (present: string) =
            if saved <> present then
                Require.wrong
                    func
                    (nameof state)
                    (invariant
                        $"was saved with {what} {saved}, but {present} is given; go on with what it was saved with.")

        same "the game" state.Game game.Name
        same "the rule" state.Rule rule.Name
        same "the seed" (invariant $"{state.Seed}") (invariant $"{settings.Seed}")
        let x = Array.copy (state.Get("strategy", game.Dimension))
        check rule settings game x
        let driver = Driver(rule, settings, game, x)
        driver.Restore state
        driver.Begin()
        Learning(driver, settings)

    let run (rule: Rule) (settings: LearnSettings) (x: Tensor) (game: Game) : Run =
        let learning = start rule settings x game
        learning.Advance settings.Steps
        learning.Finish()
