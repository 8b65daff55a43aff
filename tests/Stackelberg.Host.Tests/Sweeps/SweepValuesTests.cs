using Stackelberg.Sweeps;
using Xunit;

namespace Stackelberg.Tests;

public class SweepValuesTests
{
    [Theory]
    [InlineData("1,2,5", "1|2|5")]
    [InlineData("1..4", "1|2|3|4")]
    [InlineData("-1..1,7", "-1|0|1|7")]
    [InlineData("3..3", "3")]
    [InlineData(" a , b ", "a|b")]
    [InlineData("[0.1,0.2],[0.3, 0.4],0.5", "0.1,0.2|0.3, 0.4|0.5")]
    [InlineData("../mnist,data/2..3", "../mnist|data/2..3")]
    [InlineData("9223372036854775806..9223372036854775807", "9223372036854775806|9223372036854775807")]
    public void Values_are_lists_ranges_and_lists_in_brackets(string text, string values) =>
        Assert.Equal(values.Split('|'), SweepValues.Parse("key", text));

    [Theory]
    [InlineData("", "key= has an empty value; values are written key=a,b,c or key=1..10")]
    [InlineData("1,,2", "key=1,,2 has an empty value; values are written")]
    [InlineData("[]", "key=[] has an empty value")]
    [InlineData("1,", "key=1, has an empty value")]
    [InlineData("10..1", "key=10..1 runs backwards and holds nothing; write key=1..10.")]
    [InlineData("1..", "key=1.. is no range; values are written")]
    [InlineData("..5", "key=..5 is no range")]
    [InlineData("0.1..0.5", "key=0.1..0.5 is no range")]
    [InlineData("1...5", "key=1...5 is no range")]
    [InlineData("[1,2", "key=[1,2 has brackets that do not match")]
    [InlineData("1],2", "key=1],2 has brackets that do not match")]
    [InlineData("[[1],2]", "key=[[1],2] has brackets that do not match")]
    [InlineData("a[1]", "key=a[1] has brackets within a value")]
    [InlineData("1,2,1", "key names 1 twice; leave one out.")]
    [InlineData("1..5,3", "key names 3 twice; leave one out.")]
    [InlineData("1..1000000000000", "key has more than 100000 values; give fewer.")]
    public void Wrong_values_are_refused_with_the_way_to_write_them(string text, string message) =>
        Assert.StartsWith(
            "The sweep's " + message,
            Assert.Throws<UserInputException>(() => SweepValues.Parse("key", text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_points_are_all_combinations_and_the_last_key_changes_fastest()
    {
        var points = SweepPoint.All(
            new FakeExperiment(),
            new Dictionary<string, string>
            {
                ["steps"] = "3,4",
                ["d"] = "[1,2],3",
                ["seed"] = "1..2",
            }
        );
        Assert.Equal(
            [
                "steps=3 d=1,2 seed=1",
                "steps=3 d=1,2 seed=2",
                "steps=3 d=3 seed=1",
                "steps=3 d=3 seed=2",
                "steps=4 d=1,2 seed=1",
                "steps=4 d=1,2 seed=2",
                "steps=4 d=3 seed=1",
                "steps=4 d=3 seed=2",
            ],
            points.Select(point => point.Words)
        );
        Assert.Equal(8, points.Select(point => point.Configuration.Identity).Distinct().Count());
    }

    [Theory]
    [InlineData("stps", "1,2", "The experiment halving has no setting \"stps\". Did you mean \"steps\"?")]
    [InlineData("stps", "", "The experiment halving has no setting \"stps\". Did you mean \"steps\"?")]
    [InlineData("d", "1,7", "The setting d holds \"7\". Allowed are 1, 2, 3")]
    [InlineData("seed", "1,x", "The sweep's seed holds \"x\", but whole numbers from 0 are needed")]
    [InlineData("seed", "-1..1", "The sweep's seed holds \"-1\", but whole numbers from 0 are needed")]
    public void A_wrong_point_is_refused_before_anything_runs(string key, string text, string message) =>
        Assert.StartsWith(
            message,
            Assert
                .Throws<UserInputException>(() =>
                    SweepPoint.All(new FakeExperiment(), new Dictionary<string, string> { [key] = text })
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Too_many_points_are_taken_for_a_slip() =>
        Assert.Equal(
            "The sweep has more than 100000 points; give fewer values.",
            Assert
                .Throws<UserInputException>(() =>
                    SweepPoint.All(
                        new FakeExperiment(),
                        new Dictionary<string, string> { ["steps"] = "1..1000", ["seed"] = "1..101" }
                    )
                )
                .Message
        );
}
