namespace Stackelberg;

/// <summary>The state of a learning run that a checkpoint holds.</summary>
public sealed class Checkpoint
{
    private readonly string path;

    internal Checkpoint(string run, long step, string path) => (Run, Step, this.path) = (run, step, path);

    /// <summary>Which learning run of the experiment it belongs to.</summary>
    public string Run { get; }

    /// <summary>After how many steps it was saved.</summary>
    public long Step { get; }

    /// <summary>The file's name, for messages.</summary>
    internal string FileName => Path.GetFileName(path);

    /// <summary>Opens what the experiment wrote; the checksum was compared before.</summary>
    /// <returns>A stream to read, to be closed.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Stream OpenRead() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
}
