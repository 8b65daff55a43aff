using Stackelberg.Cli;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>Scripts whose games fail in use: one line that names the script, and exit code 2.</summary>
[Collection("console")]
public sealed class ScriptFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Uses =>
        ["analyze --at 0.1,0.2", "analyze --within 2", "compare --start 0.1,0.2 --steps 10"];

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_cost_that_raises_at_a_later_call_is_named_with_the_script_its_line_and_the_player(
        string use
    )
    {
        var path = Script(
            "open Stackelberg",
            "let mutable calls = 0",
            "let cost (x: Tensor) (y: Tensor) =",
            "    calls <- calls + 1",
            "    if calls > 1 then failwith \"too\\nfar\"",
            "    x * x + x * y",
            "let game = Game.twoPlayer \"later\" cost (fun x y -> y * y)"
        );
        Assert.Equal(2, Invoke(path, use.Split(' ')));
        Assert.Equal(
            $"{path}(5): The cost of x1 in later raised an exception: too far; a cost is called anew for each "
                + "derivative, and must do the same at every call.\n",
            error.ToString()
        );
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_cost_that_is_null_at_a_later_call_is_named(string use)
    {
        var path = Script(
            "open Stackelberg",
            "let mutable calls = 0",
            "let cost (x: Tensor) (y: Tensor) =",
            "    calls <- calls + 1",
            "    if calls > 1 then Unchecked.defaultof<Tensor> else x * x + x * y",
            "let game = Game.twoPlayer \"later\" cost (fun x y -> y * y)"
        );
        Assert.Equal(2, Invoke(path, use.Split(' ')));
        Assert.StartsWith(
            $"{path}: The cost of x1 in later is null; ",
            error.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(1, error.ToString().Count(letter => letter == '\n'));
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_sampler_that_raises_is_named_with_the_script_and_its_line(string use)
    {
        var path = Script(
            "open Stackelberg",
            "let draw = Sampler.ofFunction \"u\" [ 1 ] (fun random into ->",
            "    invalidOp \"no numbers\")",
            "let x, y = Player.scalar \"x\", Player.scalar \"y\"",
            "let drawn =",
            "    game \"drawn\" {",
            "        samples draw",
            "        leader x (fun q -> q[x] * q[x] + Tensor.sum (q.Sample \"u\"))",
            "        follower y (fun q -> q[y] * q[y])",
            "    }"
        );
        Assert.Equal(2, Invoke(path, use.Split(' ')));
        Assert.StartsWith($"{path}(3): ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("no numbers", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, error.ToString().Count(letter => letter == '\n'));
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_game_that_is_null_is_named(string use)
    {
        var path = Script("open Stackelberg", "let nothing = Unchecked.defaultof<Game>");
        Assert.Equal(2, Invoke(path, use.Split(' ')));
        Assert.Equal(
            $"{path}: nothing is null, which is no Game; bind it to one, or leave it out.\n",
            error.ToString()
        );
    }

    [Fact]
    public void Names_with_control_characters_are_refused_and_do_not_reach_the_terminal()
    {
        var path = Script(
            "open Stackelberg",
            "let bad = Game.twoPlayer \"a\\u001b[2Jb\" (fun x y -> x * x) (fun x y -> y * y)"
        );
        Assert.Equal(2, Invoke(path, "analyze"));
        Assert.DoesNotContain('\u001b', error.ToString() + output);
        Assert.Contains(
            @"""a\u001B[2Jb"" holds control characters",
            error.ToString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("a\u001b[2Jb.fsx", @"a\u001B[2Jb.fsx")]
    [InlineData("a\u202eb.fsx", @"a\u202Eb.fsx")]
    public void Names_of_files_are_shown_without_control_characters(string name, string shown)
    {
        var path = folder.Of(name);
        File.WriteAllText(
            path,
            "open Stackelberg\nlet g = Game.twoPlayer \"g\" (fun x y -> x * x) (fun x y -> y * y)"
        );
        Assert.Equal(2, Invoke(path, "analyze", "--game", "h"));
        Assert.StartsWith(folder.Of(shown), error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(name, error.ToString() + output, StringComparison.Ordinal);
        Assert.Equal(2, Invoke(path + "\u001b", "analyze"));
        Assert.DoesNotContain('\u001b', error.ToString() + output);
    }

    [Fact]
    public void Of_a_large_game_a_point_is_judged_without_matrices_and_what_that_leaves_out_is_said()
    {
        var path = Script(
            "open Stackelberg",
            "let x, y = Player.vector \"x\" 1500, Player.vector \"y\" 1500",
            "let large =",
            "    game \"large\" {",
            "        leader x (fun q -> Tensor.dot q[x] q[x] + Tensor.dot q[x] q[y])",
            "        follower y (fun q -> Tensor.dot q[y] q[y] - Tensor.dot q[x] q[y])",
            "    }"
        );
        Assert.Equal(0, Invoke(path, "analyze", "--at", string.Join(',', Enumerable.Repeat("0", 3000))));
        Assert.Contains("differential Nash            yes", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "left out                     what takes matrices",
            output.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(2, Invoke(path, "analyze"));
        Assert.StartsWith(
            "large has 3000 entries, but critical points are searched in up to 500",
            error.ToString(),
            StringComparison.Ordinal
        );
    }

    private string Script(params string[] lines)
    {
        var path = folder.Of("script.fsx");
        File.WriteAllLines(path, lines);
        return path;
    }

    private int Invoke(string path, params string[] use) =>
        CommandLine.Invoke(
            [use[0], path, .. use[1..]],
            new Terminal(output, error, isInteractive: false),
            new ExperimentTable([])
        );
}
