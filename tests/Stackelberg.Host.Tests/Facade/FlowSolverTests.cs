using Xunit;

namespace Stackelberg.Tests.Facade;

public class FlowSolverTests
{
    private static readonly Game duopoly = Game.TwoPlayer(
        "duopoly",
        (q1, q2) => -(100 - q1 - q2 - 5) * q1,
        (q1, q2) => -(100 - q1 - q2 - 2) * q2
    );

    [Fact]
    public void The_flows_end_at_the_Nash_and_at_the_Stackelberg_point()
    {
        double[] nash = FlowSolver.Simultaneous().Run(duopoly, [10, 10]).Final.ToArray();
        Assert.Equal(92.0 / 3, nash[0], 1e-6);
        Assert.Equal(101.0 / 3, nash[1], 1e-6);
        FlowRun leading = FlowSolver.Stackelberg().WithFieldBelow(1e-7).Run(duopoly, [10, 10]);
        Assert.True(leading.Outcome.IsSettled);
        Assert.Equal(46, leading.Final.ToArray()[0], 1e-6);
        Assert.Equal(26, leading.Final.ToArray()[1], 1e-6);
    }

    [Fact]
    public void Many_flows_end_each_as_alone()
    {
        FlowSolver solver = FlowSolver.Stackelberg().WithFieldBelow(1e-7);
        FlowEnsemble flows = solver.RunMany(
            duopoly,
            new double[,]
            {
                { 10, 10 },
                { 50, 0 },
            }
        );
        Assert.Equal(2, flows.Count);
        Assert.Equal(solver.Run(duopoly, [10, 10]).Final.ToArray(), flows.Runs[0].Final.ToArray());
        Assert.Equal(solver.Run(duopoly, [50, 0]).Final.ToArray(), flows.Runs[1].Final.ToArray());
        Assert.Equal(
            [1, 1],
            flows.Nearest(
                [
                    [0, 0],
                    [46, 26],
                ],
                1e-5
            )
        );
    }

    [Fact]
    public void Rules_are_compared_from_many_starts()
    {
        ComparisonShare share = Assert.Single(
            duopoly.CompareMany(
                [
                    [92.0 / 3, 101.0 / 3],
                ],
                new double[,]
                {
                    { 10, 10 },
                    { 50, 0 },
                },
                rules: [RuleModule.Simultaneous]
            )
        );
        Assert.Equal(1, share.Converged);
        Assert.Equal([1.0], share.Shares);
    }

    [Fact]
    public void The_solution_stands_at_the_times_that_are_asked_for()
    {
        FlowRun flow = FlowSolver
            .Simultaneous()
            .WithUntil(2)
            .WithTimes(0, 0.5, 2)
            .WithTimeScales(1, 1)
            .WithTolerances(1e-11, 1e-11)
            .WithMaxSteps(1000)
            .Run(duopoly, [92.0 / 3 + 1, 101.0 / 3 - 1]);
        Assert.Equal([0, 0.5, 2], flow.Times);
        // Along (1, −1) the Jacobian's eigenvalue is 1.
        Assert.Equal(92.0 / 3 + Math.Exp(-0.5), flow.Points[1][0], 1e-8);
        Assert.Equal(101.0 / 3 - Math.Exp(-2), flow.Points[2][1], 1e-8);
    }
}
