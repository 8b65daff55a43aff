using Stackelberg.Cli;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>Who is told how much: a person, a pipe, with and without --quiet and --verbose.</summary>
public sealed class MannerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false, "--quiet")]
    [InlineData(true, true, "--verbose")]
    public void A_pipe_gets_no_progress_unless_it_asks(
        bool hasProgress,
        bool hasNotes,
        params string[] options
    )
    {
        Assert.Equal(0, Invoke(false, ["run", "halving", "--out", folder.Of("run"), .. options]));
        var said = output.ToString();
        Assert.Equal(hasProgress, said.Contains("d2: 50 %", StringComparison.Ordinal));
        Assert.Equal(hasNotes, said.Contains("halving begins", StringComparison.Ordinal));
        Assert.Contains("Checks: 4 of 4 ok.", said, StringComparison.Ordinal);
        Assert.Contains("Run folder: ", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, false, true)]
    [InlineData(true, true, false, false)]
    [InlineData(false, false, false, false)]
    [InlineData(false, false, true, true)]
    public void Progress_is_for_persons_and_for_those_who_ask(
        bool isPerson,
        bool isQuiet,
        bool isVerbose,
        bool shows
    ) =>
        Assert.Equal(
            shows,
            new Terminal(output, error, isPerson)
            {
                Manner = new Manner(IsQuiet: isQuiet, IsVerbose: isVerbose),
            }.ShowsProgress
        );

    [Fact]
    public void A_person_is_told_what_could_be_done_next_and_a_pipe_is_not()
    {
        Assert.Equal(0, Invoke(true, "run", "halving", "--out", folder.Of("a")));
        Assert.Contains("Next: ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("stackelberg report", output.ToString(), StringComparison.Ordinal);
        output.GetStringBuilder().Clear();
        Assert.Equal(0, Invoke(false, "run", "halving", "--out", folder.Of("b")));
        Assert.Equal(0, Invoke(true, "list", "-q"));
        Assert.DoesNotContain("Next: ", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Less_and_more_exclude_each_other()
    {
        Assert.Equal(2, Invoke(false, "list", "-q", "-v"));
        Assert.Equal("--quiet excludes --verbose; leave one out.\n", error.ToString());
        Assert.Empty(output.ToString());
    }

    [Fact]
    public void Quiet_shows_failed_checks_alone_and_verbose_all()
    {
        Assert.Equal(0, Invoke(false, "run", "halving", "-q", "--out", folder.Of("a")));
        Assert.DoesNotContain("| d1/final", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, Invoke(false, "run", "halving", "-v", "--out", folder.Of("b")));
        Assert.Contains("| d1/final", output.ToString(), StringComparison.Ordinal);
    }

    private int Invoke(bool isPerson, params string[] arguments) =>
        CommandLine.Invoke(
            arguments,
            new Terminal(output, error, isPerson, new ManualClock()),
            new ExperimentTable(new FakeExperiment())
        );
}
