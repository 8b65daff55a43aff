using Stackelberg.Networks;
using Xunit;

namespace Stackelberg.Tests;

public class GanObjectiveTests
{
    private const double roundings = 1e-14;

    private static readonly double[] real = [0.9, 0.5, 0.25];
    private static readonly double[] fake = [0.1, 0.4];

    [Fact]
    public void Costs_are_what_the_sources_compute()
    {
        var logReal = real.Average(Math.Log);
        var logFake = fake.Average(Math.Log);
        var logNotFake = fake.Average(p => Math.Log(1 - p));
        Costs(GanObjective.Saturating, logReal + logNotFake, -logReal - logNotFake);
        Costs(GanObjective.NonSaturating, -logFake, -logReal - logNotFake);
        Costs(GanObjective.NonSaturatingClamped, -logFake, -logReal - logNotFake);
        Costs(GanObjective.Wasserstein, 0.55 - 0.25, 0.25 - 0.55);
    }

    [Fact]
    public void Beyond_a_clamp_the_cost_is_flat_and_on_it_is_not()
    {
        var objective = GanObjective.NonSaturatingClamped;
        var half = Tensor.Of(0.5);
        Assert.Equal(-Math.Log(1e-4), Value(objective.Generator(half, Tensor.Of(1e-9))), roundings);
        // The discriminator's clamps: real from below, fake from above.
        Assert.Equal(
            -2 * Math.Log(1e-4),
            Value(objective.Discriminator(Tensor.Of(0.0), Tensor.Of(1.0))),
            // 1 − (1 − 1e-4) has an error of 1e-16 / 1e-4.
            1e-11
        );
        double Slope(Func<Tensor, Tensor> cost, double at) =>
            Value(Diff.grad(Microsoft.FSharp.Core.FuncConvert.FromFunc(cost), Tensor.Scalar(at)));
        Assert.Equal(0, Slope(p => objective.Generator(half, p), 5e-5));
        Assert.Equal(-1e4, Slope(p => objective.Generator(half, p), 1e-4), 1e-9);
        Assert.Equal(-1 / 2e-4, Slope(p => objective.Generator(half, p), 2e-4), 1e-9);
        Assert.Equal(0, Slope(p => objective.Discriminator(p, half), 5e-5));
        Assert.Equal(0, Slope(p => objective.Discriminator(half, p), 1 - 5e-5));
        Assert.Equal(2, Slope(p => objective.Discriminator(half, p), 0.5), roundings);
    }

    [Fact]
    public void Forms_from_logits_are_those_from_probabilities_and_stay_finite()
    {
        (GanObjective Plain, GanObjective Stable)[] pairs =
        [
            (GanObjective.Saturating, GanObjective.SaturatingFromLogits),
            (GanObjective.NonSaturating, GanObjective.NonSaturatingFromLogits),
        ];
        foreach (var (plain, stable) in pairs)
        {
            double[] realLogits = [.. real.Select(Logit)],
                fakeLogits = [.. fake.Select(Logit)];
            Assert.Equal(
                Value(plain.Generator(Tensor.Of(real), Tensor.Of(fake))),
                Value(stable.Generator(Tensor.Of(realLogits), Tensor.Of(fakeLogits))),
                roundings
            );
            Assert.Equal(
                Value(plain.Discriminator(Tensor.Of(real), Tensor.Of(fake))),
                Value(stable.Discriminator(Tensor.Of(realLogits), Tensor.Of(fakeLogits))),
                roundings
            );
            Assert.True(double.IsFinite(Value(stable.Discriminator(Tensor.Of(-800), Tensor.Of(800)))));
            Assert.True(double.IsInfinity(Value(plain.Discriminator(Tensor.Of(0.0), Tensor.Of(1.0)))));
        }
    }

    [Fact]
    public void Objectives_compute_in_float32_as_well()
    {
        foreach (var objective in GanObjective.All)
        {
            var narrow = objective.Discriminator(
                TensorModule.cast(DType.Float32, Tensor.Of(real)),
                TensorModule.cast(DType.Float32, Tensor.Of(fake))
            );
            Assert.Equal(DType.Float32, narrow.DType);
        }
    }

    [Fact]
    public void A_name_finds_its_objective_and_a_wrong_one_finds_the_nearest()
    {
        Assert.All(GanObjective.All, one => Assert.Same(one, GanObjective.ByName(one.Name)));
        var fault = Assert.Throws<ArgumentException>(() => GanObjective.ByName("nsgam"));
        Assert.Contains("Did you mean \"nsgan\"?", fault.Message, StringComparison.Ordinal);
    }

    private static double Logit(double p) => Math.Log(p / (1 - p));

    private static double Value(Tensor scalar) => scalar.ToArray()[0];

    private static void Costs(GanObjective objective, double generator, double discriminator)
    {
        var (p1, p2) = (Tensor.Of(real).Reshape(3, 1), Tensor.Of(fake).Reshape(2, 1));
        Assert.Equal(generator, Value(objective.Generator(p1, p2)), roundings);
        Assert.Equal(discriminator, Value(objective.Discriminator(p1, p2)), roundings);
    }
}
