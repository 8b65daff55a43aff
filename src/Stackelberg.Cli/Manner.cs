using System.CommandLine;

namespace Stackelberg.Cli;

/// <summary>How much a command says, and in which form.</summary>
/// <param name="IsJson">The results are one JSON document, alone on the output.</param>
/// <param name="IsQuiet">Results and faults alone: no progress, no notes, no hints.</param>
/// <param name="IsVerbose">Progress even where no person reads along, and every check.</param>
internal sealed record Manner(bool IsJson = false, bool IsQuiet = false, bool IsVerbose = false)
{
    private const string json = "--json";
    private const string quiet = "--quiet";
    private const string verbose = "--verbose";

    /// <summary>The option <c>--json</c> of a command.</summary>
    public static Option<bool> JsonOption() =>
        new(json)
        {
            Description =
                "Print the results as one JSON document, and all else on the error output. A number that is not finite is "
                + "\"NaN\", \"Infinity\" or \"-Infinity\".",
        };

    /// <summary>The options of every command.</summary>
    public static Option<bool>[] CommonOptions() =>
        [
            new(quiet, "-q")
            {
                Description = "Results and faults alone: no progress, notes or hints.",
                Recursive = true,
            },
            new(verbose, "-v")
            {
                Description = "Progress even into a file or a pipe, and every check.",
                Recursive = true,
            },
        ];

    /// <summary>What a command line asks for.</summary>
    /// <exception cref="UserInputException">It asks for more and for less.</exception>
    public static Manner Of(ParseResult parsed)
    {
        var manner = new Manner(Has(json), Has(quiet), Has(verbose));
        return manner is { IsQuiet: true, IsVerbose: true }
            ? throw new UserInputException($"{quiet} excludes {verbose}; leave one out.")
            : manner;

        bool Has(string name) =>
            parsed
                .CommandResult.Command.Options.Concat(parsed.RootCommandResult.Command.Options)
                .OfType<Option<bool>>()
                .FirstOrDefault(option => option.Name == name)
                is { } found
            && parsed.GetValue(found);
    }
}
