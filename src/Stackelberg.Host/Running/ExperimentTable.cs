namespace Stackelberg;

/// <summary>The experiments by name, and those of scripts by path.</summary>
/// <param name="experiments">The experiments, in the order of the list.</param>
public sealed class ExperimentTable(params Experiment[] experiments)
{
    private const string scriptEnding = ".fsx";
    private const string scriptName = "experiment.fsx";

    private Func<string, Experiment>? load;
    private (string Name, string Path)[] scripts = [];

    /// <summary>The experiments that need no script, in the order of the list.</summary>
    public IReadOnlyList<Experiment> All { get; } = experiments;

    /// <summary>Each experiment's name with a line that says what it shows, those of the folder of scripts among
    /// them.</summary>
    public IReadOnlyList<(string Name, string Title)> Lines =>
        [
            .. scripts.Select(script => (script.Name, GameScripts.Title(script.Path).TrimEnd('.'))),
            .. All.Select(experiment => (experiment.Name, experiment.Title)),
        ];

    /// <summary>These experiments, and besides those that scripts define.</summary>
    /// <param name="folder">A folder with a folder <c>name/experiment.fsx</c> for each experiment that its name finds; it may be
    /// absent.</param>
    /// <param name="load">Gives the experiment of a script.</param>
    public ExperimentTable WithScripts(string folder, Func<string, Experiment> load)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(load);

        var found = Directory.Exists(folder)
            ? Directory.GetDirectories(folder).Select(one => Path.Combine(one, scriptName)).Where(File.Exists)
            : [];
        return new ExperimentTable([.. All])
        {
            load = load,
            scripts =
            [
                .. found
                    .Order(StringComparer.Ordinal)
                    .Select(path => (Path.GetFileName(Path.GetDirectoryName(path)!), path)),
            ],
        };
    }

    /// <summary>The experiment of a name, or of a script.</summary>
    /// <param name="name">Its name, or the path of a script, which ends in <c>.fsx</c>.</param>
    /// <exception cref="UserInputException">There is none; the message says which there are.</exception>
    public Experiment Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        if (All.FirstOrDefault(experiment => experiment.Name == name) is { } found)
        {
            return found;
        }

        if (load is not null)
        {
            if (scripts.FirstOrDefault(script => script.Name == name).Path is { } path)
            {
                return load(path);
            }

            if (name.EndsWith(scriptEnding, StringComparison.OrdinalIgnoreCase))
            {
                return load(name);
            }
        }

        throw new UserInputException(
            $"There is no experiment \"{name}\".{Suggestion.For(name, Names)} {Known}"
                + (load is null ? "" : " One of your own is given by its script, as in my/experiment.fsx.")
        );
    }

    /// <summary>Which experiments there are, in a sentence.</summary>
    public string Known =>
        Lines.Count == 0 ? "There are no experiments." : $"The experiments are: {string.Join(", ", Names)}.";

    private IEnumerable<string> Names => Lines.Select(line => line.Name);
}
