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
    /// <returns>[n; oh; ow; k] with oh = ⌊(h + 2·padding − kh) / stride⌋ + 1, and ow alike.</returns>
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
    /// <returns>[n; (h − 1)·stride − 2·padding + kh + outputPadding; (w − 1)·stride − 2·padding + kw + outputPadding; c].</returns>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit, or the result would be empty.</exception>
    /// <example><code lang="fsharp">Layer.convTranspose2d 2 1 0 (Tensor.zeros [ 4; 4; 3; 64 ]) (Tensor.zeros [ 8; 16; 16; 64 ]) // [8; 32; 32; 3]</code></example>
    let convTranspose2d (stride: int) (padding: int) (outputPadding: int) (w: Tensor) (y: Tensor) : Tensor =
        Convolution.transposed stride padding outputPadding w y

    /// <summary>Means over square windows of each channel. Zeros outside the images count, as in PyTorch.</summary>
    /// <param name="window">Rows and columns of a window.</param>
    /// <param name="stride">Rows and columns from window to window.</param>
    /// <param name="padding">Rows and columns of zeros at each side, less than the window.</param>
    /// <param name="x">The images, [n; h; w; c].</param>
    /// <returns>[n; oh; ow; c] with oh = ⌊(h + 2·padding − window) / stride⌋ + 1, and ow alike.</returns>
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
    /// <returns>[n; oh; ow; c] with oh = ⌊(h + 2·padding − window) / stride⌋ + 1, and ow alike.</returns>
    /// <exception cref="T:System.ArgumentException">x has another rank, or no window fits.</exception>
    let maxPool2d (window: int) (stride: int) (padding: int) (x: Tensor) : Tensor =
        Pooling.maximum window stride padding x
