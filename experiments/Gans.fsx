// What the experiments on GANs share: two rules with their settings, and what is measured of a step.
#load "../games/Prelude.fsx"

open Stackelberg
open Stackelberg.Gans

/// A setting that makes other numbers.
let changes key (value: string) kind description =
    Setting(key, value, kind, description, SettingKind.Changes)

/// A setting that makes no other numbers.
let neutral key (value: string) kind description =
    Setting(key, value, kind, description, SettingKind.Neutral)

/// Refuses the value of a setting.
let refuse (key: string) (value: obj) (fault: string) =
    raise (UserInputException $"The setting {key} is {value}, but {fault}.")

/// One of the two rules that are compared.
[<ReferenceEquality>]
type Play = {
    /// Its name in settings and in expected.csv.
    Key: string
    /// Its name in figures.
    Title: string
    /// The setting that says how the leader's rate decays.
    LeaderDecay: string
    /// The rule.
    Rule: SettingValues -> Rule
}

/// The generator descends its total gradient ("stack", "fast" decay).
let leading = {
    Key = "stackelberg"
    Title = "Stackelberg play"
    LeaderDecay = "leaderDecay"
    Rule =
        fun s ->
            let solver =
                Solver.cg
                |> Solver.withTolerance (s.Double "cgTolerance")
                |> Solver.withMaxIterations (s.Int "cgIterations")

            Conjecture.regularized (s.Double "regularisation")
            |> Conjecture.withSolver (
                if s.Bool "warmStart" then
                    Solver.warmStarted solver
                else
                    solver
            )
            |> Rule.stackelberg
}

/// Both players descend their own cost ("simgrad", "normal" decay).
let simultaneous = {
    Key = "simultaneous"
    Title = "Simultaneous play"
    LeaderDecay = "leaderDecaySimultaneous"
    Rule = fun _ -> Rule.simultaneous
}

let both = [ leading; simultaneous ]

/// Those that the user wants.
let wanted (s: SettingValues) =
    both |> List.filter (fun play -> Array.contains play.Key (s.List "rules"))

/// A rule with Adam on both players' steps.
let ruleOf (s: SettingValues) play =
    play.Rule s
    |> Rule.preconditioned [
        Preconditioner.adamWith (s.Double "beta1") (s.Double "beta2") (s.Double "epsilon")
    ]

/// The steps and rates of a rule's run.
let learning (s: SettingValues) play =
    let rate = s.Double "rate"

    {
        Learn.settings with
            Steps = s.Int "steps"
            Rates = [
                Rate.exponential rate (s.Double play.LeaderDecay)
                Rate.exponentialFromZero rate (s.Double "followerDecay")
            ]
    }

/// What the published code logs of a step: costs, and norms of gradients.
let measure (gan: Gan) seed (learning: Learning) =
    let gauge = GanGauge(gan, seed, learning.X, learning.NextDraw)
    fun () -> (gauge.After learning.Direction).Metrics

// A rate that grew, or was over after a step, would be no decay.
let private decay = SettingType.AboveTo(0.0, 1.0)
let private moment = SettingType.FromBelow(0.0, 1.0)

/// The settings of the rules: γ of both players, η, Adam's decay of the first moment, and which rules are run.
let ruleSettings rate regularisation beta1 rules = [
    Setting(
        "rules",
        rules,
        SettingType.SomeOf(both |> List.map _.Key),
        "the rules that are run",
        SettingKind.Selects
    )
    changes "rate" rate (SettingType.Above 0.0) "γ, the learning rate of both players"
    changes "leaderDecay" "0.99999" decay "ν of the leader's rate γ ν^k, k = 1, 2, …, in Stackelberg play"
    changes "leaderDecaySimultaneous" "0.9999999" decay "the same in simultaneous play"
    changes "followerDecay" "0.9999999" decay "ν of the follower's rate γ ν^(k-1), k = 1, 2, …"
    changes "beta1" beta1 moment "Adam's decay of the first moment"
    changes "beta2" "0.999" moment "Adam's decay of the second moment"
    changes "epsilon" "1e-8" (SettingType.Above 0.0) "Adam's ε"
    changes
        "regularisation"
        regularisation
        (SettingType.AtLeast 0.0)
        "η, added to the discriminator's curvature"
    changes "cgIterations" "5" (SettingType.Whole(1, 1_000_000)) "iterations of conjugate gradients at most"
    changes "cgTolerance" "1e-5" (SettingType.Between(0.0, 1.0)) "their relative tolerance"
    changes
        "warmStart"
        "false"
        SettingType.YesNo
        "whether they start from the last step's solution, as the paper says, or from 0, as its code does"
]
