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
}
