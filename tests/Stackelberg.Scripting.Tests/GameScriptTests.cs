using Xunit;

namespace Stackelberg.Tests;

[Collection("console")]
public sealed class GameScriptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_script_of_the_repository_gives_its_game_on_the_assemblies_of_this_process()
    {
        var duopoly = GameScript.Load(Repository.File(Path.Combine("games", "duopoly.fsx")));
        Assert.Same(typeof(Game).Assembly, duopoly.GetType().Assembly);
        Assert.Single(
            AppDomain.CurrentDomain.GetAssemblies(),
            assembly => assembly.GetName().Name == "Stackelberg.Dsl"
        );
        Assert.Equal([-1058, -676], duopoly.Costs(46, 26));
        Assert.Equal(Verdict.Yes, duopoly.Classify(46, 26).IsDifferentialStackelberg);
    }

    [Fact]
    public void A_script_needs_neither_the_Prelude_nor_a_reference()
    {
        var game = GameScript.Load(
            Script(
                "open Stackelberg",
                "let bowl = Game.twoPlayer \"bowl\" (fun x y -> x * x) (fun x y -> y * y)"
            )
        );
        Assert.Equal([2, 4], game.Omega(1, 2));
    }

    [Fact]
    public void A_package_of_this_library_that_a_script_names_is_the_assembly_of_this_process_whatever_its_version()
    {
        var loaded = Script(
            "#r \"nuget: Stackelberg.Dsl\"",
            "open Stackelberg",
            "let bowl = Game.twoPlayer \"bowl\" (fun x y -> x * x) (fun x y -> y * y)"
        );
        File.Move(loaded, folder.Of("Bowl.fsx"));
        var game = GameScript.Load(
            Script(
                "#r \"nuget: Stackelberg.Dsl, 987.6.5\"",
                "#r \"nuget: stackelberg.experiments\"",
                "#load \"Bowl.fsx\"",
                "let bowl = Bowl.bowl"
            )
        );
        Assert.Equal([2, 4], game.Omega(1, 2));
    }

    [Fact]
    public void Where_no_build_lies_beside_the_Prelude_its_references_are_the_assemblies_of_this_process()
    {
        Directory.CreateDirectory(folder.Of("games"));
        foreach (var name in new[] { "Prelude.fsx", "bimatrix.fsx" })
        {
            File.Copy(Repository.File(Path.Combine("games", name)), folder.Of("games", name));
        }

        Assert.Equal("bimatrix", GameScript.Load(folder.Of("games", "bimatrix.fsx")).Name);
    }

    [Fact]
    public void Several_games_are_told_apart_by_name()
    {
        var path = Script(
            "open Stackelberg",
            "let first = Game.zeroSum \"one\" (fun x y -> x * y)",
            "let second = Game.zeroSum \"two\" (fun x y -> x * x - y * y)",
            "let again = second"
        );
        Assert.Equal("two", GameScript.Load(path, "second").Name);
        Assert.Equal("one", GameScript.Load(path, "one").Name);
        Assert.Equal(["one", "two"], GameScript.LoadAll(path).Select(game => game.Name));

        var fault = Fails(() => GameScript.Load(path));
        Assert.Equal(
            $"{path}: The script defines several games, first, second, again; name one of them.",
            fault.Message
        );
        Assert.Equal(["first", "second", "again"], fault.Choices);
        Assert.Equal(
            $"{path}: The script defines no game \"secnd\". Did you mean \"second\"? Its games are first, second, "
                + "again.",
            Fails(() => GameScript.Load(path, "secnd")).Message
        );
    }

    [Fact]
    public void A_game_with_two_names_is_one_game()
    {
        var path = Script(
            "open Stackelberg",
            "let first = Game.zeroSum \"one\" (fun x y -> x * y)",
            "let again = first"
        );
        Assert.Equal("one", GameScript.Load(path).Name);
    }

    [Fact]
    public void A_module_of_its_own_name_is_found_too()
    {
        var path = Script(
            "module Some.Where",
            "open Stackelberg",
            "let inside = Game.zeroSum \"one\" (fun x y -> x * y)"
        );
        Assert.Equal("one", GameScript.Load(path).Name);
    }

    [Fact]
    public void Known_points_are_loaded_with_their_game()
    {
        var known = Assert.Single(
            GameScript.LoadKnown(Repository.File(Path.Combine("games", "duopoly.fsx")))
        );
        Assert.Equal("duopoly", known.Game.Name);
        Assert.Contains(known.Points, point => point.Point is [46, 26]);
    }

    [Fact]
    public void A_script_without_a_game_says_so()
    {
        var path = Script("let x = 1");
        Assert.StartsWith(
            $"{path}: The script defines no game; bind one to a name at its top level",
            Fails(() => GameScript.Load(path)).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(GameScript.LoadAll(path));
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal(
            $"{folder.Of("no.fsx")}: There is no such file.",
            Fails(() => GameScript.Load(folder.Of("no.fsx"))).Message
        );

    [Fact]
    public void A_type_error_has_its_line_and_the_number_of_others()
    {
        var path = Script("open Stackelberg", "let a = 1 + \"x\"", "let b = nothing");
        var fault = Fails(() => GameScript.Load(path));
        Assert.Equal(2, fault.Line);
        Assert.StartsWith(
            $"{path}(2): The type 'string' does not match the type 'int'",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(" more after it)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_has_its_line_and_is_the_cause()
    {
        var path = Script(
            "open Stackelberg",
            "let a = Player.vector \"a\" 2",
            "let wrong =",
            "    game \"wrong\" {",
            "        leader a (fun q -> q[a])",
            "    }"
        );
        var fault = Fails(() => GameScript.Load(path));
        Assert.Equal(5, fault.Line);
        Assert.Contains(
            "Game \"wrong\" is not complete: - The cost of a has shape [2]",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.IsType<InvalidOperationException>(fault.InnerException);
    }

    [Theory]
    [InlineData("check \"half\" 0.5 0.6 0.01", "half is 0.5, but 0.6 ± 0.01 was expected.")]
    [InlineData("exit 3", "The script ended itself with exit 3.")]
    public void What_ends_a_script_does_not_end_the_process(string line, string message)
    {
        var prelude = Repository.File(Path.Combine("games", "Prelude.fsx"));
        var path = Script($"#load @\"{prelude}\"", "open Prelude", line);
        Assert.Equal($"{path}(3): {message}", Fails(() => GameScript.Load(path)).Message);
    }

    [Fact]
    public void The_object_fsi_is_there_as_in_dotnet_fsi()
    {
        var path = Script(
            "open Stackelberg",
            "let scale = if fsi.CommandLineArgs.Length > 1 then float fsi.CommandLineArgs[1] else 1.0",
            "fsi.AddPrinter(fun (t: Tensor) -> string t)",
            "fsi.AddPrintTransformer(fun (t: Game) -> box (string t))",
            "fsi.FloatingPointFormat <- \"g4\"",
            "fsi.FormatProvider <- System.Globalization.CultureInfo.InvariantCulture",
            "fsi.PrintWidth <- 100",
            "fsi.PrintDepth <- 3",
            "fsi.PrintLength <- 5",
            "fsi.PrintSize <- 50",
            "fsi.ShowProperties <- false",
            "fsi.ShowIEnumerable <- false",
            "fsi.ShowDeclarationValues <- false",
            "let loop = fsi.EventLoop",
            "let first = fsi.CommandLineArgs[0]",
            "let g = Game.twoPlayer first (fun x y -> scale*(x - 1.0)**2.0 + 0.0*y) (fun x y -> (y - x)**2.0)"
        );
        var game = GameScript.Load(path);
        Assert.Equal(path, game.Name);
        Assert.Equal(Verdict.Yes, game.Classify(1, 1).IsDifferentialStackelberg);
        Assert.Equal(path, GameScript.Load(path).Name);
    }

    [Fact]
    public void Fsi_is_there_beside_the_Prelude_and_in_what_a_script_loads()
    {
        var prelude = Repository.File(Path.Combine("games", "Prelude.fsx"));
        File.WriteAllLines(folder.Of("args.fsx"), ["let count = fsi.CommandLineArgs.Length"]);
        var path = Script(
            $"#load @\"{prelude}\"",
            $"#load @\"{folder.Of("args.fsx")}\"",
            "open Stackelberg",
            "let g = Game.twoPlayer $\"{fsi.CommandLineArgs.Length} {Args.count}\" (fun x y -> x * x) (fun x y -> y * y)"
        );
        Assert.Equal("1 1", GameScript.Load(path).Name);
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("if true then exit 2", 2)]
    public void A_script_that_ends_itself_without_the_Prelude_says_so(string line, int code)
    {
        var path = Script(
            "open Stackelberg",
            "let bowl = Game.twoPlayer \"bowl\" (fun x y -> x * x) (fun x y -> y * y)",
            line
        );
        Assert.Equal(
            $"{path}(3): The script ended itself with exit {code}.",
            Fails(() => GameScript.Load(path)).Message
        );
    }

    private static GameScriptException Fails(Action load) => Assert.Throws<GameScriptException>(load);

    private string Script(params string[] lines)
    {
        var path = folder.Of("script.fsx");
        File.WriteAllLines(path, lines);
        return path;
    }
}
