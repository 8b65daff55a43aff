namespace Stackelberg;

/// <summary>Compares found numbers with the source's.</summary>
public static class Checks
{
    /// <summary>Compares what a run found with what the source gives.</summary>
    /// <param name="found">The found numbers by name.</param>
    /// <param name="expected">The expected values.</param>
    /// <param name="changed">The settings that differ from their defaults.</param>
    /// <param name="parts">The parts that ran.</param>
    /// <remarks>
    /// A setting that changes numbers switches all checks off. Otherwise a name without a slash is always
    /// checked, and a name with one is checked if one of the parts, followed by a slash, begins it; if none
    /// does, it was left out, which only a setting that selects may do. A checked name that was not found
    /// fails.
    /// </remarks>
    public static CheckReport Compare(
        IReadOnlyDictionary<string, double> found,
        ExpectedTable expected,
        IReadOnlyCollection<Setting> changed,
        IReadOnlyCollection<string> parts
    )
    {
        var changing = changed.Where(setting => setting.Kind == SettingKind.Changes).ToArray();
        if (changing.Length > 0)
        {
            var keys = string.Join(", ", changing.Select(setting => setting.Key));
            return new(
                [],
                $"Nothing was checked: the source's numbers need the defaults, but {keys} {(changing.Length == 1 ? "differs" : "differ")}.",
                0
            );
        }

        if (expected.Values.Count == 0)
        {
            return new([], "Nothing was checked: the experiment has no expected values.", 0);
        }

        var selected = changed.Any(setting => setting.Kind == SettingKind.Selects);
        var checks = expected
            .Values.Where(value => !selected || Ran(value.Name, parts))
            .Select(value => Compare(value, found))
            .ToArray();
        var why =
            checks.Length == 0 ? "Nothing was checked: no part with expected values was selected." : null;
        return new(checks, why, expected.Values.Count - checks.Length);
    }

    private static bool Ran(string name, IReadOnlyCollection<string> parts) =>
        !name.Contains('/', StringComparison.Ordinal)
        || parts.Any(part => name.StartsWith(part + "/", StringComparison.Ordinal));

    private static Check Compare(ExpectedValue value, IReadOnlyDictionary<string, double> found)
    {
        var produced = found.TryGetValue(value.Name, out var actual);
        return new Check(
            value.Name,
            value.Expected,
            produced ? actual : null,
            value.Allowed,
            produced && value.Accepts(actual),
            value.Source
        );
    }
}
