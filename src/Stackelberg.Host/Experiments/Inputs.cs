using System.Globalization;

namespace Stackelberg.Experiments;

/// <summary>Settings with what their values must be.</summary>
internal static class Inputs
{
    /// <summary>The value of a noise setting that stands for the published noise.</summary>
    public const string Published = "published";

    /// <summary>A whole number that must not be too small.</summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="key">The setting's key.</param>
    /// <param name="atLeast">The least value.</param>
    /// <exception cref="UserInputException">The setting is smaller, or no whole number.</exception>
    public static int GetCount(this ExperimentContext context, string key, int atLeast = 1)
    {
        var value = context.GetInt(key);
        return value >= atLeast
            ? value
            : throw new UserInputException(
                $"The setting {key} is {value}, but a whole number of at least {atLeast} is needed, for instance "
                    + $"{key}={context.GetDefault(key)}."
            );
    }

    /// <summary>A pair of numbers, one for each player.</summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">The setting holds another number of numbers.</exception>
    public static double[] GetPair(this ExperimentContext context, string key)
    {
        var values = context.GetDoubles(key);
        return values.Length == 2
            ? values
            : throw new UserInputException(
                $"The setting {key} is \"{context.GetText(key)}\", but 2 numbers are needed, one for each player, "
                    + $"for instance {key}={context.GetDefault(key)}."
            );
    }

    /// <summary>The deviation that the setting "noise" gives, or null for the published noise.</summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="publishedSteps">So many steps the published noise has; the setting "steps" may not be more.</param>
    /// <exception cref="UserInputException">Either setting is wrong, or they do not fit each other.</exception>
    public static double? GetNoise(this ExperimentContext context, int publishedSteps)
    {
        var steps = context.GetCount("steps");
        if (context.GetText("noise") == Published)
        {
            return steps <= publishedSteps
                ? null
                : throw new UserInputException(
                    $"The setting steps is {steps}, but the published noise has {publishedSteps} steps; "
                        + "give noise=0.1, or another standard deviation, as well."
                );
        }

        return
            double.TryParse(
                context.GetText("noise"),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var deviation
            )
            && double.IsFinite(deviation)
            && deviation >= 0
            ? deviation
            : throw new UserInputException(
                $"The setting noise is \"{context.GetText("noise")}\", but {Published} or a standard deviation of "
                    + "at least 0 is needed, for instance noise=0.1."
            );
    }
}
