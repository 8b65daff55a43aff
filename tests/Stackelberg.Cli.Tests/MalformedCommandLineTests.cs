using System.CommandLine;
using System.Security.Cryptography;
using Stackelberg.Cli;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>
/// Command lines that cannot be meant, made from the commands' own grammar: each is answered by exit code 2 and one line, and
/// nothing of the user's is touched.
/// </summary>
public sealed class MalformedCommandLineTests : IDisposable
{
    private const int lines = 700;

    private static readonly ExperimentTable experiments = ExperimentScript.Table;

    private readonly TemporaryFolder folder = new();

    public MalformedCommandLineTests()
    {
        // What a user may have lying about.
        foreach (
            var (name, text) in new[]
            {
                ("mine/metrics.csv", "a,b\n1,2\n"),
                ("mine/figures/sketch.svg", "<svg/>"),
                ("mine/notes.tmp", "notes"),
                ("table.csv", "x,y\n1,2\n"),
                ("empty.html", ""),
                ("page.html", "<!DOCTYPE html>\n<p>mine</p>\n"),
                ("sweep/points/mine", "mine"),
                ("sweep/sweep-means.csv", "number,mean\n"),
                ("surrogate.json", """{ "experiment": "\ud800" }"""),
                ("surrogate-key.json", """{ "settings": { "\udc00": 1 } }"""),
                ("twice.json", """{ "seed": 1, "seed": 2 }"""),
                ("twice-setting.json", """{ "settings": { "demand": 1, "demand": 2 } }"""),
                ("list.json", "[1, 2]"),
                ("open.json", "{ \"seed\": 1"),
                ("seed.json", """{ "seed": -1 }"""),
                ("half-seed.json", """{ "seed": 1.5 }"""),
                ("huge-seed.json", """{ "seed": 1e300 }"""),
                ("null.json", "null"),
                ("object.json", """{ "settings": { "demand": { "a": 1 } } }"""),
                ("nested.json", new string('[', 10_000)),
                ("noise.json", "\0\0\0"),
                ("run/config.json", """{ "experiment": "duopoly" }"""),
                ("unknown/config.json", """{ "experiment": "nothing", "experimentVersion": 1, "seed": 1 }"""),
                (
                    "broken/config.json",
                    """{ "experiment": "duopoly", "experimentVersion": 1, "seed": 1, "settings": {} }"""
                ),
                ("broken/summary.json", """{ "runs": [], "runs": [] }"""),
                ("script.txt", "let a = 1"),
            }
        )
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.Of(name))!);
            File.WriteAllText(folder.Of(name), text);
        }

        Directory.CreateDirectory(folder.Of("folder"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Seven_hundred_lines_made_from_the_grammar_are_refused()
    {
        // The same ones in every run.
        var random = new Random(14);
        string[][] all = [.. Generated()];
        random.Shuffle(all);
        Assert.InRange(all.Length, lines, 10 * lines);
        Refused(all[..lines]);
    }

    [Fact]
    public void Files_and_folders_that_cannot_be_meant_are_refused() => Refused(OfFiles());

    private void Refused(IEnumerable<string[]> tried)
    {
        var before = Contents();
        Assert.All(
            tried,
            arguments =>
            {
                using StringWriter output = new(),
                    error = new();
                // Whatever should begin to run would be cancelled, and give itself away by its exit code.
                var isScript = arguments is ["analyze" or "compare", ..];
                var code = CommandLine.Invoke(
                    arguments,
                    new Terminal(output, error, isInteractive: false, new ManualClock()),
                    experiments,
                    new CancellationToken(canceled: !isScript)
                );
                var said = $"{string.Join(' ', arguments)}: {error}";
                Assert.True(code == 2, said);
                Assert.True(
                    error.ToString() is [not '\n', .., '\n'] && error.ToString().Count(c => c == '\n') == 1,
                    said
                );
                Assert.DoesNotContain("Unexpected", error.ToString(), StringComparison.Ordinal);
                Assert.Equal("", output.ToString());
            }
        );
        Assert.Equal(before, Contents());
    }

    private Dictionary<string, string> Contents() =>
        Directory
            .GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories)
            .ToDictionary(
                path => path,
                path =>
                    File.Exists(path)
                        ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))
                        : "folder"
            );

    private IEnumerable<string[]> Generated()
    {
        using var silent = new StringWriter();
        var root = CommandLine.Create(
            new Terminal(silent, silent, isInteractive: false, new ManualClock()),
            experiments,
            default
        );
        foreach (var command in root.Subcommands)
        {
            foreach (var name in Misspelt(command.Name))
            {
                yield return [name];
                yield return [name, "duopoly"];
            }

            string[] begin = [command.Name, .. Needed(command)];
            foreach (var option in command.Options.Where(option => option.Name is ['-', '-', ..]))
            {
                // Options come last, so that nothing that follows can be their value.
                if (option.Arity.MinimumNumberOfValues > 0)
                {
                    yield return [.. begin, option.Name];
                    yield return [.. begin, option.Name, Value(option), option.Name, Value(option)];
                    foreach (var value in WrongValues(option))
                    {
                        yield return [.. begin, option.Name, value];
                        yield return [.. begin, $"{option.Name}={value}"];
                    }
                }

                foreach (var name in Misspelt(option.Name).Where(name => name is ['-', '-', _, ..]))
                {
                    yield return [.. begin, name, Value(option)];
                    yield return [.. begin, $"{name}={Value(option)}"];
                }
            }
        }

        foreach (var experiment in experiments.Lines.Select(line => experiments.Find(line.Name)))
        {
            foreach (
                var name in Misspelt(experiment.Name)
                    .Where(name => experiments.Lines.All(one => one.Name != name))
            )
            {
                yield return ["list", name];
                yield return ["run", name, "--out", folder.Of("new")];
                yield return ["sweep", name, "seed=1..2", "--out", folder.Of("new")];
            }

            foreach (var setting in experiment.Settings)
            {
                foreach (
                    var value in new[] { "", " ", "NaN", "-Infinity", "1e999", "maybe", ",", "1,,2", "\n" }
                )
                {
                    if (
                        setting.Type.Fault(setting.Key, setting.Type.Clean(value), setting.Default)
                        is not null
                    )
                    {
                        yield return
                        [
                            "run",
                            experiment.Name,
                            $"{setting.Key}={value}",
                            "--out",
                            folder.Of("new"),
                        ];
                    }
                }

                foreach (var key in Misspelt(setting.Key))
                {
                    yield return
                    [
                        "run",
                        experiment.Name,
                        $"{key}={setting.Default}",
                        "--out",
                        folder.Of("new"),
                    ];
                }

                string[] twice = [$"{setting.Key}={setting.Default}", $"{setting.Key}={setting.Default}"];
                yield return ["run", experiment.Name, .. twice, "--out", folder.Of("new")];
                yield return ["run", experiment.Name, setting.Key, "--out", folder.Of("new")];
                yield return ["run", experiment.Name, $"={setting.Default}", "--out", folder.Of("new")];
                foreach (
                    var values in new[]
                    {
                        "",
                        "1,,2",
                        "[1",
                        "1]",
                        "[]",
                        "3..1",
                        "1..",
                        "a..b..",
                        "1..100002",
                        "1,1",
                    }
                )
                {
                    yield return
                    [
                        "sweep",
                        experiment.Name,
                        $"{setting.Key}={values}",
                        "--out",
                        folder.Of("new"),
                    ];
                }
            }
        }
    }

    /// <summary>Values of the arguments that a command cannot do without.</summary>
    private string[] Needed(Command command) =>
        command.Name switch
        {
            "run" => ["duopoly"],
            "sweep" => ["duopoly", "seed=1..2"],
            "analyze" or "compare" => [folder.Of("none.fsx")],
            "resume" or "report" => [folder.Of("mine")],
            _ => [],
        };

    private string Value(Option option) => option.Name is "--out" ? folder.Of("new") : "1";

    private static IEnumerable<string> WrongValues(Option option) =>
        option.Name switch
        {
            "--seed" => ["", "-1", "1.5", "x", "NaN", "18446744073709551616", " 1", "0x1"],
            "--jobs" or "--steps" => ["", "0", "-1", "1.5", "x", "NaN", "99999999999", "0x1"],
            "--rate" or "--within" => ["", "0", "-1", "x", "NaN", "Infinity", "1e999", "1,5"],
            "--checks" => ["", "some", "ALL", "0"],
            "--concept" => ["", "Nash equilibrium", "both", "0"],
            "--at" or "--start" => ["", "x", "1,", "1,,2", "NaN", "1;2"],
            "--rules" => ["", ",", "none", "simultaneous,none"],
            "--out" or "--config" => ["", " ", "a\0b"],
            "--columns" => ["", ",", "a,,b"],
            _ => [],
        };

    /// <summary>A word with a letter less, twice, changed, and at its end.</summary>
    private static IEnumerable<string> Misspelt(string word)
    {
        var middle = word.Length / 2;
        yield return word.Remove(middle, 1);
        yield return word.Insert(middle, word[middle..(middle + 1)]);
        yield return word + "x";
        yield return word[..middle] + "!" + word[(middle + 1)..];
    }

    private IEnumerable<string[]> OfFiles()
    {
        string[] configurations =
        [
            .. Directory.GetFiles(folder.Path, "*.json"),
            folder.Of("none.json"),
            folder.Of("folder"),
            folder.Of("table.csv"),
            folder.Of("a\0b"),
            "",
        ];
        string[] folders =
        [
            folder.Of("none"),
            folder.Of("folder"),
            folder.Of("mine"),
            folder.Of("run"),
            folder.Of("unknown"),
            folder.Of("broken"),
            folder.Of("table.csv"),
            folder.Of(new string('x', 5000)),
            "a\0b",
            "",
            " ",
        ];
        string[] scripts =
        [
            folder.Of("none.fsx"),
            folder.Of("folder"),
            folder.Of("script.txt"),
            folder.Of("table.csv"),
            "/dev/null",
            "a\0b.fsx",
            "",
        ];
        string[] places =
        [
            folder.Of("table.csv"),
            folder.Of("empty.html"),
            folder.Of("page.html"),
            folder.Of("mine"),
            folder.Of("folder") + Path.DirectorySeparatorChar,
            folder.Of("none", "file"),
            folder.Of("table.csv", "file"),
            "/dev/full",
            "/dev/null",
            "a\0b",
            "",
        ];
        return
        [
            .. configurations.Select(file =>
                new[] { "run", "duopoly", "--config", file, "--out", folder.Of("new") }
            ),
            .. folders.SelectMany(path => new string[][] { ["resume", path], ["report", path] }),
            .. scripts.SelectMany(path => new string[][] { ["analyze", path], ["compare", path] }),
            .. places.SelectMany(path =>
                new string[][]
                {
                    ["compare", folder.Of("none.fsx"), "--out", path],
                    ["report", folder.Of("mine"), "--out", path],
                }
            ),
            ["run", "duopoly", "--out", folder.Of("mine")],
            ["run", "duopoly", "--out", folder.Of("table.csv")],
            ["run", "duopoly", "--out", "/dev/null"],
            ["run", "duopoly", "--out", folder.Of(new string('x', 5000))],
            ["sweep", "duopoly", "seed=1..2", "--out", folder.Of("sweep")],
            ["sweep", "duopoly", "seed=1..2", "--out", folder.Of("table.csv")],
            ["sweep", "duopoly", "seed=1..1000", "demand=1..1000", "--out", folder.Of("new")],
        ];
    }
}
