using Xunit;

namespace Stackelberg.Tests;

public class PublishedExperimentTests
{
    [Theory]
    [InlineData("duopoly", 152)]
    [InlineData("torus", 520)]
    [InlineData("attraction", 16)]
    [InlineData("polynomial", 956)]
    [InlineData("bimatrix", 340)]
    [InlineData("covariance", 1169)]
    [InlineData("lecture", 29)]
    public void All_numbers_of_the_source_are_found_and_every_perturbed_one_fails(string name, int count)
    {
        var summary = Run(name, []);
        var report = summary.Report;
        Assert.Equal([], report.Checks.Where(check => !check.Ok));
        Assert.Equal(count, report.Checks.Count);
        var values = ExperimentScript.Table.Find(name).ReadExpected().Values;
        Assert.Equal(count, values.Count);
        foreach (var value in values)
        {
            var perturbed = value with
            {
                // Three times what is allowed, or the least that a double can show.
                Expected = double.IsInfinity(value.Expected)
                    ? 1
                    : value.Expected
                        + Math.Max(
                            3 * value.Allowed,
                            Math.BitIncrement(Math.Abs(value.Expected)) - Math.Abs(value.Expected)
                        ),
            };
            Assert.False(Checks.Compare(summary.Found, new ExpectedTable(perturbed), [], []).Ok, value.Name);
        }
    }

    public static TheoryData<string> Names => [.. ExperimentScript.Table.Lines.Select(line => line.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_experiment_has_the_name_of_its_folder_and_expected_values(string name)
    {
        var experiment = ExperimentScript.Table.Find(name);
        Assert.Equal(name, experiment.Name);
        Assert.NotEmpty(experiment.ReadExpected().Values);
    }

    [Theory]
    [InlineData("bimatrix", "shift=0", "ratio=10", 105, 235)]
    [InlineData("covariance", "d=2", "tau=1", 155, 1014)]
    public void Parts_can_be_run_alone(string name, string first, string second, int checks, int leftOut)
    {
        var report = Run(name, [first, second]).Report;
        Assert.True(report.Ok);
        Assert.Equal((checks, leftOut), (report.Checks.Count, report.LeftOut));
    }

    [Fact]
    public void Few_runs_of_many_show_what_all_show()
    {
        var followers = Run("followers", ["followers=2", "chains=2", "seeds=40", "steps=4000"]).Found;
        foreach (var order in new[] { "together/2", "chain/2" })
        {
            Assert.InRange(followers[$"{order}/closedForm"], 0, 1e-9);
            Assert.Equal(1, followers[$"{order}/isStackelberg"]);
            Assert.Equal(1, followers[$"{order}/within"]);
            Assert.InRange(followers[$"{order}/shrinks"], 0.2, 0.8);
        }

        string[] tried = ["from=3000", "radius=0.1,0.7", "seeds=250", "steps=1000"];
        var locked = Run("concentration", tried).Found;
        Assert.Equal(4, locked["pairs"]);
        Assert.Equal(0, locked["broken"]);
        Assert.Equal(2, locked["applicable"]);
        Assert.InRange(locked["from3000/within0.7/leader/sharp"], 0.9, 1);
        Assert.InRange(locked["from3000/within0.1/leader/measured"], 0.5, 1);
        Assert.Equal(1, locked["constantRates/void"]);
    }

    [Fact]
    public void Other_noise_follows_the_seed_and_is_not_checked()
    {
        string[] settings = ["noise=3.16", "steps=200"];
        var (first, again, other) = (
            Run("duopoly", settings, 7),
            Run("duopoly", settings, 7),
            Run("duopoly", settings, 8)
        );
        const string end = "run/stack/noisy/x99/1";
        Assert.Equal(first.Found[end], again.Found[end]);
        Assert.NotEqual(first.Found[end], other.Found[end]);
        Assert.Contains("noise", first.Report.WhyNone, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rates_of_noisy_runs_that_break_the_conditions_of_convergence_are_noted()
    {
        // The published rates: 1/(√t + 1) for simultaneous play; 1/(t + 1) for the leader and 1/(√t + 1) for the follower.
        string[] tried = ["noise=0.1", "steps=5"];
        var notes = Run("torus", tried).Notes;
        string Infinite(string rule, string player) =>
            $"{rule}: Σγ² of {player} is infinite (γ = 1 / (t^0.5 + 1), t = k - 1), so the noise does not die out; take Rate.power c p with p > 1/2";
        string[] expected =
        [
            Infinite("simultaneous", "θ1"),
            Infinite("simultaneous", "θ2"),
            Infinite("stackelberg (bestResponse)", "θ2"),
        ];
        Assert.Equal(expected, notes.Where(note => note.Contains('γ', StringComparison.Ordinal)));
        // 1/(t + 1), and with it 1/(t^(2/3) + 1).
        Assert.DoesNotContain(
            Run("duopoly", tried).Notes,
            note => note.Contains('γ', StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("duopoly", "steps=101", "the published noise has 100 steps")]
    [InlineData("duopoly", "noise=-1", "published or a finite number of at least 0 is needed")]
    [InlineData("attraction", "rate=0", "published or a finite number above 0 is needed")]
    [InlineData("torus", "alpha=1", "a pair, a finite number for each player, is needed")]
    [InlineData("polynomial", "steps=0", "a whole number from 1 to 1000000 is needed")]
    [InlineData("bimatrix", "cells=0", "a whole number from 1 to 8192 is needed")]
    [InlineData("covariance", "d=4", "Allowed are 2, 3, 9, 10, 25")]
    public void A_setting_that_cannot_be_meant_is_refused(string name, string setting, string message)
    {
        var error = Assert.Throws<UserInputException>(() => Run(name, [setting]));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static RunResult Run(string name, string[] settings, ulong? seed = null)
    {
        using var folder = new TemporaryFolder();
        return ExperimentRunner.Run(
            ExperimentScript.Table.Find(name),
            settings.ToDictionary(setting => setting.Split('=')[0], setting => setting.Split('=')[1]),
            folder.Of("run"),
            seed
        );
    }
}
