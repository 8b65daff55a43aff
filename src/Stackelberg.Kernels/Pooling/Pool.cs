namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>y[n, i, j, c] = Σ x over window (i, j), channel by channel.</summary>
    /// <param name="type">The number type of both operands.</param>
    /// <param name="geometry">The windows.</param>
    /// <param name="x">[n, h, w, c], contiguous.</param>
    /// <param name="y">[n, oh, ow, c], contiguous; it may not overlap x.</param>
    /// <exception cref="ArgumentException">The geometry has no window, or one outside the image.</exception>
    public static Step SumWindows(DType type, PoolGeometry geometry, Place x, Place y)
    {
        CheckPool("SumWindows", type, geometry, x, y);
        return type == DType.Float64
            ? new WindowSumStep<double>(geometry, false, x, y)
            : new WindowSumStep<float>(geometry, false, x, y);
    }

    /// <summary>The transpose of <see cref="SumWindows"/>: x[n, row, column, c] = Σ y over the windows that hold
    /// (row, column).</summary>
    /// <param name="type">The number type of both operands.</param>
    /// <param name="geometry">The windows.</param>
    /// <param name="y">[n, oh, ow, c], contiguous.</param>
    /// <param name="x">[n, h, w, c], contiguous; it may not overlap y.</param>
    /// <exception cref="ArgumentException">The geometry has no window, or one outside the image.</exception>
    public static Step SpreadWindows(DType type, PoolGeometry geometry, Place y, Place x)
    {
        CheckPool("SpreadWindows", type, geometry, y, x);
        return type == DType.Float64
            ? new WindowSumStep<double>(geometry, true, x, y)
            : new WindowSumStep<float>(geometry, true, x, y);
    }

    /// <summary>Where the largest entry of each window stands: p·windowWidth + q, as a number.</summary>
    /// <param name="type">The number type of both operands.</param>
    /// <param name="geometry">The windows.</param>
    /// <param name="x">[n, h, w, c], contiguous.</param>
    /// <param name="indices">[n, oh, ow, c], contiguous; it may not overlap x.</param>
    /// <exception cref="ArgumentException">The geometry has no window, or one outside the image.</exception>
    /// <remarks>Of several equal entries the first, row by row; a NaN counts as larger than any number.</remarks>
    public static Step ArgMaxWindows(DType type, PoolGeometry geometry, Place x, Place indices)
    {
        CheckPool("ArgMaxWindows", type, geometry, x, indices);
        return type == DType.Float64
            ? new WindowArgMaxStep<double>(geometry, x, indices)
            : new WindowArgMaxStep<float>(geometry, x, indices);
    }

    /// <summary>One chosen entry of each window: y[n, i, j, c] = x at index[n, i, j, c] of window (i, j).</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="geometry">The windows.</param>
    /// <param name="x">[n, h, w, c], contiguous.</param>
    /// <param name="indices">[n, oh, ow, c], contiguous, as <see cref="ArgMaxWindows"/> gives them.</param>
    /// <param name="y">[n, oh, ow, c], contiguous; it may not overlap the others.</param>
    /// <exception cref="ArgumentException">The geometry has no window, or one outside the image.</exception>
    /// <remarks>An index that is no entry of its window inside the image gives 0.</remarks>
    public static Step TakeFromWindows(DType type, PoolGeometry geometry, Place x, Place indices, Place y)
    {
        CheckPool("TakeFromWindows", type, geometry, x, y);
        Check.At("TakeFromWindows", indices);
        return type == DType.Float64
            ? new WindowChoiceStep<double>(geometry, false, x, indices, y)
            : new WindowChoiceStep<float>(geometry, false, x, indices, y);
    }

    /// <summary>The transpose of <see cref="TakeFromWindows"/>: adds y[n, i, j, c] up at the chosen entries of x,
    /// zero elsewhere.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="geometry">The windows.</param>
    /// <param name="y">[n, oh, ow, c], contiguous.</param>
    /// <param name="indices">[n, oh, ow, c], contiguous, as <see cref="ArgMaxWindows"/> gives them.</param>
    /// <param name="x">[n, h, w, c], contiguous; it may not overlap the others.</param>
    /// <exception cref="ArgumentException">The geometry has no window, or one outside the image.</exception>
    /// <remarks>An index that is no entry of its window inside the image adds nothing.</remarks>
    public static Step PutIntoWindows(DType type, PoolGeometry geometry, Place y, Place indices, Place x)
    {
        CheckPool("PutIntoWindows", type, geometry, y, x);
        Check.At("PutIntoWindows", indices);
        return type == DType.Float64
            ? new WindowChoiceStep<double>(geometry, true, x, indices, y)
            : new WindowChoiceStep<float>(geometry, true, x, indices, y);
    }

    private static void CheckPool(string function, DType type, PoolGeometry geometry, Place from, Place to)
    {
        Check.Type(function, type);
        geometry.Require(function);
        Check.At(function, from);
        Check.At(function, to);
    }
}
