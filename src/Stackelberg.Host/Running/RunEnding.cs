namespace Stackelberg;

/// <summary>How a run of an experiment ended.</summary>
public enum RunEnding
{
    /// <summary>No learning run failed and no check did.</summary>
    Done,

    /// <summary>A learning run failed: <see cref="Outcome.HasFailed"/>.</summary>
    NotFinite,

    /// <summary>A number differs from the source's.</summary>
    CheckFailed,

    /// <summary>The user cancelled; what was found before is kept.</summary>
    Cancelled,

    /// <summary>An exception ended it; what was found before is kept.</summary>
    Failed,

    /// <summary>It has not: it is still running, or was killed.</summary>
    Unfinished,
}
