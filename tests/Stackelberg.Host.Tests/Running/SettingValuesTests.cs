using Xunit;

namespace Stackelberg.Tests;

public class SettingValuesTests
{
    private static readonly Setting[] settings =
    [
        new("steps", "100", "how many", SettingKind.Changes),
        new("sigma", "0.5", "noise", SettingKind.Changes),
        new("rules", "nash,stackelberg", "which", SettingKind.Selects) { Choices = ["nash", "stackelberg"] },
        new("fine", "false", "how fine", SettingKind.Neutral),
    ];

    [Fact]
    public void Defaults_and_overrides_are_read()
    {
        var values = Resolve(("steps", "7"), ("sigma", "1e-3"));
        Assert.Equal(7, values.Int("steps"));
        Assert.Equal(1e-3, values.Double("sigma"));
        Assert.Equal(["nash", "stackelberg"], values.List("rules"));
        Assert.False(values.Bool("fine"));
        Assert.Equal(["steps", "sigma"], values.Changed.Select(setting => setting.Key));
    }

    [Fact]
    public void Blanks_and_a_default_written_out_change_nothing() =>
        Assert.Empty(Resolve(("rules", "nash, stackelberg"), ("steps", "100")).Changed);

    [Theory]
    [InlineData(
        "stpes",
        "1",
        "The experiment duopoly has no setting \"stpes\". Did you mean \"steps\"? "
            + "Its settings are: steps, sigma, rules, fine."
    )]
    [InlineData(
        "colour",
        "1",
        "The experiment duopoly has no setting \"colour\". Its settings are: steps, sigma, rules, fine."
    )]
    [InlineData(
        "rules",
        "nahs",
        "The setting rules holds \"nahs\". Did you mean \"nash\"? Allowed are nash, stackelberg, for instance "
            + "rules=nash,stackelberg."
    )]
    public void An_unknown_key_or_choice_is_refused_with_what_there_is(
        string key,
        string value,
        string message
    ) => Assert.Equal(message, Assert.Throws<UserInputException>(() => Resolve((key, value))).Message);

    [Fact]
    public void A_value_of_the_wrong_kind_is_refused_with_an_example()
    {
        var values = Resolve(("steps", "1.5"), ("sigma", "inf"), ("fine", "2"));
        Assert.Equal(
            "The setting steps is \"1.5\", but a whole number is needed, for instance steps=100.",
            Assert.Throws<UserInputException>(() => values.Int("steps")).Message
        );
        Assert.Equal(
            "The setting sigma is \"inf\", but a number is needed, for instance sigma=0.5.",
            Assert.Throws<UserInputException>(() => values.Double("sigma")).Message
        );
        Assert.Equal(
            "The setting fine is \"2\", but true or false is needed, for instance fine=true.",
            Assert.Throws<UserInputException>(() => values.Bool("fine")).Message
        );
    }

    [Fact]
    public void The_readers_culture_does_not_matter()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            var comma = (System.Globalization.CultureInfo)before.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            System.Globalization.CultureInfo.CurrentCulture = comma;
            Assert.Equal(0.5, Resolve().Double("sigma"));
            Assert.Contains(
                "0.25",
                new Stackelberg.Files.CsvTable("0.25").ToString(),
                StringComparison.Ordinal
            );
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    private static SettingValues Resolve(params (string Key, string Value)[] overrides) =>
        SettingValues.Resolve(
            "duopoly",
            settings,
            overrides.ToDictionary(entry => entry.Key, entry => entry.Value)
        );
}
