using Stackelberg.Comparing;
using Stackelberg.Sweeps;

namespace Stackelberg.Cli;

/// <summary>What <c>sweep --json</c> prints.</summary>
/// <param name="Command">The command's word.</param>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="PointCount">How many points the sweep has.</param>
/// <param name="Points">Those that ended, with what became of them.</param>
/// <param name="Means">The numbers of the points that differ in the seed alone.</param>
/// <param name="PointsTable">The CSV file of the points.</param>
/// <param name="MeansTable">The CSV file of the means.</param>
internal sealed record SweepDocument(
    string Command,
    string Experiment,
    int PointCount,
    SweepPointDocument[] Points,
    SweepMeansDocument[] Means,
    string PointsTable,
    string MeansTable
)
{
    /// <summary>The document of a sweep.</summary>
    public static SweepDocument Of(
        Experiment experiment,
        int count,
        IReadOnlyList<SweepResult> results,
        IReadOnlyList<RunGroup> groups,
        SweepFolder folder
    ) =>
        new(
            SweepCommand.Name,
            experiment.Name,
            count,
            [
                .. results.Select(result => new SweepPointDocument(
                    result.Point.Varied.ToDictionary(),
                    result.Outcome,
                    result.Fault,
                    result.WasOver,
                    result.Run?.Folder,
                    result.Run?.Seconds
                )),
            ],
            [
                .. groups.Select(group => new SweepMeansDocument(
                    group.Configuration.Settings.ToDictionary(),
                    group.Runs.Count,
                    group.Runs.Count(run => run.Ending == RunEnding.Done),
                    group.Estimates.ToDictionary()
                )),
            ],
            folder.TablePath,
            folder.MeansPath
        );
}

/// <summary>A point of a sweep.</summary>
internal sealed record SweepPointDocument(
    Dictionary<string, string> Values,
    string Outcome,
    string? Fault,
    bool WasOver,
    string? Folder,
    double? Seconds
);

/// <summary>The runs of one setting over seeds.</summary>
internal sealed record SweepMeansDocument(
    Dictionary<string, string> Settings,
    int Seeds,
    int Done,
    Dictionary<string, Estimate> Numbers
);
