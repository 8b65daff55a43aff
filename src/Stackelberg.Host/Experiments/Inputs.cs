namespace Stackelberg.Experiments;

/// <summary>What the settings of several experiments have in common.</summary>
internal static class Inputs
{
    /// <summary>The value of a noise or rate setting that stands for the published one.</summary>
    public const string Published = "published";

    /// <summary>The steps of runs whose every point is kept.</summary>
    public static SettingType Steps { get; } = SettingType.Whole(1, 1_000_000);

    /// <summary>The published noise, or a standard deviation.</summary>
    public static SettingType Noise { get; } = SettingType.WordOr(Published, SettingType.AtLeast(0));

    /// <summary>The deviation that the setting "noise" gives, or null for the published noise.</summary>
    /// <param name="context">The experiment's context.</param>
    public static double? GetNoise(this ExperimentContext context) =>
        context.GetText("noise") == Published ? null : context.GetDouble("noise");

    /// <summary>Refuses more steps than the published noise has.</summary>
    /// <param name="settings">The settings, with "noise" and "steps" among them.</param>
    /// <param name="publishedSteps">So many steps the published noise has.</param>
    /// <exception cref="UserInputException">There are more.</exception>
    public static void ValidateNoise(this SettingValues settings, int publishedSteps)
    {
        if (settings.Text("noise") == Published && settings.Int("steps") > publishedSteps)
        {
            throw new UserInputException(
                $"The setting steps is {settings.Int("steps")}, but the published noise has {publishedSteps} steps; "
                    + "give noise=0.1, or another standard deviation, as well."
            );
        }
    }
}
