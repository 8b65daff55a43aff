using System.Text.Json;
using Stackelberg.Cli;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>What other programs read: one JSON document on the output, all else on the error output.</summary>
public sealed class JsonOutputTests : IDisposable
{
    private const string Duopoly =
        "let duopoly = Game.twoPlayer \"duopoly\" (fun a b -> -(95.0 - a - b) * a) (fun a b -> -(98.0 - a - b) * b)";

    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    private Experiment Experiment { get; set; } = new FakeExperiment();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_is_one_document_and_its_notes_go_to_the_error_output()
    {
        using var document = Read(0, "run", "halving", "--json", "--out", folder.Of("run"));
        var root = document.RootElement;
        Assert.Equal("halving", root.GetProperty("experiment").GetString());
        Assert.Equal("done", root.GetProperty("ending").GetString());
        Assert.Equal(folder.Of("run"), root.GetProperty("folder").GetString());
        Assert.Equal("4", root.GetProperty("settings").GetProperty("steps").GetString());
        Assert.Equal(0.0625, root.GetProperty("found").GetProperty("d1/final").GetDouble());
        var never = root.GetProperty("checks").EnumerateArray().Single(One("name", "d1/never"));
        Assert.Equal("Infinity", never.GetProperty("expected").GetString());
        Assert.True(never.GetProperty("ok").GetBoolean());
        Assert.Equal("halving begins\n", error.ToString());
    }

    [Fact]
    public void A_failed_check_is_in_the_document_and_the_exit_code_stays()
    {
        Experiment = new FakeExperiment { Expected = new(new ExpectedValue("whole", 7.5, 0.1, 0, "p. 1")) };
        using var document = Read(1, "run", "halving", "--json", "-q", "--out", folder.Of("run"));
        Assert.Equal("check failed", document.RootElement.GetProperty("ending").GetString());
        var check = Assert.Single(document.RootElement.GetProperty("checks").EnumerateArray());
        Assert.Equal(7, check.GetProperty("actual").GetDouble());
        Assert.Equal("1 of 1 checks failed.\n", error.ToString());
    }

    [Fact]
    public void Wrong_input_prints_no_document()
    {
        Assert.Equal(2, Invoke("run", "halvign", "--json"));
        Assert.Empty(output.ToString());
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_point_is_a_document_with_its_verdicts_and_spectra()
    {
        using var document = Read(0, "analyze", Script(Duopoly), "--at", "46,26", "--json");
        var point = document.RootElement.GetProperty("point");
        Assert.Equal([46, 26], Numbers(point.GetProperty("point")));
        Assert.Equal("yes", point.GetProperty("differentialStackelberg").GetString());
        Assert.Equal("no", point.GetProperty("differentialNash").GetString());
        // By hand: J = [2 1; 1 2]; the leader's profit along the answer is q (46 - q/2), so that its second derivative is 1.
        var spectrum = point.GetProperty("eigenvaluesJ").EnumerateArray().ToArray();
        Assert.Equal(1, spectrum[0].GetProperty("re").GetDouble(), 1e-9);
        Assert.Equal(3, spectrum[1].GetProperty("re").GetDouble(), 1e-9);
        var total = Assert.Single(point.GetProperty("eigenvaluesTotalHessian").EnumerateArray());
        Assert.Equal(1, total.GetProperty("re").GetDouble(), 1e-9);
        Assert.Empty(document.RootElement.GetProperty("searches").EnumerateArray());
        Assert.Empty(error.ToString());
    }

    [Fact]
    public void A_search_is_a_document_for_each_concept()
    {
        using var document = Read(0, "analyze", Script("printfn \"loud\"", Duopoly), "--json");
        var searches = document.RootElement.GetProperty("searches").EnumerateArray().ToArray();
        Assert.Equal(["stackelberg", "nash"], searches.Select(one => one.GetProperty("concept").GetString()));
        Assert.All(searches, one => Assert.Equal(100, one.GetProperty("radius").GetDouble()));
        var nash = Assert.Single(searches[1].GetProperty("points").EnumerateArray());
        Assert.Equal(
            [92.0 / 3, 101.0 / 3],
            Numbers(nash.GetProperty("point")),
            (a, b) => Math.Abs(a - b) < 1e-8
        );
        Assert.True(document.RootElement.GetProperty("isComplete").GetBoolean());
    }

    [Fact]
    public void A_comparison_is_a_document_of_its_rules()
    {
        using var document = Read(
            0,
            "compare",
            Script(Duopoly),
            "--start",
            "10,10",
            "--rate",
            "0.2",
            "--rules",
            "simultaneous",
            "--json"
        );
        var game = Assert.Single(document.RootElement.GetProperty("games").EnumerateArray());
        var rule = Assert.Single(game.GetProperty("rules").EnumerateArray());
        Assert.Equal("Nash", rule.GetProperty("cameTo").GetString());
        Assert.Equal(JsonValueKind.Null, rule.GetProperty("knownPoint").ValueKind);
        // A step takes I - 0.2 J, whose spectral radius is 1 - 0.2.
        Assert.Equal(0.8, rule.GetProperty("predicted").GetDouble(), 1e-9);
    }

    [Fact]
    public void The_list_and_an_experiment_are_documents()
    {
        using (var document = Read(0, "list", "--json"))
        {
            var line = Assert.Single(document.RootElement.GetProperty("experiments").EnumerateArray());
            Assert.Equal("Halves a number", line.GetProperty("title").GetString());
        }

        using var one = Read(0, "list", "halving", "--json");
        Assert.Equal(
            ["steps", "d", "width", "seed"],
            one.RootElement.GetProperty("settings").EnumerateArray().Select(Text("key"))
        );
    }

    [Fact]
    public void The_doctor_tells_what_the_machine_has()
    {
        using var document = Read(0, "doctor", "--json");
        Assert.Equal(Kernels.VectorWidth.Bits, document.RootElement.GetProperty("vectorBits").GetInt32());
        Assert.Equal(Environment.ProcessorCount, document.RootElement.GetProperty("processors").GetInt32());
        Assert.All(
            document.RootElement.GetProperty("places").EnumerateArray(),
            place => Assert.Equal(JsonValueKind.Null, place.GetProperty("fault").ValueKind)
        );
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_told_with_its_reason()
    {
        File.WriteAllText(folder.Of("file"), "");
        Assert.NotNull(DoctorPlace.Of("run folders", folder.Of("file", "runs")).Fault);
        Assert.Null(DoctorPlace.Of("run folders", folder.Of("a", "b", "c")).Fault);
        Assert.Equal([folder.Of("file")], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Numbers_that_JSON_lacks_are_words() =>
        Assert.Equal(
            """{"values":["NaN","Infinity","-Infinity",0.1]}""",
            JsonText
                .Of(
                    new Dictionary<string, double[]>
                    {
                        ["values"] = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1],
                    }
                )
                .Replace(" ", "", StringComparison.Ordinal)
                .Replace("\n", "", StringComparison.Ordinal)
        );

    private static double[] Numbers(JsonElement list) =>
        [.. list.EnumerateArray().Select(number => number.GetDouble())];

    private static Func<JsonElement, string?> Text(string key) => one => one.GetProperty(key).GetString();

    private static Func<JsonElement, bool> One(string key, string value) =>
        one => one.GetProperty(key).GetString() == value;

    private string Script(params string[] lines)
    {
        var path = folder.Of("script.fsx");
        File.WriteAllLines(path, ["open Stackelberg", .. lines]);
        return path;
    }

    // Anything but one document on the output is no JSON.
    private JsonDocument Read(int code, params string[] arguments)
    {
        output.GetStringBuilder().Clear();
        Assert.Equal(code, Invoke(arguments));
        return JsonDocument.Parse(output.ToString());
    }

    private int Invoke(params string[] arguments) =>
        CommandLine.Invoke(
            arguments,
            new Terminal(output, error, isInteractive: true, new ManualClock()),
            new ExperimentTable(Experiment)
        );
}
