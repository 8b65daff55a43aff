using System.Numerics;

namespace Stackelberg.Tests;

/// <summary>A convolution or its transpose, without bias, as a sum over all pairs of pixels that a filter's tap joins: tap
/// (ky, kx) joins the pixel (sy, sx) of the small image with (sy · stride + ky − padding, …) of the large one. The
/// convolution goes from large to small, its transpose the other way.</summary>
/// <remarks>Images are [row, column, channel]. The filters are [tap, channels of the large image, of the small one], which is
/// [kernel, kernel, inputs, outputs] for the convolution and [kernel, kernel, outputs, inputs] for its transpose.</remarks>
internal sealed class HandConvolution : HandLayer
{
    private readonly int inputs;
    private readonly int outputs;
    private readonly bool isTransposed;
    private readonly int inputPixels;
    private readonly int outputPixels;
    private readonly (int Input, int Output, int Tap)[] pairs;

    private HandConvolution(
        bool isTransposed,
        int side,
        int outputSide,
        int inputs,
        int outputs,
        int kernel,
        int stride,
        int padding
    )
        : base(kernel * kernel * inputs * outputs)
    {
        (this.isTransposed, this.inputs, this.outputs) = (isTransposed, inputs, outputs);
        (inputPixels, outputPixels) = (side * side, outputSide * outputSide);
        var (small, large) = isTransposed ? (side, outputSide) : (outputSide, side);
        var found = new List<(int, int, int)>();
        for (var tap = 0; tap < kernel * kernel; tap++)
        {
            for (var pixel = 0; pixel < small * small; pixel++)
            {
                var row = pixel / small * stride + tap / kernel - padding;
                var column = pixel % small * stride + tap % kernel - padding;
                if (row >= 0 && row < large && column >= 0 && column < large)
                {
                    var partner = row * large + column;
                    found.Add(isTransposed ? (pixel, partner, tap) : (partner, pixel, tap));
                }
            }
        }

        pairs = [.. found];
    }

    /// <summary>From images side × side.</summary>
    public static HandConvolution Down(
        int side,
        int inputs,
        int outputs,
        int kernel,
        int stride,
        int padding
    ) =>
        new(
            false,
            side,
            (side + 2 * padding - kernel) / stride + 1,
            inputs,
            outputs,
            kernel,
            stride,
            padding
        );

    /// <summary>The transpose, from images side × side.</summary>
    public static HandConvolution Up(
        int side,
        int inputs,
        int outputs,
        int kernel,
        int stride,
        int padding
    ) =>
        new(true, side, (side - 1) * stride + kernel - 2 * padding, inputs, outputs, kernel, stride, padding);

    public override Complex[] Forward(Complex[] p, Complex[] x, int batch)
    {
        var y = new Complex[batch * outputPixels * outputs];
        for (var n = 0; n < batch; n++)
        {
            foreach (var (input, output, tap) in pairs)
            {
                var (from, to) = (First(n, input, true), First(n, output, false));
                for (var i = 0; i < inputs; i++)
                {
                    for (var o = 0; o < outputs; o++)
                    {
                        y[to + o] += p[Weight(tap, i, o)] * x[from + i];
                    }
                }
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
            foreach (var (input, output, tap) in pairs)
            {
                var (from, to) = (First(n, input, true), First(n, output, false));
                for (var i = 0; i < inputs; i++)
                {
                    for (var o = 0; o < outputs; o++)
                    {
                        dp[Weight(tap, i, o)] += x[from + i] * dy[to + o];
                        dx[from + i] += p[Weight(tap, i, o)] * dy[to + o];
                    }
                }
            }
        }

        return (dx, dp);
    }

    private int First(int example, int pixel, bool isInput) =>
        isInput ? (example * inputPixels + pixel) * inputs : (example * outputPixels + pixel) * outputs;

    private int Weight(int tap, int input, int output) =>
        isTransposed ? (tap * outputs + output) * inputs + input : (tap * inputs + input) * outputs + output;
}
