using Stackelberg.Cli;
using Xunit;

namespace Stackelberg.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    private Experiment Experiment { get; set; } = new FakeExperiment();

    private string Errors => error.ToString();

    private string[] Lines => output.ToString().Split('\n');

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_whose_checks_hold_exits_with_0_and_shows_them_and_the_folder()
    {
        Assert.Equal(0, Invoke("run", "halving", "--out", folder.Of("run")));
        Assert.Empty(Errors);
        Assert.Contains("halving begins", Lines);
        Assert.DoesNotContain(Lines, line => line.EndsWith(" %", StringComparison.Ordinal));
        Assert.Contains(Lines, line => Cells(line) is ["d1/final", "0.0625", "0.0625", "1E-12", "ok"]);
        Assert.Contains(Lines, line => Cells(line) is ["d1/never", "inf", "inf", "0", "ok"]);
        Assert.Contains(Lines, line => Cells(line) is ["d2", "halving", "4", "OutOfSteps"]);
        Assert.Contains("Checks: 4 of 4 ok.", Lines);
        Assert.Contains(
            Lines,
            line => line.StartsWith($"Run folder: {folder.Of("run")} (", StringComparison.Ordinal)
        );
        Assert.Contains($"Figure: {folder.Of("run", "figures/path.svg")}", Lines);
        Assert.True(File.Exists(folder.Of("run", "summary.json")));
    }

    [Fact]
    public void A_failed_check_exits_with_1_and_is_named()
    {
        Experiment = new FakeExperiment
        {
            Expected = new(new("whole", 7.5, 0.1, 0, "p. 1"), new("lost", 1, 0, 0, "p. 2")),
        };
        Assert.Equal(1, Invoke("run", "halving", "--out", folder.Of("run")));
        Assert.Contains(Lines, line => Cells(line) is ["whole", "7.5", "7", "0.1", "FAILED"]);
        Assert.Contains(Lines, line => Cells(line) is ["lost", "1", "not produced", "0", "FAILED"]);
        Assert.Equal("2 of 2 checks failed.\n", Errors);
    }

    [Fact]
    public void A_run_that_is_not_finite_exits_with_1()
    {
        Experiment = new FakeExperiment { Diverges = true };
        Assert.Equal(1, Invoke("run", "halving", "--out", folder.Of("run"), "d=1"));
        Assert.Equal("Not finite: d1.\n", Errors);
    }

    [Fact]
    public void Changed_settings_switch_the_checks_off_and_the_output_says_why()
    {
        Assert.Equal(0, Invoke("run", "halving", "steps=3", "--out", folder.Of("run")));
        Assert.Contains(
            "Nothing was checked: the source's numbers need the defaults, but steps differs.",
            Lines
        );
    }

    [Fact]
    public void A_selected_part_is_checked_alone()
    {
        Assert.Equal(0, Invoke("run", "halving", "d=1", "--out", folder.Of("run")));
        Assert.Contains("Checks: 3 of 3 ok.", Lines);
        Assert.Contains("1 expected values belong to parts that did not run.", Lines);
    }

    [Theory]
    [InlineData("auto", 0)]
    [InlineData("failed", 0)]
    [InlineData("all", 58)]
    public void Many_checks_are_summed_up_unless_all_are_wanted(string shown, int shownOk)
    {
        // 60 values; two of them wrong, in the groups a and b.
        var many = Enumerable
            .Range(0, 60)
            .Select(i => new ExpectedValue(
                $"{(i < 20 ? "a" : "b")}/{i}",
                i is 3 or 33 ? -1 : i,
                0,
                0,
                "p. 1"
            ))
            .ToArray();
        Experiment = new FakeExperiment
        {
            Expected = new(many),
            Last = (context, _) =>
                Array.ForEach(
                    many,
                    value =>
                        context.Found(
                            value.Name,
                            int.Parse(value.Name[2..], System.Globalization.CultureInfo.InvariantCulture)
                        )
                ),
        };
        Assert.Equal(1, Invoke("run", "halving", "--out", folder.Of("run"), "--checks", shown));
        Assert.Equal(shown == "auto", Lines.Any(line => Cells(line) is ["b", "40", "39"]));
        Assert.Contains(Lines, line => Cells(line) is ["a/3", "-1", "3", "0", "FAILED"]);
        Assert.Contains(Lines, line => Cells(line) is ["b/33", "-1", "33", "0", "FAILED"]);
        Assert.Equal(shownOk, Lines.Count(line => Cells(line) is [not "check", _, _, _, "ok"]));
        Assert.Contains(Lines, line => line.StartsWith("Checks: 58 of 60 ok.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "There is no command \"rnu\". Did you mean \"run\"? The commands are: list, run, analyze, compare, resume, sweep, report, new, doctor, completion.",
        "rnu",
        "halving"
    )]
    [InlineData(
        "There is no experiment \"halvign\". Did you mean \"halving\"? The experiments are: halving.",
        "run",
        "halvign"
    )]
    [InlineData(
        "The experiment halving has no setting \"stps\". Did you mean \"steps\"? Its settings are: steps, d, width.",
        "run",
        "halving",
        "stps=3"
    )]
    [InlineData(
        "\"steps\" is no setting; settings are written key=value, for instance steps=4.",
        "run",
        "halving",
        "steps"
    )]
    [InlineData("The setting steps is given twice; leave one out.", "run", "halving", "steps=1", "steps=2")]
    [InlineData(
        "The setting steps is \"1e3\", but a whole number from 1 to 100 is needed, for instance steps=4.",
        "run",
        "halving",
        "steps=1e3"
    )]
    [InlineData(
        "The setting d holds \"7\". Allowed are 1, 2, 3, for instance d=1,2.",
        "run",
        "halving",
        "d=1,7"
    )]
    [InlineData("The setting d names 2 twice; leave one out.", "run", "halving", "d=2,1,2")]
    [InlineData(
        "The run folder's name is empty; give one, for instance --out runs/first, or leave --out out.",
        "run",
        "halving",
        "--out",
        ""
    )]
    [InlineData(
        "run needs the name of an experiment, as in stackelberg run halving. The experiments are: halving.",
        "run"
    )]
    [InlineData(
        "The seed is \"-1\", but a whole number from 0 is needed, for instance --seed 1.",
        "run",
        "halving",
        "--seed",
        "-1"
    )]
    [InlineData(
        "The seed is given twice; leave --seed or seed= out.",
        "run",
        "halving",
        "seed=2",
        "--seed",
        "2"
    )]
    [InlineData(
        "--checks is \"some\", but auto, all or failed is needed, for instance --checks all.",
        "run",
        "halving",
        "--checks",
        "some"
    )]
    [InlineData(
        "There is no option \"--uot\". Did you mean \"--out\"? See stackelberg run --help.",
        "run",
        "halving",
        "--uot"
    )]
    [InlineData(
        "Required argument missing for option: '--out'. See stackelberg run --help.",
        "run",
        "halving",
        "--out"
    )]
    public void Wrong_input_exits_with_2_and_one_line_that_says_how_to_mend_it(
        string message,
        params string[] arguments
    )
    {
        Assert.Equal(2, Invoke(arguments));
        Assert.Equal(message + "\n", Errors);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_exits_with_2()
    {
        File.WriteAllText(folder.Of("file"), "");
        var below = folder.Of("file", "run");
        Assert.Equal(2, Invoke("run", "halving", "--out", below));
        Assert.StartsWith($"The folder {below} cannot be written: ", Errors, StringComparison.Ordinal);
        Assert.EndsWith(" Choose another folder with --out.\n", Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_holds_a_run_exits_with_2()
    {
        Assert.Equal(0, Invoke("run", "halving", "--out", folder.Of("run")));
        Assert.Equal(2, Invoke("run", "halving", "--out", folder.Of("run")));
        Assert.Equal(
            $"The folder {folder.Of("run")} already holds a run, which is never overwritten. "
                + "Choose another folder with --out.\n",
            Errors
        );
    }

    [Fact]
    public void A_cancelled_run_exits_with_130_and_says_where_its_part_is()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Equal(130, Invoke(source.Token, "run", "halving", "--out", folder.Of("run")));
        Assert.Equal(
            $"Cancelled. What was found until then is in {folder.Of("run")}. "
                + "There is no checkpoint to go on from: run it again.\n",
            Errors
        );
        Assert.True(File.Exists(folder.Of("run", "summary.json")));
    }

    [Fact]
    public void An_unexpected_error_is_one_line_and_the_trace_is_shown_on_demand()
    {
        Experiment = new FakeExperiment
        {
            Last = (_, _) => throw new NotSupportedException("No such thing."),
        };
        Assert.Equal(1, Invoke("run", "halving", "--out", folder.Of("a")));
        Assert.Equal("Unexpected NotSupportedException: No such thing. (--trace shows where.)\n", Errors);
        error.GetStringBuilder().Clear();
        Assert.Equal(1, Invoke("run", "halving", "--out", folder.Of("b"), "--trace"));
        Assert.Contains("   at Stackelberg.ExperimentRunner.Run", Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_reads_a_configuration_back_and_the_command_line_goes_before_it()
    {
        Assert.Equal(0, Invoke("run", "halving", "steps=6", "d=2", "--seed=9", "--out", folder.Of("a")));
        var config = folder.Of("a", "config.json");
        Assert.Equal(0, Invoke("run", "halving", "--config", config, "--out", folder.Of("b")));
        Assert.Equal(
            RunResult.Read(folder.Of("a")).Configuration.Identity,
            RunResult.Read(folder.Of("b")).Configuration.Identity
        );
        Assert.Equal(
            0,
            Invoke("run", "halving", "steps=5", "seed=2", "--config", config, "--out", folder.Of("c"))
        );
        Assert.Equal(
            """{"experiment":"halving","experimentVersion":1,"seed":2,"settings":{"d":"2","steps":"5","width":"300"}}""",
            RunResult.Read(folder.Of("c")).Configuration.Canonical
        );
    }

    [Theory]
    [InlineData(
        """{ "experiment": "torus" }""",
        "The configuration FILE is one of the experiment torus, not of halving: stackelberg run torus --config FILE."
    )]
    [InlineData(
        """{ "settings": { "stesp": 3 } }""",
        "The experiment halving has no setting \"stesp\". Did you mean \"steps\"? Its settings are: steps, d, width."
    )]
    [InlineData(
        "steps=3",
        "The configuration FILE is no JSON (line 1); needed is { \"seed\": 1, \"settings\": { \"steps\": \"100\" } }"
    )]
    public void A_wrong_configuration_exits_with_2(string text, string message)
    {
        var file = folder.Of("file.json");
        File.WriteAllText(file, text);
        Assert.Equal(2, Invoke("run", "halving", "--config", file, "--out", folder.Of("run")));
        Assert.Equal(message.Replace("FILE", file, StringComparison.Ordinal) + "\n", Errors);
        Assert.False(Directory.Exists(folder.Of("run")));
    }

    [Fact]
    public void A_configuration_that_is_not_there_exits_with_2()
    {
        Assert.Equal(2, Invoke("run", "halving", "--config", folder.Of("no.json")));
        Assert.StartsWith(
            $"The configuration {folder.Of("no.json")} cannot be read: ",
            Errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_stopped_run_says_how_to_go_on_and_resume_does_so()
    {
        using var source = new CancellationTokenSource();
        Experiment = new StoppableExperiment
        {
            BeforeStep = done =>
            {
                if (done == 40)
                {
                    source.Cancel();
                }
            },
        };
        var run = folder.Of("run");
        Assert.Equal(130, Invoke(source.Token, "run", "logistic", "--out", run));
        Assert.Equal(
            $"Cancelled. What was found until then is in {run}. To go on: stackelberg resume {run}\n",
            Errors
        );
        Experiment = new StoppableExperiment();
        Assert.Equal(0, Invoke("resume", run));
        Assert.Equal(19, ((StoppableExperiment)Experiment).Done);
        error.GetStringBuilder().Clear();
        Assert.Equal(2, Invoke("resume", run));
        Assert.Equal($"The run in {run} is over (done); there is nothing to resume.\n", Errors);
    }

    [Fact]
    public void A_report_is_written_into_the_run_folder()
    {
        Assert.Equal(0, Invoke("run", "halving", "--out", folder.Of("run")));
        Assert.Equal(0, Invoke("report", folder.Of("run")));
        Assert.Contains($"Report: {folder.Of("run", "report.html")}", Lines);
        Assert.Equal(0, Invoke("report", folder.Of("run"), folder.Of("run"), "--out", folder.Of("two.html")));
        Assert.StartsWith(
            "<!DOCTYPE html>",
            File.ReadAllText(folder.Of("two.html")),
            StringComparison.Ordinal
        );
        Assert.Equal(2, Invoke("report", folder.Path));
        Assert.Equal(
            $"{folder.Path} is no run folder: it has no config.json. stackelberg run makes run folders.\n",
            Errors
        );
    }

    [Fact]
    public void The_seed_may_be_given_either_way()
    {
        foreach (var (name, seed) in new[] { ("a", "--seed=9"), ("b", "seed=9") })
        {
            Assert.Equal(0, Invoke("run", "halving", seed, "--out", folder.Of(name)));
            Assert.Contains(
                "\"seed\": 9,",
                File.ReadAllText(folder.Of(name, "config.json")),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void The_list_has_a_line_for_each_experiment()
    {
        Assert.Equal(0, Invoke("list"));
        Assert.Equal("Experiments (stackelberg run <experiment>):", Lines[0]);
        Assert.Equal("  halving  Halves a number", Lines[1]);
        Assert.Equal("Games (dotnet fsi <script>):", Lines[2]);
    }

    [Fact]
    public void An_experiment_is_described_with_its_settings()
    {
        Assert.Equal(0, Invoke("list", "halving"));
        Assert.Equal(
            [
                "halving: Halves a number",
                "Source: Zeno, Paradoxes",
                "Settings (key=value):",
                "  steps=4    how many steps (a whole number from 1 to 100) [changing it switches the checks off]",
                "  d=1,2      the dimensions (a list of 1, 2, 3)",
                "  width=300  the figure's width, in pixels (a finite number above 0)",
                "  seed=1     the seed of the random numbers [changing it switches the checks off]",
                "",
            ],
            Lines
        );
    }

    [Fact]
    public void A_point_of_a_game_gets_its_report_card()
    {
        Assert.Equal(0, Invoke("analyze", Script(duopoly), "--at", "46, 26"));
        Assert.Equal("duopoly at (46, 26)", Lines[0]);
        Assert.Contains("  differential Stackelberg     yes", Lines);
        Assert.Contains("  differential Nash            no", Lines);
        Assert.Empty(Errors);
    }

    [Fact]
    public void Without_a_point_the_critical_points_of_both_fields_are_searched()
    {
        Assert.Equal(0, Invoke("analyze", Script("printfn \"loud\"", duopoly)));
        // Nothing lies within 10, so that the next size is searched.
        Assert.Equal("duopoly, Stackelberg play, unbounded entries from -100 to 100:", Lines[0]);
        Assert.Contains("duopoly at (46, 26)", Lines);
        Assert.Contains("duopoly, Nash play, unbounded entries from -100 to 100:", Lines);
        Assert.Contains("duopoly at (30.66667, 33.66667)", Lines);
        Assert.DoesNotContain("loud", Lines);
    }

    [Fact]
    public void Under_constraints_multipliers_and_better_answers_are_told()
    {
        // The answer near 1 is a local one: the well near -1 is deeper.
        var wells = Script(
            "let x, y = Player.scalar \"x\", Player.scalar \"y\"",
            "let wells =",
            "    game \"wells\" {",
            "        leader x (fun q -> (q[x] - 2.0) ** 2 + q[y])",
            "        follower y (fun q -> (q[y] ** 2 - 1.0) ** 2 + 0.2 * q[y])",
            "        subjectTo x \"budget\" (fun q -> q[x] - 1.0)",
            "    }"
        );
        Assert.Equal(0, Invoke("analyze", wells, "--concept", "stackelberg", "--within", "3"));
        Assert.Contains(
            Lines,
            line =>
                line.StartsWith(
                    "  active                       budget of x: multiplier 2",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            Lines,
            line =>
                line.StartsWith(
                    "  answer                       y: a local answer only",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            Lines,
            line =>
                line.StartsWith(
                    "  answer                       y: no better answer",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void One_concept_and_one_game_may_be_asked_for()
    {
        var script = Script(duopoly, "let other = Game.zeroSum \"other\" (fun x y -> x * x - y * y)");
        Assert.Equal(0, Invoke("analyze", script, "--game", "other", "--concept", "nash"));
        Assert.Equal("other, Nash play, unbounded entries from -10 to 10:", Lines[0]);
        Assert.DoesNotContain(Lines, line => line.Contains("Stackelberg play,", StringComparison.Ordinal));
    }

    [Fact]
    public void The_search_may_be_narrowed_and_keeps_to_the_players_bounds()
    {
        var script = Script(
            "let a = Player.scalar \"a\" |> Player.bounded 50.0 infinity",
            "let well = game \"well\" { player a (fun q -> (q[a] - 60.0) ** 2) }"
        );
        Assert.Equal(0, Invoke("analyze", script, "--concept", "nash", "--within", "20"));
        Assert.Contains("well at (60)", Lines);
    }

    [Theory]
    [InlineData("--at holds \"x\", but a finite number is needed, for instance --at 46,26.", "--at", "1,x")]
    [InlineData(
        "--at holds \"nan\", but a finite number is needed, for instance --at 46,26.",
        "--at",
        "1,nan"
    )]
    [InlineData("--at holds 1 numbers, but 2 are needed for box: x1 [] > a [].", "--at", "1")]
    [InlineData(
        "--at holds 2 for a, but a number from 0 to 1 is needed: the game bounds this player.",
        "--at",
        "1,2"
    )]
    [InlineData(
        "--concept is \"foo\", but nash or stackelberg is needed, for instance --concept nash.",
        "--concept",
        "foo"
    )]
    [InlineData("--within is -1, but a number above 0 is needed, for instance --within 20.", "--within=-1")]
    [InlineData(
        "--at excludes --concept and --within: the report of a point covers both concepts.",
        "--at",
        "1,1",
        "--concept",
        "nash"
    )]
    public void Wrong_input_to_analyze_is_one_line_and_exits_with_2(string message, params string[] options)
    {
        var script = Script(
            "let x1, a = Player.scalar \"x1\", Player.scalar \"a\" |> Player.bounded 0.0 1.0",
            "let box =",
            "    game \"box\" {",
            "        leader x1 (fun q -> q[x1] ** 2)",
            "        follower a (fun q -> q[a] * q[x1])",
            "    }"
        );
        Assert.Equal(2, Invoke(["analyze", script, .. options]));
        Assert.Equal(message + "\n", Errors);
        Assert.Empty(output.ToString());
    }

    private static readonly string[] knownDuopoly =
    [
        duopoly,
        "let known = duopoly |> Known.game \"here\" [ 10.0; 10.0 ] 0.1 [",
        "    Known.point [ 46.0; 26.0 ] [ Trait.DifferentialStackelberg; Trait.StableStackelberg ] ]",
    ];

    [Fact]
    public void Rules_are_compared_from_the_scripts_start_and_rate_and_written_as_csv()
    {
        var file = Path.Combine(folder.Path, "rules.csv");
        Assert.Equal(
            0,
            Invoke(
                "compare",
                Script(knownDuopoly),
                "--rules",
                "Simultaneous,stackelberg (best",
                "--out",
                file
            )
        );
        Assert.Equal("duopoly, from (10, 10) at rate 0.1:", Lines[0]);
        var table = Files.CsvTable.Read(file);
        Assert.Equal(["simultaneous", "stackelberg (bestResponse)"], table.Rows.Select(row => row[1]));
        Assert.Equal(["Nash", "Stackelberg"], table.Rows.Select(row => row[2]));
        Assert.Equal(["", "1"], table.Rows.Select(row => row[3]));
        Assert.Equal("46 26", table.Rows[1][4]);
        Assert.All(table.Rows, row => Assert.Equal("true", row[table.IndexOf("agrees")]));
    }

    [Fact]
    public void A_game_without_known_points_is_compared_from_a_start_that_is_given()
    {
        Assert.Equal(
            0,
            Invoke("compare", Script(duopoly), "--start", "10,10", "--rate", "0.2", "--rules", "simultaneous")
        );
        Assert.Equal("duopoly, from (10, 10) at rate 0.2:", Lines[0]);
        Assert.Contains(Lines, line => line.Contains("Nash", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "does not say where runs begin (it has no Known.game); give --start, for instance --start 1,1."
    )]
    [InlineData("There is no rule \"simultanous\". Did you mean \"simultaneous\"?", "--rules", "simultanous")]
    [InlineData("--start holds 1 numbers, but 2 are needed", "--start", "1")]
    [InlineData("--start holds \"x\", but a finite number is needed", "--start", "1,x")]
    [InlineData("--rules is \" , \", but beginnings of rules' names are needed", "--rules", " , ")]
    [InlineData("--rate is \"0\", but a number above 0 is needed", "--rate", "0")]
    [InlineData(
        "--steps is \"0\", but a whole number from 1 to 1000000000 is needed, for instance --steps 20000.",
        "--steps",
        "0"
    )]
    public void Wrong_input_to_compare_is_one_line_and_exits_with_2(string message, params string[] options)
    {
        Assert.Equal(2, Invoke(["compare", Script(duopoly), .. options]));
        Assert.Contains(message, Errors, StringComparison.Ordinal);
        Assert.Single(Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_script_that_gives_no_game_is_one_line_and_exits_with_2()
    {
        var faulty = Script("let a = 1 + \"x\"");
        Assert.Equal(2, Invoke("analyze", faulty));
        Assert.StartsWith($"{faulty}(2): The type 'string' does not match", Errors, StringComparison.Ordinal);
        Assert.Single(Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Several_games_are_named_with_the_option_that_chooses()
    {
        var script = Script(duopoly, "let other = Game.zeroSum \"other\" (fun x y -> x * x - y * y)");
        Assert.Equal(2, Invoke("analyze", script));
        Assert.Equal(
            $"{script}: The script defines several games, duopoly, other; name one of them. For instance --game "
                + "duopoly.\n",
            Errors
        );
    }

    [Theory]
    [InlineData("Exit codes: 0 done; 1 ")]
    [InlineData("--out <DIR>", "run", "--help")]
    [InlineData("--seed <N>", "run", "--help")]
    [InlineData("--trace", "list", "--help")]
    public void Help_is_shown_and_exits_with_0(string words, params string[] arguments)
    {
        Assert.Equal(0, Invoke(arguments));
        Assert.Contains(words, output.ToString(), StringComparison.Ordinal);
        Assert.Empty(Errors);
    }

    private const string duopoly =
        "let duopoly = Game.twoPlayer \"duopoly\" (fun a b -> -(95.0 - a - b) * a) (fun a b -> -(98.0 - a - b) * b)";

    private string Script(params string[] lines)
    {
        var path = folder.Of("script.fsx");
        File.WriteAllLines(path, ["open Stackelberg", .. lines]);
        return path;
    }

    /// <summary>The cells of a table's row; none for any other line.</summary>
    private static string[] Cells(string line) =>
        line.StartsWith('|') ? line.Split('|', StringSplitOptions.TrimEntries)[1..^1] : [];

    private int Invoke(params string[] arguments) => Invoke(CancellationToken.None, arguments);

    private int Invoke(CancellationToken cancellation, params string[] arguments) =>
        CommandLine.Invoke(
            arguments,
            new Terminal(output, error, isInteractive: false, new ManualClock()),
            new ExperimentTable(Experiment),
            cancellation
        );
}
