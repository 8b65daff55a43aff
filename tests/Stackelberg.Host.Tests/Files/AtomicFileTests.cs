using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public class AtomicFileTests
{
    [Fact]
    public void A_file_is_replaced_and_nothing_else_remains()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteText(folder.Of("a.txt"), "old");
        AtomicFile.WriteText(folder.Of("a.txt"), "new π");
        Assert.Equal("new π"u8.ToArray(), File.ReadAllBytes(folder.Of("a.txt")));
        Assert.Equal([folder.Of("a.txt")], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_old_content()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteText(folder.Of("a.txt"), "old");
        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(
                folder.Of("a.txt"),
                stream =>
                {
                    stream.WriteByte(1);
                    throw new InvalidOperationException();
                }
            )
        );
        Assert.Equal("old", File.ReadAllText(folder.Of("a.txt")));
        Assert.Equal([folder.Of("a.txt")], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_named_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        var fault = Assert.Throws<IOException>(() => AtomicFile.WriteText(folder.Of("no", "a.txt"), ""));
        Assert.Equal(
            $"Cannot write a.txt in the folder {folder.Of("no")}: the folder does not exist. Create it or choose "
                + "another folder.",
            fault.Message
        );
    }
}
