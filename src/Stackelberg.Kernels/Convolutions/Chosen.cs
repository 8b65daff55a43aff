using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>What follows a <see cref="Convolve"/> whose operands have entries that do not count: each NaN of the
    /// result is computed again, without the products of such entries.</summary>
    /// <param name="type">The number type of all buffers.</param>
    /// <param name="kind">Which of the three maps.</param>
    /// <param name="geometry">The extents.</param>
    /// <param name="a">The first operand, as for Convolve.</param>
    /// <param name="b">The second operand, as for Convolve.</param>
    /// <param name="aMask">0 for the entries of a that do not count, of a's shape; null where all do.</param>
    /// <param name="bMask">The same for b.</param>
    /// <param name="to">What Convolve made of a and b.</param>
    /// <exception cref="ArgumentException">The geometry is none.</exception>
    /// <remarks>As <see cref="ProductOfChosen"/>: a finite result costs one look at each of its entries.</remarks>
    public static Step ConvolutionOfChosen(
        DType type,
        ConvolutionKind kind,
        ConvolutionGeometry geometry,
        Place a,
        Place b,
        Place? aMask,
        Place? bMask,
        Place to
    )
    {
        Check.Type("ConvolutionOfChosen", type);
        geometry.Require("ConvolutionOfChosen");
        Check.At("ConvolutionOfChosen", a);
        Check.At("ConvolutionOfChosen", b);
        Check.At("ConvolutionOfChosen", to);
        return type == DType.Float64
            ? new ConvolutionOfChosenStep<double>(kind, geometry, a, b, aMask, bMask, to)
            : new ConvolutionOfChosenStep<float>(kind, geometry, a, b, aMask, bMask, to);
    }
}

internal sealed class ConvolutionOfChosenStep<T>(
    ConvolutionKind kind,
    ConvolutionGeometry g,
    Place a,
    Place b,
    Place? aMask,
    Place? bMask,
    Place to
) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private long Results =>
        kind switch
        {
            ConvolutionKind.Forward => g.Outputs,
            ConvolutionKind.DataGradient => g.Inputs,
            _ => g.Weights,
        };

    public override IEnumerable<Region> Regions
    {
        get
        {
            long first = kind == ConvolutionKind.DataGradient ? g.Outputs : g.Inputs;
            long second = kind == ConvolutionKind.WeightGradient ? g.Outputs : g.Weights;
            yield return From(a, first);
            yield return From(b, second);
            if (aMask is { } ofA)
            {
                yield return From(ofA, first);
            }

            if (bMask is { } ofB)
            {
                yield return From(ofB, second);
            }

            yield return From(to, Results);
        }
    }

    public override void Run(Workspace workspace)
    {
        Span<T> all = Buffers.Span(ref workspace.At<T>(to), checked((int)Results));
        for (int at = 0; at < all.Length; at++)
        {
            if (T.IsNaN(all[at]))
            {
                all[at] = Entry(workspace, at);
            }
        }
    }

    /// <summary>Σ of the products that belong to one entry of the result: all pixels of y, windows' places, channels
    /// and filters that its own indices leave open.</summary>
    private T Entry(Workspace workspace, int at)
    {
        T sum = T.Zero;
        int channel = at % g.Channels;
        int filter = at % g.Filters;
        switch (kind)
        {
            case ConvolutionKind.Forward:
                int pixel = at / g.Filters;
                for (int place = 0; place < g.KernelHeight * g.KernelWidth; place++)
                {
                    for (int c = 0; c < g.Channels; c++)
                    {
                        Add(workspace, ref sum, pixel, place, c, filter);
                    }
                }

                break;
            case ConvolutionKind.DataGradient:
                int x = at / g.Channels;
                int image = x / (g.Height * g.Width);
                int perImage = g.OutputHeight * g.OutputWidth;
                for (int y = image * perImage; y < (image + 1) * perImage; y++)
                {
                    for (int place = 0; place < g.KernelHeight * g.KernelWidth; place++)
                    {
                        for (int k = 0; Input(y, place) == x && k < g.Filters; k++)
                        {
                            Add(workspace, ref sum, y, place, channel, k);
                        }
                    }
                }

                break;
            default:
                channel = at / g.Filters % g.Channels;
                for (int y = 0; y < g.Batch * g.OutputHeight * g.OutputWidth; y++)
                {
                    Add(workspace, ref sum, y, at / (g.Filters * g.Channels), channel, filter);
                }

                break;
        }

        return sum;
    }

    /// <summary>The pixel of x that a pixel of y meets at a place of its window; −1 outside.</summary>
    private int Input(int y, int place)
    {
        int row = y / g.OutputWidth % g.OutputHeight * g.StrideY + place / g.KernelWidth - g.PaddingY;
        int column = y % g.OutputWidth * g.StrideX + place % g.KernelWidth - g.PaddingX;
        bool isInside = (uint)row < (uint)g.Height && (uint)column < (uint)g.Width;
        return isInside ? (y / (g.OutputWidth * g.OutputHeight) * g.Height + row) * g.Width + column : -1;
    }

    private void Add(Workspace workspace, ref T sum, int y, int place, int channel, int filter)
    {
        int x = Input(y, place);
        if (x < 0)
        {
            return;
        }

        nint input = (nint)x * g.Channels + channel;
        nint weight = ((nint)place * g.Channels + channel) * g.Filters + filter;
        nint output = (nint)y * g.Filters + filter;
        nint first = kind == ConvolutionKind.DataGradient ? output : input;
        nint second = kind == ConvolutionKind.WeightGradient ? output : weight;
        bool counts =
            (aMask is null || Unsafe.Add(ref workspace.At<T>(aMask.Value), first) != T.Zero)
            && (bMask is null || Unsafe.Add(ref workspace.At<T>(bMask.Value), second) != T.Zero);
        if (counts)
        {
            sum += Unsafe.Add(ref workspace.At<T>(a), first) * Unsafe.Add(ref workspace.At<T>(b), second);
        }
    }
}
