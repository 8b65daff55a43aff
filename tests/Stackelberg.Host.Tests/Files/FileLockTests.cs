using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public class FileLockTests
{
    [Fact]
    public void A_lock_is_held_by_one_until_it_is_let_go()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Of("lock");
        Assert.False(FileLock.IsHeld(path));
        Assert.False(File.Exists(path));
        using (var first = FileLock.TryTake(path))
        {
            Assert.NotNull(first);
            Assert.True(FileLock.IsHeld(path));
            Assert.Null(FileLock.TryTake(path));
        }

        Assert.False(FileLock.IsHeld(path));
        using var second = FileLock.TryTake(path);
        Assert.NotNull(second);
    }

    [Fact]
    public void A_lock_in_no_folder_is_an_error_and_not_a_held_lock()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsAny<IOException>(() => FileLock.TryTake(folder.Of("none", "lock")));
    }
}
