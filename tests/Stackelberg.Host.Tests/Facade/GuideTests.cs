using Stackelberg.Data;
using Stackelberg.Gans;
using Stackelberg.Networks;
using Xunit;

namespace Stackelberg.Tests.Facade;

/// <summary>The snippets of the page "From C#" of the documentation (docs/from-csharp.fsx), which shows them from this file:
/// what stands between two marks, by the mark's name. The assertions are the page's values.</summary>
public class GuideTests
{
    // csharpier-ignore-start
    [Fact]
    public void A_game_its_fields_and_its_equilibria()
    {
        // snippet: game
        var duopoly = Game.TwoPlayer("duopoly",
            (q1, q2) => -(100 - q1 - q2 - 5) * q1,
            (q1, q2) => -(100 - q1 - q2 - 2) * q2);

        double[] costs = duopoly.Costs(10, 10);          // -750, -780
        double[] omega = duopoly.Omega(10, 10);          // -65, -68
        double[] omegaS = duopoly.OmegaS(10, 10);        // -70, -68
        Report report = duopoly.Classify(46, 26);
        Verdict leads = report.IsDifferentialStackelberg; // Yes
        // snippet: end

        Assert.Equal([-750.0, -780.0], costs);
        Assert.Equal([-65.0, -68.0], omega);
        Assert.Equal([-70.0, -68.0], omegaS);
        Assert.Equal(Verdict.Yes, leads);
        Assert.Equal(Verdict.No, report.IsDifferentialNash);
    }

    [Fact]
    public void Three_players_by_seats()
    {
        // snippet: seats
        var leader = PlayerModule.Scalar("leader");
        var left = PlayerModule.Scalar("left");
        var right = PlayerModule.Scalar("right");

        Tensor Price(Strategies q) => 100 - q[leader] - q[left] - q[right];

        var market = Game.Of("market",
            new Seat(leader, 0, q => -(Price(q) - 5) * q[leader]),
            new Seat(left, 1, q => -(Price(q) - 2) * q[left]),
            new Seat(right, 1, q => -(Price(q) - 2) * q[right]));

        Run run = Learner
            .Stackelberg()
            .WithSteps(2000)
            .WithRates(RateModule.Constant(0.1))
            .Run(market, [10, 10, 10]);
        // snippet: end

        // The followers sell (98 − q)/3 each, so that the leader earns (95 − q − 2 (98 − q)/3) q = (89 − q) q / 3.
        double[] final = run.Final.ToArray();
        Assert.Equal(44.5, final[0], 1e-6);
        Assert.Equal(53.5 / 3, final[1], 1e-6);
        Assert.Equal(53.5 / 3, final[2], 1e-6);
    }

    [Fact]
    public void A_rule_of_one_s_own()
    {
        var game = Game.ZeroSum("saddle", (x, y) => x * y / 2 + x * x / 8 - y * y / 8);

        // snippet: rule
        var averaged = Rule.Create("averaged", "Mann 1953",
            (s, x) => 0.5 * x + 0.5 * s.Descend(x, s.Omega(x)));

        Run run = Learner
            .With(averaged)
            .WithSteps(2000)
            .WithRates(RateModule.Constant(0.5))
            .Run(game, [1, -1]);
        // snippet: end

        Assert.All(run.Final.ToArray(), entry => Assert.Equal(0.0, entry, 1e-10));
    }

    [Fact]
    public void A_GAN_is_a_game()
    {
        // snippet: gan
        var gan = new Gan(
            "diamond",
            Architectures.MixtureGenerator(Activation.Tanh, width: 8, latent: 4),
            Architectures.MixtureDiscriminator(Activation.Tanh, width: 8),
            GanObjective.Saturating,
            GaussianMixture.Diamond.Sampler(Gan.Real, 32));

        Run run = Learner
            .Stackelberg(ConjectureModule.Regularized(1.0))
            .WithPreconditioners(PreconditionerModule.adam)
            .WithSteps(20)
            .WithRates(RateModule.Constant(1e-3))
            .Run(gan.Game, gan.Start(Initializer.TorchDefault, seed: 1));
        // snippet: end

        // 4·8 + 8 + 8·8 + 8 + 8·2 + 2 weights, and 2·8 + 8 + 8 + 1.
        Assert.Equal(130 + 33, run.Final.ToArray().Length);
        Assert.True(run.Outcome.IsOutOfSteps);
        Assert.NotEqual(gan.Start(Initializer.TorchDefault, seed: 1), run.Final.ToArray());
    }
    // csharpier-ignore-end
}
