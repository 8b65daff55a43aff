namespace Stackelberg;

/// <summary>How far a run is, or a note that it makes on the way.</summary>
/// <param name="Stage">What is being computed.</param>
/// <param name="Fraction">From 0, the stage begins, to 1, it is done.</param>
/// <param name="Note">A line for the user; null for mere progress.</param>
/// <param name="Metric">The newest metrics in words, for instance <c>kl 0.0812</c>; null if there are none.</param>
public sealed record RunProgress(string Stage, double Fraction, string? Note = null, string? Metric = null);
