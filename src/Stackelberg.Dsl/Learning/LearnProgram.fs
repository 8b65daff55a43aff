namespace Stackelberg

/// The program of a run's steps.
module internal LearnProgram =

    /// Whether levels have rates of their own, by schedule or by the rule's own factors.
    let isRateEach (rule: Rule) (settings: LearnSettings) (game: Game) =
        settings.Rates.Length > 1
        || game.Seats |> Array.exists (fun seat -> rule.Definition.Speed seat.Level <> 1.0)

    /// Of vectors so short a loop of its own measures the update faster than a step of the program would.
    let private shortFrom, shortTo = 3, 64

    let ofRun (rule: Rule) (settings: LearnSettings) (game: Game) : StepProgram =
        let measuring = {
            IsRateEach = isRateEach rule settings game
            IsNoisy = settings.Noise <> Noise.Silent
            IsNoiseGrowing = settings.Noise.IsGrowing
            WatchesField = settings.Stop.IsFieldBelow
            MeasuresUpdate = true
        }

        let program = StepProgram.Of measuring rule game

        let isFasterOutside =
            game.Dimension >= shortFrom
            && game.Dimension <= shortTo
            && game.Players |> Array.forall _.Domain.IsFree
            // A program that is one step on single numbers measures it there, and may become a loop.
            && program.Single.PrepareSteps > 1

        if isFasterOutside then
            StepProgram.Of
                {
                    measuring with
                        MeasuresUpdate = false
                }
                rule
                game
        else
            program
