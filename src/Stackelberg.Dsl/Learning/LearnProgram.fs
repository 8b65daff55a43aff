namespace Stackelberg

/// The program of a run's steps.
module internal LearnProgram =

    /// Whether levels have rates of their own, by schedule or by the rule's own factors.
    let isRateEach (rule: Rule) (settings: LearnSettings) (game: Game) =
        settings.Rates.Length > 1
        || game.Seats
           |> Array.exists (fun seat -> rule.Definition.Speed seat.Level <> 1.0)

    let ofRun (rule: Rule) (settings: LearnSettings) (game: Game) : StepProgram =
        StepProgram.Of
            {
                IsRateEach = isRateEach rule settings game
                IsNoisy = settings.Noise <> Noise.Silent
                WatchesField = settings.Stop.IsFieldBelow
            }
            rule
            game
