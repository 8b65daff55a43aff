using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Stackelberg.Tests;

public sealed class RunConfigurationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_identity_is_the_hash_of_the_canonical_text()
    {
        var configuration = Resolve(3, ("steps", "9"));
        const string canonical =
            """{"experiment":"halving","experimentVersion":1,"seed":3,"settings":{"d":"1,2","steps":"9","width":"300"}}""";
        Assert.Equal(canonical, configuration.Canonical);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))[..16],
            configuration.Identity
        );
    }

    [Fact]
    public void The_identity_knows_defaults_and_blanks_and_every_setting_and_the_seed()
    {
        var plain = Resolve(1).Identity;
        Assert.Equal(plain, Resolve(null, ("d", "1, 2"), ("steps", "4")).Identity);
        string[] all =
        [
            plain,
            Resolve(2).Identity,
            Resolve(1, ("steps", "5")).Identity,
            Resolve(1, ("width", "301")).Identity,
            (Resolve(1) with { ExperimentVersion = 2 }).Identity,
            (Resolve(1) with { Experiment = "other" }).Identity,
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(Resolve(1).IdentityWithoutSeed, Resolve(2).IdentityWithoutSeed);
        Assert.NotEqual(Resolve(1).IdentityWithoutSeed, Resolve(1, ("steps", "5")).IdentityWithoutSeed);
    }

    [Fact]
    public void A_run_folders_configuration_is_read_back()
    {
        ExperimentRunner.Run(
            new FakeExperiment(),
            new Dictionary<string, string> { ["d"] = "2", ["steps"] = "6" },
            folder.Of("run"),
            12345678901234567890
        );
        var saved = RunResult.Read(folder.Of("run"));
        Assert.Equal(
            Resolve(12345678901234567890, ("d", "2"), ("steps", "6")).Canonical,
            saved.Configuration.Canonical
        );
        Assert.True(saved.IsOver);
        Assert.Equal([0.015625], saved.Runs[0].Costs);
        Assert.Equal(double.PositiveInfinity, saved.Found["d2/never"]);
        Assert.StartsWith("Nothing was checked", saved.Report.WhyNone, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"seed":3,"settings":{"steps":9,"fine":true,"d":[1,2]}}""", "steps=9 fine=true d=1,2")]
    [InlineData("""{"settings":{}}""", "")]
    [InlineData("""{"seed":null}""", "")]
    public void A_configuration_may_be_written_by_hand(string text, string settings)
    {
        var file = Read(text);
        Assert.Equal(settings, string.Join(' ', file.Texts().Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Theory]
    [InlineData("[]", "is [], but an object is needed; needed is {")]
    [InlineData("{\n\"seed\": }", "is no JSON (line 2); needed is {")]
    [InlineData(
        """{"seed":-1}""",
        "gives seed as -1, but a whole number from 0 to 18446744073709551615 is needed; needed is {"
    )]
    [InlineData("""{"seed":"1"}""", "gives seed as")]
    [InlineData("""{"settings":[]}""", "gives settings as [], but an object is needed; needed is {")]
    [InlineData(
        """{"settings":{"d":[1,{}]}}""",
        "gives settings.d as [1,{}], but a text, a number, true, false or a list of such is needed; needed is {"
    )]
    [InlineData("""{"settings":{"d":"1","d":"2"}}""", "gives settings.d twice")]
    [InlineData("""{"colour":"red"}""", "has colour, which is unknown; known are experiment, ")]
    [InlineData("""{"experiment":"\ud800"}""", "holds a text that is no Unicode")]
    [InlineData("""{"declared":[{"key":"d"}]}""", "has no declared[0].default, which is needed")]
    public void A_wrong_file_is_refused_with_what_is_needed(string text, string message)
    {
        var fault = Assert.Throws<UserInputException>(() => Read(text));
        Assert.StartsWith(
            $"The configuration {folder.Of("config.json")} {message}",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    private ConfigFile Read(string text)
    {
        File.WriteAllText(folder.Of("config.json"), text);
        return RunResult.ReadConfig(folder.Of("config.json"));
    }

    private static RunConfiguration Resolve(ulong? seed, params (string Key, string Value)[] overrides) =>
        RunConfiguration.Resolve(
            new FakeExperiment(),
            overrides.ToDictionary(entry => entry.Key, entry => entry.Value),
            seed
        );
}
