namespace Stackelberg;

/// <summary>A script gave no game. The message is one line: where, what was found, and how to mend it.</summary>
public sealed class GameScriptException : Exception
{
    /// <summary>A fault at a place in a script.</summary>
    /// <param name="path">The script.</param>
    /// <param name="line">The line, from 1; null where the fault belongs to none.</param>
    /// <param name="problem">What is wrong, in one line.</param>
    /// <param name="innerException">The script's own exception, if it raised one.</param>
    public GameScriptException(string path, int? line, string problem, Exception? innerException = null)
        : base(line is { } number ? $"{path}({number}): {problem}" : $"{path}: {problem}", innerException) =>
        (Path, Line) = (path, line);

    /// <summary>A fault without a place; use the other constructors.</summary>
    public GameScriptException()
        : this("The script gave no game.") { }

    /// <summary>A fault without a place.</summary>
    /// <param name="message">One line.</param>
    public GameScriptException(string message)
        : base(message) { }

    /// <summary>A fault without a place, with its cause.</summary>
    /// <param name="message">One line.</param>
    /// <param name="innerException">The cause.</param>
    public GameScriptException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>The script.</summary>
    public string? Path { get; }

    /// <summary>The line, from 1; null where the fault belongs to none.</summary>
    public int? Line { get; }

    /// <summary>The names to choose from where the script defines several games; otherwise empty.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}
