using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>What the packages hold, and that they serve a script, a project and the command line outside the repository.</summary>
public sealed class PackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    private const string tool = "stackelberg";

    private static readonly string[] libraries =
    [
        "Stackelberg.Autodiff",
        "Stackelberg.CSharp",
        "Stackelberg.Dsl",
        "Stackelberg.Experiments",
        "Stackelberg.Figures",
        "Stackelberg.Figures.Skia",
        "Stackelberg.Files",
        "Stackelberg.Host",
        "Stackelberg.Kernels",
        "Stackelberg.Networks",
        "Stackelberg.Scripting",
    ];

    // What a package needs of others' directly; the rest comes along.
    private static readonly Dictionary<string, string[]> needed = new()
    {
        ["Stackelberg.Autodiff"] = ["FSharp.Core", "Stackelberg.Kernels"],
        ["Stackelberg.CSharp"] = ["Stackelberg.Dsl", "Stackelberg.Files"],
        ["Stackelberg.Dsl"] =
        [
            "FSharp.Core",
            "MathNet.Numerics",
            "Stackelberg.Autodiff",
            "Stackelberg.Figures",
        ],
        ["Stackelberg.Experiments"] = ["FSharp.Core", "Stackelberg.Host"],
        ["Stackelberg.Figures"] = ["Stackelberg.Files"],
        ["Stackelberg.Figures.Skia"] =
        [
            "SkiaSharp",
            "SkiaSharp.NativeAssets.Linux",
            "Stackelberg.Figures",
            "Svg.Skia",
        ],
        ["Stackelberg.Files"] = ["System.IO.Hashing"],
        ["Stackelberg.Host"] = ["Stackelberg.Networks"],
        ["Stackelberg.Kernels"] = [],
        ["Stackelberg.Networks"] = ["Stackelberg.CSharp", "Stackelberg.Figures"],
        ["Stackelberg.Scripting"] = ["FSharp.Compiler.Service", "FSharp.Core", "Stackelberg.Experiments"],
    };

    private const string script = """
        #r "nuget: Stackelberg.Dsl, VERSION"
        open Stackelberg

        let firm1 = Player.scalar "firm 1"
        let firm2 = Player.scalar "firm 2"

        let duopoly =
            game "duopoly" {
                leader firm1 (fun q -> -(95.0 - q[firm1] - q[firm2]) * q[firm1])
                follower firm2 (fun q -> -(98.0 - q[firm1] - q[firm2]) * q[firm2])
            }

        let run =
            duopoly
            |> Learn.run (Rule.stackelberg Conjecture.bestResponse) Learn.settings (Tensor.ofList [ 10.0; 10.0 ])

        printfn $"{run.Final}"
        run |> Chart.trajectory |> Chart.show
        run |> Chart.trajectory |> Chart.save (System.IO.Path.Combine(__SOURCE_DIRECTORY__, "run.html"))
        """;

    [Fact]
    public void Every_library_and_the_tool_are_packed_and_nothing_else()
    {
        var found = Directory
            .EnumerateFiles(feed.Packages, "*.nupkg")
            .Select(path =>
                Path.GetFileName(path).Replace($".{feed.Version}.nupkg", "", StringComparison.Ordinal)
            )
            .Order(StringComparer.Ordinal);
        Assert.Equal([.. libraries, tool], found);
    }

    [Fact]
    public void A_package_says_what_it_is_and_brings_its_documentation_and_symbols()
    {
        var descriptions = new HashSet<string>();
        foreach (var id in libraries.Append(tool))
        {
            using var package = ZipFile.OpenRead(PathOf(id, ".nupkg"));
            var about = Manifest(package);
            string Of(string name) => about.Elements().Single(one => one.Name.LocalName == name).Value;

            Assert.Equal(feed.Version, Of("version"));
            Assert.Equal("MIT", Of("license"));
            Assert.True(Of("description").Length > 40, id);
            Assert.True(descriptions.Add(Of("description")), id);
            Assert.NotNull(package.GetEntry(Of("readme")));
            Assert.NotNull(package.GetEntry(Of("icon")));
            Assert.Equal(
                "git",
                about.Elements().Single(one => one.Name.LocalName == "repository").Attribute("type")?.Value
            );

            using var symbols = ZipFile.OpenRead(PathOf(id, ".snupkg"));
            Assert.Contains(
                symbols.Entries,
                entry => entry.FullName.EndsWith($"/{id}.pdb", StringComparison.Ordinal)
            );
            if (id != tool)
            {
                Assert.NotNull(package.GetEntry($"lib/net10.0/{id}.dll"));
                Assert.True(package.GetEntry($"lib/net10.0/{id}.xml")?.Length > 1000, id);
                Assert.DoesNotContain(
                    package.Entries,
                    entry => entry.FullName.EndsWith(".fsx", StringComparison.Ordinal)
                );
            }
        }
    }

    [Fact]
    public void A_package_names_what_it_needs()
    {
        foreach (var id in libraries)
        {
            using var package = ZipFile.OpenRead(PathOf(id, ".nupkg"));
            var dependencies = Manifest(package)
                .Descendants()
                .Where(one => one.Name.LocalName == "dependency")
                .ToDictionary(one => one.Attribute("id")!.Value, one => one.Attribute("version")!.Value);
            Assert.Equal(needed[id], dependencies.Keys.Order(StringComparer.Ordinal));
            Assert.All(
                dependencies.Where(pair => pair.Key.StartsWith("Stackelberg.", StringComparison.Ordinal)),
                pair => Assert.Equal(feed.Version, pair.Value)
            );
        }
    }

    [Fact]
    public void A_script_needs_one_line()
    {
        var path = feed.Write("script/duopoly.fsx", script);
        var printed = feed.Run("dotnet", "fsi", path).Succeeded().Trim().Split('\n');
        Assert.Equal("[46, 26]", printed[0].Trim());

        var page = File.ReadAllText(printed[1].Trim());
        Assert.Contains("duopoly, stackelberg (bestResponse)", page, StringComparison.Ordinal);
        Assert.Equal(page, File.ReadAllText(Path.Combine(feed.Work, "script", "run.html")));
        File.Delete(printed[1].Trim());
    }

    [Fact]
    public void A_project_in_CSharp_needs_one_reference()
    {
        feed.Write(
            "console/console.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Stackelberg.CSharp" Version="VERSION" /></ItemGroup>
            </Project>
            """
        );
        feed.Write(
            "console/Program.cs",
            """
            using Stackelberg;
            using Stackelberg.Figures;

            var duopoly = Game.TwoPlayer(
                "duopoly",
                (q1, q2) => -(100 - q1 - q2 - 5) * q1,
                (q1, q2) => -(100 - q1 - q2 - 2) * q2
            );
            Run run = Learner.Stackelberg().WithSteps(1000).Run(duopoly, [10, 10]);
            System.Console.WriteLine(run.Final);
            Chart.Trajectory(run).SaveAs("run.svg");
            """
        );
        Assert.Equal(
            "[46, 26]",
            feed.Run("dotnet", "run", "--project", Path.Combine(feed.Work, "console")).Succeeded().Trim()
        );
        Assert.StartsWith(
            "<svg",
            File.ReadAllText(Path.Combine(feed.Work, "run.svg")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_installed_tool_runs_published_experiments_and_reads_scripts_that_use_the_package()
    {
        // Packages of others are restored, those of this project are the tool's own.
        var path = feed.Write("tool/duopoly.fsx", "#r \"nuget: MathNet.Numerics, 5.0.0\"\n" + script);
        var folder = Path.Combine(feed.Work, "tool");
        feed.Run("dotnet", "tool", "install", tool, "--version", feed.Version, "--tool-path", folder)
            .Succeeded();
        var command = Path.Combine(folder, tool);

        var played = feed.Run(command, "run", "duopoly", "--out", Path.Combine(folder, "run")).Succeeded();
        Assert.Contains("Checks: 152 of 152 ok.", played, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "run", "figures", "production.svg")));

        var report = feed.Run(command, "analyze", path, "--at", "46,26").Succeeded();
        Assert.Contains("total second derivative      1", report, StringComparison.Ordinal);

        var sweep = Path.Combine(folder, "sweep");
        feed.Run(command, "sweep", "duopoly", "seed=1,2", "noise=3", "--out", sweep).Succeeded();
        Assert.Equal(2, Directory.GetFiles(sweep, "summary.json", SearchOption.AllDirectories).Length);

        var names = feed.Run(command, "list").Succeeded();
        Assert.All(
            [
                "bimatrix",
                "covariance",
                "dcgan",
                "duopoly",
                "mog-circle",
                "mog-diamond",
                "polynomial",
                "torus",
            ],
            name => Assert.Contains($"  {name} ", names, StringComparison.Ordinal)
        );
    }

    private string PathOf(string id, string ending) =>
        Path.Combine(feed.Packages, $"{id}.{feed.Version}{ending}");

    private static XElement Manifest(ZipArchive package)
    {
        using var stream = package
            .Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal))
            .Open();
        return XElement.Load(stream).Elements().Single();
    }
}
