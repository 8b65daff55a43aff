using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Stackelberg;

/// <summary>Finds the place in a script that an exception comes from.</summary>
internal static partial class ScriptFault
{
    private const string Extension = ".fsx";

    /// <summary>What an exception says of a script: the innermost place in it, or else in one that it loads, where the user can
    /// mend it.</summary>
    /// <param name="path">The script, as the caller wrote it.</param>
    /// <param name="fault">What was raised while it ran.</param>
    public static GameScriptException Of(string path, Exception fault)
    {
        var cause = Plain(fault);
        var frame = Place(path, cause);
        return new(
            Shown(path, frame?.GetFileName()),
            frame?.GetFileLineNumber(),
            OneLine(cause.Message),
            cause
        );
    }

    /// <summary>The same of an exception that a game raised after its script had run; null if the script has no part in
    /// it.</summary>
    public static GameScriptException? Later(string path, Exception fault)
    {
        var cause = Plain(fault);
        if (cause is OperationCanceledException)
        {
            return null;
        }

        // A cost names its player; where it failed, what it raised knows.
        var inner = cause is CostException { InnerException: { } raised } ? raised : cause;
        var frame = Place(path, inner) ?? Place(path, cause);
        return frame is null && cause is not CostException
            ? null
            : new(
                Shown(path, frame?.GetFileName()),
                frame?.GetFileLineNumber(),
                OneLine(cause is CostException ? cause.Message : $"{cause.GetType().Name}: {cause.Message}"),
                cause
            );
    }

    /// <summary>A file's name as the caller would write it.</summary>
    public static string Shown(string path, string? file) =>
        file is null || Path.GetFullPath(path) == file ? path : file;

    public static string OneLine(string text) => Whitespace().Replace(text.Trim(), " ");

    private static Exception Plain(Exception fault) =>
        fault is TargetInvocationException or AggregateException or TypeInitializationException
        && fault.InnerException is { } inner
            ? Plain(inner)
            : fault;

    private static StackFrame? Place(string path, Exception cause)
    {
        StackFrame[] frames =
        [
            .. new StackTrace(cause, fNeedFileInfo: true)
                .GetFrames()
                .Where(frame => Path.GetExtension(frame.GetFileName()) == Extension),
        ];
        var full = Path.GetFullPath(path);
        return Array.Find(frames, frame => frame.GetFileName() == full) ?? frames.FirstOrDefault();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
