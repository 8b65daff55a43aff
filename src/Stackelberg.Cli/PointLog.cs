using System.Text;

namespace Stackelberg.Cli;

/// <summary>What the worker of a sweep's point says, added line by line to what earlier tries said; safe to use from
/// several threads.</summary>
internal sealed class PointLog : IDisposable
{
    private readonly Lock gate = new();
    private readonly StreamWriter file;
    private bool isOver;

    /// <summary>Begins a try, with a heading of its time and its command.</summary>
    /// <param name="path">The file; what stands in it stays.</param>
    /// <param name="arguments">The arguments of the worker.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public PointLog(string path, IEnumerable<string> arguments)
    {
        file = new(path, append: true, new UTF8Encoding(false)) { AutoFlush = true };
        file.WriteLine(
            $"== {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss}Z: {PlainText.Line(string.Join(' ', arguments))}"
        );
    }

    /// <summary>Adds a line; null, the end of an output, adds nothing.</summary>
    public void Add(string? line)
    {
        lock (gate)
        {
            if (line is not null && !isOver)
            {
                file.WriteLine(line);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            file.Dispose();
        }
    }
}
