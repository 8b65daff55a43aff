namespace Stackelberg.Sweeps;

/// <summary>Something that happened in a sweep.</summary>
/// <param name="Point">The point that it happened to.</param>
/// <param name="Result">What became of it; null if it begins.</param>
/// <param name="IsPutOff">Whether it had begun, but another process has it, and it is tried again later.</param>
internal sealed record SweepProgress(SweepPoint Point, SweepResult? Result, bool IsPutOff = false);
