namespace Stackelberg;

/// <summary>A number that the source gives.</summary>
/// <param name="Name">The name under which the experiment finds it.</param>
/// <param name="Expected">The source's number; +∞ means that it never happens.</param>
/// <param name="Tolerance">How far the found number may lie from it.</param>
/// <param name="Relative">What is allowed besides, as a part of the number's size.</param>
/// <param name="Source">Where the number stands.</param>
public sealed record ExpectedValue(
    string Name,
    double Expected,
    double Tolerance,
    double Relative,
    string Source
)
{
    /// <summary>How far the found number may lie from it in all: tolerance + relative |expected|.</summary>
    public double Allowed =>
        double.IsInfinity(Expected) ? Tolerance : Tolerance + Relative * Math.Abs(Expected);

    /// <summary>Whether a found number agrees. Not-a-number never does, and infinity only with infinity.</summary>
    /// <param name="found">The number.</param>
    public bool Accepts(double found) =>
        found == Expected
        || (double.IsFinite(Expected) && double.IsFinite(found) && Math.Abs(found - Expected) <= Allowed);
}
