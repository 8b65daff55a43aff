using System.Numerics;

namespace Stackelberg.Tests;

/// <summary>The costs and derivatives of a GAN from hand-written passes: gradients by back-propagation through the layers,
/// second derivatives by differencing that pass once, along the imaginary axis.</summary>
internal sealed class HandGan(
    HandLayer[] generator,
    HandLayer[] discriminator,
    HandObjective objective,
    double[] latent,
    double[] real,
    int batch
)
{
    // Its square vanishes beside 1, and there is no subtraction that would want it greater.
    private const double step = 1e-20;

    private readonly Complex[] z = Lift(latent);
    private readonly Complex[] examples = Lift(real);

    /// <summary>The generator's dimension.</summary>
    public int Leader { get; } = generator.Sum(layer => layer.Count);

    /// <summary>The discriminator's dimension.</summary>
    public int Follower { get; } = discriminator.Sum(layer => layer.Count);

    /// <summary>What the discriminator says of the real and of the generated examples.</summary>
    public (double[] Real, double[] Fake) Judgements(double[] x)
    {
        var (_, onReal, onFake) = Forward(Lift(x));
        return (RealOf(onReal[^1]), RealOf(onFake[^1]));
    }

    /// <summary>f1 and f2.</summary>
    public double[] Costs(double[] x)
    {
        var (_, onReal, onFake) = Forward(Lift(x));
        double Cost((HandTerm Real, HandTerm Fake) terms) =>
            onReal[^1].Average(p => terms.Real.Value(p).Real)
            + onFake[^1].Average(p => terms.Fake.Value(p).Real);
        return [Cost(objective.Leader), Cost(objective.Follower)];
    }

    /// <summary>D1 f1, then D2 f2.</summary>
    public double[] Omega(double[] x) => RealOf(Omega(Lift(x)));

    /// <summary>D2 f1.</summary>
    public double[] FollowerSlopeOfLeader(double[] x) =>
        RealOf(Gradient(Lift(x), objective.Leader)[Leader..]);

    /// <summary>J, column by column.</summary>
    public double[,] J(double[] x)
    {
        var j = new double[x.Length, x.Length];
        for (var column = 0; column < x.Length; column++)
        {
            var at = Lift(x);
            at[column] += new Complex(0, step);
            var slopes = Omega(at);
            for (var row = 0; row < x.Length; row++)
            {
                j[row, column] = slopes[row].Imaginary / step;
            }
        }

        return j;
    }

    /// <summary>D1 f1 − (D21 f2)ᵀ w with (D22 f2 + η I) w = D2 f1, then D2 f2; the system by elimination.</summary>
    public double[] Stackelberg(double[] x, double η)
    {
        var matrix = new double[Follower, Follower];
        var direction = new double[Follower];
        for (var column = 0; column < Follower; column++)
        {
            direction[column] = 1;
            var product = Regularised(x, direction, η);
            direction[column] = 0;
            for (var row = 0; row < Follower; row++)
            {
                matrix[row, column] = product[row];
            }
        }

        return Stackelberg(x, HandSolve.Eliminate(matrix, FollowerSlopeOfLeader(x)));
    }

    /// <summary>The same, the system by conjugate gradients.</summary>
    public double[] Stackelberg(double[] x, double η, int products, double tolerance) =>
        Stackelberg(
            x,
            HandSolve.ConjugateGradients(
                v => Regularised(x, v, η),
                FollowerSlopeOfLeader(x),
                products,
                tolerance
            )
        );

    private double[] Stackelberg(double[] x, double[] w)
    {
        // (D21 f2)ᵀ w is the derivative of D1 f2 along w.
        var correction = Along(x, w, objective.Follower)[..Leader];
        var omega = Omega(x);
        for (var i = 0; i < Leader; i++)
        {
            omega[i] -= correction[i];
        }

        return omega;
    }

    private double[] Regularised(double[] x, double[] v, double η) =>
        [.. Along(x, v, objective.Follower)[Leader..].Select((product, i) => product + η * v[i])];

    /// <summary>The derivative of a cost's gradient along a direction of the follower's strategy.</summary>
    private double[] Along(double[] x, double[] direction, (HandTerm, HandTerm) terms)
    {
        var at = Lift(x);
        for (var i = 0; i < Follower; i++)
        {
            at[Leader + i] += new Complex(0, step * direction[i]);
        }

        return Array.ConvertAll(Gradient(at, terms), slope => slope.Imaginary / step);
    }

    private Complex[] Omega(Complex[] x) =>
        [.. Gradient(x, objective.Leader)[..Leader], .. Gradient(x, objective.Follower)[Leader..]];

    /// <summary>The gradient of a cost in both strategies.</summary>
    private Complex[] Gradient(Complex[] x, (HandTerm Real, HandTerm Fake) terms)
    {
        var (made, onReal, onFake) = Forward(x);
        var gradient = new Complex[x.Length];
        Complex[] Cotangent(HandTerm term, Complex[] judged) =>
            Array.ConvertAll(judged, p => term.Slope(p) / judged.Length);
        Backward(discriminator, x, Leader, onReal, Cotangent(terms.Real, onReal[^1]), gradient);
        var fake = Backward(discriminator, x, Leader, onFake, Cotangent(terms.Fake, onFake[^1]), gradient);
        Backward(generator, x, 0, made, fake, gradient);
        return gradient;
    }

    private (Complex[][] Made, Complex[][] OnReal, Complex[][] OnFake) Forward(Complex[] x)
    {
        var made = Forward(generator, x, 0, z);
        return (
            made,
            Forward(discriminator, x, Leader, examples),
            Forward(discriminator, x, Leader, made[^1])
        );
    }

    private Complex[][] Forward(HandLayer[] layers, Complex[] x, int offset, Complex[] input)
    {
        Complex[][] values = [input, .. new Complex[layers.Length][]];
        for (var i = 0; i < layers.Length; i++)
        {
            values[i + 1] = layers[i].Forward(x[offset..(offset + layers[i].Count)], values[i], batch);
            offset += layers[i].Count;
        }

        return values;
    }

    private Complex[] Backward(
        HandLayer[] layers,
        Complex[] x,
        int offset,
        Complex[][] values,
        Complex[] cotangent,
        Complex[] gradient
    )
    {
        offset += layers.Sum(layer => layer.Count);
        for (var i = layers.Length - 1; i >= 0; i--)
        {
            offset -= layers[i].Count;
            var p = x[offset..(offset + layers[i].Count)];
            var (into, slopes) = layers[i].Backward(p, values[i], values[i + 1], cotangent, batch);
            for (var k = 0; k < slopes.Length; k++)
            {
                gradient[offset + k] += slopes[k];
            }

            cotangent = into;
        }

        return cotangent;
    }

    private static Complex[] Lift(double[] values) =>
        Array.ConvertAll(values, value => new Complex(value, 0));

    private static double[] RealOf(Complex[] values) => Array.ConvertAll(values, value => value.Real);
}
