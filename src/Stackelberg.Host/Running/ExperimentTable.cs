using Stackelberg.Gans;

namespace Stackelberg;

/// <summary>The experiments by name.</summary>
/// <param name="experiments">The experiments, in the order of the list.</param>
public sealed class ExperimentTable(params Experiment[] experiments)
{
    /// <summary>All experiments of the library. A new one is one line here.</summary>
    public static ExperimentTable Default { get; } =
        new(
            new Experiments.Duopoly(),
            new Experiments.Torus(),
            new Experiments.Attraction(),
            new Experiments.Polynomial(),
            new Experiments.Bimatrix(),
            new Experiments.Covariance(),
            Experiments.Mixture.Diamond,
            Experiments.Mixture.Circle,
            Experiments.Mixture.Grid,
            new Experiments.Dcgan(DcganPreset.Small),
            new Experiments.Dcgan(DcganPreset.Paper),
            new Experiments.Dcgan(DcganPreset.PaperZeroOne),
            new Experiments.Dcgan(DcganPreset.Icml)
        );

    /// <summary>The experiments, in the order of the list.</summary>
    public IReadOnlyList<Experiment> All { get; } = experiments;

    /// <summary>The experiment of a name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="UserInputException">There is none; the message says which there are.</exception>
    public Experiment Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        if (All.FirstOrDefault(experiment => experiment.Name == name) is { } found)
        {
            return found;
        }

        throw new UserInputException(
            $"There is no experiment \"{name}\".{Suggestion.For(name, Names)} {Known}"
        );
    }

    /// <summary>Which experiments there are, in a sentence.</summary>
    public string Known =>
        All.Count == 0 ? "There are no experiments." : $"The experiments are: {string.Join(", ", Names)}.";

    private IEnumerable<string> Names => All.Select(experiment => experiment.Name);
}
