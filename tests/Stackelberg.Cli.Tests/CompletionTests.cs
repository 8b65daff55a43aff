using Stackelberg.Cli;
using Xunit;

namespace Stackelberg.Tests;

public sealed class CompletionTests : IDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    [Theory]
    [InlineData(" ru", "run")]
    [InlineData(" run ", "halving")]
    [InlineData(" run ha", "halving")]
    [InlineData(" run halving st", "steps=")]
    [InlineData(" run halving steps=2 se", "seed=")]
    [InlineData(" sweep halving wi", "width=")]
    [InlineData(" list h", "halving")]
    [InlineData(" new e", "experiment")]
    [InlineData(" completion z", "zsh")]
    [InlineData(" analyze game.fsx --concept n", "nash")]
    [InlineData(" run halving --che", "--checks")]
    [InlineData(" run halving --checks f", "failed")]
    public void A_shell_is_told_how_a_word_goes_on(string line, string expected)
    {
        Assert.Equal(0, Invoke($"[suggest:{line.Length}]", line));
        Assert.Contains(expected, output.ToString().Split('\n', StringSplitOptions.TrimEntries));
        Assert.Empty(error.ToString());
    }

    [Fact]
    public void A_script_that_the_user_wrote_is_not_run_by_the_Tab_key()
    {
        const string line = " run mine.fsx ra";
        Assert.Equal(0, Invoke($"[suggest:{line.Length}]", line));
        Assert.Empty(error.ToString());
        Assert.DoesNotContain("=", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _stackelberg_complete stackelberg")]
    [InlineData("zsh", "compdef _stackelberg stackelberg")]
    [InlineData("fish", "complete -c stackelberg")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName stackelberg")]
    public void Every_shell_has_its_script(string shell, string words)
    {
        Assert.Equal(0, Invoke("completion", shell));
        Assert.Contains(words, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_shell_is_one_line_and_exits_with_2()
    {
        Assert.Equal(2, Invoke("completion", "zhs"));
        Assert.Equal(
            "There is no script for the shell \"zhs\". Did you mean \"zsh\"? There are those for: bash, zsh, fish, pwsh.\n",
            error.ToString()
        );
    }

    private int Invoke(params string[] arguments) =>
        CommandLine.Invoke(
            arguments,
            new Terminal(output, error, isInteractive: false),
            new ExperimentTable(new FakeExperiment())
        );
}
