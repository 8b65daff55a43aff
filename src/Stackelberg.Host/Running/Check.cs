namespace Stackelberg;

/// <summary>A found number beside the source's.</summary>
/// <param name="Name">The number's name.</param>
/// <param name="Expected">What the source gives.</param>
/// <param name="Actual">What was found; null if the run found no number of this name.</param>
/// <param name="Tolerance">How far apart they may lie in all.</param>
/// <param name="Ok">Whether they agree.</param>
/// <param name="Source">Where the source's number stands.</param>
public sealed record Check(
    string Name,
    double Expected,
    double? Actual,
    double Tolerance,
    bool Ok,
    string Source
);
