using System.Security.Cryptography;
using Stackelberg.Files;

namespace Stackelberg;

/// <summary>
/// The series that were handed over before a checkpoint, one file for all that came since the checkpoint
/// before, so that nothing is written twice; the end of the run gathers them in <c>trajectory.npz</c>.
/// </summary>
internal sealed class SeriesParts(RunFolder folder)
{
    private readonly string path = folder.PathOf(CheckpointFolder.Name);
    private readonly List<SeriesPart> parts = [];
    private readonly HashSet<string> saved = new(StringComparer.Ordinal);

    /// <summary>Saves what is new, and returns the list of all files with their checksums.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public IReadOnlyList<SeriesPart> Save(IReadOnlyDictionary<string, NpyArray> series)
    {
        var added = series.Where(pair => !saved.Contains(pair.Key)).ToArray();
        if (added.Length > 0)
        {
            folder.Make(CheckpointFolder.Name);
            var name = $"series-{parts.Count:D6}.npz";
            Npz.Write(Path.Combine(path, name), added);
            parts.Add(new(name, Hash(name)));
            saved.UnionWith(added.Select(pair => pair.Key));
        }

        return [.. parts];
    }

    /// <summary>Reads the files of such a list.</summary>
    /// <exception cref="InvalidDataException">A file is missing or differs from what was saved.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyDictionary<string, NpyArray> Restore(IReadOnlyList<SeriesPart> list)
    {
        parts.Clear();
        saved.Clear();
        var series = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var part in list)
        {
            var (name, hash) = part;
            if (!File.Exists(Path.Combine(path, name)) || Hash(name) != hash)
            {
                throw new InvalidDataException($"{name} is missing or its checksum is wrong");
            }

            foreach (var (key, values) in Npz.Read(Path.Combine(path, name)))
            {
                series.Add(key, values);
            }

            parts.Add(part);
        }

        saved.UnionWith(series.Keys);
        return series;
    }

    /// <summary>Deletes the files, once <c>trajectory.npz</c> holds the same.</summary>
    public void Delete()
    {
        if (Directory.Exists(path))
        {
            foreach (var file in Directory.EnumerateFiles(path, "series-*.npz").Where(IsOwn))
            {
                File.Delete(file);
            }
        }
    }

    private static bool IsOwn(string file) => CheckpointFolder.IsOwn(Path.GetFileName(file));

    private string Hash(string name)
    {
        using var stream = File.OpenRead(Path.Combine(path, name));
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
