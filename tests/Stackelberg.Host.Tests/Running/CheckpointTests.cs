using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_learning_run_goes_on_from_its_file_with_the_same_bits()
    {
        var game = Game.TwoPlayer(
            "duopoly",
            (q1, q2) => -(100 - q1 - q2 - 5) * q1,
            (q1, q2) => -(100 - q1 - q2 - 2) * q2
        );
        var learner = Learner
            .Stackelberg()
            .WithSteps(100)
            .WithRates(RateModule.Constant(0.05))
            .WithNoise(NoiseModule.gaussian(0.3))
            .WithPreconditioners(PreconditionerModule.adam)
            .WithSeed(7);
        var whole = learner.Start(game, [10, 10]);
        whole.Advance(60);
        Checkpoint.Write(
            folder.Of("60"),
            "noisy",
            whole.Save(),
            [new("statistics", SafetensorsArray.Of([1.5f, 2.5f]))]
        );
        whole.Advance(40);

        var saved = Checkpoint.Read(folder.Of("60"));
        Assert.Equal(("noisy", 60), (saved.Run, saved.State.Steps));
        Assert.Equal([1.5f, 2.5f], saved.Added["statistics"].F32);
        var rest = learner.Resume(game, saved.State);
        rest.Advance(40);
        Assert.Equal(whole.X, rest.X);
        Assert.True(rest.IsFinished);
    }

    [Fact]
    public void A_file_of_something_else_is_refused()
    {
        Safetensors.Write(folder.Of("other"), [new("x", SafetensorsArray.Of([1.0]))]);
        Assert.Equal(
            "it has no word \"run\"",
            Assert.Throws<InvalidDataException>(() => Checkpoint.Read(folder.Of("other"))).Message
        );
    }
}
