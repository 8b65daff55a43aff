using Xunit;

namespace Stackelberg.Tests;

/// <summary>What a user reads who gives a published experiment a wrong setting.</summary>
public class InputsTests
{
    [Theory]
    [InlineData(
        "torus",
        "steps=0",
        "The setting steps is \"0\", but a whole number from 1 to 1000000 is needed, for instance steps=50."
    )]
    [InlineData(
        "torus",
        "alpha=1,2,3",
        "The setting alpha is \"1,2,3\", but a pair, a finite number for each player, is needed, for instance alpha=1,1.3."
    )]
    [InlineData(
        "duopoly",
        "noise=loud",
        "The setting noise is \"loud\", but published or a finite number of at least 0 is needed, for instance noise=published."
    )]
    [InlineData(
        "duopoly",
        "steps=100000",
        "The setting steps is 100000, but the published noise has 100 steps; give noise=0.1, or another standard deviation, as well."
    )]
    [InlineData(
        "duopoly",
        "demand=-5",
        "The setting demand is \"-5\", but a finite number above 0 is needed, for instance demand=100."
    )]
    [InlineData(
        "duopoly",
        "demand=8",
        "The setting cost1 is 5, but with demand=8 the firm would produce nothing; a cost well below the demand is needed, for instance cost1=5."
    )]
    [InlineData(
        "duopoly",
        "cost2=37",
        "The setting cost2 is 37, but with demand=100 the firm would produce nothing; a cost well below the demand is needed, for instance cost2=2."
    )]
    [InlineData(
        "duopoly",
        "demand=1e308 cost2=1e308",
        "The setting cost1 is 5, but with demand=1E+308 the firm would produce nothing; a cost well below the demand is needed, for instance cost1=5."
    )]
    [InlineData(
        "polynomial",
        "rates=0.1,0",
        "The setting rates is \"0.1,0\", but a pair, a finite number above 0 for each player, is needed, for instance rates=0.00025,0.025."
    )]
    [InlineData(
        "bimatrix",
        "cells=100000",
        "The setting cells is \"100000\", but a whole number from 1 to 8192 is needed, for instance cells=1024."
    )]
    [InlineData(
        "mog-grid",
        "extent=3",
        "The setting extent is 3, but grid has a mode at (-3, -3), outside; give a larger one."
    )]
    [InlineData(
        "mog-diamond",
        "generatorLayers=1000000",
        "The setting generatorLayers is \"1000000\", but a whole number from 1 to 1000 is needed, for instance generatorLayers=2."
    )]
    [InlineData(
        "mog-diamond",
        "generatorLayers=1000 width=65536",
        "The setting width is 65536, but the networks then have 4290739306499 weights"
    )]
    [InlineData(
        "mog-diamond",
        "samples=1000000 width=1000 spectra=false",
        "The setting samples is 1000000, but the layers then hold 4000000000 numbers"
    )]
    [InlineData(
        "mog-diamond",
        "width=65",
        "The setting spectra is true, but the networks have 5788 weights, and spectra of at most 4000 are possible; give spectra=false."
    )]
    [InlineData(
        "mog-diamond",
        "steps=100 looks=50,200",
        "The setting looks is 50,200, but the training has only 100 steps; leave out what is later."
    )]
    [InlineData(
        "mog-diamond",
        "looks=200,100",
        "The setting looks is \"200,100\", but a list of rising whole numbers, each from 0 to 1000000000, is needed"
    )]
    [InlineData(
        "mog-diamond",
        "samples=1",
        "The setting samples is \"1\", but a whole number from 10 to 1000000 is needed"
    )]
    [InlineData(
        "mog-diamond",
        "beta1=1",
        "The setting beta1 is \"1\", but a number of at least 0 and below 1 is needed, for instance beta1=0.9."
    )]
    [InlineData(
        "mog-diamond",
        "followerDecay=2",
        "The setting followerDecay is \"2\", but a number above 0 and of at most 1 is needed"
    )]
    [InlineData(
        "mog-diamond",
        "regularisation=-1",
        "The setting regularisation is \"-1\", but a finite number of at least 0 is needed"
    )]
    [InlineData(
        "mog-diamond",
        "cgIterations=0",
        "The setting cgIterations is \"0\", but a whole number from 1 to 1000000 is needed"
    )]
    [InlineData(
        "mog-diamond",
        "mixture=grid,circle",
        "The setting mixture holds \"grid,circle\". Allowed is one of circle, "
    )]
    public void A_wrong_value_is_refused_before_anything_is_computed(
        string experiment,
        string settings,
        string message
    )
    {
        using var folder = new TemporaryFolder();
        var fault = Assert.Throws<UserInputException>(() =>
            ExperimentRunner.Run(
                ExperimentScript.Table.Find(experiment),
                settings.Split(' ').ToDictionary(pair => pair.Split('=')[0], pair => pair.Split('=')[1]),
                folder.Of("run")
            )
        );
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Of("run")));
    }

    public static TheoryData<string> Names => [.. ExperimentScript.Table.Lines.Select(line => line.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_default_is_allowed_and_all_fit_each_other(string name)
    {
        var experiment = ExperimentScript.Table.Find(name);
        var defaults = experiment.Settings.ToDictionary(setting => setting.Key, setting => setting.Default);
        Assert.Equal(
            RunConfiguration.Resolve(experiment, new Dictionary<string, string>()).Identity,
            RunConfiguration.Resolve(experiment, defaults).Identity
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_setting_takes_what_cannot_be_meant(string name)
    {
        var experiment = ExperimentScript.Table.Find(name);
        foreach (
            var setting in experiment.Settings.Where(setting => setting.Type != SettingType.Text("a path"))
        )
        {
            foreach (
                var value in new[]
                {
                    "",
                    " ",
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    "maybe",
                    "1e999",
                    "0x10",
                    ",",
                    "1,",
                    "\n",
                }
            )
            {
                var fault = Assert.Throws<UserInputException>(() =>
                    RunConfiguration.Resolve(
                        experiment,
                        new Dictionary<string, string> { [setting.Key] = value }
                    )
                );
                Assert.StartsWith($"The setting {setting.Key} ", fault.Message, StringComparison.Ordinal);
            }
        }
    }
}
