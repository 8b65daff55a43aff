using Xunit;

namespace Stackelberg.Tests.Facade;

public class TheoryExtensionsTests
{
    private static readonly Game duopoly = Game.TwoPlayer(
        "duopoly",
        (q1, q2) => -(100 - q1 - q2 - 5) * q1,
        (q1, q2) => -(100 - q1 - q2 - 2) * q2
    );

    [Fact]
    public void The_best_simultaneous_rate_of_the_duopoly_is_a_half()
    {
        // J = [[2, 1], [1, 2]] has the eigenvalues 1 and 3.
        StepSize simultaneous = duopoly.StepSizes(Concept.Nash, 92.0 / 3, 101.0 / 3)[0];
        Assert.Equal("simultaneous", simultaneous.Rule);
        Assert.Equal(0.5, simultaneous.Rate, 1e-12);
        Assert.Equal(0.5, simultaneous.Contraction, 1e-12);
    }

    [Fact]
    public void A_run_and_an_ensemble_are_tracked_alike()
    {
        Rate rate = RateModule.Constant(0.1);
        Learner learner = Learner.Stackelberg().WithSteps(20).WithRates(rate);
        TrackingRun alone = duopoly.Track(learner.Run(duopoly, [20, 30]), 5, rate);
        TrackingRun together = learner
            .RunMany(
                duopoly,
                new double[,]
                {
                    { 20, 30 },
                }
            )
            .Track(5);
        Assert.Equal(16, alone.Steps.Length);
        Assert.Equal(0.1 * 15, alone.Times[^1], 1e-12);
        for (int column = 0; column < 16; column++)
        {
            Assert.Equal(alone.FollowerGaps[0, column], together.FollowerGaps[0, column], 1e-9);
            Assert.Equal(alone.LeaderGaps[0, column], together.LeaderGaps[0, column], 1e-9);
        }
    }

    [Fact]
    public void Equal_rates_do_not_separate_the_time_scales()
    {
        Rule rule = RuleModule.Stackelberg(ConjectureModule.BestResponse);
        RateWarning warning = Assert.Single(duopoly.RateWarnings(rule, RateModule.Power(1, 1)));
        Assert.True(warning.IsNotSlower);
        Assert.Empty(duopoly.RateWarnings(rule, RateModule.Power(1, 1), RateModule.Power(1, 0.75)));
    }
}
