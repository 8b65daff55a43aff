using System.Globalization;
using Stackelberg.Files;

namespace Stackelberg.Experiments;

/// <summary>The data that lie beside an experiment's expected values: starts and noise of the published runs.</summary>
internal static class PublishedData
{
    /// <summary>Reads <c>experiments/&lt;experiment&gt;/&lt;file&gt;</c> beside the library.</summary>
    /// <param name="experiment">The experiment's name.</param>
    /// <param name="file">The file's name.</param>
    /// <exception cref="IOException">The file is not there.</exception>
    public static CsvTable Read(string experiment, string file) =>
        CsvTable.Read(Path.Combine(AppContext.BaseDirectory, "experiments", experiment, file));

    /// <summary>The rows of a table with a given number in its first column, without that column.</summary>
    /// <param name="table">The table; every column holds numbers.</param>
    /// <param name="key">The number.</param>
    public static double[][] RowsOf(this CsvTable table, double key) =>
        [
            .. table
                .Rows.Where(row => Number(row[0]) == key)
                .Select(row => row.Skip(1).Select(Number).ToArray()),
        ];

    /// <summary>The starts of a game of two scalars: a key, then x1 and x2, in each row.</summary>
    /// <param name="experiment">The experiment's name.</param>
    public static (int Key, double[] X)[] Starts(string experiment) =>
        [
            .. Read(experiment, "starts.csv")
                .Rows.Select(row => ((int)Number(row[0]), new[] { Number(row[1]), Number(row[2]) })),
        ];

    private static double Number(string cell) =>
        double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);
}
