namespace Stackelberg

/// <summary>The layers of neural networks, as functions of weights and data: nothing is remembered from call to call.</summary>
/// <remarks>Images are [n; h; w; c], channels last. Every layer may be differentiated to any order.</remarks>
[<RequireQualifiedAccess>]
module Layer =

    /// <summary>The convolution y[n, i, j, k] = Σ x[n, i·stride + p − padding, j·stride + q − padding, c] · w[p, q, c, k]
    /// over p, q, c, with zeros outside x.</summary>
    /// <param name="stride">Rows and columns of x from window to window, at least 1.</param>
    /// <param name="padding">Rows and columns of zeros at each side of x.</param>
    /// <param name="w">The weights, [kh; kw; c; k].</param>
    /// <param name="x">The images, [n; h; w; c].</param>
    /// <returns>Shape [n; oh; ow; k] with oh = ⌊(h + 2·padding − kh) / stride⌋ + 1, and ow alike.</returns>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit, or no window fits into the images.</exception>
    /// <example><code lang="fsharp">Layer.conv2d 2 1 (Tensor.zeros [ 4; 4; 3; 64 ]) (Tensor.zeros [ 8; 32; 32; 3 ]) // [8; 16; 16; 64]</code></example>
    let conv2d (stride: int) (padding: int) (w: Tensor) (x: Tensor) : Tensor =
        Convolution.forward stride padding w x

    /// <summary>The transposed convolution: the transpose of conv2d with the same weights, stride and padding as a map
    /// of images, ⟨convTranspose2d y, x⟩ = ⟨y, conv2d x⟩.</summary>
    /// <param name="stride">Rows and columns of the result from window to window, at least 1.</param>
    /// <param name="padding">Rows and columns cut off at each side of the result.</param>
    /// <param name="outputPadding">Further rows below and columns at the right, 0 or more and less than the stride: with
    /// a stride several sizes of images have convolutions of one size, and this says which is meant.</param>
    /// <param name="w">The weights, [kh; kw; c; k]: from k channels to c.</param>
    /// <param name="y">The images, [n; h; w; k].</param>
    /// <returns>Shape [n; (h − 1)·stride − 2·padding + kh + outputPadding; (w − 1)·stride − 2·padding + kw + outputPadding; c].</returns>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit, or the result would be empty.</exception>
    /// <example><code lang="fsharp">Layer.convTranspose2d 2 1 0 (Tensor.zeros [ 4; 4; 3; 64 ]) (Tensor.zeros [ 8; 16; 16; 64 ]) // [8; 32; 32; 3]</code></example>
    let convTranspose2d (stride: int) (padding: int) (outputPadding: int) (w: Tensor) (y: Tensor) : Tensor =
        Convolution.transposed stride padding outputPadding w y

    /// <summary>Means over square windows of each channel. Zeros outside the images count, as in PyTorch.</summary>
    /// <param name="window">Rows and columns of a window.</param>
    /// <param name="stride">Rows and columns from window to window.</param>
    /// <param name="padding">Rows and columns of zeros at each side, less than the window.</param>
    /// <param name="x">The images, [n; h; w; c].</param>
    /// <returns>Shape [n; oh; ow; c] with oh = ⌊(h + 2·padding − window) / stride⌋ + 1, and ow alike.</returns>
    /// <exception cref="T:System.ArgumentException">x has another rank, or no window fits.</exception>
    let averagePool2d (window: int) (stride: int) (padding: int) (x: Tensor) : Tensor =
        Pooling.average window stride padding x

    /// <summary>Largest entries over square windows of each channel. The derivative goes to the first largest entry of
    /// a window, row by row; a NaN counts as the largest.</summary>
    /// <param name="window">Rows and columns of a window.</param>
    /// <param name="stride">Rows and columns from window to window.</param>
    /// <param name="padding">Rows and columns by which windows may reach outside, less than the window; nothing outside
    /// is ever the largest.</param>
    /// <param name="x">The images, [n; h; w; c].</param>
    /// <returns>Shape [n; oh; ow; c] with oh = ⌊(h + 2·padding − window) / stride⌋ + 1, and ow alike.</returns>
    /// <exception cref="T:System.ArgumentException">x has another rank, or no window fits.</exception>
    let maxPool2d (window: int) (stride: int) (padding: int) (x: Tensor) : Tensor =
        Pooling.maximum window stride padding x

    /// <summary>t where t &gt; 0, slope · t elsewhere; the derivative at 0 is the slope, of NaN NaN.</summary>
    /// <param name="slope">The factor of what is not positive, 0.2 in the DCGAN.</param>
    /// <param name="t">Any shape.</param>
    /// <example><code lang="fsharp">Layer.leakyRelu 0.2 (Tensor.ofList [ -1.0; 2.0 ]) // [-0.2, 2]</code></example>
    let leakyRelu (slope: float) (t: Tensor) : Tensor =
        let positive = Elementwise.isPositive t
        t * Elementwise.where positive positive (Elementwise.number t slope)

    /// <summary>x · mask / (1 − rate), for a mask of zeros and ones that is drawn outside: entry by entry 0 with
    /// probability rate.</summary>
    /// <param name="rate">The probability of 0, from 0 to below 1.</param>
    /// <param name="mask">x's shape, or one that broadcasts to it.</param>
    /// <param name="x">Any shape.</param>
    /// <exception cref="T:System.ArgumentException">The rate is out of range, or the shapes do not fit.</exception>
    let dropout (rate: float) (mask: Tensor) (x: Tensor) : Tensor =
        if not (rate >= 0.0 && rate < 1.0) then
            Shape.wrong "Layer.dropout" (invariant $"the rate is {rate}, but must be at least 0 and below 1.")

        x * mask / (1.0 - rate)

    let private channels func (x: Tensor) =
        let rank = x.Shape.Length

        if rank < 2 || Array.contains 0 x.Shape then
            Shape.wrong
                func
                (invariant
                    $"the data have shape {Shape.show x.Shape}, but [n; …; c] with at least one entry is needed.")

        x.Shape[rank - 1]

    /// <summary>The mean and the variance of each channel over all other axes.</summary>
    /// <param name="x">Shape [n; …; c]: rows of features, or images.</param>
    /// <returns>The means [c], and the means of squared deviations [c] (divided by the count, not by one less).</returns>
    /// <exception cref="T:System.ArgumentException">x has fewer than two axes, or no entry.</exception>
    let batchStatistics (x: Tensor) : Tensor * Tensor =
        let c = channels "Layer.batchStatistics" x
        let axes = [| 0 .. x.Shape.Length - 2 |]
        let count = float (Shape.count x.Shape / c)
        let mean = Structure.sum axes x / count
        let deviation = x - mean
        mean, Structure.sum axes (deviation * deviation) / count

    /// <summary>(x − mean) / √(variance + epsilon) · gain + bias, channel by channel: batch normalisation with given
    /// statistics, as a trained network is evaluated.</summary>
    /// <param name="epsilon">Added to the variance, above 0; 1e-5 in PyTorch.</param>
    /// <param name="mean">Shape [c].</param>
    /// <param name="variance">Shape [c].</param>
    /// <param name="gain">Shape [c].</param>
    /// <param name="bias">Shape [c].</param>
    /// <param name="x">Shape [n; …; c].</param>
    /// <exception cref="T:System.ArgumentException">A shape is none of these.</exception>
    let normalize
        (epsilon: float)
        (mean: Tensor, variance: Tensor)
        (gain: Tensor)
        (bias: Tensor)
        (x: Tensor)
        : Tensor =
        let c = channels "Layer.normalize" x

        for name, t in [ "mean", mean; "variance", variance; "gain", gain; "bias", bias ] do
            if not (Shape.same t.Shape [| c |]) then
                Shape.wrong
                    "Layer.normalize"
                    (invariant
                        $"the {name} has shape {Shape.show t.Shape}, but [{c}] is needed for data of shape {Shape.show x.Shape}.")

        (x - mean) * (gain / sqrt (variance + epsilon)) + bias

    /// <summary>Batch normalisation as it is trained: by the batch's own statistics, through which derivatives flow.</summary>
    /// <param name="epsilon">Added to the variance, above 0; 1e-5 in PyTorch.</param>
    /// <param name="gain">Shape [c].</param>
    /// <param name="bias">Shape [c].</param>
    /// <param name="x">Shape [n; …; c].</param>
    /// <exception cref="T:System.ArgumentException">A shape is none of these.</exception>
    /// <remarks>S. Ioffe and C. Szegedy (2015). The statistics for later evaluation are batchStatistics x.</remarks>
    let batchNorm (epsilon: float) (gain: Tensor) (bias: Tensor) (x: Tensor) : Tensor =
        normalize epsilon (batchStatistics x) gain bias x
