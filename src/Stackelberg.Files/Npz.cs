using System.IO.Compression;
using System.IO.Hashing;

namespace Stackelberg.Files;

/// <summary>NumPy's archive of named arrays: <c>numpy.load("trajectory.npz")["x"]</c> reads what is written here.</summary>
public static class Npz
{
    // Equal arrays give equal bytes: the archive holds no clock time. 1980 is the first year that zip knows.
    private static readonly DateTimeOffset fixedTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes an archive.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="arrays">The arrays by name.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, NpyArray>> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        AtomicFile.Write(
            path,
            stream =>
            {
                using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
                foreach (var (name, array) in arrays)
                {
                    var entry = archive.CreateEntry(name + ".npy", CompressionLevel.Fastest);
                    entry.LastWriteTime = fixedTime;
                    using var content = entry.Open();
                    Npy.Write(content, array);
                }
            }
        );
    }

    /// <summary>Reads an archive of arrays of plain numbers, as any version of NumPy writes it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The arrays by name. Of float16, float32 and float64 they are float64, of bool, int8 to int64 and uint8 to
    /// uint64 int64; arrays in Fortran's order and of the other byte order are turned round.</returns>
    /// <exception cref="InvalidDataException">It is no such archive, was changed or cut short, or holds complex numbers, text,
    /// objects, records, or whole numbers above the greatest int64; the message says which.</exception>
    /// <remarks>Memory grows with what the file holds, whatever its headers tell of.</remarks>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path)
    {
        using var file = File.OpenRead(path);
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            foreach (var entry in archive.Entries)
            {
                var name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal)
                    ? entry.FullName[..^4]
                    : entry.FullName;
                using var content = new CheckedStream(entry.Open());
                var array = Npy.Read(content, $"{Path.GetFileName(path)}/{entry.FullName}");
                if (content.Checksum != entry.Crc32)
                {
                    throw new InvalidDataException($"the checksum of {entry.FullName} does not fit");
                }

                if (!arrays.TryAdd(name, array))
                {
                    throw new InvalidDataException($"it has two arrays called {name}");
                }
            }
        }
        // What .NET's reader raises for archives that are damaged or packed in other ways.
        catch (Exception fault)
            when (fault
                    is InvalidDataException
                        or EndOfStreamException
                        or ArgumentException
                        or NotSupportedException
                        or OverflowException
            )
        {
            throw new InvalidDataException(
                $"{path} cannot be read as an archive of arrays: {fault.Message.TrimEnd('.')}.",
                fault
            );
        }

        return arrays;
    }

    /// <summary>Adds up the checksum of what is read.</summary>
    private sealed class CheckedStream(Stream inner) : Stream
    {
        private readonly Crc32 sum = new();

        public uint Checksum => sum.GetCurrentHashAsUInt32();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            sum.Append(buffer.AsSpan(offset, read));
            return read;
        }

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
