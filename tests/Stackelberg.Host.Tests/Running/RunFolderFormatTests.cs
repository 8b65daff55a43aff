using System.Text.Json.Nodes;
using Xunit;

namespace Stackelberg.Tests;

public sealed class RunFolderFormatTests : IDisposable
{
    private static readonly Dictionary<string, string> none = [];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<Outcome> Outcomes =>
        [
            Outcome.NewConverged(4, 5e-324, "the update is 0"),
            Outcome.NewStopped(7, 0.1, "met", Standstill.NewRatesFaded("firm \"1\"", -0.0, 1 / 3.0)),
            Outcome.NewStopped(7, double.NaN, "", Standstill.Noise),
            Outcome.NewDiverged(9, 1, double.MaxValue),
            Outcome.NewOutOfSteps(int.MaxValue, double.PositiveInfinity, double.NegativeInfinity),
            Outcome.NewNotFinite(3, "the cost of ω"),
            Outcome.NewSingularFollower(2, 1e-17),
            Outcome.NewInnerFailed(1, "gmres", 20, 0.5),
            Outcome.NewCancelled(0),
            Outcome.NewTold("in its own words", true),
        ];

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void An_outcome_is_read_back_as_it_was(Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var experiment = new FakeExperiment
        {
            Last = (context, _) => context.Outcome("last", "rule", outcome, 1, [1], [double.NaN, -0.0]),
        };
        var run = ExperimentRunner.Run(experiment, none, folder.Of("run"));
        var read = RunResult.Read(folder.Of("run"));
        Assert.Equal(outcome, read.Runs[^1].Outcome);
        Assert.Equal(outcome.HasFailed ? RunEnding.NotFinite : RunEnding.Done, read.Ending);
        Assert.Equal(run.Report.Checks, read.Report.Checks);
        Assert.Equal(
            run.Runs[^1].Costs.Select(BitConverter.DoubleToInt64Bits),
            read.Runs[^1].Costs.Select(BitConverter.DoubleToInt64Bits)
        );
        Assert.Equal(run.Found, read.Found);
    }

    [Fact]
    public void A_summary_of_an_earlier_version_has_the_words_of_its_outcomes()
    {
        ExperimentRunner.Run(new FakeExperiment { Diverges = true }, none, folder.Of("run"));
        Change(summary =>
        {
            foreach (var run in summary["runs"]!.AsArray())
            {
                Assert.True(run!.AsObject().Remove("ended"));
            }
        });
        var read = RunResult.Read(folder.Of("run"));
        Assert.Equal(RunEnding.NotFinite, read.Ending);
        Assert.All(read.Runs, run => Assert.Equal(Outcome.NewTold("OutOfSteps", true), run.Outcome));
    }

    [Theory]
    [InlineData(
        "steps",
        "-1",
        "gives steps as -1, but a whole number from 0 to 9223372036854775807 is needed"
    )]
    [InlineData(
        "seconds",
        "1e400",
        "gives seconds as 1e400, but a finite number, Infinity, -Infinity or NaN is needed"
    )]
    [InlineData(
        "ending",
        "\"over\"",
        "gives ending as \"over\", but one of done, not finite, check failed, cancelled, failed is needed"
    )]
    [InlineData("found", "{\"a\": [ 1 ]}", "gives found.a as [ 1 ], but a finite number")]
    [InlineData("notes", "\"one\"", "gives notes as \"one\", but a list is needed")]
    [InlineData("notes", "[null]", "gives notes[0] as null, but a text is needed")]
    [InlineData("fault", "\"a\\u000ab\\ud800\"", "holds a text that is no Unicode")]
    [InlineData("costs", "{}", "has no costs.d1, which is needed")]
    [InlineData("costs", "{\"d1\":[1],\"d1\":[1]}", "gives costs.d1 twice")]
    [InlineData("more", "1", "has more, which is unknown; known are experiment, ")]
    [InlineData("runs", "[{}]", "has no runs[0].run, which is needed")]
    [InlineData(
        "runs",
        """[{"run":"d1","rule":"","steps":1,"outcome":"","finite":true,"ended":{"case":"Lost"}}]""",
        "gives runs[0].ended as {\"case\":\"Lost\"}, but one of the cases Converged, "
    )]
    [InlineData(
        "runs",
        """[{"run":"d1","rule":"","steps":1,"outcome":"","finite":true,"ended":{"case":"Cancelled"}}]""",
        "has no runs[0].ended.steps, which is needed"
    )]
    public void A_wrong_summary_is_refused_with_the_member_what_was_found_and_what_is_needed(
        string member,
        string value,
        string message
    )
    {
        ExperimentRunner.Run(new FakeExperiment(), none, folder.Of("run"));
        var path = folder.Of("run", "summary.json");
        Change(summary => summary[member] = "@");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"@\"", value, StringComparison.Ordinal));
        var fault = Assert.Throws<UserInputException>(() => RunResult.Read(folder.Of("run"))).Message;
        Assert.StartsWith($"{path} is no run's summary ({message}", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    private void Change(Action<JsonObject> change)
    {
        var path = folder.Of("run", "summary.json");
        var summary = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(summary);
        File.WriteAllText(path, summary.ToJsonString());
    }
}
