namespace Stackelberg.Cli;

/// <summary>What the command says to the shell.</summary>
internal static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Done = 0;

    /// <summary>A run is not finite, a check failed, a file cannot be read or written, or something unexpected happened.</summary>
    public const int Failed = 1;

    /// <summary>The user's input is wrong.</summary>
    public const int WrongInput = 2;

    /// <summary>Cancelled, by Ctrl-C or a request to terminate: 128 and the signal's number, as shells say it.</summary>
    public const int Cancelled = 130;

    /// <summary>What a sweep's worker says to it where another process has the run folder: the point is tried again later.</summary>
    public const int Taken = 75;

    /// <summary>What a run's ending means.</summary>
    public static int Of(RunEnding ending) =>
        ending switch
        {
            RunEnding.Done => Done,
            RunEnding.Cancelled => Cancelled,
            _ => Failed,
        };
}
