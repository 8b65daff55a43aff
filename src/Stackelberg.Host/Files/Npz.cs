using System.IO.Compression;

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
    public static void Write(string path, IEnumerable<KeyValuePair<string, NpyArray>> arrays) =>
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

    /// <summary>Reads an archive of float64 and int64 arrays in C order.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such archive.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            var name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal)
                ? entry.FullName[..^4]
                : entry.FullName;
            using var content = entry.Open();
            arrays[name] = Npy.Read(content, $"{Path.GetFileName(path)}/{entry.FullName}");
        }

        return arrays;
    }
}
