namespace Stackelberg.Kernels;

/// <summary>Which of the three bilinear maps of one convolution: each is the others' transpose.</summary>
/// <remarks>⟨y, Forward(x, w)⟩ = ⟨DataGradient(y, w), x⟩ = ⟨WeightGradient(x, y), w⟩ for all x, w, y.</remarks>
public enum ConvolutionKind
{
    /// <summary>From x [n, h, w, c] and weights [kh, kw, c, k] to y [n, oh, ow, k].</summary>
    Forward = 0,

    /// <summary>From y [n, oh, ow, k] and weights [kh, kw, c, k] to x [n, h, w, c]: the transposed convolution.</summary>
    DataGradient = 1,

    /// <summary>From x [n, h, w, c] and y [n, oh, ow, k] to weights [kh, kw, c, k].</summary>
    WeightGradient = 2,
}
