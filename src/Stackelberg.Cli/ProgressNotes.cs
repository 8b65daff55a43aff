namespace Stackelberg.Cli;

/// <summary>The notes among a command's progress, and nothing else: what a file or another program gets.</summary>
/// <param name="output">Where they go; null for nowhere.</param>
internal sealed class ProgressNotes(TextWriter? output) : IProgress<RunProgress>, IDisposable
{
    private readonly Lock gate = new();
    private bool isOver;

    public void Report(RunProgress value)
    {
        lock (gate)
        {
            if (!isOver && value.Note is { } note)
            {
                output?.WriteLine(PlainText.Lines(note));
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
        }
    }
}
