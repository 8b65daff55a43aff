namespace Stackelberg.Tests;

/// <summary>All packages of the repository in a folder outside it, under a version that no cache knows.</summary>
/// <remarks>Packages are unpacked to a folder of the test's own. Those of others come from the machine's, and where it has them
/// not, from its usual source.</remarks>
public sealed class PackageFeed : IDisposable
{
#if DEBUG
    private const string configuration = "Debug";
#else
    private const string configuration = "Release";
#endif

    private readonly TemporaryFolder folder = new();

    public PackageFeed()
    {
        Version = "0.1.0-test." + Guid.NewGuid().ToString("N");
        Directory.CreateDirectory(Packages);
        Directory.CreateDirectory(Work);
        // Two passes of the tests may run at once, and both pack what one build has made.
        using (Locked())
        {
            Run(
                    Repository.Root,
                    "dotnet",
                    "pack",
                    "Stackelberg.Dsl.sln",
                    "--no-build",
                    "--configuration",
                    configuration,
                    "--output",
                    Packages,
                    $"-p:Version={Version}",
                    $"-p:NuspecOutputPath={folder.Of("nuspec")}{Path.DirectorySeparatorChar}",
                    $"-p:PublishDir={folder.Of("publish")}{Path.DirectorySeparatorChar}"
                )
                .Succeeded();
        }

        File.WriteAllText(
            Path.Combine(Work, "NuGet.config"),
            $"""
            <configuration>
              <packageSources><add key="feed" value="{Packages}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{MachinePackages}" /></fallbackPackageFolders>
            </configuration>
            """
        );
    }

    /// <summary>The version of all packages.</summary>
    public string Version { get; }

    /// <summary>The folder of the packages.</summary>
    public string Packages => folder.Of("feed");

    /// <summary>A folder whose scripts and projects find the packages.</summary>
    public string Work => folder.Of("work");

    /// <summary>Writes a file to the folder of work, and gives its path.</summary>
    /// <param name="name">The file; folders on its way are made.</param>
    /// <param name="text">What it says; VERSION stands for the version.</param>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text.Replace("VERSION", Version, StringComparison.Ordinal));
        return path;
    }

    /// <summary>Runs a program in the folder of work.</summary>
    internal Command Run(string program, params string[] arguments) => Run(Work, program, arguments);

    public void Dispose() => folder.Dispose();

    private Command Run(string where, string program, params string[] arguments) =>
        Command.Run(
            where,
            new Dictionary<string, string?>
            {
                ["NUGET_PACKAGES"] = folder.Of("packages"),
                ["STACKELBERG_CACHE"] = folder.Of("cache"),
                ["STACKELBERG_BROWSER"] = "none",
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["DOTNET_CLI_UI_LANGUAGE"] = "en",
                ["DOTNET_NOLOGO"] = "1",
                // F# Interactive reads what the SDK's tools print, in English: the tests' culture is not for these.
                ["DOTNET_STARTUP_HOOKS"] = null,
            },
            program,
            arguments
        );

    private static string MachinePackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                ".nuget",
                "packages"
            );

    private static FileStream Locked()
    {
        var path = Path.Combine(
            Repository.Root,
            "tests",
            "Stackelberg.Packages.Tests",
            "obj",
            "packing.lock"
        );
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromSeconds(1))
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited < TimeSpan.FromMinutes(5))
            {
                Thread.Sleep(TimeSpan.FromSeconds(1));
            }
        }
    }
}
