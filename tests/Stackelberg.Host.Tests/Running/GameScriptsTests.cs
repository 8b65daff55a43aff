using Xunit;

namespace Stackelberg.Tests;

public class GameScriptsTests
{
    [Fact]
    public void Scripts_are_found_from_a_folder_below_with_the_first_sentence_of_their_heading()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Of("games"));
        Directory.CreateDirectory(folder.Of("below"));
        File.WriteAllText(folder.Of("games", "Prelude.fsx"), "// not a game");
        File.WriteAllText(
            folder.Of("games", "torus.fsx"),
            "\n// Location on\n// the torus. Two players.\nlet x = 1\n"
        );
        File.WriteAllText(folder.Of("games", "duopoly.fsx"), "#load \"Prelude.fsx\"\n");
        Assert.Equal(
            [
                (Path.Combine("..", "games", "duopoly.fsx"), ""),
                (Path.Combine("..", "games", "torus.fsx"), "Location on the torus."),
            ],
            GameScripts.Find(folder.Of("below"))
        );
    }

    [Fact]
    public void Without_a_folder_of_games_there_are_none()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(GameScripts.Find(folder.Path));
    }
}
