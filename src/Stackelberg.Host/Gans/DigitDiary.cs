using System.Globalization;
using Stackelberg.Evaluation;
using Stackelberg.Figures;
using Stackelberg.Files;

namespace Stackelberg.Gans;

/// <summary>What was seen on the way of one training; it goes on where the run's checkpoint ends.</summary>
internal sealed class DigitDiary
{
    /// <summary>The folder of the samples in a run folder.</summary>
    public const string Folder = "samples";

    private const string stepsName = "looks/steps";
    private const string scoresName = "looks/scores";
    private const int side = 28;

    private readonly ExperimentContext context;
    private readonly string run;
    private readonly List<double> steps = [];
    private readonly List<double> scores = [];

    /// <summary>Begins, or goes on.</summary>
    /// <param name="context">The run folder and its checkpoint.</param>
    /// <param name="run">The training's name within the experiment.</param>
    public DigitDiary(ExperimentContext context, string run)
    {
        (this.context, this.run) = (context, run);
        if (context.Resumed is { } saved && saved.Run == run)
        {
            steps.AddRange(saved.Added[stepsName].F64);
            scores.AddRange(saved.Added[scoresName].F64);
        }
    }

    /// <summary>What was seen last, and after how many steps; null if this process has not looked yet.</summary>
    public (int Step, DigitSight Sight)? Last { get; private set; }

    /// <summary>What checkpoints keep of it.</summary>
    public IEnumerable<KeyValuePair<string, SafetensorsArray>> Saved =>
        [
            KeyValuePair.Create(stepsName, SafetensorsArray.Of([.. steps])),
            KeyValuePair.Create(scoresName, SafetensorsArray.Of([.. scores])),
        ];

    /// <summary>Saves a sheet of samples, and the samples as numbers.</summary>
    /// <param name="step">The steps made.</param>
    /// <param name="images">[n, 28, 28], row-major, in [−1, 1].</param>
    public void Sheet(int step, double[] images)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Folder}/{run}-{step:D6}");
        ImageSheet.Save(context.PathOf(name + ".png"), images, side, side);
        AtomicFile.Write(
            context.PathOf(name + ".npy"),
            stream => Npy.Write(stream, NpyArray.Of(images, images.Length / (side * side), side, side))
        );
    }

    /// <summary>Notes a score.</summary>
    /// <param name="step">The steps made.</param>
    /// <param name="sight">What was seen.</param>
    /// <returns>The step's metrics.</returns>
    public (string Name, double Value)[] Add(int step, DigitSight sight)
    {
        // A run that ends just where it was resumed is looked at once more.
        if (steps.Count == 0 || steps[^1] < step)
        {
            steps.Add(step);
            scores.Add(sight.Score);
        }

        Last = (step, sight);
        return sight.Metrics;
    }

    /// <summary>The inception score over the steps.</summary>
    /// <param name="title">The rule and the images.</param>
    public Figure Curve(string title) =>
        new(
            new Panel(new Line([.. steps], [.. scores]) { Colour = Palette.Blue })
            {
                Title = title,
                X = new("step"),
                Y = new("inception score"),
            }
        );
}
