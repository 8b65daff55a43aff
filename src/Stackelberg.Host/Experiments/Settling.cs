using System.Globalization;

namespace Stackelberg.Experiments;

/// <summary>When a sequence has come to rest.</summary>
internal static class Settling
{
    /// <summary>The first index from which on all values lie below a threshold; +∞ if the last does not.</summary>
    /// <param name="values">The sequence.</param>
    /// <param name="threshold">The threshold.</param>
    public static double ForGood(double[] values, double threshold)
    {
        var index = values.Length;
        while (index > 0 && values[index - 1] < threshold)
        {
            index--;
        }

        return index == values.Length ? double.PositiveInfinity : index;
    }

    /// <summary>Hands to an experiment from when on a sequence is below thresholds: <c>name/forGood/1e-6</c>.</summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="name">The names' first part.</param>
    /// <param name="values">The sequence.</param>
    /// <param name="thresholds">The thresholds as they stand in the names.</param>
    public static void Found(
        ExperimentContext context,
        string name,
        double[] values,
        params string[] thresholds
    ) => Found(context, name, values, 0, thresholds);

    /// <summary>As the other, with another index of the first value than 0.</summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="name">The names' first part.</param>
    /// <param name="values">The sequence.</param>
    /// <param name="first">The index of its first value.</param>
    /// <param name="thresholds">The thresholds as they stand in the names.</param>
    public static void Found(
        ExperimentContext context,
        string name,
        double[] values,
        int first,
        string[] thresholds
    )
    {
        foreach (var threshold in thresholds)
        {
            var value = double.Parse(threshold, CultureInfo.InvariantCulture);
            context.Found($"{name}/forGood/{threshold}", first + ForGood(values, value));
        }
    }
}
