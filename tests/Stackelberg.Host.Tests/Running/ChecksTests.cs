using Xunit;

namespace Stackelberg.Tests;

public class ChecksTests
{
    private static readonly ExpectedTable table = ExpectedTable.Parse(
        """
        name,expected,tolerance,relative,source
        whole,-3,0.5,0,Table 1
        d3/error,1e-6,0,0.01,Figure 2
        d3/never,inf,5,0.1,Figure 2
        d9/error,0,1e-9,0,"Figure 3, left"
        """,
        "expected.csv"
    );

    private static readonly Dictionary<string, double> right = new()
    {
        ["whole"] = -3,
        ["d3/error"] = 1e-6,
        ["d3/never"] = double.PositiveInfinity,
        ["d9/error"] = 0,
        ["unchecked"] = 5,
    };

    [Fact]
    public void Right_numbers_pass_and_carry_their_source()
    {
        var report = Checks.Compare(right, table, [], ["d3", "d9"]);
        Assert.True(report.Ok);
        Assert.Null(report.WhyNone);
        Assert.Equal(0, report.LeftOut);
        Assert.Equal(new Check("d9/error", 0, 0, 1e-9, true, "Figure 3, left"), report.Checks[3]);
    }

    [Theory]
    [InlineData("whole", -2.5, true)]
    [InlineData("whole", -2.49, false)]
    [InlineData("whole", -3.51, false)]
    [InlineData("whole", 3, false)]
    [InlineData("d3/error", 1.0099e-6, true)]
    [InlineData("d3/error", 1.011e-6, false)]
    [InlineData("d3/error", 0.989e-6, false)]
    [InlineData("d3/error", double.PositiveInfinity, false)]
    [InlineData("d3/never", 1e300, false)]
    [InlineData("d3/never", double.NegativeInfinity, false)]
    [InlineData("d9/error", 1e-9, true)]
    [InlineData("d9/error", -1.01e-9, false)]
    [InlineData("d9/error", double.NaN, false)]
    [InlineData("d3/never", double.NaN, false)]
    public void A_number_beyond_its_tolerance_fails_and_no_other(string name, double found, bool ok)
    {
        var report = Checks.Compare(
            new Dictionary<string, double>(right) { [name] = found },
            table,
            [],
            ["d3", "d9"]
        );
        Assert.Equal(ok, report.Checks.Single(check => check.Name == name).Ok);
        Assert.True(report.Checks.Where(check => check.Name != name).All(check => check.Ok));
        Assert.Equal(ok, report.Ok);
    }

    [Fact]
    public void A_number_that_is_not_produced_fails()
    {
        var found = new Dictionary<string, double>(right);
        found.Remove("d9/error");
        var report = Checks.Compare(found, table, [], ["d3"]);
        var check = Assert.Single(report.Checks, check => !check.Ok);
        Assert.Equal(("d9/error", (double?)null), (check.Name, check.Actual));
    }

    [Fact]
    public void A_setting_that_selects_leaves_out_what_did_not_run_and_nothing_else()
    {
        var selects = new Setting("d", "3,9", SettingType.Text("a text"), "", SettingKind.Selects);
        var found = new Dictionary<string, double> { ["whole"] = -3, ["d3/error"] = 1e-6 };
        var report = Checks.Compare(found, table, [selects], ["d3"]);
        Assert.Equal(["whole", "d3/error", "d3/never"], report.Checks.Select(check => check.Name));
        Assert.Null(report.Checks[2].Actual);
        Assert.Equal(1, report.LeftOut);
    }

    [Fact]
    public void A_part_is_a_whole_name_and_may_lie_deeper()
    {
        var selects = new Setting("d", "", SettingType.Text("a text"), "", SettingKind.Selects);
        Assert.Equal(3, Checks.Compare(right, table, [selects], ["d"]).LeftOut);
        Assert.Equal(3, Checks.Compare(right, table, [selects], ["d3/stackelberg"]).LeftOut);
    }

    [Fact]
    public void A_setting_that_changes_numbers_switches_all_checks_off_and_says_so()
    {
        Setting[] changed =
        [
            new("d", "", SettingType.Text("a text"), "", SettingKind.Selects),
            new("sigma", "", SettingType.Text("a text"), "", SettingKind.Changes),
            new("steps", "", SettingType.Text("a text"), "", SettingKind.Changes),
        ];
        var report = Checks.Compare(right, table, changed, ["d3"]);
        Assert.Empty(report.Checks);
        Assert.Equal(
            "Nothing was checked: the source's numbers need the defaults, but sigma, steps differ.",
            report.WhyNone
        );
    }

    [Fact]
    public void A_neutral_setting_changes_nothing()
    {
        var neutral = new Setting("width", "", SettingType.Text("a text"), "", SettingKind.Neutral);
        Assert.Equal(4, Checks.Compare(right, table, [neutral], []).Checks.Count);
    }

    [Theory]
    [InlineData(
        "name,expected\n",
        "t has the columns name,expected, but name,expected,tolerance,relative,source are needed."
    )]
    [InlineData("a,x,0,0,s", "t: the row \"a,x,0,0,s\" holds \"x\", which is no number.")]
    [InlineData("a,nan,0,0,s", "t: the row \"a,nan,0,0,s\" expects not-a-number, which nothing equals.")]
    [InlineData("a,1,-1,0,s", "t: the row \"a,1,-1,0,s\" needs a tolerance of at least 0.")]
    [InlineData("a,1,0,inf,s", "t: the row \"a,1,0,inf,s\" needs a relative tolerance of at least 0.")]
    [InlineData("a,1,0,0,", "t: the row \"a,1,0,0,\" has no source.")]
    [InlineData("a,1,0,0,s\na,2,0,0,s", "t: the row \"a,2,0,0,s\" stands there twice.")]
    public void A_faulty_table_is_refused(string rows, string message)
    {
        var text = rows.StartsWith("name", StringComparison.Ordinal)
            ? rows
            : "name,expected,tolerance,relative,source\n" + rows;
        var fault = Assert.Throws<InvalidDataException>(() => ExpectedTable.Parse(text, "t"));
        Assert.Equal(message, fault.Message);
    }
}
