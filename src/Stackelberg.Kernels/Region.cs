namespace Stackelberg.Kernels;

/// <summary>Elements of a buffer that a step touches.</summary>
/// <param name="Type">Their number type.</param>
/// <param name="At">The first of them.</param>
/// <param name="Count">How many follow one another, the gaps between them counted; 0 touches nothing.</param>
public readonly record struct Region(DType Type, Place At, long Count)
{
    /// <summary>Fails unless the region lies in one of the buffers.</summary>
    /// <param name="step">Whose region it is, for the message.</param>
    /// <param name="types">The number type of each buffer.</param>
    /// <param name="lengths">The number of elements of each buffer.</param>
    /// <exception cref="InvalidOperationException">There is no such buffer, or it holds another number type or too few
    /// elements.</exception>
    private void Require(Step step, ReadOnlySpan<DType> types, ReadOnlySpan<int> lengths)
    {
        if (Count == 0)
        {
            return;
        }

        bool fits =
            (uint)At.Buffer < (uint)lengths.Length
            && types[At.Buffer] == Type
            && At.Offset >= 0
            && Count > 0
            && At.Offset + Count <= lengths[At.Buffer];
        if (!fits)
        {
            string found =
                (uint)At.Buffer < (uint)lengths.Length
                    ? $"it has {lengths[At.Buffer]} of {types[At.Buffer]}"
                    : $"there are {lengths.Length} buffers";
            throw new InvalidOperationException(
                $"{step.GetType().Name} touches elements {At.Offset} to {At.Offset + Count - 1} of buffer {At.Buffer} "
                    + $"as {Type}, but {found}. A rule for a shape contradicts its kernel: this is a fault of the engine."
            );
        }
    }

    /// <summary>Fails unless every region of every step lies in one of the buffers.</summary>
    /// <param name="steps">The steps of a program.</param>
    /// <param name="types">The number type of each buffer.</param>
    /// <param name="lengths">The number of elements of each buffer.</param>
    /// <exception cref="InvalidOperationException">A region does not.</exception>
    public static void Require(IEnumerable<Step> steps, ReadOnlySpan<DType> types, ReadOnlySpan<int> lengths)
    {
        ArgumentNullException.ThrowIfNull(steps);
        foreach (Step step in steps)
        {
            foreach (Region region in step.Regions)
            {
                region.Require(step, types, lengths);
            }
        }
    }
}
