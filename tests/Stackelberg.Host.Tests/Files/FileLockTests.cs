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
        using (var first = FileLock.TryTake(path))
        {
            Assert.NotNull(first);
            Assert.True(first.IsNew);
            Assert.Null(FileLock.TryTake(path));
        }

        Assert.True(File.Exists(path));
        using var second = FileLock.TryTake(path);
        Assert.NotNull(second);
        Assert.False(second.IsNew);
    }

    [Fact]
    public void A_lock_in_no_folder_is_an_error_and_not_a_held_lock()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsAny<IOException>(() => FileLock.TryTake(folder.Of("none", "lock")));
    }

    [Fact]
    public void A_lock_that_is_removed_is_free_and_its_file_gone()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Of("lock");
        FileLock.TryTake(path)!.Remove();
        Assert.False(File.Exists(path));
        using var next = FileLock.TryTake(path);
        Assert.True(next!.IsNew);
    }

    [Fact]
    public void Who_removes_a_lock_in_a_folder_that_was_replaced_leaves_the_new_ones()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Of("run"));
        using var old = FileLock.TryTake(folder.Of("run", "lock"));
        Directory.Move(folder.Of("run"), folder.Of("moved"));
        Directory.CreateDirectory(folder.Of("run"));
        using var held = FileLock.TryTake(folder.Of("run", "lock"));
        old!.Remove();
        Assert.Null(FileLock.TryTake(folder.Of("run", "lock")));
    }

    [Fact]
    public void A_file_of_something_else_is_no_lock()
    {
        using var folder = new TemporaryFolder();
        Assert.True(FileLock.CanBe(folder.Of("none")));
        using (FileLock.TryTake(folder.Of("lock")))
        {
            Assert.True(FileLock.CanBe(folder.Of("lock")));
        }

        File.WriteAllText(folder.Of("mine"), "mine");
        Assert.False(FileLock.CanBe(folder.Of("mine")));
        Assert.False(FileLock.CanBe(folder.Path));
        File.CreateSymbolicLink(folder.Of("link"), folder.Of("none"));
        Assert.False(FileLock.CanBe(folder.Of("link")));
    }

    [Fact]
    public void A_lock_that_was_left_behind_half_removed_says_so_and_stays()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Of("lock");
        File.WriteAllText(path, "x");
        Assert.True(FileLock.CanBe(path));
        Assert.Equal(
            $"{path} is no lock, or was left behind by a process that was killed; delete it.",
            Assert.Throws<IOException>(() => FileLock.TryTake(path)).Message
        );
        Assert.Equal("x", File.ReadAllText(path));
    }

    [Fact]
    public async Task Many_that_remove_a_lock_and_its_folder_hold_it_one_at_a_time()
    {
        using var folder = new TemporaryFolder();
        var place = folder.Of("run");
        var (inside, most, taken) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(Take)));
        Assert.Equal(1, most);
        Assert.InRange(taken, 4, int.MaxValue);

        void Take()
        {
            for (var own = 0; own < 200; )
            {
                try
                {
                    Directory.CreateDirectory(place);
                    if (FileLock.TryTake(Path.Combine(place, "lock")) is { } held)
                    {
                        InterlockedMost(Interlocked.Increment(ref inside));
                        Interlocked.Increment(ref taken);
                        own++;
                        Interlocked.Decrement(ref inside);
                        held.Remove();
                        Directory.Delete(place);
                    }
                }
                catch (IOException)
                {
                    // The folder went while the lock was made in it, or is another one's by now.
                }
            }
        }

        void InterlockedMost(int count)
        {
            for (var seen = most; count > seen; seen = most)
            {
                Interlocked.CompareExchange(ref most, count, seen);
            }
        }
    }
}
