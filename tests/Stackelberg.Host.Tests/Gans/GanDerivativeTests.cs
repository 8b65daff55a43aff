using Microsoft.FSharp.Collections;
using Stackelberg.Networks;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>One step of small GANs against hand-written backward passes.</summary>
public class GanDerivativeTests
{
    /// <summary>Relative to the greatest entry. Both sides are exact up to rounding in float64.</summary>
    private const double tolerance = 1e-8;

    private const double regularisation = 1.0;
    private const int products = 5;
    private const double residual = 1e-5;

    /// <summary>Objective, activation, hidden layers of generator and discriminator.</summary>
    public static TheoryData<string, string, int, int> Perceptrons()
    {
        var rows = new TheoryData<string, string, int, int>();
        foreach (var objective in GanObjective.All)
        {
            foreach (var activation in new[] { "tanh", "relu" })
            {
                foreach (var (generator, discriminator) in new[] { (1, 1), (2, 1), (1, 2), (2, 2) })
                {
                    rows.Add(objective.Name, activation, generator, discriminator);
                }
            }
        }

        return rows;
    }

    public static TheoryData<string> Objectives() => [.. GanObjective.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Perceptrons))]
    public void A_perceptron_GAN_has_the_derivatives_that_one_writes_by_hand(
        string objective,
        string activation,
        int generator,
        int discriminator
    ) => Check(SmallGan.Mixture(objective, activation, (generator, discriminator)));

    /// <summary>The published sizes and both published pairs of objective and activation.</summary>
    [Theory]
    [InlineData("gan", "tanh")]
    [InlineData("nsgan", "relu")]
    public void The_mixtures_GAN_has_the_derivatives_that_one_writes_by_hand(
        string objective,
        string activation
    ) => Check(SmallGan.Mixture(objective, activation, (2, 1), width: 32, latent: 16));

    [Theory]
    [MemberData(nameof(Objectives))]
    public void A_GAN_with_convolutions_and_batch_normalisation_has_the_derivatives_that_one_writes_by_hand(
        string objective
    ) => Check(SmallGan.Images(objective));

    [Theory]
    [InlineData("tanh", 20)]
    [InlineData("relu", 20)]
    public void Beyond_the_clamps_derivatives_are_those_that_one_writes_by_hand(
        string activation,
        double spread
    )
    {
        const double margin = 1e-4;
        var small = SmallGan.Mixture("nsgan", activation, (2, 2), spread: spread);
        var (real, fake) = small.Hand.Judgements(small.X);
        double[] all = [.. real, .. fake];
        Assert.Contains(all, p => p is < margin or > 1 - margin);
        Assert.Contains(all, p => p is > margin and < 1 - margin);
        Check(small);
    }

    /// <summary>Rates γᵢ νᵢᵏ, k from 1 for the leader and from 0 for the follower, as in the published code.</summary>
    [Theory]
    [InlineData("gan", "tanh", 0.9)]
    [InlineData("nsgan", "relu", 0.9)]
    [InlineData("nsgan", null, 0.5)]
    public void Steps_of_Adam_are_those_that_one_computes_by_hand(
        string objective,
        string? activation,
        double meanDecay
    )
    {
        const double squareDecay = 0.999,
            epsilon = 1e-8;
        const int steps = 3;
        var ((leaderRate, leaderDecay), (followerRate, followerDecay)) = ((4e-3, 0.9), (3e-3, 0.7));
        var small = activation is null
            ? SmallGan.Images(objective)
            : SmallGan.Mixture(objective, activation, (2, 1));
        var learning = Learner
            .Stackelberg(FiveProducts)
            .WithPreconditioners(PreconditionerModule.AdamWith(meanDecay, squareDecay, epsilon))
            .WithRates(
                RateModule.Exponential(leaderRate, leaderDecay),
                RateModule.ExponentialFromZero(followerRate, followerDecay)
            )
            .WithSteps(steps)
            .Start(small.Gan.Game, small.X);
        var x = (double[])small.X.Clone();
        var (mean, square) = (new double[x.Length], new double[x.Length]);
        for (var k = 1; k <= steps; k++)
        {
            learning.Advance(1);
            var direction = small.Hand.Stackelberg(x, regularisation, products, residual);
            for (var i = 0; i < x.Length; i++)
            {
                var rate =
                    i < small.Hand.Leader
                        ? leaderRate * Math.Pow(leaderDecay, k)
                        : followerRate * Math.Pow(followerDecay, k - 1);
                mean[i] = meanDecay * mean[i] + (1 - meanDecay) * direction[i];
                square[i] = squareDecay * square[i] + (1 - squareDecay) * direction[i] * direction[i];
                var unbiasedMean = mean[i] / (1 - Math.Pow(meanDecay, k));
                var unbiasedSquare = square[i] / (1 - Math.Pow(squareDecay, k));
                x[i] -= rate * unbiasedMean / (Math.Sqrt(unbiasedSquare) + epsilon);
            }

            Near(direction, learning.Direction);
            Near(x, learning.X);
        }
    }

    private static Conjecture Regularized(Solver solver) =>
        ConjectureModule.WithSolver(solver, ConjectureModule.Regularized(regularisation));

    private static Conjecture FiveProducts =>
        Regularized(
            SolverModule.withMaxIterations(products, SolverModule.withTolerance(residual, SolverModule.cg))
        );

    private static void Check(SmallGan small)
    {
        var (gan, hand, x) = small;
        Assert.Equal(hand.Leader, gan.Generator.ParameterCount);
        Assert.Equal(hand.Follower, gan.Discriminator.ParameterCount);
        Near(hand.Costs(x), gan.Game.Costs(x));
        Near(hand.Omega(x), gan.Game.Omega(x));
        Near(
            hand.FollowerSlopeOfLeader(x),
            Derivative
                .D(
                    GameModule.point(gan.Game, Tensor.Of(x)),
                    GameModule.block(gan.Game, ListModule.OfSeq([gan.DiscriminatorPlayer])),
                    GameModule.cost(gan.Game, gan.GeneratorPlayer)
                )
                .ToArray()
        );
        Near(hand.Stackelberg(x, regularisation), gan.Game.Field(Regularized(SolverModule.dense), x));
        Near(
            hand.Stackelberg(x, regularisation, products, residual),
            GameModule.fieldWithSolves(FiveProducts, gan.Game, Tensor.Of(x)).Item1.ToArray()
        );
        var (expected, found) = (hand.J(x), gan.Game.J(x));
        var leader = hand.Leader;
        foreach (var (rows, columns) in Blocks(leader, x.Length))
        {
            Near(Block(expected, rows, columns), Block(found, rows, columns));
        }
    }

    /// <summary>D11 f1, D12 f1, D21 f2, D22 f2: each against its own greatest entry.</summary>
    private static IEnumerable<(Range Rows, Range Columns)> Blocks(int leader, int all)
    {
        Range[] players = [0..leader, leader..all];
        return players.SelectMany(rows => players.Select(columns => (rows, columns)));
    }

    private static double[] Block(double[,] matrix, Range rows, Range columns)
    {
        var (firstRow, rowCount) = rows.GetOffsetAndLength(matrix.GetLength(0));
        var (firstColumn, columnCount) = columns.GetOffsetAndLength(matrix.GetLength(1));
        var block = new double[rowCount * columnCount];
        for (var i = 0; i < block.Length; i++)
        {
            block[i] = matrix[firstRow + i / columnCount, firstColumn + i % columnCount];
        }

        return block;
    }

    private static void Near(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - found[i]) <= tolerance * scale,
                $"Entry {i}: {found[i]:R}, but {expected[i]:R} is expected (greatest entry {scale:R})."
            );
        }
    }
}
