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
        StepProgram.Of
            {
                IsRateEach = isRateEach rule settings game
                IsNoisy = settings.Noise <> Noise.Silent
                WatchesField = settings.Stop.IsFieldBelow
                MeasuresUpdate =
                    game.Dimension < shortFrom
                    || game.Dimension > shortTo
                    || game.Players |> Array.exists (fun player -> not player.Domain.IsFree)
            }
            rule
            game
