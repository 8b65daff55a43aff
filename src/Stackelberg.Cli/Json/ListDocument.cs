namespace Stackelberg.Cli;

/// <summary>What <c>list --json</c> prints.</summary>
/// <param name="Command">The command's word.</param>
/// <param name="Experiments">The experiments.</param>
/// <param name="Games">The game scripts, by their paths.</param>
internal sealed record ListDocument(string Command, NamedDocument[] Experiments, NamedDocument[] Games);

/// <summary>A name with what it stands for.</summary>
internal sealed record NamedDocument(string Name, string Title);

/// <summary>What <c>list &lt;experiment&gt; --json</c> prints.</summary>
/// <param name="Command">The command's word.</param>
/// <param name="Name">The experiment's name.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Source">Where its numbers come from.</param>
/// <param name="Settings">What can be set, the seed included.</param>
internal sealed record ExperimentDocument(
    string Command,
    string Name,
    string Title,
    string Source,
    SettingDocument[] Settings
)
{
    /// <summary>The document of an experiment.</summary>
    public static ExperimentDocument Of(Experiment experiment) =>
        new(
            ListCommand.Name,
            experiment.Name,
            experiment.Title,
            experiment.Source,
            [
                .. experiment.Settings.Select(setting => new SettingDocument(
                    setting.Key,
                    setting.Default,
                    setting.Description,
                    setting.Unit,
                    setting.Type.Allowed,
                    setting.Kind == SettingKind.Changes
                )),
                new(
                    SettingArguments.SeedKey,
                    $"{experiment.DefaultSeed}",
                    "the seed of the random numbers",
                    null,
                    "a whole number from 0",
                    experiment.SeedKind == SettingKind.Changes
                ),
            ]
        );
}

/// <summary>A setting.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Default">Its default.</param>
/// <param name="Description">What it means.</param>
/// <param name="Unit">Its unit; null for none.</param>
/// <param name="Allowed">Which values it takes, in words.</param>
/// <param name="SwitchesChecksOff">Whether another value switches the checks off.</param>
internal sealed record SettingDocument(
    string Key,
    string Default,
    string Description,
    string? Unit,
    string Allowed,
    bool SwitchesChecksOff
);
