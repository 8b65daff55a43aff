namespace Stackelberg.Networks;

/// <summary>The largest or the mean entry of square windows of each channel.</summary>
public sealed class Pool2d : NetworkLayer
{
    private readonly string kind;
    private readonly int window;
    private readonly int stride;
    private readonly int padding;
    private readonly Func<int, int, int, Tensor, Tensor> pool;

    private Pool2d(
        string kind,
        int window,
        int? stride,
        int padding,
        Func<int, int, int, Tensor, Tensor> pool
    )
    {
        this.kind = kind;
        this.window = AtLeast(1, window, nameof(window));
        this.stride = AtLeast(1, stride ?? window, nameof(stride));
        this.padding = AtLeast(0, padding, nameof(padding));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(padding, window);
        this.pool = pool;
    }

    /// <inheritdoc/>
    public override string Name => $"{kind} {window}, stride {stride}, padding {padding}";

    /// <inheritdoc/>
    public override string Needs =>
        $"[height, width, channels] with height and width of at least {Math.Max(1, window - 2 * padding)}";

    /// <summary>The largest entries (<c>Layer.maxPool2d</c>).</summary>
    /// <param name="window">Rows and columns of a window, at least 1.</param>
    /// <param name="stride">Rows and columns from window to window; the window's if not given.</param>
    /// <param name="padding">Rows and columns by which windows may reach outside, less than the window.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public static Pool2d Max(int window, int? stride = null, int padding = 0) =>
        new("maxPool2d", window, stride, padding, Layer.maxPool2d);

    /// <summary>The means; zeros outside count (<c>Layer.averagePool2d</c>).</summary>
    /// <param name="window">Rows and columns of a window, at least 1.</param>
    /// <param name="stride">Rows and columns from window to window; the window's if not given.</param>
    /// <param name="padding">Rows and columns of zeros at each side, less than the window.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public static Pool2d Average(int window, int? stride = null, int padding = 0) =>
        new("averagePool2d", window, stride, padding, Layer.averagePool2d);

    /// <inheritdoc/>
    public override IReadOnlyList<int>? OutputOf(IReadOnlyList<int> input)
    {
        ArgumentNullException.ThrowIfNull(input);

        int Windows(int length) => (length + 2 * padding - window) / stride + 1;
        return input.Count == 3 && Math.Min(input[0], input[1]) + 2 * padding >= window
            ? [Windows(input[0]), Windows(input[1]), input[2]]
            : null;
    }

    /// <inheritdoc/>
    public override Tensor Train(IReadOnlyList<Tensor> parameters, Tensor? mask, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return pool(window, stride, padding, input);
    }
}
