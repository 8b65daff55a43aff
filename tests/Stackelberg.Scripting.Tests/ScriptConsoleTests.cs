using Xunit;

namespace Stackelberg.Tests;

/// <summary>The console belongs to the process: while one script is loaded it is another, so that no other test may load one
/// meanwhile.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

[Collection("alone")]
public sealed class ScriptConsoleTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_a_script_prints_is_dropped_and_the_console_is_given_back()
    {
        var (output, error) = (Console.Out, Console.Error);
        using var seen = new StringWriter();
        Console.SetOut(seen);
        try
        {
            var path = folder.Of("script.fsx");
            File.WriteAllLines(path, ["printfn \"loud\"", "eprintfn \"loud\""]);
            GameScript.LoadAll(path);
            Assert.Empty(seen.ToString());
            Assert.Same(error, Console.Error);
        }
        finally
        {
            Console.SetOut(output);
        }
    }
}
