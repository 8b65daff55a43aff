namespace Stackelberg;

/// <summary>All checks of a run.</summary>
/// <param name="Checks">The checks in the order of the expected values.</param>
/// <param name="WhyNone">Why nothing was checked; null if something was.</param>
/// <param name="LeftOut">How many expected values belong to parts that the settings left out.</param>
public sealed record CheckReport(IReadOnlyList<Check> Checks, string? WhyNone, int LeftOut)
{
    /// <summary>Whether no check failed.</summary>
    public bool Ok => Checks.All(check => check.Ok);
}
