using System.Text.RegularExpressions;
using Xunit;

namespace Stackelberg.Tests.Facade;

/// <summary>The README's C# snippet, compiled as it stands; a test compares this source with the README.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_snippet_reaches_the_Stackelberg_equilibrium()
    {
        // csharpier-ignore-start
        // snippet: begin
        var duopoly = Game.TwoPlayer("duopoly",
            (q1, q2) => -(100 - q1 - q2 - 5) * q1,
            (q1, q2) => -(100 - q1 - q2 - 2) * q2);
        Run run = Learner.Stackelberg().WithSteps(5000).WithRates(k => 1.0 / k, k => Math.Pow(k, -2.0 / 3)).Run(duopoly, [10, 10]);
        // snippet: end
        // csharpier-ignore-end

        Assert.True(run.Outcome.IsOutOfSteps);
        double[] final = run.Final.ToArray();
        Assert.Equal(46.0, final[0], 0.01);
        Assert.Equal(26.0, final[1], 0.01);
        Assert.Equal(Verdict.Yes, duopoly.Classify(46, 26).IsDifferentialStackelberg);
    }

    [Fact]
    public void The_README_shows_the_same_snippet()
    {
        string source = File.ReadAllText(
            Repository.File("tests/Stackelberg.Host.Tests/Facade/ReadmeTests.cs")
        );
        string readme = File.ReadAllText(Repository.File("README.md"));
        string compiled = Regex
            .Match(source, "// snippet: begin\n(.*?)// snippet: end", RegexOptions.Singleline)
            .Groups[1]
            .Value;
        string shown = Regex
            .Match(readme, "```csharp\nusing Stackelberg;\n(.*?)```", RegexOptions.Singleline)
            .Groups[1]
            .Value;
        Assert.NotEqual("", shown);
        Assert.Equal(Words(compiled), Words(shown));
    }

    private static string Words(string code) => Regex.Replace(code, @"\s+", " ").Trim();
}
