using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Stackelberg.Files;

namespace Stackelberg;

/// <summary>
/// The folder <c>checkpoints</c> of a run. A checkpoint is a file <c>n.safetensors</c> with the state that the
/// experiment writes, and a file <c>n.json</c>, written after it, with what the run had found by then and the
/// checksums of both: where it stands and is right, the checkpoint is whole.
/// </summary>
internal sealed partial class CheckpointFolder(RunFolder folder)
{
    /// <summary>The folder's name in a run folder.</summary>
    public const string Name = "checkpoints";

    // The newest one, and two to fall back to.
    private const int kept = 3;

    // A record begins with {"seal":" and the checksum of all that follows it.
    private const int sealDigits = 64;
    private const int sealEnd = 9 + sealDigits;

    private readonly string path = folder.PathOf(Name);
    private readonly HashSet<int> knownGood = [];
    private int last = -1;

    /// <summary>Whether a file of this name is one that checkpoints are made of.</summary>
    public static bool IsOwn(string name) => Own().IsMatch(name);

    /// <summary>Saves a checkpoint and forgets those that are too old.</summary>
    /// <param name="write">Writes the state to a path.</param>
    /// <param name="record">What the run has found, and so on.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Save(Action<string> write, CheckpointRecord record)
    {
        folder.Make(Name);
        var number = Math.Max(last, Numbers().DefaultIfEmpty(-1).Max()) + 1;
        var state = StateOf(number);
        write(state);
        var file = new CheckpointFile("", new FileInfo(state).Length, HashOfFile(state), record);
        var seal = HashOfText(Text(file with { Seal = new('0', sealDigits) })[sealEnd..]);
        AtomicFile.WriteText(RecordOf(number), Text(file with { Seal = seal }));
        last = number;
        knownGood.Add(number);
        Prune();
    }

    /// <summary>The newest checkpoint that is whole.</summary>
    /// <param name="restore">Takes its record; throws <see cref="InvalidDataException"/> if it cannot be used.</param>
    /// <param name="warn">Hears of each that is not whole, newest first.</param>
    /// <returns>The checkpoint, or null if there is none.</returns>
    public Checkpoint? Newest(Action<CheckpointRecord> restore, Action<string> warn)
    {
        var numbers = Numbers();
        foreach (var number in numbers.OrderDescending())
        {
            try
            {
                var checkpoint = Read(number, restore);
                knownGood.Add(number);
                return checkpoint;
            }
            catch (Exception fault)
                when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                warn(
                    $"The checkpoint {Path.GetFileName(StateOf(number))} cannot be used: "
                        + $"{fault.Message.TrimEnd('.')}. Trying the one before."
                );
            }
        }

        if (numbers.Length > 0)
        {
            warn("No checkpoint can be used; the run begins again at its start.");
        }

        return null;
    }

    private Checkpoint Read(int number, Action<CheckpointRecord> restore)
    {
        var text = File.ReadAllText(RecordOf(number));
        if (text.Length < sealEnd || HashOfText(text[sealEnd..]) != text[(sealEnd - sealDigits)..sealEnd])
        {
            throw new InvalidDataException("the checksum of its record is wrong");
        }

        var file = StrictJson.Parse(Encoding.UTF8.GetBytes(text), RunFolderFormat.Line.CheckpointFile);
        var state = StateOf(number);
        if (!File.Exists(state))
        {
            throw new InvalidDataException("its state is missing");
        }

        var bytes = new FileInfo(state).Length;
        if (bytes != file.Bytes)
        {
            throw new InvalidDataException($"it has {bytes} bytes, but {file.Bytes} are needed");
        }

        if (HashOfFile(state) != file.Sha256)
        {
            throw new InvalidDataException("its checksum is wrong");
        }

        var checkpoint = Checkpoint.Read(state);
        restore(file.Record);
        return checkpoint;
    }

    // Only those count that this process has written or read: the fall-back must be whole.
    private void Prune()
    {
        if (knownGood.Count < kept)
        {
            return;
        }

        var oldest = knownGood.OrderDescending().ElementAt(kept - 1);
        foreach (var number in Numbers().Where(number => number < oldest))
        {
            File.Delete(RecordOf(number));
            File.Delete(StateOf(number));
            knownGood.Remove(number);
        }
    }

    private int[] Numbers() =>
        Directory.Exists(path)
            ?
            [
                .. Directory
                    .EnumerateFiles(path, "*.json")
                    .Select(file =>
                        int.TryParse(
                            Path.GetFileNameWithoutExtension(file),
                            NumberStyles.None,
                            CultureInfo.InvariantCulture,
                            out var number
                        )
                            ? number
                            : -1
                    )
                    .Where(number => number >= 0),
            ]
            : [];

    private string StateOf(int number) => Path.Combine(path, Digits(number) + ".safetensors");

    private string RecordOf(int number) => Path.Combine(path, Digits(number) + ".json");

    private static string Digits(int number) => $"{number:D6}";

    private static string HashOfFile(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    [GeneratedRegex(@"\A([0-9]{6,10}\.(json|safetensors)|series-[0-9]{6,10}\.npz)\z")]
    private static partial Regex Own();

    private static string Text(CheckpointFile file) =>
        JsonSerializer.Serialize(file, RunFolderFormat.Line.CheckpointFile) + "\n";

    private static string HashOfText(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
