using Stackelberg.Sweeps;
using Xunit;

namespace Stackelberg.Tests;

public sealed class SweepFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("config.json", "holds a single run. Choose another folder with --out.")]
    public void A_folder_of_something_else_is_refused(string file, string message)
    {
        File.WriteAllText(folder.Of(file), "");
        Assert.StartsWith(
            $"The folder {folder.Path} {message}",
            Assert.Throws<UserInputException>(() => SweepFolder.Open(folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("sweep.csv", "")]
    [InlineData("sweep.csv", "a,b\n1,2\n")]
    [InlineData("sweep-means.csv", "number,mean\nx,2\n")]
    public void A_table_of_the_users_is_not_overwritten(string file, string text)
    {
        Directory.CreateDirectory(folder.Of("points"));
        File.WriteAllText(folder.Of(file), text);
        Assert.Equal(
            $"{folder.Of(file)} is there already and is not a sweep's table that stackelberg wrote; it is not overwritten. "
                + "Choose another folder with --out.",
            Assert.Throws<UserInputException>(() => SweepFolder.Open(folder.Path)).Message
        );
    }
}
