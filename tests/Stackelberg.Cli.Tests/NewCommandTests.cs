using System.Text.Json;
using System.Xml.Linq;
using Stackelberg.Cli;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>What <c>stackelberg new</c> makes, made by the program itself, whose current folder it is.</summary>
public sealed class NewCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_new_game_is_analyzed_and_compared_at_once()
    {
        Assert.Equal((0, "Made: oil.fsx\n", ""), Run("new", "game", "oil"));
        using var point = Json("analyze", "oil.fsx", "--at", "46,26", "--json");
        Assert.Equal("oil", point.RootElement.GetProperty("game").GetString());
        Assert.Equal(
            "yes",
            point.RootElement.GetProperty("point").GetProperty("differentialStackelberg").GetString()
        );
        using var rules = Json("compare", "oil.fsx", "--rules", "stackelberg (best", "--json");
        var rule = rules.RootElement.GetProperty("games")[0].GetProperty("rules")[0];
        Assert.Equal(1, rule.GetProperty("knownPoint").GetInt32());
    }

    [Fact]
    public void A_new_experiment_runs_and_its_checks_hold()
    {
        Assert.Equal((0, "Made: my-experiment.fsx\n", ""), Run("new", "experiment"));
        using var run = Json("run", "my-experiment.fsx", "--json", "-q", "--out", "run");
        Assert.Equal("done", run.RootElement.GetProperty("ending").GetString());
        Assert.Equal(3, run.RootElement.GetProperty("checks").GetArrayLength());
        Assert.True(File.Exists(folder.Of("run", "summary.json")));
    }

    [Fact]
    public void A_new_app_names_the_packages_of_this_version()
    {
        Assert.Equal(0, Run("new", "app", "market").Code);
        var reference = XDocument
            .Load(folder.Of("market", "market.csproj"))
            .Descendants("PackageReference")
            .Single();
        Assert.Equal("Stackelberg.CSharp", reference.Attribute("Include")!.Value);
        Assert.Equal(NewCommand.Version, reference.Attribute("Version")!.Value);
        Assert.Contains(
            "\"market\"",
            File.ReadAllText(folder.Of("market", "Program.cs")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("game", "mine.fsx", "mine.fsx")]
    [InlineData("app", "mine/Program.cs", "mine/Program.cs")]
    [InlineData("app", "mine/mine.csproj", "mine/mine.csproj")]
    public void What_is_there_is_never_replaced(string kind, string file, string named)
    {
        Directory.CreateDirectory(folder.Of("mine"));
        File.WriteAllText(folder.Of(file), "dear");
        Assert.Equal(
            (2, "", $"{named} is there already and is never replaced. Give another name.\n"),
            Run("new", kind, "mine")
        );
        Assert.Equal("dear", File.ReadAllText(folder.Of(file)));
        Assert.Single(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("The name is \"../up\", but up to 60 letters", "game", "../up")]
    [InlineData("The name is \"1st\", but up to 60 letters", "game", "1st")]
    [InlineData("There is no template \"gmae\". Did you mean \"game\"?", "gmae")]
    [InlineData("Required argument missing for command: 'new'. See stackelberg new --help.")]
    public void Wrong_input_is_one_line_and_exits_with_2(string message, params string[] arguments)
    {
        var (code, said, error) = Run(["new", .. arguments]);
        Assert.Equal((2, ""), (code, said));
        Assert.StartsWith(message, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private JsonDocument Json(params string[] arguments)
    {
        var (code, said, error) = Run(arguments);
        Assert.Equal((0, ""), (code, error));
        return JsonDocument.Parse(said);
    }

    private (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var process = CliProcess.Start(folder.Path, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said, error.Result);
    }
}
