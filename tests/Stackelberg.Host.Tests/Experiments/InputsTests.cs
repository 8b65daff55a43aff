using Xunit;

namespace Stackelberg.Tests;

/// <summary>What a user reads who gives a published experiment a wrong setting.</summary>
public class InputsTests
{
    [Theory]
    [InlineData(
        "torus",
        "steps",
        "0",
        "The setting steps is 0, but a whole number of at least 1 is needed, for instance steps=50."
    )]
    [InlineData(
        "torus",
        "alpha",
        "1,2,3",
        "The setting alpha is \"1,2,3\", but 2 numbers are needed, one for each player, for instance alpha=1,1.3."
    )]
    [InlineData(
        "duopoly",
        "noise",
        "loud",
        "The setting noise is \"loud\", but published or a standard deviation of at least 0 is needed, for instance "
            + "noise=0.1."
    )]
    [InlineData(
        "duopoly",
        "noise",
        "-1",
        "The setting noise is \"-1\", but published or a standard deviation of at least 0 is needed, for instance "
            + "noise=0.1."
    )]
    [InlineData(
        "duopoly",
        "steps",
        "100000",
        "The setting steps is 100000, but the published noise has 100 steps; give noise=0.1, or another standard "
            + "deviation, as well."
    )]
    [InlineData(
        "duopoly",
        "steps",
        "99999999999",
        "The setting steps is \"99999999999\", but a whole number up to 2147483647 is needed, for instance steps=99."
    )]
    public void A_wrong_value_is_refused_before_anything_is_computed(
        string experiment,
        string key,
        string value,
        string message
    )
    {
        using var folder = new TemporaryFolder();
        var fault = Assert.Throws<UserInputException>(() =>
            ExperimentRunner.Run(
                ExperimentTable.Default.Find(experiment),
                new Dictionary<string, string> { [key] = value },
                folder.Of("run")
            )
        );
        Assert.Equal(message, fault.Message);
        Assert.False(Directory.Exists(folder.Of("run")));
    }
}
