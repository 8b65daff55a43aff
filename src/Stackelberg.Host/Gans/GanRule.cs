namespace Stackelberg.Gans;

/// <summary>The two rules that the published GAN experiments compare, with the settings that their scripts give them.</summary>
/// <param name="Key">Its name in settings and in <c>expected.csv</c>.</param>
/// <param name="Title">Its name in figures.</param>
internal sealed record GanRule(string Key, string Title)
{
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
            new("rules", rules, "the rules that are run", SettingKind.Selects)
            {
                Choices = [.. All.Select(rule => rule.Key)],
            },
            new("rate", rate, "γ, the learning rate of both players", SettingKind.Changes),
            new(
                "leaderDecay",
                "0.99999",
                "ν of the leader's rate γ ν^k, k = 1, 2, …, in Stackelberg play",
                SettingKind.Changes
            ),
            new("leaderDecaySimultaneous", "0.9999999", "the same in simultaneous play", SettingKind.Changes),
            new(
                "followerDecay",
                "0.9999999",
                "ν of the follower's rate γ ν^(k-1), k = 1, 2, …",
                SettingKind.Changes
            ),
            new("beta1", beta1, "Adam's decay of the first moment", SettingKind.Changes),
            new("beta2", "0.999", "Adam's decay of the second moment", SettingKind.Changes),
            new("epsilon", "1e-8", "Adam's ε", SettingKind.Changes),
            new(
                "regularisation",
                regularisation,
                "η, added to the discriminator's curvature",
                SettingKind.Changes
            ),
            new("cgIterations", "5", "iterations of conjugate gradients at most", SettingKind.Changes),
            new("cgTolerance", "1e-5", "their relative tolerance", SettingKind.Changes),
            new(
                "warmStart",
                "false",
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
