using System.Text;

namespace Stackelberg.Files;

/// <summary>Writes a file as a whole: a reader sees the old content or the new one, never a part.</summary>
/// <remarks>The content goes to a temporary name in the same folder, is flushed to the disk, and is renamed.</remarks>
public static class AtomicFile
{
    /// <summary>Writes a file through a stream.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the content; the stream is closed afterwards.</param>
    /// <exception cref="IOException">The file cannot be written; the message names the folder and the remedy.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);

        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception fault)
        {
            Discard(temporary);
            if (fault is IOException or UnauthorizedAccessException)
            {
                throw Explain(full, fault);
            }

            throw;
        }
    }

    /// <summary>Writes a text file in UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="text">The whole content.</param>
    /// <exception cref="IOException">The file cannot be written; the message names the folder and the remedy.</exception>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The first fault says what is wrong; a leftover .tmp file is no second message.
        }
    }

    private static IOException Explain(string full, Exception fault)
    {
        var folder = Path.GetDirectoryName(full) ?? full;
        var reason = fault switch
        {
            DirectoryNotFoundException => "the folder does not exist. Create it",
            UnauthorizedAccessException => "it may not be written to. Change its permissions",
            _ => $"{fault.Message.TrimEnd('.')}. Free space there",
        };
        return new IOException(
            $"Cannot write {Path.GetFileName(full)} in the folder {folder}: {reason} or choose another folder.",
            fault
        );
    }
}
