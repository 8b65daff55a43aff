using System.Numerics;

namespace Stackelberg.Tests;

/// <summary>A layer whose forward and backward pass are written out as loops over plain arrays, with nothing of the engine.
/// In complex numbers, so that a real derivative is the imaginary part of a value at x + ih: for an analytic function the
/// error is of order h², and no subtraction loses digits (Squire and Trapp 1998). Where functions branch they go by
/// the real part.</summary>
internal abstract class HandLayer(int count)
{
    /// <summary>How many parameters it has.</summary>
    public int Count { get; } = count;

    /// <summary>The output of a batch.</summary>
    public abstract Complex[] Forward(Complex[] p, Complex[] x, int batch);

    /// <summary>The cotangents of the input and of the parameters from that of the output.</summary>
    public abstract (Complex[] Input, Complex[] Parameters) Backward(
        Complex[] p,
        Complex[] x,
        Complex[] y,
        Complex[] dy,
        int batch
    );
}

/// <summary>y = x W + b; W is [inputs, outputs].</summary>
internal sealed class HandLinear(int inputs, int outputs) : HandLayer((inputs + 1) * outputs)
{
    public override Complex[] Forward(Complex[] p, Complex[] x, int batch)
    {
        var y = new Complex[batch * outputs];
        for (var n = 0; n < batch; n++)
        {
            for (var j = 0; j < outputs; j++)
            {
                var sum = p[inputs * outputs + j];
                for (var i = 0; i < inputs; i++)
                {
                    sum += x[n * inputs + i] * p[i * outputs + j];
                }

                y[n * outputs + j] = sum;
            }
        }

        return y;
    }

    public override (Complex[] Input, Complex[] Parameters) Backward(
        Complex[] p,
        Complex[] x,
        Complex[] y,
        Complex[] dy,
        int batch
    )
    {
        var (dx, dp) = (new Complex[x.Length], new Complex[Count]);
        for (var n = 0; n < batch; n++)
        {
            for (var j = 0; j < outputs; j++)
            {
                var slope = dy[n * outputs + j];
                dp[inputs * outputs + j] += slope;
                for (var i = 0; i < inputs; i++)
                {
                    dp[i * outputs + j] += x[n * inputs + i] * slope;
                    dx[n * inputs + i] += p[i * outputs + j] * slope;
                }
            }
        }

        return (dx, dp);
    }
}

/// <summary>A function of each number, with its slope from input and output.</summary>
internal sealed class HandActivation(Func<Complex, Complex> function, Func<Complex, Complex, Complex> slope)
    : HandLayer(0)
{
    public static readonly HandActivation Tanh = new(HandFunctions.Tanh, (_, y) => 1 - y * y);
    public static readonly HandActivation Sigmoid = new(HandFunctions.Sigmoid, (_, y) => y * (1 - y));
    public static readonly HandActivation Relu = LeakyRelu(0);

    public static HandActivation LeakyRelu(double leak) =>
        new(x => x.Real > 0 ? x : leak * x, (x, _) => x.Real > 0 ? 1 : leak);

    public override Complex[] Forward(Complex[] p, Complex[] x, int batch) =>
        Array.ConvertAll(x, z => function(z));

    public override (Complex[] Input, Complex[] Parameters) Backward(
        Complex[] p,
        Complex[] x,
        Complex[] y,
        Complex[] dy,
        int batch
    ) => ([.. dy.Select((d, i) => d * slope(x[i], y[i]))], []);
}

/// <summary>Normalisation of each channel by the batch's own mean and variance (over the count, not the count less 1), then
/// gain and shift; channels are the last axis.</summary>
internal sealed class HandBatchNorm(int channels) : HandLayer(2 * channels)
{
    private const double epsilon = 1e-5;

    public override Complex[] Forward(Complex[] p, Complex[] x, int batch)
    {
        var y = new Complex[x.Length];
        for (var c = 0; c < channels; c++)
        {
            var (mean, root) = Statistics(x, c);
            for (var i = c; i < x.Length; i += channels)
            {
                y[i] = p[c] * (x[i] - mean) / root + p[channels + c];
            }
        }

        return y;
    }

    public override (Complex[] Input, Complex[] Parameters) Backward(
        Complex[] p,
        Complex[] x,
        Complex[] y,
        Complex[] dy,
        int batch
    )
    {
        var (dx, dp) = (new Complex[x.Length], new Complex[Count]);
        for (var c = 0; c < channels; c++)
        {
            var (mean, root) = Statistics(x, c);
            for (var i = c; i < x.Length; i += channels)
            {
                dp[c] += dy[i] * (x[i] - mean) / root;
                dp[channels + c] += dy[i];
            }

            double count = x.Length / channels;
            for (var i = c; i < x.Length; i += channels)
            {
                var along = (x[i] - mean) / root;
                dx[i] = p[c] / root * (dy[i] - dp[channels + c] / count - along * dp[c] / count);
            }
        }

        return (dx, dp);
    }

    private (Complex Mean, Complex Root) Statistics(Complex[] x, int c)
    {
        Complex mean = 0,
            variance = 0;
        double count = x.Length / channels;
        for (var i = c; i < x.Length; i += channels)
        {
            mean += x[i] / count;
        }

        for (var i = c; i < x.Length; i += channels)
        {
            variance += (x[i] - mean) * (x[i] - mean) / count;
        }

        return (mean, Complex.Sqrt(variance + epsilon));
    }
}

/// <summary>Elementary functions that lose no digit of a tiny imaginary part.</summary>
internal static class HandFunctions
{
    public static Complex Sigmoid(Complex z) =>
        z.Real >= 0 ? 1 / (1 + Complex.Exp(-z)) : Complex.Exp(z) / (1 + Complex.Exp(z));

    public static Complex Tanh(Complex z) => 2 * Sigmoid(2 * z) - 1;

    public static Complex Softplus(Complex z) =>
        z.Real >= 0 ? z + Complex.Log(1 + Complex.Exp(-z)) : Complex.Log(1 + Complex.Exp(z));
}
