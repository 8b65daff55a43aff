using Stackelberg.Cli;
using Xunit;

namespace Stackelberg.Tests;

public sealed class ProgressLinesTests : IDisposable
{
    private readonly StringWriter output = new();
    private readonly ManualClock clock = new();

    public void Dispose() => output.Dispose();

    [Fact]
    public void A_short_stage_has_a_line_for_each_quarter_and_nothing_else()
    {
        using var lines = new ProgressLines(output, clock);
        foreach (var fraction in new[] { 0, 0.1, 0.3, 0.4, 0.8, 1 })
        {
            lines.Report(new("game", fraction, Metric: "kl 2"));
        }

        Assert.Equal("game: 0 %\ngame: 25 %\ngame: 75 %\ngame: 100 %\n", output.ToString());
    }

    [Fact]
    public void A_long_stage_tells_the_time_that_is_left_and_the_metrics()
    {
        using var lines = new ProgressLines(output, clock);
        lines.Report(new("game", 0));
        clock.Seconds = 30;
        lines.Report(new("game", 0.25, Metric: "kl 2"));
        clock.Seconds = 35;
        lines.Report(new("game", 0.3, Metric: "kl 1.5"));
        clock.Seconds = 42;
        lines.Report(new("game", 0.35, Metric: "kl 1"));
        lines.Report(new("", 0, "a note"));
        clock.Seconds = 120;
        lines.Report(new("game", 1, Metric: "kl 0.1"));
        Assert.Equal(
            "game: 0 %\n"
                + "game: 25 %, about 90 s left, kl 2\n"
                + "game: 35 %, about 78 s left, kl 1\n"
                + "a note\n"
                + "game: 100 %, kl 0.1\n",
            output.ToString()
        );
    }

    [Fact]
    public void What_was_done_before_a_resume_does_not_count_for_the_time()
    {
        using var lines = new ProgressLines(output, clock);
        lines.Report(new("game", 0.5));
        clock.Seconds = 10;
        lines.Report(new("game", 0.75));
        Assert.Equal("game: 50 %\ngame: 75 %, about 10 s left\n", output.ToString());
    }

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(99, "99 s")]
    [InlineData(120, "2 min")]
    [InlineData(3 * 3600 + 61, "3 h 1 min")]
    public void Times_are_told_in_words(double seconds, string words) =>
        Assert.Equal(words, Duration.Words(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_stage_that_reports_nothing_is_not_silent()
    {
        using var lines = new ProgressLines(output, clock);
        lines.Report(new("game", 0));
        foreach (var seconds in new[] { 2, 8, 11, 13, 22 })
        {
            clock.Seconds = seconds;
            clock.Tick();
        }

        lines.Report(new("game", 1));
        clock.Seconds = 60;
        clock.Tick();
        Assert.Equal(
            "game: 0 %\ngame: 0 %, 11 s so far\ngame: 0 %, 22 s so far\ngame: 100 %\n",
            output.ToString()
        );
    }

    [Fact]
    public void Beside_results_only_what_takes_two_seconds_is_mentioned()
    {
        using var lines = new ProgressLines(output, clock, isQuiet: true);
        lines.Report(new("script", 0));
        lines.Report(new("script", 1));
        lines.Report(new("rules", 0));
        clock.Seconds = 3;
        clock.Tick();
        lines.Report(new("rules", 1));
        Assert.Equal("rules: 0 %, 3 s so far\nrules: 100 %\n", output.ToString());
    }
}
