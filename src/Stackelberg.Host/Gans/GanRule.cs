namespace Stackelberg.Gans;

/// <summary>The two rules that the published GAN experiments compare, with the settings that their scripts give them.</summary>
/// <param name="Key">Its name in settings and in <c>expected.csv</c>.</param>
/// <param name="Title">Its name in figures.</param>
internal sealed record GanRule(string Key, string Title)
{
    // A rate that grew, or was over after a step, would be no decay.
    private static readonly SettingType decay = SettingType.AboveTo(0, 1);
    private static readonly SettingType moment = SettingType.FromBelow(0, 1);

    /// <summary>Both players descend their own cost ("simgrad", "normal" decay).</summary>
    public static GanRule Simultaneous { get; } = new("simultaneous", "Simultaneous play");

    /// <summary>The generator descends its total gradient ("stack", "fast" decay).</summary>
    public static GanRule Stackelberg { get; } = new("stackelberg", "Stackelberg play");

    /// <summary>Both.</summary>
    public static IReadOnlyList<GanRule> All { get; } = [Stackelberg, Simultaneous];

    /// <summary>The settings that every GAN experiment has for its rules.</summary>
    /// <param name="rate">γ, of both players.</param>
    /// <param name="regularisation">η.</param>
    /// <param name="beta1">Adam's decay of the first moment.</param>
    /// <param name="rules">Which of them are run.</param>
    public static IEnumerable<Setting> Settings(
        string rate,
        string regularisation,
        string beta1,
        string rules = "stackelberg,simultaneous"
    ) =>
        [
            new(
                "rules",
                rules,
                SettingType.SomeOf(All.Select(rule => rule.Key)),
                "the rules that are run",
                SettingKind.Selects
            ),
            new(
                "rate",
                rate,
                SettingType.Above(0),
                "γ, the learning rate of both players",
                SettingKind.Changes
            ),
            new(
                "leaderDecay",
                "0.99999",
                decay,
                "ν of the leader's rate γ ν^k, k = 1, 2, …, in Stackelberg play",
                SettingKind.Changes
            ),
            new(
                "leaderDecaySimultaneous",
                "0.9999999",
                decay,
                "the same in simultaneous play",
                SettingKind.Changes
            ),
            new(
                "followerDecay",
                "0.9999999",
                decay,
                "ν of the follower's rate γ ν^(k-1), k = 1, 2, …",
                SettingKind.Changes
            ),
            new("beta1", beta1, moment, "Adam's decay of the first moment", SettingKind.Changes),
            new("beta2", "0.999", moment, "Adam's decay of the second moment", SettingKind.Changes),
            new("epsilon", "1e-8", SettingType.Above(0), "Adam's ε", SettingKind.Changes),
            new(
                "regularisation",
                regularisation,
                SettingType.AtLeast(0),
                "η, added to the discriminator's curvature",
                SettingKind.Changes
            ),
            new(
                "cgIterations",
                "5",
                SettingType.Whole(1, 1_000_000),
                "iterations of conjugate gradients at most",
                SettingKind.Changes
            ),
            new(
                "cgTolerance",
                "1e-5",
                SettingType.Between(0, 1),
                "their relative tolerance",
                SettingKind.Changes
            ),
            new(
                "warmStart",
                "false",
                SettingType.YesNo,
                "whether they start from the last step's solution, as the paper says, or from 0, as its code does",
                SettingKind.Changes
            ),
        ];

    /// <summary>The learner of a run.</summary>
    /// <param name="context">The settings.</param>
    /// <param name="steps">How many steps.</param>
    public Learner Learner(ExperimentContext context, int steps)
    {
        var rate = context.GetDouble("rate");
        var leaderDecay = context.GetDouble(this == Stackelberg ? "leaderDecay" : "leaderDecaySimultaneous");
        var adam = PreconditionerModule.AdamWith(
            context.GetDouble("beta1"),
            context.GetDouble("beta2"),
            context.GetDouble("epsilon")
        );
        return Rule(context)
            .WithPreconditioners(adam)
            .WithSteps(steps)
            .WithRates(
                RateModule.Exponential(rate, leaderDecay),
                RateModule.ExponentialFromZero(rate, context.GetDouble("followerDecay"))
            )
            .WithSeed(context.Seed)
            .WithRecordEvery(0);
    }

    private Learner Rule(ExperimentContext context)
    {
        if (this == Simultaneous)
        {
            return global::Stackelberg.Learner.Simultaneous();
        }

        var solver = SolverModule.withMaxIterations(
            context.GetInt("cgIterations"),
            SolverModule.withTolerance(context.GetDouble("cgTolerance"), SolverModule.cg)
        );
        return global::Stackelberg.Learner.Stackelberg(
            ConjectureModule.WithSolver(
                context.GetBool("warmStart") ? SolverModule.warmStarted(solver) : solver,
                ConjectureModule.Regularized(context.GetDouble("regularisation"))
            )
        );
    }
}
