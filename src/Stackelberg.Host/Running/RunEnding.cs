namespace Stackelberg;

/// <summary>How a run of an experiment ended.</summary>
public enum RunEnding
{
    /// <summary>All numbers are finite and no check failed.</summary>
    Done,

    /// <summary>A learning run is not finite where the source's is.</summary>
    NotFinite,

    /// <summary>A number differs from the source's.</summary>
    CheckFailed,

    /// <summary>The user cancelled; what was found before is kept.</summary>
    Cancelled,

    /// <summary>An exception ended it; what was found before is kept.</summary>
    Failed,
}
