namespace Stackelberg.Files;

/// <summary>
/// A file that one process at a time can hold. The operating system lets go of it when the process ends,
/// however it ends, so that no lock outlives a killed process.
/// </summary>
public sealed class FileLock : IDisposable
{
    // The error "the file is open elsewhere" of Windows and of Unix (EWOULDBLOCK of Linux and of macOS).
    private static readonly int[] heldElsewhere = [unchecked((int)0x80070020), 11, 35];

    // A lock's file is empty; this long it becomes before its holder removes it, for those who have opened it by then.
    private const long removedLength = 1;
    private const int mostLooks = 1000;

    private readonly string path;
    private readonly FileStream stream;

    private FileLock(string path, FileStream stream, bool isNew) =>
        (this.path, this.stream, IsNew) = (path, stream, isNew);

    /// <summary>Whether the file was made when the lock was taken.</summary>
    public bool IsNew { get; }

    /// <summary>Takes the lock, or returns null if it is held.</summary>
    /// <param name="path">The lock's file; it is made if need be, and stays, empty.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static FileLock? TryTake(string path)
    {
        ArgumentNullException.ThrowIfNull(path);

        for (var look = 0; look < mostLooks; look++)
        {
            FileLock held;
            try
            {
                held = Open(path);
            }
            catch (IOException fault) when (heldElsewhere.Contains(fault.HResult))
            {
                return null;
            }

            if (held.stream.Length != removedLength)
            {
                return held;
            }

            // Its holder has removed it since it was opened: whoever comes now finds another file.
            held.Dispose();
            Thread.Sleep(1);
        }

        throw new IOException(
            $"{path} is no lock, or was left behind by a process that was killed; delete it."
        );
    }

    /// <summary>Whether a path can be a lock's: nothing is there, or a file as locks make it, which is no link.</summary>
    /// <param name="path">The lock's file; another process may hold, make or remove it meanwhile.</param>
    public static bool CanBe(string path)
    {
        ArgumentNullException.ThrowIfNull(path);

        // One look: what is read later may be another file.
        var file = new FileInfo(path);
        return file.Exists
            ? file is { Length: 0 or removedLength, LinkTarget: null }
            : !Directory.Exists(path) && file.LinkTarget is null;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <summary>Lets go of the lock and deletes its file, which only its holder may do.</summary>
    /// <remarks>On Windows another process that takes it meanwhile keeps the file.</remarks>
    /// <exception cref="IOException">The file cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be deleted.</exception>
    public void Remove()
    {
        if (OperatingSystem.IsWindows())
        {
            // An open file is not deleted there.
            Dispose();
            try
            {
                File.Delete(path);
            }
            catch (IOException fault) when (heldElsewhere.Contains(fault.HResult))
            {
                // Another process has taken it: it is that one's now.
            }

            return;
        }

        using (this)
        {
            stream.SetLength(removedLength);
            if (new FileInfo(path) is { Exists: true, Length: removedLength })
            {
                File.Delete(path);
            }
        }
    }

    private static FileLock Open(string path)
    {
        if (!File.Exists(path))
        {
            try
            {
                return new(path, Open(path, FileMode.CreateNew), isNew: true);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process was faster.
            }
        }

        return new(path, Open(path, FileMode.OpenOrCreate), isNew: false);
    }

    private static FileStream Open(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, FileShare.None);
}
