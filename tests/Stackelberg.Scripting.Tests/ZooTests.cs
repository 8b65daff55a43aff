using Xunit;

namespace Stackelberg.Tests;

/// <summary>Every game of <c>games/</c> and what is known of it.</summary>
[Collection("console")]
public sealed class ZooTests
{
    public static TheoryData<string> Scripts =>
        new(
            Directory
                .EnumerateFiles(Repository.File("games"), "*.fsx")
                .Select(path => Path.GetFileName(path))
                .Where(name => name != "Prelude.fsx")
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_analysis_says_of_every_known_point_what_is_known_of_it(string script)
    {
        var games = GameScript.LoadKnown(Repository.File(Path.Combine("games", script)));
        Assert.NotEmpty(games);
        foreach (var known in games)
        {
            Assert.Equal([], known.Faults());
            Assert.NotEmpty(known.Source);
            var field = known.Game.Omega(known.Start);
            Assert.All(field, value => Assert.True(double.IsFinite(value)));
        }
    }
}
