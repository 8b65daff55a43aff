using Stackelberg.Cli;
using Xunit;

namespace Stackelberg.Tests;

public sealed class PointLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_try_adds_a_heading_and_its_lines_to_what_stands_there()
    {
        var path = folder.Of("a.log");
        File.WriteAllText(path, "mine\n");
        foreach (var word in new[] { "first", "second" })
        {
            using var log = new PointLog(path, ["run", word]);
            log.Add($"{word} says");
            log.Add(null);

            // A killed sweep leaves what was said until then.
            Assert.EndsWith($"{word} says\n", File.ReadAllText(path), StringComparison.Ordinal);
        }

        var lines = File.ReadAllLines(path);
        Assert.Equal(5, lines.Length);
        Assert.Equal(["mine", "first says", "second says"], [lines[0], lines[2], lines[4]]);
        Assert.Matches(@"^== \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: run first$", lines[1]);
        Assert.Matches(@"^== \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: run second$", lines[3]);
    }

    [Fact]
    public void A_line_that_comes_late_is_dropped()
    {
        var log = new PointLog(folder.Of("a.log"), ["run"]);
        log.Dispose();
        log.Add("late");
        Assert.Single(File.ReadAllLines(folder.Of("a.log")));
    }
}
