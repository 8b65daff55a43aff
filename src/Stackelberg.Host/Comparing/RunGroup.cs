namespace Stackelberg.Comparing;

/// <summary>Runs that differ in the seed alone.</summary>
/// <param name="Runs">The runs, in their order.</param>
/// <param name="Estimates">Each number that any of them has, over those that have it.</param>
internal sealed record RunGroup(
    IReadOnlyList<RunResult> Runs,
    IReadOnlyList<KeyValuePair<string, Estimate>> Estimates
)
{
    /// <summary>The settings that the runs share.</summary>
    public RunConfiguration Configuration => Runs[0].Configuration;

    /// <summary>Groups runs, in the order of each group's first.</summary>
    /// <exception cref="UserInputException">A run's metrics.csv is broken.</exception>
    public static IReadOnlyList<RunGroup> All(IEnumerable<RunResult> runs) =>
        [
            .. runs.GroupBy(run => run.Configuration.IdentityWithoutSeed)
                .Select(group => new RunGroup([.. group], [.. Numbers([.. group])])),
        ];

    /// <summary>The settings whose values differ between groups, in the order of the first.</summary>
    public static IReadOnlyList<string> Differing(IReadOnlyList<RunGroup> groups) =>
        [
            .. groups
                .SelectMany(group => group.Configuration.Settings)
                .GroupBy(pair => pair.Key)
                .Where(values =>
                    values.Count() < groups.Count || values.Select(pair => pair.Value).Distinct().Count() > 1
                )
                .Select(values => values.Key),
        ];

    /// <summary>The value of a setting; empty if the experiment has none of that name.</summary>
    public string Setting(string key) =>
        Configuration.Settings.FirstOrDefault(pair => pair.Key == key).Value ?? "";

    /// <summary>A number's estimate; null if no run has it.</summary>
    public Estimate? Find(string name) => Estimates.FirstOrDefault(pair => pair.Key == name).Value;

    private static IEnumerable<KeyValuePair<string, Estimate>> Numbers(RunResult[] runs) =>
        runs.SelectMany(RunNumbers.Of)
            .GroupBy(pair => pair.Key)
            .Select(values =>
                KeyValuePair.Create(values.Key, Estimate.Of([.. values.Select(pair => pair.Value)]))
            );
}
