namespace Stackelberg.Cli;

/// <summary>Times in words.</summary>
internal static class Duration
{
    /// <summary>For instance <c>about 2 min left</c>.</summary>
    public static string Left(TimeSpan time) => $"about {Words(time)} left";

    /// <summary>For instance <c>8 s</c>, <c>2 min</c> or <c>1 h 5 min</c>; never less than a second.</summary>
    public static string Words(TimeSpan time) =>
        time.TotalSeconds < 99.5 ? $"{Math.Max(1, Math.Round(time.TotalSeconds)):0} s"
        : time.TotalMinutes < 99.5 ? $"{Math.Round(time.TotalMinutes):0} min"
        : $"{Math.Floor(time.TotalHours):0} h {time.Minutes} min";
}
