namespace Stackelberg.Kernels;

/// <summary>How many threads the kernels of this process use.</summary>
/// <remarks>Convolutions and large matrix products divide their output between threads, never a sum, so that a result
/// has the same bits for any number of threads. A program that was compiled under a smaller number keeps to that
/// number, because its working memory was laid out for it.</remarks>
public static class Parallelism
{
    private static int _threads = Environment.ProcessorCount;

    /// <summary>The largest number of threads that work on one step, the calling one included.</summary>
    /// <value>By default the number of processors. 1 keeps everything on the calling thread.</value>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number below 1.</exception>
    public static int Threads
    {
        get => Volatile.Read(ref _threads);
        set
        {
            if (value < 1)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value),
                    value,
                    $"Parallelism.Threads: {value} threads cannot work; give 1 or more."
                );
            }

            Volatile.Write(ref _threads, value);
        }
    }
}
