using Xunit;

namespace Stackelberg.Tests.Facade;

public class LearnerTests
{
    private static readonly Game duopoly = Game.TwoPlayer(
        "duopoly",
        (q1, q2) => -(100 - q1 - q2 - 5) * q1,
        (q1, q2) => -(100 - q1 - q2 - 2) * q2
    );

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        Learner learner = Learner
            .Simultaneous()
            .WithSteps(100)
            .WithRates(k => 1.0 / k)
            .WithGaussianNoise(1.0);
        double[] first = learner.WithSeed(7).Run(duopoly, [10, 10]).Final.ToArray();
        Assert.Equal(first, learner.WithSeed(7).Run(duopoly, [10, 10]).Final.ToArray());
        Assert.NotEqual(first, learner.WithSeed(8).Run(duopoly, [10, 10]).Final.ToArray());
    }

    [Fact]
    public void A_learner_is_not_changed_by_what_is_derived_from_it()
    {
        Learner learner = Learner.Stackelberg().WithSteps(3);
        _ = learner.WithSteps(5);
        Assert.Equal(3, learner.Run(duopoly, [10, 10]).Steps);
    }

    [Fact]
    public void Many_starts_are_played_at_once_as_each_alone()
    {
        Learner learner = Learner.Stackelberg().WithSteps(20);
        EnsembleRun runs = learner.RunMany(
            duopoly,
            new double[,]
            {
                { 10, 10 },
                { 40, 0 },
            }
        );
        double[] ends =
        [
            .. learner.Run(duopoly, [10, 10]).Final.ToArray(),
            .. learner.Run(duopoly, [40, 0]).Final.ToArray(),
        ];
        Assert.Equal(ends, runs.Final.ToArray(), (a, b) => Math.Abs(a - b) < 1e-10);
    }

    [Fact]
    public void A_cancelled_run_says_so()
    {
        Run run = Learner.Stackelberg().Run(duopoly, [10, 10], new CancellationToken(canceled: true));
        Assert.True(run.Outcome.IsCancelled);
        Assert.Equal(0, run.Steps);
    }

    [Fact]
    public void A_wrong_number_of_rates_is_told_with_both_numbers()
    {
        Learner learner = Learner.Stackelberg().WithRates(k => 1, k => 1, k => 1);
        var error = Assert.Throws<ArgumentException>(() => learner.Run(duopoly, [10, 10]));
        Assert.Contains(
            "holds 3 schedules, but 1 (for all players) or 2",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void It_keeps_every_so_many_steps_and_tells_how_far_it_is()
    {
        var heard = new Heard();
        Run run = Learner
            .Simultaneous()
            .WithSteps(10)
            .WithRecordEvery(4)
            .WithProgress(heard)
            .Run(duopoly, [10, 10]);
        Assert.Equal([0, 4, 8, 10], run.RecordedSteps);
        Assert.Equal(Enumerable.Range(1, 10), heard.Steps);
    }

    [Fact]
    public void Any_rule_of_the_table_plays()
    {
        Assert.All(
            RuleModule.All,
            rule => Assert.True(Learner.With(rule).WithSteps(5).Run(duopoly, [10, 10]).Outcome.IsOutOfSteps)
        );
        Run run = Learner
            .With(RuleModule.TwoTimescale(2.0, RuleModule.Extragradient))
            .WithStop(Stop.NewUpdateBelow(1e-12))
            .Run(duopoly, [10, 10]);
        Assert.True(run.Outcome.IsConverged);
        Assert.Equal(92.0 / 3.0, run.Final.ToArray()[0], 1e-9);
    }

    private sealed class Heard : IProgress<LearnProgress>
    {
        public List<int> Steps { get; } = [];

        public void Report(LearnProgress value) => Steps.Add(value.Steps);
    }

    [Fact]
    public void It_stops_when_the_update_is_small()
    {
        Run run = Learner
            .Stackelberg()
            .WithRates(k => 0.1)
            .WithStop(Stop.NewUpdateBelow(1e-6))
            .Run(duopoly, [10, 10]);
        Assert.True(run.Outcome.IsConverged);
        Assert.InRange(run.Steps, 50, 400);
    }
}
