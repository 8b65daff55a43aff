using Stackelberg.Kernels;

namespace Stackelberg.Data;

/// <summary>Which examples make up each batch when a dataset is shuffled anew for every pass and incomplete batches are
/// left out. A function of the seed and the batch's number alone, so that a resumed run goes on without a replay.</summary>
public sealed class EpochOrder
{
    private readonly int count;
    private readonly int batch;
    private readonly ulong seed;
    private volatile Shuffled? last;

    /// <summary>An order.</summary>
    /// <param name="count">The number of examples.</param>
    /// <param name="batch">The number in each batch, from 1 to <paramref name="count"/>.</param>
    /// <param name="seed">Pass k uses stream k of this seed.</param>
    /// <exception cref="ArgumentException">There are too few examples for one batch.</exception>
    public EpochOrder(int count, int batch, ulong seed)
    {
        if (batch < 1 || count < batch)
        {
            throw new ArgumentException(
                $"EpochOrder: there are {count} examples for batches of {batch}, but a batch needs at least 1 and at most "
                    + "all of them.",
                nameof(batch)
            );
        }

        (this.count, this.batch, this.seed) = (count, batch, seed);
    }

    /// <summary>Complete batches in each pass, ⌊count / batch⌋.</summary>
    public int BatchesPerEpoch => count / batch;

    /// <summary>The examples of one batch.</summary>
    /// <param name="number">The batch's number, from 0, over all passes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public ReadOnlySpan<int> Batch(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var epoch = number / BatchesPerEpoch;
        var shuffled = last;
        if (shuffled?.Epoch != epoch)
        {
            last = shuffled = new(epoch, Shuffle(epoch));
        }

        return shuffled.Order.AsSpan((int)(number % BatchesPerEpoch) * batch, batch);
    }

    private int[] Shuffle(long epoch)
    {
        var numbers = new double[count];
        new Philox(seed, (ulong)epoch).FillUniform(numbers, 0, count);
        int[] order = [.. Enumerable.Range(0, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var j = (int)(numbers[i] * (i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private sealed record Shuffled(long Epoch, int[] Order);
}
