namespace Stackelberg.Cli;

/// <summary>Has the last word where a script ends the process, so that it never ends without one.</summary>
/// <remarks>It is left by the thread that waits for the script, whatever the script's own thread does.</remarks>
internal sealed class ExitGuard : IDisposable
{
    private const string showCursor = "\u001b[?25h";

    private readonly Terminal terminal;
    private readonly CancellationToken cancellation;
    private volatile string script = "";

    public ExitGuard(Terminal terminal, CancellationToken cancellation)
    {
        (this.terminal, this.cancellation) = (terminal, cancellation);
        AppDomain.CurrentDomain.ProcessExit += Say;
    }

    /// <summary>Does something with a script and its games; what they raise is said of the script.</summary>
    /// <param name="path">The script, as the user wrote it.</param>
    /// <param name="work">Loads games from it and uses them.</param>
    /// <exception cref="UserInputException">The script, or a cost of its games, is at fault.</exception>
    public T Run<T>(string path, Func<T> work)
    {
        script = path;
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is not UserInputException && Blame(fault) is { } blamed)
        {
            throw new UserInputException(blamed.Message, blamed);
        }

        GameScriptException? Blame(Exception fault) => GameScript.Blame(path, fault);
    }

    public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= Say;

    private void Say(object? sender, EventArgs arguments)
    {
        // A second signal ends the process as well.
        if (cancellation.IsCancellationRequested)
        {
            return;
        }

        if (terminal.IsInteractive)
        {
            terminal.Line(showCursor);
        }

        terminal.Fault(
            $"{script}: The script ended the process, as Environment.Exit does; leave that out, for nothing can be said of its "
                + "games then."
        );
        Environment.ExitCode = Cli.ExitCode.WrongInput;
    }
}
