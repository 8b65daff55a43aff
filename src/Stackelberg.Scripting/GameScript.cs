namespace Stackelberg;

/// <summary>Loads the games that F# scripts define into this process.</summary>
/// <remarks>
/// <para>The script runs as a whole, from its first line to its last, on the assemblies that this process has loaded:
/// its games are games of this process. The lines of <c>games/Prelude.fsx</c> find these assemblies, and need no build
/// of their own; a script without any <c>#r</c> finds them too, and
/// <c>#r "nuget: Stackelberg.Dsl"</c> means them. The symbol <c>HOSTED</c> is defined while it runs.</para>
/// <para>What the script prints is dropped: while it runs, the process's <see cref="Console.Out"/> and
/// <see cref="Console.Error"/> are replaced, and other loads wait. <c>exit</c> in a script is an exception; a script that calls
/// <c>Environment.Exit</c> ends the process.</para>
/// <para>A script is compiled once: the program stays in the user's cache folder (the environment variable
/// <c>STACKELBERG_CACHE</c> names another) until the script, what it loads, or this library changes. The first compilation in a
/// process takes about 3 s, each other half a second. What was loaded stays in memory until the process ends.</para>
/// </remarks>
/// <example>
/// <code>
/// Game duopoly = GameScript.Load("games/duopoly.fsx");
/// Report report = duopoly.Classify(46, 26); // a differential Stackelberg equilibrium
/// </code>
/// </example>
public static class GameScript
{
    /// <summary>The game that a script defines at its top level.</summary>
    /// <param name="path">The script.</param>
    /// <exception cref="GameScriptException">There is no such file, it does not compile, it raises an exception, or it
    /// defines no game or several.</exception>
    public static Game Load(string path)
    {
        var games = Named(path);
        return games.DistinctBy(game => game.Value).ToArray() switch
        {
            [var only] => only.Value,
            [] => throw new GameScriptException(path, null, NoGame),
            _ => throw new GameScriptException(
                path,
                null,
                $"The script defines several games, {Names(games)}; name one of them."
            )
            {
                Choices = [.. games.Select(game => game.Name)],
            },
        };
    }

    /// <summary>One of the games that a script defines at its top level.</summary>
    /// <param name="path">The script.</param>
    /// <param name="name">The value's name in the script, or else the game's own name.</param>
    /// <exception cref="GameScriptException">There is no such file, it does not compile, it raises an exception, or it
    /// defines no game of this name.</exception>
    public static Game Load(string path, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var games = Named(path);
        var found =
            games.LastOrDefault(game => game.Name == name)
            ?? games.LastOrDefault(game => game.Value.Name == name);
        return found?.Value
            ?? throw new GameScriptException(
                path,
                null,
                games.Length == 0
                    ? NoGame
                    : $"The script defines no game \"{name}\"."
                        + Suggestion.For(name, games.Select(game => game.Name))
                        + $" Its games are {Names(games)}."
            );
    }

    /// <summary>Every game that a script defines at its top level, in the order of the script; a game with two names
    /// once.</summary>
    /// <param name="path">The script.</param>
    /// <exception cref="GameScriptException">There is no such file, it does not compile, or it raises an
    /// exception.</exception>
    public static IReadOnlyList<Game> LoadAll(string path) =>
        [.. Named(path).Select(game => game.Value).Distinct()];

    /// <summary>The games with known points that a script defines at its top level, in the order of the
    /// script.</summary>
    /// <param name="path">The script, for instance one of <c>games/</c>.</param>
    /// <returns>Every value of type <see cref="KnownGame"/>.</returns>
    /// <exception cref="GameScriptException">There is no such file, it does not compile, or it raises an
    /// exception.</exception>
    public static IReadOnlyList<KnownGame> LoadKnown(string path) =>
        [.. ScriptRun.TopLevelValues<KnownGame>(path).Select(known => known.Value)];

    /// <summary>What an exception says of a script whose game was in use: where in the script it comes from, and which player's
    /// cost raised it.</summary>
    /// <param name="path">The script that the game is from.</param>
    /// <param name="fault">What a function of the game raised, for instance a <see cref="CostException"/>.</param>
    /// <returns>One line with the place; null if no line of a script and no cost has a part in it.</returns>
    public static GameScriptException? Blame(string path, Exception fault)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(fault);
        return ScriptFault.Later(path, fault);
    }

    private const string NoGame =
        "The script defines no game; bind one to a name at its top level, as in let duopoly = game \"duopoly\" { … }.";

    private static TopLevelValue<Game>[] Named(string path) => ScriptRun.TopLevelValues<Game>(path);

    private static string Names(IEnumerable<TopLevelValue<Game>> games) =>
        string.Join(", ", games.Select(game => game.Name));
}
