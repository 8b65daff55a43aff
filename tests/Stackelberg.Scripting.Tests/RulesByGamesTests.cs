using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>Every rule on every game of <c>games/</c> against <c>games/rules-by-games.csv</c>: which converge, to what,
/// and how fast. The table is written by <c>stackelberg compare games/[a-z]*.fsx --out games/rules-by-games.csv</c>;
/// read what changed before it is committed.</summary>
[Collection("console")]
public sealed class RulesByGamesTests
{
    // Which of these it is hangs on rounding where a run is chaotic.
    private static readonly string[] unsettled = ["slow", "grows", "drifts", "cycles"];

    // Runs are 1e-9 from their limits, and the derivative is taken there by differences.
    private const double tolerance = 1e-3;

    [Fact]
    public void Which_rules_converge_to_what_and_how_fast()
    {
        var expected = CsvTable.Read(Repository.File("games/rules-by-games.csv"));
        var found = Compare();
        Assert.Equal(expected.Rows.Select(Key), found.Rows.Select(Key));

        int known = expected.IndexOf("known"),
            factor = expected.IndexOf("factor"),
            predicted = expected.IndexOf("predicted"),
            agrees = expected.IndexOf("agrees"),
            remark = expected.IndexOf("remark");
        foreach (var (old, row) in expected.Rows.Zip(found.Rows))
        {
            var name = Key(row);
            Assert.Equal((name, old[known]), (name, row[known]));
            if (old[agrees] == "true")
            {
                Assert.Equal((name, "true"), (name, row[agrees]));
                Assert.True(
                    Close(old[factor], row[factor]),
                    $"{name}: factor {row[factor]}, not {old[factor]}"
                );
                Assert.True(
                    Close(old[predicted], row[predicted]),
                    $"{name}: predicted {row[predicted]}, not {old[predicted]}"
                );
            }

            // A factor that is neither as predicted nor explained is a fault of the rule or of the analysis.
            Assert.NotEqual((name, "disagrees"), (name, row[remark]));
        }

        // Nearly all that converge linearly, of all rules, are as fast as predicted.
        Assert.True(found.Rows.Count(row => row[agrees] == "true") > 500);
    }

    [Fact]
    public void What_rules_are_attracted_by_is_what_their_sources_say()
    {
        var table = CsvTable.Read(Repository.File("games/rules-by-games.csv"));
        int rule = table.IndexOf("rule"),
            kind = table.IndexOf("came_to");
        string[] Kinds(string name) =>
            [.. table.Rows.Where(row => row[rule] == name).Select(row => row[kind]).Distinct()];

        // Leaders who foresee the answer never end at a Nash point that is no Stackelberg point.
        foreach (
            var name in new[]
            {
                "stackelberg (bestResponse)",
                "best response",
                "follow-the-ridge (bestResponse)",
            }
        )
        {
            Assert.DoesNotContain("Nash", Kinds(name));
            Assert.DoesNotContain("own point", Kinds(name));
        }

        // A differential Nash point is the only critical point that attracts these two.
        foreach (var name in new[] { "double follow-the-ridge", "local symplectic surgery 0.0001" })
        {
            Assert.DoesNotContain("critical", Kinds(name));
        }

        // Zero-sum games whose minimax point is no Nash equilibrium: simultaneous play leaves it, and the ridge leads there.
        string Cell(string game, string name) =>
            table.Rows.Single(row => row[0] == game && row[rule] == name)[kind];
        Assert.Equal("diverges", Cell("ridge 1", "simultaneous"));
        Assert.Equal("Stackelberg", Cell("ridge 1", "follow-the-ridge (none)"));
        Assert.Equal("critical", Cell("ridge 2", "simultaneous"));
        Assert.Equal("diverges", Cell("ridge 2", "follow-the-ridge (none)"));
    }

    private static CsvTable Compare()
    {
        var table = new RuleTable();
        foreach (
            var script in Directory
                .EnumerateFiles(Repository.File("games"), "*.fsx")
                .Where(path => Path.GetFileName(path) != "Prelude.fsx")
                .Order(StringComparer.Ordinal)
        )
        {
            foreach (var known in GameScript.LoadKnown(script))
            {
                table.Add(known.Game, known.Game.Compare(known.Start, known.Rate), known);
            }
        }

        return table.Csv;
    }

    private static string Key(string[] row) =>
        $"{row[0]}, {row[1]}: {(unsettled.Contains(row[2]) ? "unsettled" : row[2])}";

    private static bool Close(string expected, string found) =>
        Math.Abs(Number(expected) - Number(found)) <= tolerance;

    private static double Number(string text) =>
        double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
