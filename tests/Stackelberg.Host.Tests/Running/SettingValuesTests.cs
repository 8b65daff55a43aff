using Xunit;

namespace Stackelberg.Tests;

public class SettingValuesTests
{
    private static readonly Setting[] settings =
    [
        new("steps", "100", SettingType.Whole(1, 1000), "how many", SettingKind.Changes),
        new("sigma", "0.5", SettingType.AtLeast(0), "noise", SettingKind.Changes),
        new(
            "rules",
            "nash,stackelberg",
            SettingType.SomeOf("nash", "stackelberg"),
            "which",
            SettingKind.Selects
        ),
        new("rule", "nash", SettingType.OneOf("nash", "stackelberg"), "which", SettingKind.Selects),
        new("fine", "false", SettingType.YesNo, "how fine", SettingKind.Neutral),
        new("looks", "1,2", SettingType.RisingWhole(1, 9), "when", SettingKind.Neutral),
        new("radii", "0.5,1", SettingType.Rising(SettingType.Above(0)), "how far", SettingKind.Neutral),
        new("decay", "0.9", SettingType.AboveTo(0, 1), "how fast", SettingKind.Changes),
        new("beta", "0.9", SettingType.FromBelow(0, 1), "how slow", SettingKind.Changes),
        new("tolerance", "0.1", SettingType.Between(0, 1), "how near", SettingKind.Changes),
        new("shift", "-1", SettingType.Number, "how far", SettingKind.Changes),
        new("rates", "1,2", SettingType.Pair(SettingType.Above(0)), "how long", SettingKind.Changes),
        new(
            "noise",
            "published",
            SettingType.WordOr("published", SettingType.AtLeast(0)),
            "what",
            SettingKind.Changes
        ),
        new("file", "a, b", SettingType.Text("a path"), "where", SettingKind.Changes),
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
            + "Its settings are: steps, sigma, rules, rule, fine, looks, radii, decay, beta, tolerance, shift, rates, noise, file."
    )]
    [InlineData(
        "colour",
        "1",
        "The experiment duopoly has no setting \"colour\". Its settings are: steps, sigma, rules, rule, fine, looks, radii, decay, beta, tolerance, shift, rates, noise, file."
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

    [Theory]
    [InlineData("steps", "1.5", "a whole number from 1 to 1000", "100")]
    [InlineData("steps", "0", "a whole number from 1 to 1000", "100")]
    [InlineData("steps", "1001", "a whole number from 1 to 1000", "100")]
    [InlineData("steps", "99999999999999999999", "a whole number from 1 to 1000", "100")]
    [InlineData("steps", "", "a whole number from 1 to 1000", "100")]
    [InlineData("steps", "1e2", "a whole number from 1 to 1000", "100")]
    [InlineData("steps", "1,2", "a whole number from 1 to 1000", "100")]
    [InlineData("sigma", "inf", "a finite number of at least 0", "0.5")]
    [InlineData("sigma", "NaN", "a finite number of at least 0", "0.5")]
    [InlineData("sigma", "1e999", "a finite number of at least 0", "0.5")]
    [InlineData("sigma", "-1", "a finite number of at least 0", "0.5")]
    [InlineData("sigma", "0,5", "a finite number of at least 0", "0.5")]
    [InlineData("fine", "2", "true or false", "false")]
    [InlineData("fine", "maybe", "true or false", "false")]
    [InlineData("looks", "2,1", "a list of rising whole numbers, each from 1 to 9,", "1,2")]
    [InlineData("looks", "1,1", "a list of rising whole numbers, each from 1 to 9,", "1,2")]
    [InlineData("looks", "1,,2", "a list of rising whole numbers, each from 1 to 9,", "1,2")]
    [InlineData("radii", "1,0.5", "a list of rising numbers, each a finite number above 0,", "0.5,1")]
    [InlineData("radii", "0,1", "a list of rising numbers, each a finite number above 0,", "0.5,1")]
    [InlineData("radii", "a", "a list of rising numbers, each a finite number above 0,", "0.5,1")]
    [InlineData("looks", "1,10", "a list of rising whole numbers, each from 1 to 9,", "1,2")]
    [InlineData("decay", "0", "a number above 0 and of at most 1", "0.9")]
    [InlineData("decay", "2", "a number above 0 and of at most 1", "0.9")]
    [InlineData("decay", "-1", "a number above 0 and of at most 1", "0.9")]
    [InlineData("beta", "1", "a number of at least 0 and below 1", "0.9")]
    [InlineData("beta", "-0.1", "a number of at least 0 and below 1", "0.9")]
    [InlineData("tolerance", "0", "a number above 0 and below 1", "0.1")]
    [InlineData("tolerance", "1", "a number above 0 and below 1", "0.1")]
    [InlineData("shift", "far", "a finite number", "-1")]
    [InlineData("rates", "1", "a pair, a finite number above 0 for each player,", "1,2")]
    [InlineData("rates", "1,2,3", "a pair, a finite number above 0 for each player,", "1,2")]
    [InlineData("rates", "1,0", "a pair, a finite number above 0 for each player,", "1,2")]
    [InlineData("noise", "loud", "published or a finite number of at least 0", "published")]
    [InlineData("noise", "-1", "published or a finite number of at least 0", "published")]
    [InlineData("file", "", "a path", "a, b")]
    [InlineData("file", "a\0b", "a path", "a, b")]
    public void A_value_that_is_not_allowed_is_refused_with_what_is(
        string key,
        string value,
        string allowed,
        string example
    ) =>
        Assert.Equal(
            $"The setting {key} is \"{value}\", but {allowed} is needed, for instance {key}={example}.",
            Assert.Throws<UserInputException>(() => Resolve((key, value))).Message
        );

    [Theory]
    [InlineData(
        "rule",
        "nash,stackelberg",
        "The setting rule holds \"nash,stackelberg\". Allowed is one of nash, stackelberg, for instance rule=nash."
    )]
    [InlineData(
        "rule",
        "",
        "The setting rule holds \"\". Allowed is one of nash, stackelberg, for instance rule=nash."
    )]
    [InlineData("rules", "nash,nash", "The setting rules names nash twice; leave one out.")]
    public void A_wrong_choice_is_refused(string key, string value, string message) =>
        Assert.Equal(message, Assert.Throws<UserInputException>(() => Resolve((key, value))).Message);

    [Fact]
    public void The_ends_of_the_ranges_are_allowed()
    {
        var values = Resolve(
            ("steps", "1000"),
            ("sigma", "0"),
            ("decay", "1"),
            ("beta", "0"),
            ("looks", "1,9"),
            ("rates", " 1e-9 , 3"),
            ("noise", "0"),
            ("file", " a, b")
        );
        Assert.Equal(1000, values.Int("steps"));
        Assert.Equal((0, 1, 0), (values.Double("sigma"), values.Double("decay"), values.Double("beta")));
        Assert.Equal([1, 9], values.Ints("looks"));
        Assert.Equal([1e-9, 3], values.Doubles("rates"));
        Assert.Equal(" a, b", values.Text("file"));
    }

    [Fact]
    public void To_read_a_setting_as_what_its_type_does_not_promise_is_the_experiments_fault() =>
        Assert.Throws<InvalidOperationException>(() => Resolve().Int("sigma"));

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
