using Xunit;

namespace Stackelberg.Tests;

public class OwnRuleTests
{
    private static readonly Game game = Game.TwoPlayer(
        "quadratic",
        (x, y) => x * x + x * y,
        (x, y) => y * y - x * y
    );

    [Fact]
    public void Rules_of_one_s_own_are_one_expression_and_play_as_the_library_s_do()
    {
        var extragradient = Rule.Create(
            "mine",
            "Korpelevich 1976",
            (s, x) => s.Descend(x, s.Omega(s.Descend(x, s.Omega(x))))
        );
        var heavyBall = Rule.WithState(
            "heavy ball",
            "Polyak 1964",
            (game, x) => [new("velocity", Tensor.Of(new double[game.Dimension]))],
            (s, memory, x) =>
            {
                var next = s.Descend(x - 0.2 * memory[0], s.Omega(x));
                return (next, [next - x]);
            }
        );

        foreach (
            var (own, known) in new[]
            {
                (extragradient, RuleModule.Extragradient),
                (heavyBall, RuleModule.Momentum(-0.2)),
            }
        )
        {
            var mine = Learner
                .With(own)
                .WithSteps(50)
                .WithRates(RateModule.Constant(0.05))
                .Run(game, [1, -2]);
            var theirs = Learner
                .With(known)
                .WithSteps(50)
                .WithRates(RateModule.Constant(0.05))
                .Run(game, [1, -2]);
            Assert.Equal(theirs.Final.ToArray(), mine.Final.ToArray());
        }
    }

    [Fact]
    public void A_rule_needs_a_name()
    {
        var error = Assert.Throws<ArgumentException>(() => Rule.Create("", "", (s, x) => x));
        Assert.StartsWith("Rule.Create: name is empty", error.Message, StringComparison.Ordinal);
    }
}
