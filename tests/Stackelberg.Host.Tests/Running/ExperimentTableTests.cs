using Xunit;

namespace Stackelberg.Tests;

public class ExperimentTableTests
{
    [Theory]
    [InlineData(
        "halvin",
        "There is no experiment \"halvin\". Did you mean \"halving\"? The experiments are: halving."
    )]
    [InlineData("chess", "There is no experiment \"chess\". The experiments are: halving.")]
    public void An_unknown_experiment_is_refused_with_what_there_is(string name, string message)
    {
        var table = new ExperimentTable(new FakeExperiment());
        Assert.Equal(message, Assert.Throws<UserInputException>(() => table.Find(name)).Message);
    }

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("stpes", "steps", 1)]
    [InlineData("same", "same", 0)]
    public void Edits_count_letters_and_swaps(string from, string to, int edits)
    {
        Assert.Equal(edits, Suggestion.Edits(from, to));
        Assert.Equal(edits, Suggestion.Edits(to, from));
    }
}
