namespace Stackelberg.Gans;

/// <summary>The values that a DCGAN experiment gives its settings. What the presets share, the published scripts
/// share.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Title">What it shows, in a line.</param>
/// <param name="Source">Where the values come from.</param>
internal sealed record DcganPreset(string Name, string Title, string Source)
{
    private const string paper =
        "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games (arXiv 1906.01217), section 4.3 "
        + "(Example 4) and appendix D.2, with the settings of its code";

    /// <summary>Small networks on synthetic digits: minutes on one core.</summary>
    public static DcganPreset Small { get; } =
        new(
            "dcgan",
            "a small DCGAN learns synthetic digits by Stackelberg play",
            "no published figure: the networks of the code of Fiez, Chasnov, Ratliff (ICML 2020), with 8 channels in the "
                + "place of 64"
        );

    /// <summary>The paper's run on all digits.</summary>
    public static DcganPreset Paper { get; } =
        new("dcgan-paper", "the paper's DCGAN on all digits of MNIST", paper)
        {
            Seed = 43,
            Rules = "stackelberg,simultaneous",
            Channels = "64",
            Objective = "nsgan-unclamped",
            Batch = "256",
            Steps = "2900",
            Rate = "2e-4",
            Regularisation = "5000",
            Images = "60000",
            ClassifierPasses = "50",
        };

    /// <summary>The paper's run on the digits 0 and 1.</summary>
    public static DcganPreset PaperZeroOne { get; } =
        Paper with
        {
            Name = "dcgan-paper-01",
            Title = "the paper's DCGAN on the digits 0 and 1 of MNIST",
            Digits = "0,1",
        };

    /// <summary>The run of the ICML code; its figure has the seeds 0 to 9.</summary>
    public static DcganPreset Icml { get; } =
        Paper with
        {
            Name = "dcgan-icml",
            Title = "the ICML code's DCGAN on MNIST: the inception score over 7,501 steps",
            Source =
                "Fiez, Chasnov, Ratliff, Implicit Learning Dynamics in Stackelberg Games (ICML 2020), the settings of its "
                + "code, run_mnist.sh",
            Seed = 0,
            Rules = "stackelberg",
            Objective = "nsgan",
            Steps = "7501",
            Regularisation = "10000",
        };

    /// <summary>The default seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The digits to learn.</summary>
    public string Digits { get; init; } = "all";

    /// <summary>The rules.</summary>
    public string Rules { get; init; } = "stackelberg";

    /// <summary>The channels next to the images.</summary>
    public string Channels { get; init; } = "8";

    /// <summary>Both players' costs.</summary>
    public string Objective { get; init; } = "nsgan";

    /// <summary>Images in a batch.</summary>
    public string Batch { get; init; } = "64";

    /// <summary>Training steps.</summary>
    public string Steps { get; init; } = "2000";

    /// <summary>γ.</summary>
    public string Rate { get; init; } = "1e-3";

    /// <summary>η.</summary>
    public string Regularisation { get; init; } = "10000";

    /// <summary>How many synthetic images are drawn.</summary>
    public string Images { get; init; } = "10000";

    /// <summary>How often the classifier sees all images.</summary>
    public string ClassifierPasses { get; init; } = "3";
}
