using System.CommandLine;
using System.CommandLine.Completions;

namespace Stackelberg.Cli;

/// <summary>What a shell offers where a name is to be written.</summary>
internal static class Completions
{
    /// <summary>The game scripts of the nearest games folder, with what they show.</summary>
    public static IReadOnlyList<(string Path, string Title)> GameLines() =>
        GameScripts.Find(Directory.GetCurrentDirectory());

    /// <summary>The paths of these scripts.</summary>
    public static IEnumerable<CompletionItem> Games(CompletionContext context) =>
        GameLines().Select(game => new CompletionItem(game.Path, detail: game.Title));

    /// <summary>The experiments' names.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Experiments(
        ExperimentTable experiments
    ) => _ => experiments.Lines.Select(line => new CompletionItem(line.Name, detail: line.Title));

    /// <summary>The settings of the experiment that was named, and the seed, each with an equals sign.</summary>
    /// <remarks>Of the published experiments alone: the Tab key runs no script that the user wrote.</remarks>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Settings(
        ExperimentTable experiments,
        Argument<string> name
    ) =>
        context =>
        {
            // It may not be written yet.
            var wanted = context.ParseResult.GetResult(name)?.Tokens is [var token, ..] ? token.Value : null;
            if (wanted is null || experiments.Lines.All(line => line.Name != wanted))
            {
                return [];
            }

            try
            {
                return experiments
                    .Find(wanted)
                    .Settings.Select(setting => (setting.Key, setting.Description))
                    .Append((SettingArguments.SeedKey, "the seed of the random numbers"))
                    .Select(setting => new CompletionItem($"{setting.Item1}=", detail: setting.Item2));
            }
            catch (UserInputException)
            {
                // What is wrong is said when the command is run.
                return [];
            }
        };
}
