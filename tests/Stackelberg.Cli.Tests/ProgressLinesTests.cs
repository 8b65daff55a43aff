using Stackelberg.Cli;
using Xunit;

namespace Stackelberg.Tests;

public sealed class ProgressLinesTests : IDisposable
{
    private readonly StringWriter output = new();
    private readonly Clock clock = new();

    public void Dispose() => output.Dispose();

    [Fact]
    public void A_short_stage_has_a_line_for_each_quarter_and_nothing_else()
    {
        var lines = new ProgressLines(output, clock);
        foreach (var fraction in new[] { 0, 0.1, 0.3, 0.4, 0.8, 1 })
        {
            lines.Report(new("game", fraction, Metric: "kl 2"));
        }

        Assert.Equal("game: 0 %\ngame: 25 %\ngame: 75 %\ngame: 100 %\n", output.ToString());
    }

    [Fact]
    public void A_long_stage_tells_the_time_that_is_left_and_the_metrics()
    {
        var lines = new ProgressLines(output, clock);
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
        var lines = new ProgressLines(output, clock);
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

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
