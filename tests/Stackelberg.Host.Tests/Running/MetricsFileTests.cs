using Xunit;

namespace Stackelberg.Tests;

public sealed class MetricsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.Of("metrics.csv");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_row_is_in_the_file_at_once_and_a_new_column_widens_the_rows_before()
    {
        using var metrics = MetricsFile.Create(Path);
        Assert.Equal("run,step\n", Text());
        metrics.Add("a", 1, [("x", 0.5)]);
        Assert.Equal("run,step,x\na,1,0.5\n", Text());
        metrics.Add("b", 1, [("y", double.NaN), ("x", 2)]);
        Assert.Equal("run,step,x,y\na,1,0.5,\nb,1,2,nan\n", Text());
        Assert.Equal(2, metrics.Rows);
    }

    [Theory]
    [InlineData("run,step,x\na,1,0.5\na,2,0.2", 1)]
    [InlineData("run,step,x\na,1,0.5\na", 1)]
    [InlineData("run,step,x\n", 0)]
    public void What_a_killed_process_left_of_its_last_line_is_not_read(string text, int rows)
    {
        File.WriteAllText(Path, text);
        Assert.Equal(rows, MetricsFile.ReadComplete(Path).Rows.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("run,st")]
    [InlineData("a,b\n1,2\n")]
    [InlineData("run,step\na,1,2\n")]
    public void What_is_no_such_file_is_refused(string text)
    {
        File.WriteAllText(Path, text);
        Assert.Throws<InvalidDataException>(() => MetricsFile.ReadComplete(Path));
    }

    [Fact]
    public void Rows_after_the_checkpoint_are_forgotten_and_rows_before_it_are_not_doubled()
    {
        File.WriteAllText(Path, "run,step,x\na,1,1\na,2,2\na,3,3\na,");
        using var metrics = MetricsFile.Continue(Path, 2, null);
        Assert.Equal("run,step,x\na,1,1\na,2,2\n", Text());
        metrics.Add("a", 2, [("x", 7)]);
        metrics.Add("a", 3, [("x", 8)]);
        metrics.Add("b", 1, [("x", 9)]);
        Assert.Equal("run,step,x\na,1,1\na,2,2\na,3,8\nb,1,9\n", Text());
    }

    [Fact]
    public void A_changed_character_before_the_checkpoint_is_noticed_and_a_new_column_is_none()
    {
        string checksum;
        using (var metrics = MetricsFile.Create(Path))
        {
            metrics.Add("a", 1, [("x", 0.5)]);
            metrics.Add("a", 2, [("x", -0.25)]);
            checksum = metrics.Checksum;
            metrics.Add("a", 3, [("y", 1)]);
            Assert.NotEqual(checksum, metrics.Checksum);
        }

        using (var metrics = MetricsFile.Continue(Path, 2, checksum))
        {
            Assert.Equal(checksum, metrics.Checksum);
        }

        var text = Text();
        var first = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        var last = text.IndexOf("a,3", StringComparison.Ordinal);
        for (var i = first; i < last; i++)
        {
            for (var bit = 0; bit < 7; bit++)
            {
                var changed = text.ToCharArray();
                changed[i] ^= (char)(1 << bit);
                File.WriteAllText(Path, new string(changed));
                Assert.Throws<InvalidDataException>(() => MetricsFile.Continue(Path, 2, checksum));
            }
        }
    }

    private string Text() => File.ReadAllText(Path);
}
