using System.Globalization;
using System.Text;
using Stackelberg.Data;
using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>Malformed files of every format that is read: each gives one of the exceptions that its reader promises, in words,
/// and takes no more memory than its own size allows.</summary>
/// <remarks>STACKELBERG_FUZZ_FILES sets how many files; the long run has 20,000.</remarks>
public sealed class FileFuzzTests : IDisposable
{
    private const int usualFiles = 700;

    // Deflate packs a thousand bytes into one, and a byte becomes a number of eight, which is copied.
    private const long memoryPerByte = 1032 * 8 * 3;
    private const long memoryAtLeast = 8 << 20;

    private static readonly byte[][] pieces =
    [
        [0],
        [0xFF, 0xFF, 0xFF, 0xFF],
        [0x7F, 0xFF, 0xFF, 0xFF],
        [0x80, 0, 0, 0],
        [0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0],
        "9223372036854775807"u8.ToArray(),
        "-1"u8.ToArray(),
        "1e999"u8.ToArray(),
        "\""u8.ToArray(),
        "\\ud800"u8.ToArray(),
        "{{[["u8.ToArray(),
        ","u8.ToArray(),
        "\n"u8.ToArray(),
        "nan"u8.ToArray(),
        "PK\u0001\u0002"u8.ToArray(),
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_malformed_file_gives_a_typed_error_and_bounded_memory()
    {
        var files = int.Parse(
            Environment.GetEnvironmentVariable("STACKELBERG_FUZZ_FILES")
                ?? usualFiles.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture
        );
        var formats = Formats().ToArray();

        // What is compiled on the first call is no file's memory.
        foreach (var (name, good, read) in formats)
        {
            File.WriteAllBytes(folder.Of(name), good);
            read(folder.Of(name));
        }

        var refused = 0;
        for (var seed = 0; seed < files; seed++)
        {
            var (name, good, read) = formats[seed % formats.Length];
            var bad = Malformed(good, new Random(seed));
            File.WriteAllBytes(folder.Of(name), bad);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(folder.Of(name));
            }
            catch (Exception fault) when (fault is InvalidDataException or IOException or UserInputException)
            {
                refused++;
                Assert.False(string.IsNullOrWhiteSpace(fault.Message));
            }
            catch (Exception fault) when (fault is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"{name}, seed {seed}: {fault}");
            }

            var memory = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                memory <= memoryAtLeast + memoryPerByte * bad.Length,
                $"{name}, seed {seed}: {memory} bytes of memory for a file of {bad.Length}"
            );
        }

        // Some changes leave a file as good as it was.
        Assert.InRange(refused, files / 2, files);
    }

    private IEnumerable<(string Name, byte[] Good, Action<string> Read)> Formats()
    {
        yield return ("images", IdxTests.Images(2, 3, 4), path => Idx.Read(path, 3));
        yield return ("images.gz", IdxTests.Maybe(true, IdxTests.Images(2, 3, 4)), path => Idx.Read(path, 3));
        foreach (var (kind, size) in new[] { ("<f8", 8), (">i2", 2), ("|b1", 1), ("<u8", 8) })
        {
            var content = NpzTests.Content(1, kind, size == 2, "2, 3", new byte[6 * size]);
            yield return ($"array{size}.npz", NpzTests.Archive(content), path => Npz.Read(path));
        }

        Safetensors.Write(
            folder.Of("made"),
            [new("x", SafetensorsArray.Of([1.0, 2.0])), new("ü", SafetensorsArray.Of([1L]))],
            new Dictionary<string, string> { ["step"] = "7" }
        );
        yield return ("a.safetensors", File.ReadAllBytes(folder.Of("made")), path => Safetensors.Read(path));

        ExperimentRunner.Run(
            new StoppableExperiment(),
            new Dictionary<string, string>(),
            folder.Of("run"),
            null,
            null,
            TimeSpan.Zero,
            default
        );
        var state = Directory.GetFiles(folder.Of("run", "checkpoints"), "*.safetensors").Max()!;
        yield return ("checkpoint", File.ReadAllBytes(state), path => Checkpoint.Read(path));
        yield return (
            "config.json",
            File.ReadAllBytes(folder.Of("run", "config.json")),
            path => RunResult.ReadConfig(path)
        );
        yield return (
            "metrics.csv",
            File.ReadAllBytes(folder.Of("run", "metrics.csv")),
            path => MetricsFile.Continue(path, 3, null).Dispose()
        );
        yield return (
            "table.csv",
            Encoding.UTF8.GetBytes("a,b\n1,\"x\ny\"\n-2,=z\n"),
            path => CsvTable.Read(path).Numbers("a")
        );
    }

    private static byte[] Malformed(byte[] good, Random random)
    {
        List<byte> bytes = [.. good];
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0 when bytes.Count > 0:
                    bytes[random.Next(bytes.Count)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.InsertRange(at, pieces[random.Next(pieces.Length)]);
                    break;
                default:
                    foreach (var value in pieces[random.Next(pieces.Length)].Take(bytes.Count - at))
                    {
                        bytes[at++] = value;
                    }

                    break;
            }
        }

        return [.. bytes];
    }
}
