namespace Stackelberg.Cli;

/// <summary>What <c>analyze --json</c> prints.</summary>
/// <param name="Command">The command's word.</param>
/// <param name="Game">The game's name.</param>
/// <param name="IsComplete">Whether it was not cancelled.</param>
/// <param name="Point">The point that was asked for; null where points were searched.</param>
/// <param name="Searches">The searches; none where a point was asked for.</param>
internal sealed record AnalyzeDocument(
    string Command,
    string? Game,
    bool IsComplete,
    PointDocument? Point,
    SearchDocument[] Searches
);

/// <summary>A search for critical points.</summary>
/// <param name="Concept">nash or stackelberg.</param>
/// <param name="Radius">How far from 0 entries without bounds were searched; null where all have bounds.</param>
/// <param name="Starts">How many starts it made.</param>
/// <param name="Points">The isolated points.</param>
/// <param name="Continua">Some points of sets that are not isolated.</param>
/// <param name="Kinks">Where the field jumps over zero, in words.</param>
internal sealed record SearchDocument(
    string Concept,
    double? Radius,
    int Starts,
    PointDocument[] Points,
    PointDocument[] Continua,
    string[] Kinks
);
