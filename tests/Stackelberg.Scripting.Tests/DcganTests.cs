using System.Text.Json;
using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public sealed class DcganTests : IDisposable
{
    private static readonly Dictionary<string, string> tiny = new()
    {
        ["channels"] = "2",
        ["latent"] = "8",
        ["batch"] = "10",
        ["steps"] = "6",
        ["images"] = "100",
        ["metricsEvery"] = "2",
        ["lookEvery"] = "3",
        ["sheet"] = "16",
        ["scoreBatches"] = "2",
        ["scoreBatch"] = "20",
        ["classifierPasses"] = "1",
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("dcgan-paper", 43, "all", "stackelberg,simultaneous", "nsgan-unclamped", "2900", "5000")]
    [InlineData("dcgan-paper-01", 43, "0,1", "stackelberg,simultaneous", "nsgan-unclamped", "2900", "5000")]
    [InlineData("dcgan-icml", 0, "all", "stackelberg", "nsgan", "7501", "10000")]
    public void A_published_setting_has_the_values_of_its_script(
        string name,
        ulong seed,
        string digits,
        string rules,
        string objective,
        string steps,
        string regularisation
    )
    {
        var experiment = ExperimentScript.Table.Find(name);
        var settings = experiment.Settings.ToDictionary(setting => setting.Key, setting => setting.Default);
        Assert.Equal(seed, experiment.DefaultSeed);
        Dictionary<string, string> published = new()
        {
            ["digits"] = digits,
            ["rules"] = rules,
            ["objective"] = objective,
            ["steps"] = steps,
            ["regularisation"] = regularisation,
            // run_mnist.sh and MNIST_Simulation.py, the same in both versions of the code.
            ["channels"] = "64",
            ["latent"] = "100",
            ["batch"] = "256",
            ["rate"] = "2e-4",
            ["leaderDecay"] = "0.99999",
            ["leaderDecaySimultaneous"] = "0.9999999",
            ["followerDecay"] = "0.9999999",
            ["beta1"] = "0.5",
            ["beta2"] = "0.999",
            ["cgIterations"] = "5",
            ["cgTolerance"] = "1e-5",
            ["lookEvery"] = "250",
            ["sheet"] = "256",
            ["scoreBatches"] = "10",
            ["scoreBatch"] = "500",
            ["classifierPasses"] = "50",
        };
        Assert.All(published, pair => Assert.Equal(pair.Value, settings[pair.Key]));
    }

    [Fact]
    public void A_run_leaves_samples_weights_and_scores_and_says_that_its_digits_are_synthetic()
    {
        var summary = Run([]);
        Assert.Equal(RunEnding.Done, summary.Ending);
        Assert.InRange(summary.Found["stackelberg/inceptionScore"], 1, 10);
        Assert.InRange(summary.Found["real/inceptionScore"], 1, 10);
        Assert.InRange(summary.Found["classifier/accuracy"], 0, 1);
        Assert.Contains(
            summary.Notes,
            note => note.Contains("a program drew them", StringComparison.Ordinal)
        );
        Assert.Contains(
            "synthetic digits",
            File.ReadAllText(folder.Of("run", "figures", "stackelberg-inception-score.svg")),
            StringComparison.Ordinal
        );
        Assert.Equal(
            [
                "real.png",
                "stackelberg-000003.npy",
                "stackelberg-000003.png",
                "stackelberg-000006.npy",
                "stackelberg-000006.png",
            ],
            Directory.GetFiles(folder.Of("run", "samples")).Select(Path.GetFileName).Order()
        );

        // The strategies are in a file of their own, by the layers' names.
        using var json = JsonDocument.Parse(File.ReadAllText(folder.Of("run", "summary.json")));
        Assert.Equal(0, json.RootElement.GetProperty("final").GetArrayLength());
        var weights = Safetensors.Read(folder.Of("run", "weights-stackelberg.safetensors"));
        Assert.Equal([4, 4, 8, 16], weights["generator/1.weight"].Shape.Order());
        Assert.Equal(
            summary.Found["generator/parameters"] + summary.Found["discriminator/parameters"],
            weights.Tensors.Values.Sum(array => array.F64.Length)
        );
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_to_the_same_bits()
    {
        Run([]);
        using var source = new CancellationTokenSource();
        var stopped = ExperimentRunner.Run(
            ExperimentScript.Table.Find("dcgan"),
            tiny,
            folder.Of("stopped"),
            null,
            new Stop(source),
            source.Token
        );
        Assert.Equal((RunEnding.Cancelled, true), (stopped.Ending, stopped.HasCheckpoint));
        ExperimentRunner.Resume(ExperimentScript.Table, folder.Of("stopped"));
        string[] files =
        [
            "metrics.csv",
            "weights-stackelberg.safetensors",
            "classifier.safetensors",
            "samples/stackelberg-000006.npy",
            "figures/stackelberg-inception-score.svg",
        ];
        Assert.All(
            files,
            file =>
                Assert.Equal(
                    File.ReadAllBytes(folder.Of("run", file)),
                    File.ReadAllBytes(folder.Of("stopped", file))
                )
        );
    }

    [Theory]
    [InlineData("data=nowhere", "The setting data is \"nowhere\", but there is no such folder")]
    [InlineData(
        "images=9 batch=2",
        "The setting images is \"9\", but a whole number from 10 to 1000000 is needed"
    )]
    [InlineData(
        "digits=0,0",
        "all or a list of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 is needed, for instance digits=all"
    )]
    [InlineData(
        "digits=ten",
        "all or a list of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 is needed, for instance digits=all"
    )]
    [InlineData(
        "batch=101",
        "The setting batch is 101, but of the images=100 that are drawn 100 show the digits"
    )]
    [InlineData(
        "digits=3 batch=11",
        "The setting batch is 11, but of the images=100 that are drawn 10 show the digits"
    )]
    [InlineData("batch=1", "The setting batch is \"1\", but a whole number from 2 to 65536 is needed")]
    [InlineData(
        "batch=10000 images=20000 channels=100",
        "The setting batch is 10000, but with channels=100 at most 6000 images are possible"
    )]
    [InlineData(
        "classifier=nowhere.safetensors",
        "The setting classifier is \"nowhere.safetensors\", but there is no such file"
    )]
    [InlineData("anyDigits=maybe", "The setting anyDigits is \"maybe\", but true or false is needed")]
    public void What_cannot_be_meant_is_refused_in_a_line_and_leaves_no_folder(
        string settings,
        string message
    )
    {
        var fault = Assert.Throws<UserInputException>(() => Run(settings.Split(' ')));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.False(Directory.Exists(folder.Of("run")));
    }

    [Fact]
    public void A_trained_classifier_can_be_given()
    {
        var first = Run([]);
        File.Move(folder.Of("run", "classifier.safetensors"), folder.Of("classifier"));
        Directory.Delete(folder.Of("run"), recursive: true);
        var second = Run([$"classifier={folder.Of("classifier")}"]);
        Assert.Equal(first.Found, second.Found);
        Assert.False(File.Exists(folder.Of("run", "classifier.safetensors")));
    }

    private RunResult Run(string[] settings)
    {
        var overrides = new Dictionary<string, string>(tiny);
        foreach (var setting in settings)
        {
            overrides[setting.Split('=')[0]] = setting.Split('=')[1];
        }

        return ExperimentRunner.Run(ExperimentScript.Table.Find("dcgan"), overrides, folder.Of("run"));
    }

    /// <summary>Cancels after the fourth step.</summary>
    private sealed class Stop(CancellationTokenSource source) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value is { Stage: "stackelberg", Fraction: > 0.6 })
            {
                source.Cancel();
            }
        }
    }
}
