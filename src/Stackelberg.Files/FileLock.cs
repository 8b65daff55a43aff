namespace Stackelberg.Files;

/// <summary>
/// A file that one process at a time can hold. The operating system lets go of it when the process ends,
/// however it ends, so that no lock outlives a killed process.
/// </summary>
public sealed class FileLock : IDisposable
{
    // The error "the file is open elsewhere" of Windows and of Unix (EWOULDBLOCK of Linux and of macOS).
    private static readonly int[] heldElsewhere = [unchecked((int)0x80070020), 11, 35];

    private readonly FileStream stream;

    private FileLock(FileStream stream) => this.stream = stream;

    /// <summary>Takes the lock, or returns null if it is held.</summary>
    /// <param name="path">The lock's file; it is made if need be, and stays, empty.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static FileLock? TryTake(string path)
    {
        ArgumentNullException.ThrowIfNull(path);

        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException fault) when (heldElsewhere.Contains(fault.HResult))
        {
            return null;
        }
    }

    /// <summary>Whether someone holds the lock at this moment.</summary>
    /// <param name="path">The lock's file; it need not exist.</param>
    public static bool IsHeld(string path)
    {
        ArgumentNullException.ThrowIfNull(path);

        if (!File.Exists(path))
        {
            return false;
        }

        using var held = TryTake(path);
        return held is null;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
