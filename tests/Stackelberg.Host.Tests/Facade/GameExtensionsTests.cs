using Xunit;

namespace Stackelberg.Tests.Facade;

public class GameExtensionsTests
{
    private static readonly Game duopoly = Game.TwoPlayer(
        "duopoly",
        (q1, q2) => -(100 - q1 - q2 - 5) * q1,
        (q1, q2) => -(100 - q1 - q2 - 2) * q2
    );

    [Fact]
    public void Costs_fields_and_Jacobians_are_the_closed_forms()
    {
        Assert.Equal([-750.0, -780.0], duopoly.Costs(10, 10));
        Assert.Equal([-65.0, -68.0], duopoly.Omega(10, 10));
        Assert.Equal([-70.0, -68.0], duopoly.OmegaS(10, 10));
        Assert.Equal(
            new[,]
            {
                { 2.0, 1.0 },
                { 1.0, 2.0 },
            },
            duopoly.J(10, 10)
        );
        Assert.Equal(
            new[,]
            {
                { 1.5, 1.0 },
                { 1.0, 2.0 },
            },
            duopoly.JS(10, 10)
        );

        // D1f1 − D21f2 (D22f2 + 1)⁻¹ D2f1 = −65 − 10 / 3.
        Assert.Equal(-65 - 10.0 / 3, duopoly.Field(ConjectureModule.Regularized(1), 10, 10)[0], 1e-12);
    }

    [Fact]
    public void A_zero_sum_game_gives_the_second_player_the_opposite_cost()
    {
        Game saddle = Game.ZeroSum("saddle", (x, y) => x * x + 10 * x * y - y * y);
        Assert.Equal([22.0, -22.0], saddle.Costs(1, 3));
    }

    [Fact]
    public void All_critical_points_in_a_box_come_with_their_reports()
    {
        SearchReport found = duopoly.FindAll(Concept.Stackelberg, [0, 0], [100, 100]);
        Report only = Assert.Single(found.Points);
        Assert.Equal(46.0, only.Point.ToArray()[0], 1e-9);
        Assert.Equal(Verdict.Yes, only.IsDifferentialStackelberg);
        Assert.True(found.IsSettled);
        Assert.Throws<SearchCanceledException>(() =>
            duopoly.FindAll(
                Concept.Nash,
                [0, 0],
                [100, 100],
                cancellation: new CancellationToken(canceled: true)
            )
        );
        Assert.Throws<ArgumentException>(() => duopoly.FindAll(Concept.Nash, [0], [100]));
    }

    [Fact]
    public void The_analysis_answers_with_arrays_and_nullable_values()
    {
        Game saddle = Game.ZeroSum("saddle", (x, y) => -3 * x * x - y * y + 4 * x * y);
        Assert.Equal(3.0, saddle.CriticalRatio(0, 0).Ratio!.Value, 1e-9);
        Assert.Null(duopoly.CriticalRatio(46, 26).Ratio);
        Assert.True(saddle.ZeroSumCondition(0, 0).IsCorrectedMet);
        Assert.Equal(Verdict.Yes, duopoly.Potential(1, 46, 26).IsPotential);
        // D²f₁ = 2 − q₂'s slope twice, ½ each, regularised to ⅓ in the anticipation alone.
        Assert.Equal(2 - 1.0 / 3 - 0.5, duopoly.ClassifyRegularized(1, 46, 26).EigenvaluesTrue[0], 1e-9);

        Assert.True(duopoly.TryLeaderAdvantage([10, 10], out LeaderAdvantage? advantage, out _));
        Assert.Equal(1058 - 8464.0 / 9, advantage.Gains[0], 1e-6);
        Assert.Equal(Leadership.NonConcurrent, advantage.Leadership);
    }

    [Fact]
    public void Finding_succeeds_with_a_report_or_fails_with_a_reason()
    {
        Assert.True(
            duopoly.TryFind(Concept.Stackelberg, [40, 20], out Report? report, out FindFailure? failure)
        );
        Assert.Null(failure);
        Assert.Equal(46.0, report.Point.ToArray()[0], 1e-9);

        Game flat = Game.TwoPlayer("flat", (x, y) => x * x + y, (x, y) => x * y);
        Assert.False(flat.TryFind(Concept.Stackelberg, [1, 1], out report, out failure));
        Assert.Null(report);
        Assert.Contains("singular", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_game_with_faults_names_them_all()
    {
        Player twice = PlayerModule.Scalar("a");
        var error = Assert.Throws<InvalidOperationException>(() =>
            Game.Of("half", new Seat(twice, 0, q => q[twice]), new Seat(twice, 1, q => Tensor.Of(1, 2)))
        );
        Assert.StartsWith("Game \"half\" is not complete:", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2]", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, error.Message.Split('\n').Length);
    }

    [Fact]
    public void A_wrong_length_names_the_length_that_is_needed()
    {
        var error = Assert.Throws<ArgumentException>(() => duopoly.Omega(1, 2, 3));
        Assert.Contains("x has shape [3], but [2] is needed", error.Message, StringComparison.Ordinal);
    }
}
